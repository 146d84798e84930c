package main

import (
	"encoding/binary"
	"errors"
)

var errModule = errors.New("not a WebAssembly module")

// strip returns a module without its custom sections, which have names and the like and mean
// nothing to the program.
func strip(wasm []byte) ([]byte, error) {
	const header = 8
	if len(wasm) < header || string(wasm[:4]) != "\x00asm" {
		return nil, errModule
	}
	out := append([]byte{}, wasm[:header]...)
	for rest := wasm[header:]; len(rest) > 0; {
		size, n := binary.Uvarint(rest[1:])
		if n <= 0 || uint64(len(rest)-1-n) < size {
			return nil, errModule
		}
		end := 1 + n + int(size)
		if rest[0] != 0 {
			out = append(out, rest[:end]...)
		}
		rest = rest[end:]
	}
	return out, nil
}
