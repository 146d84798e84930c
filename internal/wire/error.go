package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"example.com/nabla"
)

// Codes of errors.
const (
	CodeInput    = "input"    // the expression or another text in the request is wrong
	CodeRequest  = "request"  // the request is not as a request has to be
	CodeMethod   = "method"   // there is no such method
	CodeLimit    = "limit"    // the request took too long or too much memory
	CodeInternal = "internal" // nabla is wrong, for instance an answer failed its check
)

// An Error says why there is no answer: the first mistake with the range of text it is
// about, from Line and Column up to EndLine and EndColumn, and the others in More.
type Error struct {
	Code      string   `json:"code"`
	Line      int      `json:"line"` // from 1; columns count characters
	Column    int      `json:"column"`
	EndLine   int      `json:"end_line"`
	EndColumn int      `json:"end_column"`
	In        string   `json:"in,omitempty"` // the declaration, if not the program
	Message   string   `json:"message"`
	Hint      string   `json:"hint,omitempty"`
	Notes     []string `json:"notes,omitempty"`
	Rendered  string   `json:"rendered,omitempty"` // all mistakes with the lines of text they are on
	More      []Error  `json:"more,omitempty"`

	Stack []byte `json:"-"` // where nabla panicked, for a log
}

func (e *Error) Error() string { return e.Message }

// Status is the HTTP status of the error.
func (e *Error) Status() int {
	switch e.Code {
	case CodeInput:
		return 422
	case CodeRequest:
		return 400
	case CodeMethod:
		return 404
	case CodeLimit:
		return 503
	}
	return 500
}

// NewError is err in JSON.
func NewError(err error) *Error {
	e := &Error{Code: CodeInternal, Line: 1, Column: 1, EndLine: 1, EndColumn: 1, Message: err.Error()}
	var known *Error
	var input *nabla.InputError
	var limit *nabla.LimitError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &limit):
		e.Code = CodeLimit
	case errors.As(err, &input) && len(input.Diagnostics) > 0:
		for i, d := range input.Diagnostics {
			one := Error{Code: CodeInput, Line: d.Line, Column: d.Column, EndLine: d.EndLine, EndColumn: d.EndColumn, In: d.In,
				Message: d.Message, Hint: d.Hint, Notes: d.Notes}
			if i == 0 {
				*e = one
			} else {
				e.More = append(e.More, one)
			}
		}
		e.Rendered = input.Render()
	case errors.As(err, &input), errors.Is(err, nabla.ErrNoDerivation):
		e.Code = CodeInput
	case errors.Is(err, context.DeadlineExceeded):
		e.Code, e.Message = CodeLimit, "the request took longer than it may"
	case errors.Is(err, context.Canceled):
		e.Code, e.Message = CodeLimit, "the request was cancelled"
	}
	return e
}

// malformed is a mistake in the form of a request.
func malformed(column int, format string, args ...any) *Error {
	return &Error{Code: CodeRequest, Line: 1, Column: column, EndLine: 1, EndColumn: column, Message: fmt.Sprintf(format, args...)}
}

// decode reads a request into a pointer to a struct. Strictly, unknown fields are refused: a
// misspelt option would be an option that is silently not obeyed.
func decode(body []byte, into any, strict bool) error {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 {
		body = []byte("{}")
	}
	if !utf8.Valid(body) {
		return malformed(1, "a request is JSON in UTF-8, this one is not")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if strict {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(into); err != nil {
		return jsonError(body, err)
	}
	if rest := bytes.TrimSpace(body[dec.InputOffset():]); len(rest) > 0 {
		return malformed(utf8.RuneCount(body[:len(body)-len(rest)])+1, "a request is one JSON object, more follows")
	}
	return nil
}

// jsonError puts an error of package json into our words, with its column.
func jsonError(body []byte, err error) error {
	at := func(offset int64) int {
		offset = min(max(offset, 1), int64(len(body)))
		return utf8.RuneCount(body[:offset])
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return malformed(at(int64(len(body))), "a request is one JSON object: unexpected end of JSON input")
	case errors.As(err, &syntax):
		return malformed(at(syntax.Offset), "a request is one JSON object: %v", syntax)
	case errors.As(err, &kind) && kind.Field == "":
		return malformed(1, "a request is a JSON object, found %s", article(kind.Value))
	case errors.As(err, &kind):
		return malformed(at(kind.Offset), "%s is %s, found %s", strings.TrimPrefix(kind.Field, "Problem."), article(goKind(kind)), article(kind.Value))
	}
	return malformed(1, "%s", strings.Replace(strings.TrimPrefix(err.Error(), "json: "), "unknown field", "no field is called", 1))
}

func goKind(e *json.UnmarshalTypeError) string {
	switch k := e.Type.Kind().String(); k {
	case "int":
		return "integer"
	case "bool":
		return "boolean"
	case "slice":
		return "list"
	case "map", "struct":
		return "object"
	default:
		return k
	}
}

func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
