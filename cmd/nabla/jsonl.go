package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"example.com/nabla"
	"example.com/nabla/internal/wire"
)

// maxLine bounds the bytes of a request; the rest of a longer line is skipped.
const maxLine = 1 << 20

// serve answers requests, one JSON object a line, in order, each answer written
// before the next request is read.
func (c *command) serve(o *options) int {
	in := bufio.NewReaderSize(c.stdin, 1<<16)
	for {
		line, tooLong, err := readLine(in)
		if len(bytes.TrimSpace(line)) > 0 || tooLong {
			reply := answerLine(line, tooLong, o)
			if _, err := c.stdout.Write(append(reply, '\n')); err != nil {
				fmt.Fprintf(c.stderr, "nabla: %v\n", err)
				return exitInternal
			}
		}
		if err == io.EOF {
			return exitOK
		}
		if err != nil {
			fmt.Fprintf(c.stderr, "nabla: %v\n", err)
			return exitInput
		}
	}
}

// readLine reads up to the next line end. It keeps at most maxLine bytes and
// reports whether there were more.
func readLine(in *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if room := maxLine - len(line); len(part) > room {
			part, tooLong = part[:room], true
		}
		line = append(line, part...)
		if err != bufio.ErrBufferFull {
			return line, tooLong, err
		}
	}
}

// A request is one line of input. Fields that are not listed are ignored.
type request struct {
	ID         json.RawMessage    `json:"id"`
	Vars       *wire.Declarations `json:"vars"`
	Expr       *string            `json:"expr"`
	From       string             `json:"from"`
	Wrt        *wire.Names        `json:"wrt"`
	Order      *int               `json:"order"`
	Layout     string             `json:"layout"`
	Vec        string             `json:"vec"`
	Structured bool               `json:"structured"`
	Constraint string             `json:"constraint"`
}

// answerLine answers one line; whatever happens the answer is one JSON object.
func answerLine(line []byte, tooLong bool, o *options) (reply []byte) {
	var req request
	if tooLong {
		return encode(failure(nil, &lineError{1, 1, fmt.Sprintf("a request has at most %d bytes, this line is longer", maxLine)}))
	}
	if err := decode(line, &req); err != nil {
		return encode(failure(idOf(line), err))
	}
	order := 1
	if req.Order != nil {
		order = *req.Order
	}
	layout, vec := req.Layout, req.Vec
	if layout == "" {
		layout = o.layout
	}
	if vec == "" {
		vec = o.vec
	}
	from := *o
	if req.From != "" {
		if err := choose(choice{"from", req.From, notations}); err != nil {
			return encode(failure(req.ID, &lineError{1, 1, strings.TrimPrefix(err.Error(), "--")}))
		}
		from.from = req.From
	}
	call := nabla.Request{
		Program: *req.Expr, Notation: from.notation(""), Wrt: *req.Wrt, Mixed: len(*req.Wrt) > 1, Order: order,
		Layout: nabla.Layout(layout), Vec: nabla.VecOrder(vec),
		Structured: req.Structured || o.structured, Constraint: req.Constraint, NoCheck: o.noCheck,
	}
	if req.Vars != nil {
		call.Vars, call.Closed = *req.Vars, true
	}
	res, err := safely(nabla.Differentiate, call)
	if err == nil && len(res.Derivatives) != 1 {
		err = &nabla.InternalError{Message: fmt.Sprintf("%d answers to one question", len(res.Derivatives))}
	}
	if err != nil {
		return encode(failure(req.ID, err))
	}
	d := wire.NewDerivative(&res.Derivatives[0])
	return encode(&lineAnswer{ID: req.ID, OK: true, Derivative: d, Notes: res.Notes, Seconds: res.Seconds})
}

