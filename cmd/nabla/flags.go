package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"example.com/nabla"
)

// A problem is what the flags say that every command on a program takes.
type problem struct {
	vars   []nabla.Declaration
	from   string // what the program is written in
	layout string
	vec    string

	// What read reads: the program, the name of its file where it is one, and the
	// operands after it.
	program, file string
	operands      []string
}

// newFlags returns a flag set that says nothing by itself.
func newFlags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return fs
}

// define adds the flags to fs.
func (p *problem) define(fs *flag.FlagSet) {
	p.defineVar(fs)
	fs.StringVar(&p.layout, "layout", p.layout, "")
	fs.StringVar(&p.vec, "vec", p.vec, "")
}

// defineVar adds the flag for declarations alone, for commands without a layout.
func (p *problem) defineVar(fs *flag.FlagSet) {
	p.layout, p.vec = layouts[0], vecs[0]
	fs.Func("var", "", func(s string) error {
		d, err := declaration(s)
		p.vars = append(p.vars, d)
		return err
	})
	fs.StringVar(&p.from, "from", "", "")
}

// notation is what the program in a file, or given as an argument where file is empty,
// is written in.
func (p *problem) notation(file string) nabla.Notation {
	if p.from == notations[1] || p.from == "" && strings.HasSuffix(file, ".tex") {
		return nabla.LaTeXNotation
	}
	return nabla.LanguageNotation
}

// An ended is the exit status of a command that ends before it has computed anything:
// help was asked for, or the command line or a file is wrong. What is to be said is said.
type ended int

func (e ended) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// parse reads the arguments of the command: its flags wherever they stand, and operands,
// which check refuses, or values of flags. Its error is an ended.
func (c *command) parse(fs *flag.FlagSet, args []string, check func(operands []string) error) ([]string, error) {
	operands, err := interspersed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.stdout, c.sub.help)
		return nil, ended(exitOK)
	}
	if err == nil {
		err = check(operands)
	}
	if err != nil {
		c.usage("%v", err)
		return nil, ended(exitUsage)
	}
	return operands, nil
}

