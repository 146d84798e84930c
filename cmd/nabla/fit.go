package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/bind"
	"example.com/nabla/internal/data"
	"example.com/nabla/internal/fit"
	"example.com/nabla/internal/native"
)

const helpFit = `usage: nabla fit [flags] EXPR|FILE|- --data NAME=FILE … --fit NAME,…

Minimises the last expression of a program, a scalar, over the variables that --fit
names, with derived derivatives and the methods of gonum/optimize. The data of all others
are given.

flags:
  --fit NAME,…      the variables to fit
  --init NAME=WHAT  where a variable starts: a file, numbers, zeros, ones or random;
                    --init FILE.npz starts at what it has of them, --init random all.
                    Without, matrices start at small random numbers, all else at 0,
                    what is positive at 1, posdef at the identity, simplex uniform
  --method M        lbfgs (default), newton or gd (gradient descent)
  --tol T           converged is when the norm of the gradient is T times that at the
                    start, or ten iterations decrease the value by less than 10⁻³ T of
                    itself (default 1e-6)
  --max-iterations N  (default 1000)
  -o FILE           write the fitted variables to FILE, npz for several, npy, csv, tsv or
                    mtx for one
` + helpData + `
Variables that are declared symmetric, diagonal, toeplitz, positive (as exp of free
numbers), simplex (softmax) or posdef (L Lᵀ) stay so.

exit status: 0 fitted, also if the limit of iterations ends it; 1 the input is wrong or
the fit diverges; 2 the command line is wrong; 3 nabla is wrong; 130 interrupted: what
there is has been written.
`

// exitInterrupted is the status after an interrupt.
const exitInterrupted = 130

// fitFlags are the flags of nabla fit.
type fitFlags struct {
	dataFlags
	names []string
	init  []string
	fit.Options
}

// fit is the command nabla fit.
func (c *command) fit(args []string) int {
	var d fitFlags
	req := nabla.ProgramRequest{}
	fs := newFlags("fit")
	d.define(fs)
	fs.Func("fit", "", func(s string) error {
		for _, name := range strings.Split(s, ",") {
			name = strings.TrimSpace(name)
			if base, _, ok := strings.Cut(name, "["); ok {
				name = base
			}
			if name == "" || slices.Contains(d.names, name) {
				return fmt.Errorf("names variables once each, as in W1,b1")
			}
			d.names = append(d.names, name)
		}
		return nil
	})
	fs.Func("init", "", func(s string) error {
		d.init = append(d.init, s)
		return nil
	})
	fs.StringVar(&d.Method, "method", fit.Methods[0], "")
	fs.Float64Var(&d.Tolerance, "tol", 1e-6, "")
	fs.IntVar(&d.MaxIterations, "max-iterations", 1000, "")
	operands, err := interspersed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.stdout, helpFit)
		return exitOK
	}
	if err == nil {
		err = d.check()
	}
	switch {
	case err != nil:
	case len(operands) != 1:
		err = fmt.Errorf("one expression, file or - is required, found %d operands", len(operands))
	case len(d.names) == 0:
		err = errors.New("--fit NAME,… is required: the variables to fit")
	case !(d.Tolerance >= 0):
		err = fmt.Errorf("--tol is 0 or more, found %v", d.Tolerance)
	case d.MaxIterations < 1:
		err = fmt.Errorf("--max-iterations is 1 or more, found %d", d.MaxIterations)
	default:
		err = choose(choice{"method", d.Method, fit.Methods})
	}
	if err != nil {
		c.usage("%v", err)
		return exitUsage
	}
	if req.Program, req.File, err = c.program(operands[0]); err != nil {
		return c.failData(err)
	}
	req.Vars, req.Wrt, req.Notation = d.vars, d.names, d.notation(req.File)
	req.What = []nabla.What{nabla.ValueOf, nabla.GradientOf}
	status, err := c.minimise(&d, req)
	if err != nil {
		return c.failData(err)
	}
	return status
}

