package data

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// A format is a kind of file, by its extension.
type format string

const (
	npy format = "npy"
	npz format = "npz"
	csv format = "csv"
	tsv format = "tsv"
	mtx format = "mtx"
)

var formats = []format{npy, npz, csv, tsv, mtx}

const (
	readable = "npy, npz, csv, tsv and mtx are read, the last three also with .gz"
	writable = "npy, npz, csv, tsv and mtx are written, the last three also with .gz"
)

// isText tells whether a file of the format is text, which gzip may compress.
func (f format) isText() bool { return f == csv || f == tsv || f == mtx }

// formatOf is the format by the extension of a file, in any case, and whether .gz
// follows it; empty if the extension is another.
func formatOf(file string) (f format, zipped bool) {
	base, zipped := strings.CutSuffix(strings.ToLower(file), ".gz")
	for _, f := range formats {
		if strings.HasSuffix(base, "."+string(f)) && (!zipped || f.isText()) {
			return f, zipped
		}
	}
	return "", false
}

// split cuts a path into the file and what follows a colon after its extension: the
// member of an npz file, or columns of a table. Of several ways, that with a file that
// there is, and of those the whole path or else the shortest file.
func split(path string) (file, part string) {
	if _, err := os.Stat(path); err == nil {
		return path, ""
	}
	for i := range len(path) {
		if path[i] != ':' {
			continue
		}
		if f, _ := formatOf(path[:i]); f == "" {
			continue
		}
		if _, err := os.Stat(path[:i]); err == nil {
			return path[:i], path[i+1:]
		}
		if file == "" {
			file, part = path[:i], path[i+1:]
		}
	}
	if file == "" {
		return path, ""
	}
	return file, part
}

// Options say how to read.
type Options struct {
	// Memory bounds the bytes that the numbers of an array may take in memory. Of what is
	// larger they are kept in a temporary file, if that is compressed or text, or sparse.
	// 0 has no bound.
	Memory int64
	// Progress is told how many of the bytes of a file of text have been read.
	Progress func(file string, done, total int64)
}

// Open is [Open] with options.
func (o Options) Open(name, path string) (*Array, error) {
	return o.reader().open(name, path)
}

// Read is [Read] with options.
func (o Options) Read(path string) ([]*Array, error) {
	return o.reader().readAll(path)
}

func (o Options) reader() reader {
	rd := reader{o, standard.inMemory}
	if o.Memory > 0 {
		rd.inMemory = min(rd.inMemory, o.Memory)
	}
	return rd
}

// A reader has what reading depends on.
type reader struct {
	Options
	// inMemory bounds the bytes that an npy array may take as float64 to be read at
	// once; a larger one stays in its file.
	inMemory int64
}

var standard = reader{inMemory: 64 << 20}

// exceeds reports whether so many bytes are more than the memory that there is.
func (rd reader) exceeds(bytes int64) bool { return rd.Memory > 0 && bytes > rd.Memory }