// read reads the arguments of a command on a program, and the program, which has to be
// the first operand. Its error is an ended.
func (p *problem) read(c *command, fs *flag.FlagSet, args []string, check func() error) error {
	operands, err := c.parse(fs, args, func(operands []string) error {
		if err := check(); err != nil {
			return err
		}
		if err := choose(p.choices()...); err != nil {
			return err
		}
		if len(operands) == 0 {
			return errNoProgram
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.open(c, operands)
}

// open reads the program, the first of the operands. Its error is an ended.
func (p *problem) open(c *command, operands []string) (err error) {
	if p.program, p.file, err = c.program(operands[0]); err != nil {
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
		return ended(exitInput)
	}
	p.operands = operands[1:]
	return nil
}

var errNoProgram = errors.New("an expression, a file or - is required")

// request is what the flags and the program make of a request.
func (p *problem) request() nabla.Request {
	return nabla.Request{Program: p.program, File: p.file, Notation: p.notation(p.file), Vars: p.vars, Wrt: p.operands,
		Layout: nabla.Layout(p.layout), Vec: nabla.VecOrder(p.vec)}
}

// A choice is a flag that takes one of a few words.
type choice struct {
	flag, value string
	of          []string
}

// choices returns those of the flags.
func (p *problem) choices() []choice {
	out := []choice{{"layout", p.layout, layouts}, {"vec", p.vec, vecs}}
	if p.from != "" {
		out = append(out, choice{"from", p.from, notations})
	}
	return out
}

// choose refuses a word that is not among the choices.
func choose(choices ...choice) error {
	for _, c := range choices {
		if !slices.Contains(c.of, c.value) {
			return fmt.Errorf("--%s is %s, found %q", c.flag, oneOf(c.of), c.value)
		}
	}
	return nil
}

// options are the flags of nabla diff.
type options struct {
	problem
	order      int
	mixed      bool
	structured bool
	format     string
	show       []string
	noCheck    bool
	jsonl      bool
}

// Values that flags take.
var (
	formats   = []string{"text", "latex", "numpy", "json", "language", "program"}
	notations = []string{"language", "latex"}
	stages    = []string{"ast", "dag", "index", "trace"}
	layouts   = []string{string(nabla.Denominator), string(nabla.Numerator)}
	vecs      = []string{string(nabla.Columns), string(nabla.Rows)}
)

// define adds the flags to fs.
func (o *options) define(fs *flag.FlagSet) {
	o.problem.define(fs)
	fs.IntVar(&o.order, "order", noOrder, "")
	fs.BoolVar(&o.mixed, "mixed", false, "")
	fs.BoolVar(&o.structured, "structured", false, "")
	fs.StringVar(&o.format, "format", formats[0], "")
	fs.Func("show", "", func(s string) error {
		for _, stage := range strings.Split(s, ",") {
			if !slices.Contains(stages, stage) {
				return fmt.Errorf("want %s", oneOf(stages))
			}
			o.show = append(o.show, stage)
		}
		return nil
	})
	fs.BoolVar(&o.noCheck, "no-check", false, "")
	fs.BoolVar(&o.jsonl, "jsonl", false, "")
}

// check refuses values that the flags do not take, and operands that are too few or
// too many.
func (o *options) check(operands []string) (err error) {
	if err := choose(append([]choice{{"format", o.format, formats}}, o.choices()...)...); err != nil {
		return err
	}
	if o.order, err = orderOf(o.order); err != nil {
		return err
	}
	switch {
	case o.jsonl && len(operands) > 0:
		return fmt.Errorf("--jsonl reads requests from standard input and takes no expression, found %s", operands[0])
	case !o.jsonl && len(operands) == 0:
		return errNoProgram
	}
	return nil
}

// noOrder is the value of --order where it is not given: 1, or what LaTeX says.
const noOrder = math.MinInt

// orderOf is the order of a request for the value of --order.
func orderOf(order int) (int, error) {
	if order == noOrder {
		return 0, nil
	}
	if order < 1 {
		return 0, fmt.Errorf("--order is 1 or more, found %d", order)
	}
	return order, nil
}

// interspersed parses flags wherever they stand and returns the operands. An
// operand may begin with a minus sign, as -x'*y does: only an argument that is
// a minus sign and two or more letters, or begins with two minus signs, is
// refused where no flag has its name.
func interspersed(fs *flag.FlagSet, args []string) ([]string, error) {
	var operands []string
	for len(args) > 0 {
		arg := args[0]
		switch {
		case arg == "--":
			return append(operands, args[1:]...), nil
		case !strings.HasPrefix(arg, "-") || arg == "-" || !isFlag(fs, arg):
			operands = append(operands, arg)
			args = args[1:]
		default:
			name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
			if fs.Lookup(name) == nil && name != "help" && name != "h" {
				return nil, fmt.Errorf("unknown flag %s", arg)
			}
			// One flag at a time, with its value: Parse itself would stop at
			// the next operand.
			n := 1
			if !strings.Contains(arg, "=") && len(args) > 1 && !isBool(fs.Lookup(name)) {
				n = 2
			}
			if err := fs.Parse(args[:n]); err != nil {
				return nil, flagError(err)
			}
			args = args[n:]
		}
	}
	return operands, nil
}

// isFlag reports whether an argument that begins with a minus sign is meant as
// a flag rather than as an expression.
func isFlag(fs *flag.FlagSet, arg string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if fs.Lookup(name) != nil || name == "h" {
		return true
	}
	if name == "" {
		return false
	}
	for _, r := range name {
		if r != '-' && (r < 'a' || r > 'z') {
			return false
		}
	}
	return strings.HasPrefix(arg, "--") || len(name) > 1
}

func isBool(f *flag.Flag) bool {
	if f == nil {
		return true
	}
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// flagError puts the message of package flag into our words.
func flagError(err error) error {
	if err == flag.ErrHelp {
		return err
	}
	s := err.Error()
	s = strings.Replace(s, "flag needs an argument: -", "a value is required after --", 1)
	s = strings.Replace(s, " for flag -", " for --", 1)
	s = strings.TrimSuffix(s, ": parse error")
	return fmt.Errorf("%s", s)
}

// declaration splits "X: matrix(m, n)" into name and declaration.
func declaration(s string) (nabla.Declaration, error) {
	name, decl, ok := strings.Cut(s, ":")
	if !ok || strings.TrimSpace(name) == "" || strings.TrimSpace(decl) == "" {
		return nabla.Declaration{}, fmt.Errorf("want a declaration such as X: matrix(m, n)")
	}
	return nabla.Declaration{Name: strings.TrimSpace(name), Decl: strings.TrimSpace(decl)}, nil
}

// oneOf lists choices for a message.
func oneOf(choices []string) string {
	return strings.Join(choices[:len(choices)-1], ", ") + " or " + choices[len(choices)-1]
}
