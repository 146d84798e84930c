package data

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

// npyFile reads an npy file, or opens it where it is large.
func (rd reader) npyFile(in *input) (*Array, error) {
	h, err := readHeader(bufio.NewReader(io.NewSectionReader(in, 0, in.size)))
	if err != nil {
		return nil, npyError(in.name, in.size, err)
	}
	if err := h.fits(in.size); err != nil {
		return nil, npyError(in.name, in.size, err)
	}
	a, err := rd.npyArray(in, in.name, h, 0)
	if err != nil {
		return nil, err
	}
	a.trailing(in.size - h.size - h.bytes())
	return a, nil
}

// npyArray is the array of a header that begins at the offset of from and fits there.
func (rd reader) npyArray(in *input, file string, h *npyHeader, offset int64) (*Array, error) {
	from := h.stored(in, offset+h.size)
	a := &Array{File: file, Shape: h.shape, Type: h.number.typ, stored: from}
	if int64(a.Len())*8 > rd.inMemory {
		in.users.Add(1)
		from.close = sync.OnceValue(in.Close)
		return a, nil
	}
	values, err := a.Values()
	if err != nil {
		return nil, err
	}
	a.values, a.stored = values, nil
	a.noteRounded()
	return a, nil
}

// stored is the array of the header whose numbers begin at the offset.
func (h *npyHeader) stored(from io.ReaderAt, offset int64) *stored {
	return stored{from: from, offset: offset, num: h.number, order: h.fortran}.withShape(h.shape)
}

// npyStream reads an array of which the numbers follow in r. What they take in memory
// is bounded by the caller.
func npyStream(r io.Reader, file string, h *npyHeader) (*Array, error) {
	a := &Array{File: file, Shape: h.shape, Type: h.number.typ}
	values := make([]float64, a.Len())
	if h.fortran {
		all := make([]byte, h.bytes())
		if _, err := io.ReadFull(r, all); err != nil {
			return nil, err
		}
		a.stored = h.stored(bytes.NewReader(all), 0)
		if err := a.Rows(0, a.NumRows(), values); err != nil {
			return nil, err
		}
		a.stored = nil
	} else {
		buf := buffers.Get().(*[buffer]byte)
		defer buffers.Put(buf)
		size := h.number.size
		for at := 0; at < len(values); {
			n := min(len(values)-at, buffer/size)
			if _, err := io.ReadFull(r, buf[:n*size]); err != nil {
				return nil, err
			}
			a.rounded.Add(int64(h.number.decode(values[at:], 1, buf[:n*size])))
			at += n
		}
	}
	a.values = values
	a.noteRounded()
	return a, nil
}

// fits is an error if the array has no entries or needs more than size bytes.
func (h *npyHeader) fits(size int64) error {
	if err := noRows(h.shape); err != nil {
		return err
	}
	if found := size - h.size; found < h.bytes() {
		return &Error{Message: fmt.Sprintf("truncated: numbers of shape %s and type %s take %d bytes after the header, there are %d",
			ShapeText(h.shape), h.number.typ, h.bytes(), max(found, 0))}
	}
	return nil
}

func npyError(file string, size int64, err error) error {
	var own *Error
	switch {
	case errors.As(err, &own):
		own.File = file
		return own
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{File: file, Message: fmt.Sprintf("truncated: the header of an npy file does not end within its %s", plural(int(size), "byte"))}
	}
	return fileError(file, err)
}

func (a *Array) trailing(bytes int64) {
	if bytes > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%s after the array are not read", plural(int(bytes), "byte")))
	}
}

func (a *Array) noteRounded() {
	if n := a.Rounded(); n > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%s beyond 2⁵³ rounded to float64", plural(n, "integer")))
	}
}