// Names lists the arrays of a file: those of an npz file in its order, else one that is
// called as the file without its extension. Errors are of type *[Error].
func Names(path string) ([]string, error) {
	file, part := split(path)
	if part != "" {
		return []string{part}, nil
	}
	in, err := openInput(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if in.format != npz {
		return []string{baseName(file)}, nil
	}
	members, err := npzMembers(in)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, m := range members {
		list = append(list, m.name)
	}
	return list, nil
}

func baseName(file string) string {
	name := strings.TrimSuffix(filepath.Base(file), ".gz")
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// Open opens an array as name. The path is that of a file, of which the format follows
// from its extension, or FILE.npz:MEMBER, or FILE.csv:COLUMNS with the names of columns
// or their numbers, from 1, such as bmi, 1..10 or age,bmi..s6. Without a member, an npz
// file gives the one called name, or its only one. A table is a matrix, and a vector if
// COLUMNS is a single one.
//
// Errors are of type *[Error]. The array is to be closed.
func Open(name, path string) (*Array, error) { return standard.open(name, path) }

// Read reads all arrays of a file: those of an npz file in its order under their names,
// else one under the name of the file without its extension. Errors are of type *[Error].
// The arrays are to be closed.
func Read(path string) ([]*Array, error) { return standard.readAll(path) }

func (rd reader) open(name, path string) (*Array, error) {
	file, part := split(path)
	in, err := openInput(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return rd.one(in, name, part)
}

// one reads the array of an input that name and part mean.
func (rd reader) one(in *input, name, part string) (a *Array, err error) {
	if in.format == npz {
		a, err = rd.npzMember(in, name, part)
	} else {
		a, err = rd.single(in, part)
	}
	if err != nil {
		return nil, err
	}
	a.Name = name
	return a, nil
}

func (rd reader) readAll(path string) ([]*Array, error) {
	file, part := split(path)
	in, err := openInput(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if in.format == npz && part == "" {
		return rd.npzAll(in)
	}
	name := part
	if in.format != npz {
		name = baseName(file)
	}
	a, err := rd.one(in, name, part)
	if err != nil {
		return nil, err
	}
	return []*Array{a}, nil
}

// single reads a file that has one array.
func (rd reader) single(in *input, part string) (*Array, error) {
	if part != "" && in.format != csv && in.format != tsv {
		return nil, &Error{File: in.name, Message: fmt.Sprintf("it has no part %q", part),
			Hint: "a colon names an array of an npz file or columns of a table"}
	}
	switch in.format {
	case npy:
		return rd.npyFile(in)
	case mtx:
		return rd.text(in, readMatrixMarket)
	case tsv:
		return rd.text(in, func(t *text) (*Array, error) { return readTable(t, part, '\t') })
	default:
		return rd.text(in, func(t *text) (*Array, error) { return readTable(t, part, 0) })
	}
}

// An input is an open file that is not empty. It is closed when all have closed it that
// use it: who opened it, and each array that stays in it.
type input struct {
	io.ReaderAt
	name   string
	size   int64
	format format
	file   io.Closer
	users  atomic.Int32
}

func (in *input) Close() error {
	if in.users.Add(-1) > 0 {
		return nil
	}
	return in.file.Close()
}

func openInput(file string) (*input, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fileError(file, err)
	}
	in, err := newInput(f, file)
	if err != nil {
		f.Close()
		return nil, err
	}
	return in, nil
}

func newInput(f *os.File, file string) (*input, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fileError(file, err)
	}
	in := &input{ReaderAt: f, name: file, size: info.Size(), file: f}
	in.users.Store(1)
	switch {
	case info.IsDir():
		return nil, &Error{File: file, Message: "it is a directory, not a file"}
	case info.Mode()&os.ModeCharDevice != 0: // whose bytes need not end
		return nil, &Error{File: file, Message: "it is a device, not a file"}
	case !info.Mode().IsRegular(): // a pipe is read once, from its start
		all, err := io.ReadAll(f)
		if err != nil {
			return nil, fileError(file, err)
		}
		in.ReaderAt, in.size = bytes.NewReader(all), int64(len(all))
	}
	if in.size == 0 {
		return nil, &Error{File: file, Message: "the file is empty"}
	}
	if in.format, _ = formatOf(file); in.format == "" {
		in.format = formatOfStart(in.start(16))
	}
	if in.format == "" {
		e := &Error{File: file, Message: "unknown format: " + readable}
		if strings.HasSuffix(strings.ToLower(file), ".gz") {
			e.Hint = "decompress it with gunzip"
		}
		return nil, e
	}
	return in, nil
}

// start is the first n bytes, or all if it has fewer.
func (in *input) start(n int) []byte {
	b := make([]byte, n)
	k, _ := in.ReadAt(b, 0)
	return b[:k]
}

// formatOfStart tells the format of a file without a telling extension by how it begins.
func formatOfStart(start []byte) format {
	switch {
	case bytes.HasPrefix(start, []byte(npyMagic)):
		return npy
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return npz
	case bytes.HasPrefix(bytes.ToLower(start), []byte(mtxMagic)):
		return mtx
	}
	return ""
}

// A text is an input decompressed.
type text struct {
	*bufio.Reader
	reader
	name string
	size int64 // of the file
	raw  bool  // not compressed
}

// text reads a file of text with read, whose errors of the reader itself it explains.
func (rd reader) text(in *input, read func(*text) (*Array, error)) (*Array, error) {
	t := &text{reader: rd, name: in.name, size: in.size, raw: true}
	var from io.Reader = io.NewSectionReader(in, 0, in.size)
	if rd.Progress != nil {
		from = &counted{r: from, tell: func(n int64) { rd.Progress(in.name, n, in.size) }}
	}
	t.Reader = bufio.NewReaderSize(from, 64<<10)
	if bytes.HasPrefix(in.start(2), []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(t.Reader)
		if err != nil {
			return nil, gzipError(in.name, err)
		}
		t.Reader = bufio.NewReaderSize(z, 64<<10)
		t.raw = false
	}
	start, err := t.Peek(16)
	if err != nil && err != io.EOF {
		return nil, gzipError(in.name, err)
	}
	if e := noText(start); e != nil {
		e.File = in.name
		return nil, e
	}
	a, err := read(t)
	if err != nil {
		var own *Error
		if errors.As(err, &own) {
			own.File = in.name
			return nil, own
		}
		return nil, gzipError(in.name, err)
	}
	a.File = in.name
	return a, nil
}

// counted tells how many bytes have been read.
type counted struct {
	r    io.Reader
	n    int64
	tell func(int64)
}

func (c *counted) Read(b []byte) (int, error) {
	k, err := c.r.Read(b)
	c.n += int64(k)
	c.tell(c.n)
	return k, err
}

func gzipError(file string, err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{File: file, Message: "truncated: the compressed text ends early", err: err}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return &Error{File: file, Message: "corrupt gzip file: " + strings.TrimPrefix(err.Error(), "gzip: "), err: err}
	}
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return &Error{File: file, Message: "corrupt gzip file: " + strings.TrimPrefix(err.Error(), "flate: "), err: err}
	}
	return fileError(file, err)
}

// noText tells what begins like no text that is read here.
func noText(start []byte) *Error {
	switch {
	case len(start) == 0:
		return &Error{Message: "the file is empty"}
	case formatOfStart(start) == npy:
		return &Error{Message: "it is an npy file, not text", Hint: "give it the extension .npy"}
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return &Error{Message: "it is a zip archive, as npz files and Excel's workbooks are, not text"}
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return &Error{Message: "the text is UTF-16", Hint: "save it as UTF-8"}
	case bytes.IndexByte(start, 0) >= 0:
		return &Error{Message: "it is no text: it begins with zero bytes"}
	}
	return nil
}
