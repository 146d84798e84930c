package data

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
)

// An Error is what is wrong with a file, and where.
type Error struct {
	// File is the file as the caller named it, for an npz with its member after a colon.
	File string
	// Line and Column count from 1, Column in bytes; 0 where there is none.
	Line, Column int
	Message      string
	// Hint says what to do; empty if nothing is known.
	Hint string

	err error
}

// Error is "file:line:column: message", with the hint on a second line.
func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s += ":" + strconv.Itoa(e.Line)
		if e.Column > 0 {
			s += ":" + strconv.Itoa(e.Column)
		}
	}
	s += ": " + e.Message
	if e.Hint != "" {
		s += "\nhint: " + e.Hint
	}
	return s
}

// Unwrap returns what caused the error, such as [fs.ErrNotExist], or nil.
func (e *Error) Unwrap() error { return e.err }

// fileError is an error of the operating system as one of ours.
func fileError(file string, err error) *Error {
	e := &Error{File: file, err: err}
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Message = "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		e.Message = "permission denied"
	case errors.As(err, &path):
		e.Message = path.Err.Error()
	default:
		e.Message = err.Error()
	}
	return e
}

// plural is "1 field" or "3 fields".
func plural(n int, noun string) string {
	s := strconv.Itoa(n) + " " + noun
	if n == 1 {
		return s
	}
	if stem, ok := strings.CutSuffix(s, "entry"); ok {
		return stem + "entries"
	}
	return s + "s"
}
