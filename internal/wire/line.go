package wire

import (
	"bytes"
	"encoding/json"
	"fmt"

	"example.com/nabla"
)

// A LineRequest is a line of nabla diff --jsonl. Fields that are not listed are ignored.
type LineRequest struct {
	ID         json.RawMessage `json:"id"`
	Vars       *Declarations   `json:"vars"`
	Expr       *string         `json:"expr"`
	From       string          `json:"from"`
	Wrt        *Names          `json:"wrt"`
	Order      *int            `json:"order"`
	Layout     string          `json:"layout"`
	Vec        string          `json:"vec"`
	Structured bool            `json:"structured"`
	Constraint string          `json:"constraint"`
}

// LineDefaults are what lines that do not say otherwise are taken with.
type LineDefaults struct {
	From, Layout, Vec   string
	Structured, NoCheck bool
}

// A LineAnswer is the answer to one line.
type LineAnswer struct {
	ID json.RawMessage `json:"id"`
	OK bool            `json:"ok"`
	Derivative
	Notes   []string `json:"notes,omitempty"`
	Seconds float64  `json:"seconds"`
}

// A LineFailure is the answer to a line that has none.
type LineFailure struct {
	ID    json.RawMessage `json:"id"`
	OK    bool            `json:"ok"`
	Error LineError       `json:"error"`
}

// A LineError is an Error as lines have it, in English: where the first mistake begins,
// and the others in More. Internal marks a fault of nabla's own.
type LineError struct {
	Line     int         `json:"line"`
	Column   int         `json:"column"`
	Message  string      `json:"message"`
	Hint     string      `json:"hint"`
	Notes    []string    `json:"notes,omitempty"`
	More     []LineError `json:"more,omitempty"`
	Internal bool        `json:"internal,omitempty"`
}

// Line answers one line with one line, without its end, whatever happens.
func Line(line []byte, d LineDefaults) (answer []byte) {
	defer func() {
		if p := recover(); p != nil {
			answer = lineFailure(idOf(line), &nabla.InternalError{Message: fmt.Sprint(p)})
		}
	}()
	var q LineRequest
	if err := q.read(line); err != nil {
		return lineFailure(idOf(line), err)
	}
	res, err := nabla.Differentiate(q.request(d))
	if err == nil && len(res.Derivatives) != 1 {
		err = &nabla.InternalError{Message: fmt.Sprintf("%d answers to one question", len(res.Derivatives))}
	}
	if err != nil {
		return lineFailure(q.ID, err)
	}
	return oneLine(&LineAnswer{ID: q.ID, OK: true, Derivative: NewDerivative(&res.Derivatives[0]), Notes: res.Notes, Seconds: res.Seconds})
}

// LongLine is the answer to a line of more than the given number of bytes.
func LongLine(bytes int) []byte {
	return lineFailure(nil, malformed(1, "a request has at most %d bytes, this line is longer", bytes))
}

// read decodes a line and checks its fields.
func (q *LineRequest) read(line []byte) error {
	if err := decode(line, q, false); err != nil {
		return err
	}
	switch {
	case q.Wrt != nil && len(*q.Wrt) == 0:
		return malformed(1, "wrt is a name or a list of names")
	case q.Expr == nil:
		return malformed(1, "a request has the field expr, this one lacks it")
	case q.Wrt == nil:
		return malformed(1, "a request has the field wrt, this one lacks it")
	case q.Order != nil && *q.Order < 1:
		return malformed(1, "order is 1 or more, found %d", *q.Order)
	}
	return choose(choice{"layout", q.Layout, layouts}, choice{"vec", q.Vec, vecs}, choice{"from", q.From, notations})
}

// request is the request of the public package.
func (q *LineRequest) request(d LineDefaults) nabla.Request {
	either := func(own, other string) string {
		if own != "" {
			return own
		}
		return other
	}
	r := nabla.Request{
		Program: *q.Expr, Notation: notation(either(q.From, d.From)), Wrt: *q.Wrt, Mixed: len(*q.Wrt) > 1, Order: 1,
		Layout: nabla.Layout(either(q.Layout, d.Layout)), Vec: nabla.VecOrder(either(q.Vec, d.Vec)),
		Structured: q.Structured || d.Structured, Constraint: q.Constraint, NoCheck: d.NoCheck,
	}
	if q.Order != nil {
		r.Order = *q.Order
	}
	if q.Vars != nil {
		r.Vars, r.Closed = *q.Vars, true
	}
	return r
}

// idOf is the id of a line that is no good request, nil if it cannot be read.
func idOf(line []byte) json.RawMessage {
	var only struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(bytes.TrimPrefix(line, []byte("\ufeff")), &only) != nil {
		return nil
	}
	return only.ID
}

func lineFailure(id json.RawMessage, err error) []byte {
	return oneLine(&LineFailure{ID: id, Error: lineError(NewError(err))})
}

func lineError(e *Error) LineError {
	out := LineError{Line: e.Line, Column: e.Column, Message: e.Message, Hint: e.Hint, Notes: e.Notes, Internal: e.Code == CodeInternal}
	for i := range e.More {
		out.More = append(out.More, lineError(&e.More[i]))
	}
	return out
}

// oneLine writes a value as one line of JSON, without its end.
func oneLine(v any) []byte {
	b, err := Marshal(v, "")
	if err != nil {
		return []byte(`{"id":null,"ok":false,"error":{"line":1,"column":1,"message":"internal error: the answer cannot be encoded","hint":"","internal":true}}`)
	}
	return bytes.TrimRight(b, "\n")
}
