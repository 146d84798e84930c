// Package wire has the questions and answers of nabla as JSON: what the command line
// prints with --format json, what the HTTP server and the engine in a browser take and
// return. One table of methods serves them all, so they cannot differ.
//
// Call answers a request by the name of its method. The New… functions make the answers
// of the public package into the structs that are written; their fields' names in JSON
// are stable.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"example.com/nabla"
	"example.com/nabla/internal/message"
)

// A Method is one thing that can be asked for.
type Method struct {
	Name string
	// Doc is one sentence for the reference.
	Doc string
	// Request is a new request of the method, Answer an empty answer; both for
	// descriptions.
	Request func() any
	Answer  func() any
	// Lists says that the answer is always the same and that nothing is asked.
	Lists bool
	call  func(ctx context.Context, body []byte) (any, error)
}

// Methods lists them in the order of the reference.
func Methods() []Method { return slices.Clone(methods) }

var methods = []Method{
	method("diff", "Derivatives of an expression.", diff),
	method("derive", "How a derivative comes about, line by line.", derive),
	method("verify", "Whether a claim is the derivative, and what is wrong with it.", verify),
	method("solve", "Where the gradient is zero, or the solution of an equation.", solve),
	method("convex", "Whether a scalar is convex, concave or affine.", convex),
	method("gen", "Value and derivatives as source code.", gen),
	method("graph", "The expression as a graph, with values and adjoints.", graph),
	method("inspect", "How a program is understood.", inspect),
	list("languages", "The languages that code is written in.", languages),
	list("ops", "The operators of the language.", operators),
	list("examples", "The examples of the page, by topic.", examples),
}

func method[Q, A any](name, doc string, answer func(ctx context.Context, q *Q) (*A, error)) Method {
	return Method{Name: name, Doc: doc,
		Request: func() any { return new(Q) },
		Answer:  func() any { return new(A) },
		call: func(ctx context.Context, body []byte) (any, error) {
			q := new(Q)
			if err := decode(body, q, true); err != nil {
				return nil, err
			}
			return answer(ctx, q)
		}}
}

func list[A any](name, doc string, answer func() *A) Method {
	m := method(name, doc, func(context.Context, *struct{}) (*A, error) { return answer(), nil })
	m.Lists = true
	return m
}

// Find returns the method of that name, nil if there is none.
func Find(name string) *Method {
	for i := range methods {
		if methods[i].Name == name {
			return &methods[i]
		}
	}
	return nil
}

// Call answers a request: the answer as one JSON object on one line. When ctx is done
// the request fails, wherever it is; WithMemory bounds its memory as well. An error is an
// *Error, also where nabla itself is at fault.
func Call(ctx context.Context, name string, body []byte) (answer []byte, failure *Error) {
	defer func() {
		if p := recover(); p != nil {
			answer, failure = nil, NewError(&nabla.InternalError{Message: fmt.Sprint(p)})
			failure.Stack = debug.Stack()
		}
	}()
	m := Find(name)
	if m == nil {
		return nil, newError(CodeMethod, 1, message.Say("no method is called %q", name))
	}
	if err := ctx.Err(); err != nil {
		return nil, NewError(err)
	}
	v, err := m.call(ctx, body)
	if err != nil {
		return nil, NewError(err)
	}
	if answer, err = Marshal(v, ""); err != nil {
		return nil, NewError(err)
	}
	return answer, nil
}

// memoryKey is the key of a bound in a context.
type memoryKey struct{}

// WithMemory lets requests take about so many bytes and no more; 0 is no bound.
func WithMemory(ctx context.Context, bytes int64) context.Context {
	return context.WithValue(ctx, memoryKey{}, bytes)
}

// workKey is the key of a counter in a context.
type workKey struct{}

// WithWork lets requests count their work: see nabla.Limits.
func WithWork(ctx context.Context, work *atomic.Int64) context.Context {
	return context.WithValue(ctx, workKey{}, work)
}

// limits are what a context says.
func limits(ctx context.Context) nabla.Limits {
	bytes, _ := ctx.Value(memoryKey{}).(int64)
	work, _ := ctx.Value(workKey{}).(*atomic.Int64)
	return nabla.Limits{Context: ctx, Memory: bytes, Work: work}
}

// Marshal writes a value as JSON with a line end; <, > and & stand as they are.
func Marshal(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
