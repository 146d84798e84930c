package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/bind"
	"example.com/nabla/internal/data"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

const helpEval = `usage: nabla eval [flags] EXPR|FILE|- [VAR…] --data NAME=FILE …

Computes the last expression of a program, and what is asked for of its derivatives by
each VAR, on data.

flags:
` + helpData + `  --what W,…        what is computed: value, grad, hess, mixed (second derivatives by each
                    two VARs), hvp (Hessian times a direction, which for w is given as dw), jac, jacprod (derivative in a direction),
                    vjp (adjoint of the derivative at a cotangent); default value, and with
                    a VAR grad, or jac of what is no scalar
  --compressed      return of a Hessian I ⊗ M the block M alone
  -o FILE           write the results to FILE, npz for several, npy, csv, tsv or mtx for
                    one; float32 if all numbers in files are
  --layout L        denominator (default) or numerator, of jac and hess
  --vec V           columns (default) or rows: how vec stacks a matrix

exit status: 0 computed; 1 the input is wrong; 2 the command line is wrong; 3 nabla is
wrong, for instance a derivative that failed its numeric check.
`

// eval is the command nabla eval.
func (c *command) eval(args []string) int {
	var d dataFlags
	var what string
	req := nabla.ProgramRequest{}
	fs := newFlags("eval")
	d.define(fs)
	fs.StringVar(&what, "what", "", "")
	fs.BoolVar(&req.Compressed, "compressed", false, "")
	operands, err := interspersed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.stdout, helpEval)
		return exitOK
	}
	if err == nil {
		err = d.check()
	}
	if err == nil && what != "" {
		req.What, err = whats(what)
	}
	if err == nil && len(operands) == 0 {
		err = errors.New("an expression, a file or - is required")
	}
	if err != nil {
		c.usage("%v", err)
		return exitUsage
	}
	if req.Program, req.File, err = c.program(operands[0]); err != nil {
		return c.failData(err)
	}
	req.Vars, req.Wrt, req.Notation = d.vars, operands[1:], d.notation(req.File)
	req.Layout, req.Vec = nabla.Layout(d.layout), nabla.VecOrder(d.vec)
	if what == "" && len(req.Wrt) == 0 {
		req.What = []nabla.What{nabla.ValueOf}
	}
	status, err := c.evaluate(&d, req)
	if err != nil {
		return c.failData(err)
	}
	return status
}

// bindData makes the program of a request and binds its data; then makes it again for
// the sizes that the data have.
func (d *dataFlags) bindData(req *nabla.ProgramRequest, b bind.Request) (*nabla.Program, *bind.Bound, error) {
	first := *req
	first.NoCheck = true
	prog, err := newProgram(first)
	if err != nil {
		return nil, nil, err
	}
	b.Program, b.Sizes, b.Seed, b.Memory, b.Room = prog, d.sizes, d.seed, d.memoryBound(), freeMemory()
	b.Data, b.Flag = append(slices.Clone(d.data), b.Data...), "--data"
	bound, err := bind.Bind(b)
	if err != nil {
		return nil, nil, err
	}
	if !d.allowNaN {
		err = bound.CheckFinite()
	}
	if err == nil {
		err = bound.CheckFacts()
	}
	if err != nil {
		bound.Close()
		return nil, nil, err
	}
	req.Sizes, req.NoCheck = bound.Sizes, d.noCheck
	if prog, err = newProgram(*req); err != nil {
		bound.Close()
		return nil, nil, err
	}
	return prog, bound, nil
}

