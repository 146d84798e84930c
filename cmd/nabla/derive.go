package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/handout"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
)

const helpDerive = `usage: nabla derive [flags] EXPR|FILE|- [VAR…]

Writes how the derivative by each VAR comes about: what is given, the differential
rule by rule, the moves that bring dX to the end, and the derivative read off. Each
line is compared by numbers before it is shown.

flags:
  --var DECL        declare a variable, as in --var 'S: matrix(n, n) symmetric'
  --from N          language (default) or latex, which files *.tex are in: docs/latex.md
  --layout L        denominator (default) or numerator
  --vec V           columns (default) or rows: how vec stacks a matrix
  --order K         1 (default) or 2: the second derivative of a scalar
  --lang L          en (default) or zh: the language of the words
  --style S         trace (default), or colon: A : B for tr(AᵀB)
  --detail D        full (default): one rule a line; brief: several
  --shapes          the shape under each factor
  --as FORM         sum or matrix: a program with many samples in that form
  --expand          answers without the intermediates that the program names
  --entry I[,J…]    one entry of the derivative as a formula in entries: numbers or
                    names; the indices of the function's entry come first
  --instance        a worked example with small integers at the end
  --format F        text (default), markdown, latex, html or json

exit status: 0 a derivation; 1 the input is wrong; 2 the command line is wrong;
3 nabla is wrong, for instance a line that failed its check.
`

// Values that flags of nabla derive take.
var (
	styles        = []string{"trace", "colon"}
	details       = []string{"full", "brief"}
	sampleForms   = []string{string(nabla.AsSum), string(nabla.AsMatrix)}
	deriveFormats = []string{"text", "markdown", "latex", "html", "json"}
)

// derive is the command nabla derive.
func (c *command) derive(args []string) int {
	var o problem
	order := noOrder
	as := ""
	var style, detail, format string
	req := nabla.DeriveRequest{}
	fs := newFlags("derive")
	o.define(fs)
	fs.StringVar(&c.lang, "lang", langs[0], "")
	fs.StringVar(&style, "style", styles[0], "")
	fs.StringVar(&detail, "detail", details[0], "")
	fs.StringVar(&format, "format", deriveFormats[0], "")
	fs.BoolVar(&req.Shapes, "shapes", false, "")
	fs.BoolVar(&req.Instance, "instance", false, "")
	fs.Func("entry", "", func(s string) error {
		req.Entry = nil
		for _, index := range strings.Split(s, ",") {
			req.Entry = append(req.Entry, strings.TrimSpace(index))
		}
		return nil
	})
	fs.IntVar(&order, "order", order, "")
	fs.StringVar(&as, "as", "", "")
	fs.BoolVar(&req.Expand, "expand", false, "")
	err := o.read(c, fs, args, func() error {
		choices := []choice{{"lang", c.lang, langs}, {"style", style, styles}, {"detail", detail, details}, {"format", format, deriveFormats}}
		if as != "" {
			choices = append(choices, choice{"as", as, sampleForms})
		}
		if err := choose(choices...); err != nil {
			return err
		}
		if order != noOrder && order != 1 && order != 2 {
			return fmt.Errorf("--order is 1 or 2, found %d", order)
		}
		return nil
	})
	if err != nil {
		return c.fail(err)
	}
	req.Request = o.request()
	req.NoNumPy = true
	if order != noOrder {
		req.Order = order
	}
	req.As = nabla.SampleForm(as)
	req.Colon, req.Brief = style == "colon", detail == "brief"
	d, err := safely(nabla.Derive, req)
	if errors.Is(err, nabla.ErrNoDerivation) {
		fmt.Fprintf(c.stderr, "nabla: %s\n", message.Say("%s; nabla diff gives the derivative", message.Of(err)).In(c.lang))
		return exitInput
	}
	if err != nil {
		return c.fail(err)
	}
	var out bytes.Buffer
	opts := paper.Options{Lang: paper.Lang(c.lang), Shapes: req.Shapes, Colour: c.colour, Width: c.width}
	switch format {
	case "text":
		out.WriteString(d.Text(opts))
	case "markdown":
		out.WriteString(d.Markdown(opts))
	case "latex":
		out.WriteString(d.LaTeX(opts))
	case "json":
		return c.writeJSON(d.Paper)
	case "html":
		out.WriteString(handout.HTML(d.Paper, opts))
	}
	return c.write(out.Bytes())
}
