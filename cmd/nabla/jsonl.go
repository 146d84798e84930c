package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"example.com/nabla/internal/wire"
)

// maxLine bounds the bytes of a request; the rest of a longer line is skipped.
const maxLine = 1 << 20

// serve answers requests, one JSON object a line, in order, each answer written
// before the next request is read.
func (c *command) serve(o *options) int {
	defaults := wire.LineDefaults{From: o.from, Layout: o.layout, Vec: o.vec, Structured: o.structured, NoCheck: o.noCheck}
	in := bufio.NewReaderSize(c.stdin, 1<<16)
	for {
		line, tooLong, err := readLine(in)
		if len(bytes.TrimSpace(line)) > 0 || tooLong {
			reply := wire.LongLine(maxLine)
			if !tooLong {
				reply = wire.Line(line, defaults)
			}
			if _, err := c.stdout.Write(append(reply, '\n')); err != nil {
				fmt.Fprintf(c.stderr, "nabla: %v\n", err)
				return exitInternal
			}
		}
		if err == io.EOF {
			return exitOK
		}
		if err != nil {
			fmt.Fprintf(c.stderr, "nabla: %v\n", err)
			return exitInput
		}
	}
}

// readLine reads up to the next line end. It keeps at most maxLine bytes and
// reports whether there were more.
func readLine(in *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if room := maxLine - len(line); len(part) > room {
			part, tooLong = part[:room], true
		}
		line = append(line, part...)
		if err != bufio.ErrBufferFull {
			return line, tooLong, err
		}
	}
}