func (c *command) evaluate(d *dataFlags, req nabla.ProgramRequest) (status int, err error) {
	bar := c.newBar()
	prog, bound, err := d.bindData(&req, bind.Request{Progress: bar.reading})
	bar.clear()
	if err != nil {
		return 0, err
	}
	defer bound.Close()
	c.notes(bound.Notes)
	if err := checkOutput(d.out, len(prog.Results), inputs(req.File, bound)); err != nil {
		return 0, err
	}
	o := d.options()
	o.Progress = bar.progress
	m, err := bound.Machine(prog, o)
	if err != nil {
		return 0, err
	}
	if err := roomFor(prog, m); err != nil {
		return 0, err
	}
	if d.verbose {
		c.describeRun(bound, m)
	}
	out := make([]native.Array, len(prog.Results))
	err = m.RunContext(context.Background(), m.Args, out)
	bar.clear()
	if err != nil {
		return 0, err
	}
	if !d.allowNaN {
		if err := findNotFinite(bound, prog, m, out); err != nil {
			return 0, err
		}
	}
	results := evaluated(prog, m, out)
	if d.out != "" {
		arrays, err := resultArrays(results, bound.Float32())
		if err != nil {
			return 0, err
		}
		return exitOK, data.Write(d.out, arrays...)
	}
	var text strings.Builder
	writeNumbers(&text, results, c.width, style{colour: c.colour})
	return c.write([]byte(text.String())), nil
}

// roomFor returns an error where the results, or what a run takes besides, are larger than the
// memory that is free.
func roomFor(prog *nabla.Program, m *bind.Machine) error {
	free, total, most := float64(freeMemory()), float64(m.Bytes()), 0.0
	e := &bind.Error{Message: fmt.Sprintf("the computation takes %s of memory, %s are free", bind.Size(total), bind.Size(free))}
	for k, r := range prog.Results {
		bytes := 8.0
		for _, n := range m.Shape(k) {
			bytes *= float64(n)
		}
		total += bytes
		if bytes > most && bytes > free/2 {
			most = bytes
			e.Message = fmt.Sprintf("%s does not fit into memory: %s entries take %s, %s are free",
				symbolOf(&r), data.ShapeText(m.Shape(k)), bind.Size(bytes), bind.Size(free))
			if r.What == plan.Hessian {
				e.Hint = "--what hvp computes its product with a direction"
			}
		}
	}
	if total <= free {
		return nil
	}
	return e
}

// numbers are a result.
type numbers struct {
	name   string // identifier, as in a file
	symbol string // as printed
	shape  []int
	values []float64
	note   string
}

// evaluated gives the results of a run their shapes.
func evaluated(prog *nabla.Program, m *bind.Machine, out []native.Array) []numbers {
	var list []numbers
	for k, r := range prog.Results {
		n := numbers{name: r.Name, symbol: symbolOf(&r), shape: m.Shape(k), values: out[k].Data, note: r.Compressed}
		if r.Shape.IsScalar() {
			n.shape = nil
		}
		list = append(list, n)
	}
	return list
}

// symbolOf is what a result is called in the notation: ∂l/∂w.
func symbolOf(r *plan.Result) string {
	switch r.What {
	case plan.HVP, plan.JVP, plan.VJP:
		return r.Name
	}
	symbol, _, _ := strings.Cut(r.Text, " = ")
	return symbol
}

func resultArrays(results []numbers, float32s bool) ([]*data.Array, error) {
	var list []*data.Array
	for _, r := range results {
		a, err := data.New(r.name, r.shape, r.values)
		if err != nil {
			return nil, err
		}
		if float32s {
			a.Type = data.Float32
		}
		list = append(list, a)
	}
	return list, nil
}

// findNotFinite returns an error that says where the first NaN or infinity arises, if a
// result has one.
func findNotFinite(b *bind.Bound, prog *nabla.Program, m *bind.Machine, out []native.Array) error {
	for k, r := range prog.Results {
		i := slices.IndexFunc(out[k].Data, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
		if i < 0 {
			continue
		}
		what := "NaN"
		if math.IsInf(out[k].Data[i], 0) {
			what = "infinity"
		}
		e := &bind.Error{Message: fmt.Sprintf("%s has %s", symbolOf(&r), what), Hint: "--allow-nan prints and writes it all the same"}
		if note := b.Arises(prog, m); note != "" {
			e.Notes = []string{note}
		}
		return e
	}
	return nil
}
