package data

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// Write writes arrays to a file in the format of its extension: one, or several as npz.
// Numbers are float32 for arrays of that type, else float64. A file that exists is
// replaced when all is written and keeps its permissions; on an error it is as before.
// One that is write-protected is left alone.
// Errors are of type *[Error].
func Write(path string, arrays ...*Array) error {
	f, zipped := formatOf(path)
	if f == "" {
		return &Error{File: path, Message: "unknown format: " + writable}
	}
	if f == npz {
		if err := distinct(arrays); err != "" {
			return &Error{File: path, Message: err}
		}
	} else if len(arrays) != 1 {
		return &Error{File: path, Message: fmt.Sprintf("%s cannot be written to one %s file", plural(len(arrays), "array"), f), Hint: "an npz file takes several"}
	}
	return replace(path, func(w io.Writer) error {
		if !zipped {
			return encode(w, f, arrays)
		}
		z, _ := gzip.NewWriterLevel(w, gzip.BestCompression)
		if err := encode(z, f, arrays); err != nil {
			return err
		}
		return z.Close()
	})
}

// Writable returns the error that [Write] would return for so many arrays because of
// the path: its extension, a missing directory, a file that may not be replaced.
func Writable(path string, arrays int) error {
	f, _ := formatOf(path)
	switch {
	case f == "":
		return &Error{File: path, Message: "unknown format: " + writable}
	case f != npz && arrays != 1:
		return &Error{File: path, Message: fmt.Sprintf("%s cannot be written to one %s file", plural(arrays, "array"), f), Hint: "an npz file takes several"}
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return &Error{File: path, Message: "it is a directory, not a file"}
	case err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o200 == 0:
		return &Error{File: path, Message: "the file is write-protected"}
	case err == nil:
		return nil
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return directoryError(path, err)
	}
	return nil
}

func distinct(arrays []*Array) string {
	seen := map[string]bool{}
	for _, a := range arrays {
		switch {
		case a.Name == "":
			return "an array without a name cannot be written to an npz file"
		case seen[a.Name]:
			return fmt.Sprintf("two arrays are called %s", a.Name)
		}
		seen[a.Name] = true
	}
	if len(arrays) == 0 {
		return "there are no arrays to write"
	}
	return ""
}

func encode(w io.Writer, f format, arrays []*Array) error {
	switch f {
	case npz:
		return writeNpz(w, arrays)
	case npy:
		return writeNpy(w, arrays[0])
	case mtx:
		return writeMatrixMarket(w, arrays[0])
	case tsv:
		return writeTable(w, arrays[0], '\t')
	default:
		return writeTable(w, arrays[0], ',')
	}
}

// replace writes a file by way of a temporary one beside it, which takes its place when
// write has returned without an error. What is no regular file, such as a pipe or
// /dev/stdout, is written to directly.
func replace(path string, write func(io.Writer) error) (err error) {
	target, mode, perm := path, os.FileMode(0o666), false
	if info, err := os.Stat(path); err == nil {
		switch {
		case info.IsDir():
			return &Error{File: path, Message: "it is a directory, not a file"}
		case !info.Mode().IsRegular():
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return fileError(path, err)
			}
			return finish(path, f, write)
		}
		if info.Mode().Perm()&0o200 == 0 {
			return &Error{File: path, Message: "the file is write-protected"}
		}
		mode, perm = info.Mode().Perm(), true
		if target, err = filepath.EvalSymlinks(path); err != nil { // a link stays one
			return fileError(path, err)
		}
	}
	f, err := temporary(target, mode)
	if err != nil {
		return directoryError(path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := finish(path, f, write); err != nil {
		return err
	}
	if perm {
		if err := os.Chmod(f.Name(), mode); err != nil { // the umask was taken off
			return fileError(path, err)
		}
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return fileError(path, err)
	}
	return nil
}

// finish writes and closes f.
func finish(path string, f *os.File, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(f, 64<<10)
	err := write(b)
	if err == nil {
		err = b.Flush()
	}
	if c := f.Close(); err == nil {
		err = c
	}
	var own *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		if own.File == "" {
			own.File = path
		}
		return own
	}
	return fileError(path, err)
}

// temporary creates a file of a new name beside target.
func temporary(target string, mode os.FileMode) (*os.File, error) {
	dir, base := filepath.Split(target)
	for {
		name := dir + "." + base + "." + strconv.FormatUint(rand.Uint64(), 36) + ".tmp"
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// directoryError explains why no file could be created.
func directoryError(path string, err error) error {
	dir := filepath.Dir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Error{File: path, Message: fmt.Sprintf("there is no directory %s", dir), err: err}
	case errors.Is(err, fs.ErrPermission):
		return &Error{File: path, Message: fmt.Sprintf("permission denied to write in the directory %s", dir), err: err}
	}
	return fileError(path, err)
}