// starts sorts --init: what gives data is bound, what fills in is for the fit.
func (d *fitFlags) starts() (files []string, starts map[string]fit.Start, err error) {
	starts = map[string]fit.Start{}
	fillAll := ""
	for _, text := range d.init {
		name, value, ok := bind.Cut(text)
		switch {
		case slices.Contains(bind.Fills, text):
			fillAll = text
		case !ok:
			arrays, err := data.Names(text)
			if err != nil {
				return nil, nil, err
			}
			found := false
			for _, name := range arrays {
				if slices.Contains(d.names, name) {
					files = append(files, name+"="+text+":"+name)
					found = true
				}
			}
			if !found {
				return nil, nil, &bind.Error{Message: fmt.Sprintf("--init %s: it has none of %s", text, strings.Join(d.names, ", ")), Hint: "--init NAME=FILE for one variable"}
			}
		case !slices.Contains(d.names, name):
			return nil, nil, &bind.Error{Message: fmt.Sprintf("--init %s: %s is not fitted", text, name), Hint: "fitted are " + strings.Join(d.names, ", ")}
		case slices.Contains(bind.Fills, value):
			starts[name] = fit.Start{Fill: value}
		default:
			files = append(files, text)
		}
	}
	for _, name := range d.names {
		if _, ok := starts[name]; !ok && fillAll != "" {
			starts[name] = fit.Start{Fill: fillAll}
		}
	}
	return files, starts, nil
}

// minimisable returns an error where the expression is no scalar.
func minimisable(req nabla.ProgramRequest) error {
	req.Wrt, req.What, req.NoCheck = nil, []nabla.What{nabla.ValueOf}, true
	prog, err := newProgram(req)
	if err != nil {
		return err
	}
	if shape := prog.Results[0].Shape; !shape.IsScalar() {
		return &bind.Error{Message: fmt.Sprintf("what is minimised must be a scalar; the expression is %s × %s", shape.Rows, shape.Cols), Hint: "norm2(…)^2 and sum(…) are scalars"}
	}
	return nil
}

