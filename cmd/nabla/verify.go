package main

import (
	"bytes"
	"errors"
	"fmt"

	"example.com/nabla"
	"example.com/nabla/internal/wire"
)

// Exit statuses of nabla verify; what is wrong with input or command line is one.
const (
	exitNotEqual = 1
	exitBadInput = 2
)

const helpVerify = `usage: nabla verify [flags] EXPR|FILE|- VAR 'CLAIM'|FILE

Tells whether CLAIM is the derivative of EXPR by VAR, and by which argument, or what
is wrong with it, with a counterexample of small numbers. CLAIM is a formula, or a
derivation with one claim a line:

  dl = …            the differential of l, in which dX is that of X
  = …               goes on from the last left-hand side
  ∂l/∂w = …         the derivative, also dl/dw = … and grad = …
  l = …             the expression, written in another way
  a = …             a name for later lines
  …                 a formula alone is the derivative

The first wrong line is reported.

flags:
  --var DECL        declare a variable, as in --var 'S: matrix(n, n) symmetric'
  --from N          language (default) or latex, which files *.tex are in: docs/latex.md
  --order K         order of the derivative (default 1)
  --layout L        denominator (default) or numerator
  --vec V           columns (default) or rows: how vec stacks a matrix
  --structured      the gradient in the free entries of symmetric, diagonal, … variables
  --format F        text (default) or json
  --lang L          en (default) or zh

exit status: 0 equal; 1 not equal; 2 the input or the command line is wrong;
3 nabla is wrong.
`

// verifyFormats are those of nabla verify.
var verifyFormats = []string{"text", "json"}

// verify is the command nabla verify.
func (c *command) verify(args []string) int {
	var p problem
	req := nabla.VerifyRequest{}
	format := verifyFormats[0]
	fs := newFlags("verify")
	p.define(fs)
	fs.IntVar(&req.Order, "order", noOrder, "")
	fs.BoolVar(&req.Structured, "structured", false, "")
	fs.StringVar(&format, "format", format, "")
	fs.StringVar(&c.lang, "lang", langs[0], "")
	operands, err := c.parse(fs, args, func(operands []string) (err error) {
		if err = choose(append(p.choices(), choice{"format", format, verifyFormats}, choice{"lang", c.lang, langs})...); err != nil {
			return err
		}
		if req.Order, err = orderOf(req.Order); err != nil {
			return err
		}
		switch {
		case len(operands) < 3:
			return errors.New("an expression, a variable and a claim are required")
		case len(operands) > 3:
			return fmt.Errorf("an expression, a variable and a claim are all that is taken, found %s", operands[3])
		case operands[0] == "-" && operands[2] == "-":
			return errors.New("only one of expression and claim can come from standard input")
		}
		return nil
	})
	if err != nil {
		return c.fail(err)
	}
	req.Vars, req.Layout, req.Vec, req.Wrt = p.vars, nabla.Layout(p.layout), nabla.VecOrder(p.vec), operands[1]
	req.Program, req.File, err = c.program(operands[0])
	if err == nil {
		req.Claim, req.ClaimFile, err = c.program(operands[2])
	}
	req.Notation = p.notation(req.File)
	if err != nil {
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
		return exitBadInput
	}
	v, err := safely(nabla.Verify, req)
	if err != nil {
		if status := c.fail(err); status != exitInput {
			return status
		}
		return exitBadInput
	}
	var out bytes.Buffer
	code := exitOK
	if format == "json" {
		code = c.writeJSON(wire.NewVerdict(v))
	} else {
		writeVerdict(&out, v, c.lang, style{colour: c.colour})
		code = c.write(out.Bytes())
	}
	if code != exitOK {
		return code
	}
	if !v.Equal {
		return exitNotEqual
	}
	return exitOK
}
