package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"example.com/nabla"
	"example.com/nabla/internal/message"
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
	Code       string   `json:"code"`
	Line       int      `json:"line"` // from 1; columns count characters
	Column     int      `json:"column"`
	EndLine    int      `json:"end_line"`
	EndColumn  int      `json:"end_column"`
	In         string   `json:"in,omitempty"` // the declaration, if not the program
	Message    string   `json:"message"`
	MessageZH  string   `json:"message_zh"`
	Hint       string   `json:"hint,omitempty"`
	HintZH     string   `json:"hint_zh,omitempty"`
	Notes      []string `json:"notes,omitempty"`
	NotesZH    []string `json:"notes_zh,omitempty"`
	Rendered   string   `json:"rendered,omitempty"` // all mistakes with the lines of text they are on
	RenderedZH string   `json:"rendered_zh,omitempty"`
	More       []Error  `json:"more,omitempty"`

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
	e := newError(CodeInternal, 1, message.Of(err))
	var known *Error
	var input *nabla.InputError
	var limit *nabla.LimitError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &limit):
		e = newError(CodeLimit, 1, message.Text{En: limit.ErrorIn("en"), Zh: limit.ErrorIn("zh")})
	case errors.As(err, &input) && len(input.Diagnostics) > 0:
		for i, d := range input.Diagnostics {
			one := Error{Code: CodeInput, Line: d.Line, Column: d.Column, EndLine: d.EndLine, EndColumn: d.EndColumn, In: d.In,
				Message: d.Message, Hint: d.Hint, Notes: d.Notes, MessageZH: d.MessageZH, HintZH: d.HintZH, NotesZH: d.NotesZH}
			if i == 0 {
				*e = one
			} else {
				e.More = append(e.More, one)
			}
		}
		e.Rendered, e.RenderedZH = input.RenderIn("en"), input.RenderIn("zh")
	case errors.As(err, &input), errors.Is(err, nabla.ErrNoDerivation):
		e.Code = CodeInput
	case errors.Is(err, context.DeadlineExceeded):
		e = newError(CodeLimit, 1, message.Say("the request took longer than it may"))
	case errors.Is(err, context.Canceled):
		e = newError(CodeLimit, 1, message.Say("the request was cancelled"))
	}
	return e
}

// malformed is a mistake in the form of a request.
func malformed(column int, format string, args ...any) *Error {
	return newError(CodeRequest, column, message.Say(format, args...))
}

// Say is an error of a code that is about no place of the request.
func Say(code string, text message.Text) *Error { return newError(code, 1, text) }

// newError is an error at a column of a text of one line.
func newError(code string, column int, text message.Text) *Error {
	return &Error{Code: code, Line: 1, Column: column, EndLine: 1, EndColumn: column, Message: text.En, MessageZH: text.Zh}
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
		return malformed(1, "a request is a JSON object, found %s", kindText(kind.Value))
	case errors.As(err, &kind):
		return malformed(at(kind.Offset), "%s is %s, found %s", strings.TrimPrefix(kind.Field, "Problem."), kindText(kind.Type.Kind().String()), kindText(kind.Value))
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return malformed(1, "no field is called %s", name)
	}
	return newError(CodeRequest, 1, message.Of(err))
}

// kinds are the words for kinds of values, of Go and of JSON.
var kinds = map[string]string{"int": "an integer", "bool": "a boolean", "slice": "a list", "map": "an object", "struct": "an object",
	"string": "a string", "float64": "a number", "number": "a number", "array": "an array", "object": "an object"}

// kindText names a kind of value; of a number that does not fit, package json tells the
// number too.
func kindText(kind string) message.Text {
	if words, ok := kinds[kind]; ok {
		return message.Say(words)
	}
	return message.Same("a " + kind)
}
