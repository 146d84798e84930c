package main

import (
	"bytes"
	"errors"
	"flag"
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
	o, operands, err := parseDiff(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.stdout, helpDiff)
		return exitOK
	}
	if err != nil {
		c.usage("%v", err)
		return exitUsage
	}
	if o.jsonl {
		if len(operands) > 0 {
			c.usage("--jsonl reads requests from standard input and takes no expression, found %s", operands[0])
			return exitUsage
		}
		return c.serve(o)
	}
	if len(operands) == 0 {
		c.usage("an expression, a file or - is required")
		return exitUsage
	}
	program, file, err := c.program(operands[0])
	if err != nil {
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
		return exitInput
	}
	req := nabla.Request{
		Program: program, File: file, Notation: o.notation(file),
		Vars: o.vars, Wrt: operands[1:], Mixed: o.mixed, Order: o.order,
		Layout: nabla.Layout(o.layout), Vec: nabla.VecOrder(o.vec),
		Structured: o.structured, NoCheck: o.noCheck,
		NoNumPy:  o.format != "numpy" && o.format != "json",
		TextOnly: o.format == "text",
		Show:     o.show,
	}
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

// fail reports an error on standard error and returns the exit status.
func (c *command) fail(err error) int {
	var input *nabla.InputError
	if errors.As(err, &input) {
		text := input.Render()
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
