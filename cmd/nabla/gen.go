package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"example.com/nabla"
)

const helpGen = `usage: nabla gen [flags] EXPR|FILE|- [VAR…]

Writes source code: a function that returns the last expression of a program and its
derivatives by each VAR, which share their parts, and a function that compares them with
differences.

flags:
  --lang L          numpy (default), LANGUAGES
  --what W,…        what the function returns: value, grad, hess, mixed (second derivatives
                    by each two VARs), hvp (Hessian times a direction), jac, jacprod
                    (derivative in a direction), vjp (adjoint of the derivative); default
                    value,grad, or value,jac of what is no scalar
  --name NAME       of the function; default is the program's name of the expression
  --size NAME=N,…   known or typical sizes, which decide the order of products
  --compressed      return of a Hessian I ⊗ M the block M alone
  --shard NAME      with --lang jax: the samples, an index of families or a size, are
                    divided among all devices of all processes (docs/scaling.md)
  -o FILE           write to FILE; default standard output
  --var DECL        declare a variable, as in --var 'S: matrix(n, n) symmetric'
  --from N          language (default) or latex, which files *.tex are in: docs/latex.md
  --layout L        denominator (default) or numerator, of jac and hess
  --vec V           columns (default) or rows: how vec stacks a matrix
  --no-check        leave out nabla's own numeric check of the derivatives

exit status: 0 written; 1 the input is wrong; 2 the command line is wrong; 3 nabla is
wrong, for instance a derivative that failed its numeric check.
`

// genHelp is the help text with the languages there are.
func genHelp() string {
	var names []string
	for _, l := range nabla.Languages() {
		names = append(names, l.Name)
	}
	return strings.Replace(helpGen, "LANGUAGES", strings.Join(names[1:], ", "), 1)
}

// A sizes flag collects NAME=N,….
type sizes map[string]int

func (s sizes) set(text string) error {
	for _, field := range strings.Split(text, ",") {
		name, number, ok := strings.Cut(field, "=")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if !ok || err != nil || n < 1 {
			return fmt.Errorf("a size is given as n=100, found %q", field)
		}
		s[strings.TrimSpace(name)] = n
	}
	return nil
}

// whats reads a list of what is wanted.
func whats(text string) ([]nabla.What, error) {
	var list []nabla.What
	for _, field := range strings.Split(text, ",") {
		w := nabla.What(strings.TrimSpace(field))
		if !slices.Contains(nabla.Whats, w) {
			var words []string
			for _, x := range nabla.Whats {
				words = append(words, string(x))
			}
			return nil, fmt.Errorf("--what is %s, found %q", oneOf(words), string(w))
		}
		if slices.Contains(list, w) {
			return nil, fmt.Errorf("--what names %s twice", w)
		}
		list = append(list, w)
	}
	return list, nil
}

// gen is the command nabla gen.
func (c *command) gen(args []string) int {
	var p problem
	req := nabla.GenerateRequest{}
	fs := newFlags("gen")
	p.define(fs)
	out, what := "", ""
	given := sizes{}
	fs.StringVar(&req.Language, "lang", "numpy", "")
	fs.StringVar(&what, "what", "", "")
	fs.StringVar(&req.Name, "name", "", "")
	fs.StringVar(&out, "o", "", "")
	fs.Func("size", "", given.set)
	fs.StringVar(&req.Shard, "shard", "", "")
	fs.BoolVar(&req.Compressed, "compressed", false, "")
	fs.BoolVar(&req.NoCheck, "no-check", false, "")
	operands, err := interspersed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.stdout, genHelp())
		return exitOK
	}
	if err == nil {
		err = choose(p.choices()...)
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
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
		return exitInput
	}
	req.Vars, req.Wrt, req.Sizes, req.Notation = p.vars, operands[1:], given, p.notation(req.File)
	req.Layout, req.Vec = nabla.Layout(p.layout), nabla.VecOrder(p.vec)
	generate := func(req nabla.GenerateRequest) (*[]nabla.SourceFile, error) {
		files, err := nabla.Generate(req)
		return &files, err
	}
	files, err := safely(generate, req)
	if err != nil {
		return c.fail(err)
	}
	if out == "" {
		var b bytes.Buffer
		for i, f := range *files {
			if i > 0 {
				fmt.Fprintf(&b, "\n")
			}
			b.WriteString(f.Source)
		}
		return c.write(b.Bytes())
	}
	for i, f := range *files {
		path := out
		if i > 0 {
			path = filepath.Join(filepath.Dir(out), f.Name)
		}
		if err := writeFile(path, []byte(f.Source)); err != nil {
			fmt.Fprintf(c.stderr, "nabla: %v\n", err)
			return exitInput
		}
	}
	return exitOK
}

// writeFile writes a file wholly or not at all: to a temporary one beside it, which is
// then renamed.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
