package data

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"sync"
)

// A spill is a temporary file for the numbers of an array that are too many for memory.
// Where the system lets it, it has no name from the start, so that nothing is left of it
// however the program ends.
type spill struct {
	of   string // the file whose numbers it takes, for messages
	dir  string
	file *os.File
	w    *bufio.Writer
	name string // what is still to be removed, or ""
	size int64
}

// spillDir is where temporary files go: TMPDIR, or else /var/tmp before the system's own
// directory, which is memory on many machines.
func spillDir() string {
	if os.Getenv("TMPDIR") == "" {
		if info, err := os.Stat("/var/tmp"); err == nil && info.IsDir() {
			return "/var/tmp"
		}
	}
	return os.TempDir()
}

func newSpill(of string) (*spill, error) {
	s := &spill{of: of, dir: spillDir()}
	var err error
	if s.file, err = os.CreateTemp(s.dir, "nabla-*.tmp"); err != nil {
		return nil, s.fail(err)
	}
	if os.Remove(s.file.Name()) != nil { // as Windows does with what is open
		s.name = s.file.Name()
	}
	s.w = bufio.NewWriterSize(s.file, buffer)
	return s, nil
}

func (s *spill) fail(err error) error {
	e := fileError(s.of, err)
	e.Message = fmt.Sprintf("its numbers are too many for memory, and for a temporary file in %s: %s", s.dir, e.Message)
	e.Hint = "TMPDIR=DIR names another directory, --memory SIZE the memory to use"
	return e
}

// Write implements io.Writer; its errors are of type *[Error].
func (s *spill) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.size += int64(n)
	if err != nil {
		return n, s.fail(err)
	}
	return n, nil
}

// floats writes numbers, as an npy file of float64 has them.
func (s *spill) floats(values []float64) error {
	var b [8 << 10]byte
	for len(values) > 0 {
		n := min(len(values), len(b)/8)
		for i, v := range values[:n] {
			binary.LittleEndian.PutUint64(b[8*i:], math.Float64bits(v))
		}
		if _, err := s.Write(b[:8*n]); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// spilled is how [spill.floats] writes numbers.
var spilled = func() number {
	n, err := numberOf("<f8")
	if err != nil {
		panic(err)
	}
	return n
}()

// done ends writing and gives the file to an array, which closes it.
func (s *spill) done(a *Array, from *stored) error {
	if err := s.w.Flush(); err != nil {
		s.discard()
		return s.fail(err)
	}
	s.w = nil
	from.close = sync.OnceValue(s.discard)
	a.stored = from
	a.Notes = append(a.Notes, fmt.Sprintf("%s: its numbers take more than the memory to be used; they are read from a temporary file of %s in %s", s.of, Bytes(s.size), s.dir))
	return nil
}

// discard closes and removes the file.
func (s *spill) discard() error {
	err := s.file.Close()
	if s.name != "" {
		err = os.Remove(s.name)
	}
	return err
}

// npySpilled reads an array of which the numbers follow in r, into a temporary file.
func (rd reader) npySpilled(r io.Reader, file string, h *npyHeader) (*Array, error) {
	s, err := newSpill(file)
	if err != nil {
		return nil, err
	}
	if n, err := io.CopyN(s, r, h.bytes()); err != nil {
		s.discard()
		if err == io.EOF && n < h.bytes() {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	a := &Array{File: file, Shape: h.shape, Type: h.number.typ}
	if err := s.done(a, h.stored(s.file, 0)); err != nil {
		return nil, err
	}
	return a, nil
}