func (c *command) minimise(d *fitFlags, req nabla.ProgramRequest) (status int, err error) {
	for _, text := range d.data {
		if name, _, ok := bind.Cut(text); ok && slices.Contains(d.names, name) {
			return 0, &bind.Error{Message: fmt.Sprintf("%s is to be fitted and has data", name), Hint: fmt.Sprintf("its start is --init %s", text)}
		}
	}
	files, starts, err := d.starts()
	if err != nil {
		return 0, err
	}
	if err := minimisable(req); err != nil {
		return 0, err
	}
	bar := c.newBar()
	prog, bound, err := d.bindData(&req, bind.Request{Data: files, Free: d.names, Unbound: d.names, Progress: bar.reading})
	bar.clear()
	if err != nil {
		return 0, err
	}
	defer bound.Close()
	c.notes(bound.Notes)
	if err := checkOutput(d.out, len(d.names), inputs(req.File, bound)); err != nil {
		return 0, err
	}
	for _, name := range d.names {
		if v := bound.Find(name); v.Array != nil {
			values, err := v.Array.Values()
			if err != nil {
				return 0, err
			}
			starts[name] = fit.Start{Values: values}
		}
	}
	o := d.options()
	var last fit.Iteration
	begun := false
	line := func(extra string) {
		if !begun {
			bar.line("start  " + extra)
			return
		}
		bar.line(fmt.Sprintf("iteration %d  %s = %.9g  ‖∇‖ = %.2e  %.1f s %s", last.Number, symbolOf(&prog.Results[0]), last.Value, last.Gradient, time.Since(bar.begin).Seconds(), extra))
	}
	o.Progress = func(p native.Progress) {
		if time.Since(bar.begin) > time.Second/2 {
			line(meter(p))
		}
	}
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
	p, err := fit.New(prog, bound, m, d.names, starts, d.seed)
	if err != nil {
		return 0, err
	}
	if d.Method == "newton" {
		if err := d.second(p, req, bound, o); err != nil {
			return 0, err
		}
	}
	d.Report = func(it fit.Iteration) {
		last, begun = it, true
		if d.verbose {
			bar.clear()
			fmt.Fprintf(c.stderr, "%6d  %-22.15g  ‖∇‖ = %.3e  %.2f s\n", it.Number, it.Value, it.Gradient, time.Since(bar.begin).Seconds())
			return
		}
		line("")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := p.Minimize(ctx, d.Options)
	bar.clear()
	var start *fit.NotFiniteError
	if errors.As(err, &start) {
		e := &bind.Error{Message: start.Error(), Hint: "another start is given by --init; --init NAME=zeros, ones or random"}
		if note := bound.Arises(prog, m); note != "" {
			e.Notes = []string{note}
		}
		return 0, e
	}
	if err != nil {
		return 0, err
	}
	results := fitted(p)
	if d.out != "" {
		arrays, err := resultArrays(results, bound.Float32())
		if err == nil {
			err = data.Write(d.out, arrays...)
		}
		if err != nil {
			return 0, err
		}
	}
	var text strings.Builder
	writeFit(&text, d, prog, r, results, c.width, style{colour: c.colour})
	if status := c.write([]byte(text.String())); status != exitOK {
		return status, nil
	}
	if r.Reason == fit.Interrupted {
		where := "nothing is written, as there is no -o"
		if d.out != "" {
			where = "the best values so far are in " + d.out
		}
		fmt.Fprintf(c.stderr, "nabla: interrupted after %s; %s\n", counted(r.Last.Number, "iteration"), where)
		return exitInterrupted, nil
	}
	if r.First.Gradient == 0 && r.Last.Number == 0 {
		fmt.Fprint(c.stderr, "nabla: note: the gradient at the start is 0, which may be a saddle or a maximum\nhint: --init random starts elsewhere\n")
	}
	switch {
	case !r.Converged:
		fmt.Fprintf(c.stderr, "nabla: not converged: %s\n%s", r.Reason, notConverged(r, d))
	case r.Reason != fit.SmallGradient && r.Last.Gradient > largeGradient*r.First.Gradient && r.First.Gradient > 0:
		fmt.Fprintf(c.stderr, "nabla: note: %s, but the gradient is %.2g times that at the start, as it is at kinks: this need not be a minimum\n",
			r.Reason, r.Last.Gradient/r.First.Gradient)
	}
	return exitOK, nil
}

// largeGradient is the part of the first gradient from which on the last one is none of a
// minimum of a smooth function.
const largeGradient = 1e-2

// counted is "1 iteration" or "3 iterations".
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// notConverged says what to try.
func notConverged(r *fit.Result, d *fitFlags) string {
	if r.Last.Value < r.First.Value && r.Last.Gradient > 0.9*r.First.Gradient {
		return "hint: the value falls and the gradient does not become smaller: the function may be unbounded below, or have kinks\n"
	}
	if r.Reason == fit.Limit {
		return "hint: --max-iterations " + fmt.Sprint(10*d.MaxIterations) + ", or data whose columns have similar scales\n"
	}
	return "hint: another --method or --init, or data whose columns have similar scales\n"
}

// second gives a problem its second derivatives: the Hessian by a single variable that
// is not large, else products with directions of all variables together.
func (d *fitFlags) second(p *fit.Problem, req nabla.ProgramRequest, bound *bind.Bound, o bind.Options) error {
	if len(d.names) == 1 && p.Free() <= fit.MostWhole {
		req := req
		req.What, req.Vec = []nabla.What{nabla.HessianOf}, nabla.Rows
		if prog, err := newProgram(req); err == nil {
			if m, err := bound.Machine(prog, o); err == nil && p.SetHessian(prog, m) {
				return nil
			}
		}
	}
	req.What, req.Joint = []nabla.What{nabla.HessianVector}, true
	prog, err := newProgram(req)
	if err != nil {
		return err
	}
	m, err := bound.Machine(prog, o)
	if err != nil {
		return err
	}
	p.SetSecond(prog, m)
	return nil
}

// fitted are the variables as results.
func fitted(p *fit.Problem) []numbers {
	var list []numbers
	for _, v := range p.Variables {
		list = append(list, numbers{name: v.Sym.Name, symbol: v.Sym.Name, shape: v.Shape, values: v.Values})
	}
	return list
}

// writeFit prints what was fitted and how it went.
func writeFit(b *strings.Builder, d *fitFlags, prog *nabla.Program, r *fit.Result, results []numbers, width int, st style) {
	symbol := symbolOf(&prog.Results[0])
	state := "converged"
	if !r.Converged {
		state = "not converged"
	}
	fmt.Fprintf(b, "%s by %s: %s after %s, %s: %s\n", strings.Join(d.names, ", "), d.Method, state,
		counted(r.Last.Number, "iteration"), counted(r.Evaluations, "evaluation"), r.Reason)
	rows := []numbers{{symbol: symbol, values: []float64{r.Last.Value}, note: fmt.Sprintf("from %.6g", r.First.Value)},
		{symbol: "‖∇" + symbol + "‖", values: []float64{r.Last.Gradient}, note: fmt.Sprintf("from %.3g", r.First.Gradient)}}
	writeScalars(b, rows, st)
	writeNumbers(b, results, width, st)
}
