package data

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// mostDeflated is the largest factor by which deflate compresses.
const mostDeflated = 1032

// npzAll reads all arrays of an npz file. Those that stay there share the input.
func (rd reader) npzAll(in *input) ([]*Array, error) {
	members, err := npzMembers(in)
	if err != nil {
		return nil, err
	}
	var list []*Array
	for _, m := range members {
		a, err := rd.npzRead(in, m)
		if err != nil {
			for _, a := range list {
				a.Close()
			}
			return nil, err
		}
		a.Name = m.name
		list = append(list, a)
	}
	return list, nil
}

type npzEntry struct {
	name string
	*zip.File
}

// npzMembers lists the arrays of an npz file: what ends in .npy, without that.
func npzMembers(in *input) ([]npzEntry, error) {
	z, err := zip.NewReader(in, in.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // nothing is unpacked to a path
		e := &Error{File: in.name, Message: "corrupt npz file: " + strings.TrimPrefix(err.Error(), "zip: "), err: err}
		switch {
		case bytes.HasPrefix(in.start(4), []byte("PK\x03\x04")):
			e.Message = fmt.Sprintf("truncated or corrupt: the directory that ends an npz file is not found in its %d bytes", in.size)
		case formatOfStart(in.start(16)) == npy:
			e.Message, e.Hint = "it is an npy file", "give it the extension .npy"
		case errors.Is(err, zip.ErrFormat):
			e.Message = "not an npz file, which is a zip archive"
		}
		return nil, e
	}
	var list []npzEntry
	seen := map[string]bool{}
	left := uint64(in.size) // members that share bytes could be far more than the file
	for _, f := range z.File {
		if f.CompressedSize64 > left {
			return nil, &Error{File: in.name, Message: fmt.Sprintf("corrupt: its members claim more than its %d bytes", in.size)}
		}
		left -= f.CompressedSize64
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if seen[name] {
			return nil, &Error{File: in.name, Message: fmt.Sprintf("it has two arrays called %s", clip(name))}
		}
		seen[name] = true
		list = append(list, npzEntry{name, f})
	}
	if len(list) == 0 {
		return nil, &Error{File: in.name, Message: fmt.Sprintf("it has no arrays among its %s", plural(len(z.File), "member"))}
	}
	return list, nil
}

func (rd reader) npzMember(in *input, name, part string) (*Array, error) {
	members, err := npzMembers(in)
	if err != nil {
		return nil, err
	}
	want := part
	if want == "" {
		want = name
	}
	var names []string
	for _, m := range members {
		if m.name == want || part == "" && len(members) == 1 {
			return rd.npzRead(in, m)
		}
		names = append(names, m.name)
	}
	e := &Error{File: in.name, Message: fmt.Sprintf("it has no array %s; ", want)}
	e.Message += "there is " + enumerate(some(names))
	if len(names) > 1 {
		e.Message = strings.Replace(e.Message, "there is", "there are", 1)
	}
	if part == "" {
		e.Hint = fmt.Sprintf("%s=%s:%s takes one of another name", name, in.name, names[0])
	}
	return nil, e
}

func (rd reader) npzRead(in *input, m npzEntry) (*Array, error) {
	file := in.name + ":" + clip(m.name)
	size := m.UncompressedSize64
	if m.Method == zip.Store && size != m.CompressedSize64 || size > mostDeflated*m.CompressedSize64 {
		return nil, &Error{File: file, Message: fmt.Sprintf("corrupt: %d bytes in the archive claim to be %d of an array", m.CompressedSize64, size)}
	}
	if m.Flags&1 != 0 {
		return nil, &Error{File: file, Message: "it is encrypted"}
	}
	r, err := m.Open()
	if err != nil {
		return nil, zipError(file, m, err)
	}
	defer r.Close()
	buffered := bufio.NewReader(r)
	h, err := readHeader(buffered)
	if err == nil {
		err = h.fits(int64(size))
	}
	if err != nil {
		var own *Error
		if errors.As(err, &own) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, npyError(file, int64(size), err)
		}
		return nil, zipError(file, m, err)
	}
	var a *Array
	if n, _ := entries(h.shape); m.Method == zip.Store && int64(n)*8 > rd.inMemory {
		offset, err := m.DataOffset()
		if err != nil {
			return nil, zipError(file, m, err)
		}
		if a, err = rd.npyArray(in, file, h, offset); err != nil {
			return nil, err
		}
		a.trailing(int64(size) - h.size - h.bytes())
		return a, nil
	}
	n, _ := entries(h.shape)
	need := 8 * int64(n)
	if h.fortran {
		need += h.bytes()
	}
	if rd.exceeds(need) {
		a, err = rd.npySpilled(buffered, file, h)
	} else {
		a, err = npyStream(buffered, file, h)
	}
	if err != nil {
		var own *Error
		if errors.As(err, &own) {
			return nil, own
		}
		return nil, zipError(file, m, err)
	}
	rest, err := io.Copy(io.Discard, buffered) // the checksum is compared at the end
	if err != nil {
		a.Close()
		return nil, zipError(file, m, err)
	}
	a.trailing(rest)
	return a, nil
}

func zipError(file string, m npzEntry, err error) error {
	e := &Error{File: file, err: err}
	var system *os.PathError
	switch {
	case errors.As(err, &system):
		return fileError(file, err)
	case errors.Is(err, zip.ErrAlgorithm):
		e.Message = fmt.Sprintf("compression method %d is not known", m.Method)
		e.Hint = "numpy.savez and numpy.savez_compressed write what is"
	case errors.Is(err, zip.ErrChecksum):
		e.Message = "corrupt: its checksum is another"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Message = "truncated: its compressed bytes end early"
	default:
		e.Message = "corrupt: " + err.Error()
	}
	return e
}