// decode reads a request and checks that its fields are there.
func decode(line []byte, req *request) error {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
	if !utf8.Valid(line) {
		return &lineError{1, 1, "a request is JSON in UTF-8, this line is not"}
	}
	if err := json.Unmarshal(line, req); err != nil {
		return jsonError(line, err)
	}
	missing := ""
	switch {
	case req.Expr == nil:
		missing = "expr"
	case req.Wrt == nil:
		missing = "wrt"
	}
	if req.Wrt != nil && len(*req.Wrt) == 0 {
		return &lineError{1, 1, "wrt is a name or a list of names"}
	}
	if missing != "" {
		return &lineError{1, 1, "a request has the field " + missing + ", this one lacks it"}
	}
	for _, choice := range []struct {
		field, value string
		of           []string
	}{{"layout", req.Layout, layouts}, {"vec", req.Vec, vecs}} {
		if v := choice.value; v != "" && v != choice.of[0] && v != choice.of[1] {
			return &lineError{1, 1, fmt.Sprintf("%s is %s, found %q", choice.field, oneOf(choice.of), v)}
		}
	}
	if req.Order != nil && *req.Order < 1 {
		return &lineError{1, 1, fmt.Sprintf("order is 1 or more, found %d", *req.Order)}
	}
	return nil
}

// jsonError puts an error of package json into our words, with its column.
func jsonError(line []byte, err error) error {
	at := func(offset int64) int {
		offset = min(max(offset, 1), int64(len(line)))
		return utf8.RuneCount(line[:offset])
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return &lineError{1, at(syntax.Offset), "a request is one JSON object: " + syntax.Error()}
	case errors.As(err, &kind) && kind.Field == "":
		return &lineError{1, 1, "a request is a JSON object, found " + article(kind.Value)}
	case errors.As(err, &kind):
		return &lineError{1, at(kind.Offset), fmt.Sprintf("%s is %s, found %s", kind.Field, article(goKinds(kind)), article(kind.Value))}
	}
	return &lineError{1, 1, err.Error()}
}

func goKinds(e *json.UnmarshalTypeError) string {
	switch e.Type.Kind().String() {
	case "int":
		return "integer"
	case "bool":
		return "boolean"
	}
	return e.Type.Kind().String()
}

func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// idOf returns the id of a line that is no good request, if it can be read.
func idOf(line []byte) json.RawMessage {
	var only struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(bytes.TrimPrefix(line, []byte("\ufeff")), &only) != nil {
		return nil
	}
	return only.ID
}

// A lineError is a mistake in the form of a request.
type lineError struct {
	line, column int
	message      string
}

func (e *lineError) Error() string { return e.message }

// A lineAnswer is the answer to one request.
type lineAnswer struct {
	ID json.RawMessage `json:"id"`
	OK bool            `json:"ok"`
	wire.Derivative
	Notes   []string `json:"notes,omitempty"`
	Seconds float64  `json:"seconds"`
}

// A lineFailure is the answer to a request that has none.
type lineFailure struct {
	ID    json.RawMessage `json:"id"`
	OK    bool            `json:"ok"`
	Error errorJSON       `json:"error"`
}

// An errorJSON is the first mistake with its place in expr; further mistakes
// and an error of nabla's own are marked.
type errorJSON struct {
	Line     int         `json:"line"`
	Column   int         `json:"column"`
	Message  string      `json:"message"`
	Hint     string      `json:"hint"`
	Notes    []string    `json:"notes,omitempty"`
	More     []errorJSON `json:"more,omitempty"`
	Internal bool        `json:"internal,omitempty"`
}

func failure(id json.RawMessage, err error) *lineFailure {
	f := &lineFailure{ID: id}
	var input *nabla.InputError
	var line *lineError
	switch {
	case errors.As(err, &line):
		f.Error = errorJSON{Line: line.line, Column: line.column, Message: line.message}
	case errors.As(err, &input) && len(input.Diagnostics) > 0:
		for i, d := range input.Diagnostics {
			e := errorJSON{Line: d.Line, Column: d.Column, Message: d.Message, Hint: d.Hint, Notes: d.Notes}
			if i == 0 {
				f.Error = e
			} else {
				f.Error.More = append(f.Error.More, e)
			}
		}
	case errors.As(err, &input):
		f.Error = errorJSON{Line: 1, Column: 1, Message: err.Error()}
	default:
		f.Error = errorJSON{Line: 1, Column: 1, Message: err.Error(), Internal: true}
	}
	return f
}

// encode writes a value as one line of JSON; <, > and & stand as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte(`{"id":null,"ok":false,"error":{"line":1,"column":1,"message":"internal error: the answer cannot be encoded","hint":"","internal":true}}`)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
