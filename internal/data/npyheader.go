package data

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	npyMagic = "\x93NUMPY"
	// longestHeader bounds the header of an npy file that is read; NumPy itself asks
	// before it reads more than 10000 bytes.
	longestHeader = 1 << 20
	mostAxes      = 64
)

// An npyHeader is what stands before the numbers of an npy file
// (numpy.lib.format, versions 1 to 3).
type npyHeader struct {
	number  number
	fortran bool
	shape   []int
	size    int64 // of the header in bytes, where the numbers begin
}

// bytes is what the numbers take.
func (h *npyHeader) bytes() int64 {
	n, _ := entries(h.shape)
	return int64(n) * int64(h.number.size)
}

var errNoNpy = errors.New("not an npy file: it does not begin with \\x93NUMPY")

// readHeader reads up to the numbers. Its errors are *Error without a file, or what r
// says; io.ErrUnexpectedEOF if it ends within the header.
func readHeader(r io.Reader) (*npyHeader, error) {
	var pre [12]byte
	if n, err := io.ReadFull(r, pre[:8]); err != nil {
		if n < len(npyMagic) && !strings.HasPrefix(npyMagic, string(pre[:n])) {
			return nil, &Error{Message: errNoNpy.Error()}
		}
		return nil, short(err)
	}
	if string(pre[:6]) != npyMagic {
		return nil, &Error{Message: errNoNpy.Error()}
	}
	long := 4
	switch pre[6] {
	case 1:
		long = 2
	case 2, 3:
	default:
		return nil, &Error{Message: fmt.Sprintf("npy version %d.%d is not known: 1 to 3 are read", pre[6], pre[7])}
	}
	if _, err := io.ReadFull(r, pre[8:8+long]); err != nil {
		return nil, short(err)
	}
	n := int64(binary.LittleEndian.Uint16(pre[8:]))
	if long == 4 {
		n = int64(binary.LittleEndian.Uint32(pre[8:]))
	}
	if n > longestHeader {
		return nil, &Error{Message: fmt.Sprintf("corrupt header: it claims %d bytes, at most %d are read", n, longestHeader)}
	}
	text, err := io.ReadAll(io.LimitReader(r, n))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) < n {
		return nil, io.ErrUnexpectedEOF
	}
	h, err := parseHeader(string(text))
	if err != nil {
		return nil, err
	}
	h.size = int64(8+long) + n
	return h, nil
}

func short(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func parseHeader(text string) (*npyHeader, error) {
	corrupt := func(format string, args ...any) error {
		return &Error{Message: "corrupt header: " + fmt.Sprintf(format, args...)}
	}
	value, rest, err := parsePython(strings.TrimLeft(text, " "), 0)
	if err != nil {
		return nil, corrupt("%v", err)
	}
	dict, ok := value.(pyDict)
	if !ok || strings.TrimSpace(rest) != "" {
		return nil, corrupt("it is no Python dict")
	}
	h := &npyHeader{}
	seen := map[string]bool{}
	for _, item := range dict {
		key, _ := item.key.(string)
		if seen[key] {
			return nil, corrupt("%q stands in it twice", clip(key))
		}
		seen[key] = true
		switch key {
		case "descr":
			if h.number, err = numberOf(item.value); err != nil {
				return nil, err
			}
		case "fortran_order":
			if h.fortran, ok = item.value.(bool); !ok {
				return nil, corrupt("fortran_order is neither True nor False")
			}
		case "shape":
			sizes, ok := item.value.(pyTuple)
			if !ok {
				return nil, corrupt("the shape is no tuple")
			}
			if len(sizes) > mostAxes {
				return nil, corrupt("the shape has %d axes, at most %d are possible", len(sizes), mostAxes)
			}
			h.shape = make([]int, len(sizes))
			for i, s := range sizes {
				n, ok := s.(pyInt)
				if !ok || strings.HasPrefix(string(n), "-") {
					return nil, corrupt("the shape has a size that is no natural number")
				}
				if h.shape[i], err = strconv.Atoi(string(n)); err != nil {
					return nil, &Error{Message: fmt.Sprintf("the size %s of axis %d is too large", clip(string(n)), i+1)}
				}
			}
		default:
			return nil, corrupt("it has an entry %q", clip(key))
		}
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return nil, corrupt("%s is missing", key)
		}
	}
	if _, ok := entries(h.shape); !ok {
		return nil, &Error{Message: fmt.Sprintf("the shape %s is too large", ShapeText(h.shape))}
	}
	return h, nil
}

// noRows is the error of an array without entries, or nil.
func noRows(shape []int) error {
	for i, s := range shape {
		switch {
		case s > 0:
		case i == 0:
			return &Error{Message: fmt.Sprintf("0 rows: the shape is %s", ShapeText(shape))}
		default:
			return &Error{Message: fmt.Sprintf("no entries: the shape is %s", ShapeText(shape))}
		}
	}
	return nil
}

// writeHeader writes the header of version 1.0 for little-endian numbers in row-major
// order, padded so that they begin at a multiple of 64 bytes.
func writeHeader(w io.Writer, t Type, shape []int) error {
	descr := "<f8"
	if t == Float32 {
		descr = "<f4"
	}
	sizes := make([]string, len(shape))
	for i, s := range shape {
		sizes[i] = strconv.Itoa(s)
	}
	tuple := strings.Join(sizes, ", ")
	if len(shape) == 1 {
		tuple += ","
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, tuple)
	const before = len(npyMagic) + 4
	pad := 63 - (before+len(text))%64
	var b bytes.Buffer
	b.WriteString(npyMagic)
	b.Write([]byte{1, 0})
	b.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(text)+pad+1)))
	b.WriteString(text)
	b.WriteString(strings.Repeat(" ", pad))
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
