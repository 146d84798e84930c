package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/wire"
)

// maxProgram bounds the bytes read of a file or standard input; the language
// refuses longer programs with a message of its own.
const maxProgram = 16 << 20

// diff is the command nabla diff.
func (c *command) diff(args []string) int {
	o := &options{}
	fs := newFlags("diff")
	o.define(fs)
	operands, err := c.parse(fs, args, o.check)
	if err != nil {
		return c.fail(err)
	}
	if o.jsonl {
		return c.serve(o)
	}
	if err := o.open(c, operands); err != nil {
		return c.fail(err)
	}
	req := o.request()
	req.Mixed, req.Order, req.Structured, req.NoCheck, req.Show = o.mixed, o.order, o.structured, o.noCheck, o.show
	req.NoNumPy, req.TextOnly = o.format != "numpy" && o.format != "json", o.format == "text"
	if o.format == "program" {
		return c.writeProgram(req)
	}
	res, err := safely(nabla.Differentiate, req)
	if err != nil {
		return c.fail(err)
	}
	var out bytes.Buffer
	switch o.format {
	case "json":
		return c.writeJSON(wire.NewResult(res))
	case "text":
		writeStages(&out, res, o.show)
		writeText(&out, res, style{colour: c.colour})
	default:
		writeStages(&out, res, o.show)
		writeFormat(&out, res, o.format)
	}
	return c.write(out.Bytes())
}

// writeProgram writes a program in the language: as it is, or as LaTeX is read.
func (c *command) writeProgram(req nabla.Request) int {
	in, err := safely(nabla.Inspect, req)
	if err != nil {
		return c.fail(err)
	}
	text := in.Program
	if req.Notation == nabla.LanguageNotation {
		text = req.Program
	}
	return c.write([]byte(strings.TrimRight(text, "\n") + "\n"))
}

// program returns the text that an operand names and the name of its file: the
// contents of a file, of standard input, or the operand itself.
func (c *command) program(operand string) (text, file string, err error) {
	var r io.Reader
	if operand == "-" {
		r = c.stdin
	} else {
		info, err := os.Stat(operand)
		switch {
		case err == nil && info.IsDir():
			return operand, "", nil // such as a variable named like a folder
		case err == nil:
			f, err := os.Open(operand)
			if err != nil {
				return "", "", err
			}
			defer f.Close()
			r, file = f, operand
		case strings.HasSuffix(operand, ".nb") || strings.HasSuffix(operand, ".tex"):
			return "", "", fmt.Errorf("cannot read %s: no such file", operand)
		default:
			return operand, "", nil
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxProgram))
	return string(data), file, err
}

// fail reports an error on standard error and returns the exit status; of an ended all
// is said.
func (c *command) fail(err error) int {
	if status, ok := err.(ended); ok {
		return int(status)
	}
	var input *nabla.InputError
	if errors.As(err, &input) {
		text := input.RenderIn(c.lang)
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		if c.errColour {
			text = colourDiagnostics(text)
		}
		io.WriteString(c.stderr, text)
		return exitInput
	}
	fmt.Fprintf(c.stderr, "nabla: %v\nThis is a fault of nabla, not of the input. Please report it with the expression.\n", err)
	return exitInternal
}
