// Package bind gives the variables of a numeric program their data: arrays from files,
// numbers written out, and what is filled in, with the sizes of all axes found and
// compared.
//
// [Bind] does it; [Bound.Machine] makes what runs the program on the data, in memory
// or, where they are too large for that, block by block.
package bind

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/data"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A Request says which data the variables of a program have.
type Request struct {
	Program *plan.Program
	// Data are texts NAME=PATH, NAME=NUMBER, NAME=[1, 2; 3, 4], NAME=zeros, ones or
	// random, or FILE.npz for each of its members that is a variable.
	Data []string
	// Flag is what such a text is called in messages: --data.
	Flag string
	// Sizes are given by name; those that the data show are compared.
	Sizes map[string]int
	// Room bounds the bytes of an array that is filled in; 0 has no bound.
	Room int64
	// Free are variables that need no data: their sizes follow from the others. The first
	// result must depend on them.
	Free []string
	// Seed is that of random entries.
	Seed uint64
	// Unbound lists variables that an npz file bound as a whole does not give.
	Unbound []string
	// Memory bounds the bytes that data may take which are not read from their files block
	// by block, as those of tables; 0 has no bound.
	Memory int64
	// Progress is told how much of a file of text has been read.
	Progress func(file string, done, total int64)
}

// A Variable is an argument of the program with its data.
type Variable struct {
	Sym *expr.Symbol
	// Array has the data; nil for one of Request.Free without any.
	Array *data.Array
	// From is what the user wrote: a path, a number, zeros.
	From string
	// Literal says that From has the numbers, or says how to fill them in.
	Literal bool
	// Shape has the lengths of its axes.
	Shape []int
}

// Bound are the data of a program.
type Bound struct {
	Variables []*Variable // those that are arrays, in the order of the parameters
	Sizes     map[string]int
	Notes     []string // what in the files is worth telling
	prog      *plan.Program
}

// An Error is what does not fit, with what it is compared with.
type Error struct {
	Message string
	Notes   []string
	Hint    string
}

// Error is the message with a line for each note and the hint.
func (e *Error) Error() string {
	s := e.Message
	for _, n := range e.Notes {
		s += "\nnote: " + n
	}
	if e.Hint != "" {
		s += "\nhint: " + e.Hint
	}
	return s
}

// A source is where a variable's data come from.
type source struct {
	text  string
	array *data.Array // nil if they are filled in
	fill  string      // "zeros", "ones", "random"
	whole bool        // of an npz file that is bound as a whole
}

// Fills are the words that fill in entries.
var Fills = []string{"zeros", "ones", "random"}

// Bind reads the data and finds the sizes. Errors are of type *[Error] or
// *[data.Error]. What is bound is to be closed.
func Bind(req Request) (b *Bound, err error) {
	b = &Bound{Sizes: map[string]int{}, prog: req.Program}
	for _, name := range req.Free {
		if list := Inputs(req.Program.Results[0].Value); !slices.Contains(list, name) {
			slices.SortFunc(list, func(x, y string) int {
				all := variables(req.Program)
				return slices.Index(all, x) - slices.Index(all, y)
			})
			return nil, &Error{Message: fmt.Sprintf("the expression does not depend on %s", name), Hint: "it depends on " + strings.Join(list, ", ")}
		}
	}
	sources, err := open(&req)
	defer func() {
		if err != nil {
			for _, s := range sources {
				if s.array != nil {
					s.array.Close()
				}
			}
			b = nil
		}
	}()
	if err != nil {
		return nil, err
	}
	var missing []*expr.Symbol
	for _, q := range req.Program.Params {
		s := q.Sym
		if s == nil {
			continue
		}
		if s.Kind == expr.Function {
			return nil, &Error{Message: fmt.Sprintf("%s is an unknown function, which has no value", s.Name),
				Hint: "a function of the language in its place has one: tanh, exp, relu; nabla ops lists them"}
		}
		v := &Variable{Sym: s}
		src, ok := sources[s.Name]
		switch {
		case ok && src.array != nil:
			v.From, v.Literal = src.text, src.array.File == ""
			if v.Array, err = fitted(s, src); err != nil {
				return nil, err
			}
			b.Notes = append(b.Notes, src.array.Notes...)
		case ok:
			v.From, v.Literal = src.text, true
		case !slices.Contains(req.Free, s.Name):
			missing = append(missing, s)
			continue
		}
		b.Variables = append(b.Variables, v)
	}
	if missing != nil {
		return nil, missingError(&req, missing)
	}
	if err := b.solve(&req); err != nil {
		return nil, err
	}
	for _, v := range b.Variables {
		v.Shape = b.shape(v.Sym)
		if src := sources[v.Sym.Name]; src.fill != "" {
			if err := fits(v.Sym, v.Shape, src.fill, req.Room); err != nil {
				return nil, err
			}
			v.Array = Fill(v.Sym, v.Shape, src.fill, req.Seed)
		}
	}
	return b, nil
}

// Find returns the variable of that name, nil if there is none.
func (b *Bound) Find(name string) *Variable {
	for _, v := range b.Variables {
		if v.Sym.Name == name {
			return v
		}
	}
	return nil
}

// Close closes the files that are read on demand.
func (b *Bound) Close() {
	for _, v := range b.Variables {
		if v.Array != nil {
			v.Array.Close()
		}
	}
}

// Float32 reports whether there are files and all numbers in files are float32.
func (b *Bound) Float32() bool {
	any := false
	for _, v := range b.Variables {
		if v.Array == nil || v.Literal {
			continue
		}
		if v.Array.Type != data.Float32 {
			return false
		}
		any = true
	}
	return any
}

// Files lists the files that are read, as the user named them.
func (b *Bound) Files() []string {
	var list []string
	for _, v := range b.Variables {
		if v.Array == nil || v.Array.File == "" {
			continue
		}
		file := v.Array.File
		if i := strings.LastIndex(strings.ToLower(file), ".npz:"); i >= 0 {
			file = file[:i+len(".npz")]
		}
		if !slices.Contains(list, file) {
			list = append(list, file)
		}
	}
	return list
}

// open reads the sources, by variable.
func open(req *Request) (map[string]source, error) {
	sources := map[string]source{}
	var wholes []whole
	fail := func(err error) (map[string]source, error) { return sources, err }
	o := data.Options{Memory: req.Memory, Progress: req.Progress}
	// read opens an array. What it takes of memory is not there for the next.
	read := func(name, path string) (*data.Array, error) {
		a, err := o.Open(name, path)
		if err == nil && a.InMemory() && o.Memory > 0 {
			o.Memory = max(req.Memory/8, o.Memory-8*int64(a.Len()), 1)
		}
		return a, err
	}
	for _, text := range req.Data {
		name, value, ok := Cut(text)
		if !ok {
			names, err := data.Names(text)
			if err != nil {
				return fail(err)
			}
			if !strings.Contains(strings.ToLower(text), ".npz") {
				return fail(&Error{Message: fmt.Sprintf("which variable %s has the data of is not said", text),
					Hint: fmt.Sprintf("%s NAME=%s; an npz file names its arrays", req.Flag, text)})
			}
			wholes = append(wholes, whole{text, names})
			continue
		}
		if err := known(req, name); err != nil {
			return fail(err)
		}
		if _, twice := sources[name]; twice {
			return fail(&Error{Message: fmt.Sprintf("%s is given twice: %s and %s", name, sources[name].text, value)})
		}
		src := source{text: value}
		var err error
		switch {
		case value == "":
			err = &Error{Message: fmt.Sprintf("%s %s= has no data", req.Flag, name), Hint: fmt.Sprintf("%s %s=FILE, %s=1.5 or %s=[1, 2, 3]", req.Flag, name, name, name)}
		case slices.Contains(Fills, value):
			src.fill = value
		case isLiteral(value):
			src.array, err = literal(name, value)
		default:
			src.array, err = read(name, value)
		}
		if err != nil {
			return fail(err)
		}
		sources[name] = src
	}
	used := false
	for _, w := range wholes {
		for _, name := range w.names {
			src, given := sources[name]
			if given && src.whole {
				return fail(&Error{Message: fmt.Sprintf("%s is given twice: %s and %s", name, src.text, w.part(name)),
					Hint: fmt.Sprintf("%s %s=FILE says which", req.Flag, name)})
			}
			if param(req.Program, name) == nil || given || slices.Contains(req.Unbound, name) {
				continue
			}
			a, err := read(name, w.part(name))
			if err != nil {
				return fail(err)
			}
			sources[name] = source{text: w.part(name), array: a, whole: true}
			used = true
		}
	}
	if len(wholes) > 0 && !used {
		var names []string
		for _, w := range wholes {
			names = append(names, w.names...)
		}
		return fail(&Error{Message: fmt.Sprintf("%s: none of its arrays is needed: %s", wholes[0].text, strings.Join(names, ", ")),
			Hint: "the expression has " + strings.Join(variables(req.Program), ", ")})
	}
	return sources, nil
}

// A whole is an npz file, or a part of one, with the names of its arrays.
type whole struct {
	text  string
	names []string
}

// part is the path of one of its arrays.
func (w whole) part(name string) string {
	if strings.HasSuffix(w.text, ":"+name) {
		return w.text
	}
	return w.text + ":" + name
}

// Cut splits NAME=VALUE. The brackets of a family's name are taken off.
func Cut(text string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	if !ok || name == "" || strings.ContainsAny(name, "/.:") {
		return "", text, false
	}
	if base, _, family := strings.Cut(name, "["); family && strings.HasSuffix(name, "]") {
		name = base
	}
	return name, strings.TrimSpace(value), true
}

func param(p *plan.Program, name string) *expr.Symbol {
	for _, q := range p.Params {
		if q.Sym != nil && q.Sym.Name == name {
			return q.Sym
		}
	}
	return nil
}

func variables(p *plan.Program) []string {
	var list []string
	for _, q := range p.Params {
		if q.Sym != nil {
			list = append(list, q.Sym.Name)
		}
	}
	return list
}

// known returns an error if the program has no such variable. One that is declared and
// not used may be given.
func known(req *Request, name string) error {
	if param(req.Program, name) != nil {
		return nil
	}
	for _, s := range req.Program.Builder.Symbols() {
		if s.Name == name {
			return nil
		}
	}
	e := &Error{Message: fmt.Sprintf("%s %s=…: the expression has no variable %s", req.Flag, name, name)}
	if req.Program.Builder.LookupSize(name) != nil {
		e.Hint = fmt.Sprintf("%s is a size: --size %s=N", name, name)
	} else if list := variables(req.Program); list != nil {
		e.Hint = "it has " + strings.Join(list, ", ")
	}
	return e
}

func missingError(req *Request, missing []*expr.Symbol) error {
	e := &Error{}
	var names, types []string
	for _, s := range missing {
		names = append(names, s.Name)
		types = append(types, Declaration(s))
	}
	e.Message = fmt.Sprintf("no data for %s", strings.Join(types, ", "))
	e.Hint = fmt.Sprintf("%s %s=FILE, with FILE an npy, npz, csv, tsv or mtx file", req.Flag, names[0])
	if missing[0].Kind == expr.Scalar && missing[0].Family == nil {
		e.Hint = fmt.Sprintf("%s %s=1.5", req.Flag, names[0])
	}
	return e
}

// Declaration writes the type of a variable as it is declared: x[i]: vector(n).
func Declaration(s *expr.Symbol) string {
	name := s.Name
	if s.Family != nil {
		name += "[" + s.Family.Name + "]"
	}
	switch s.Kind {
	case expr.Vector:
		name += ": vector(" + s.Shape.Rows.String() + ")"
	case expr.Matrix:
		name += ": matrix(" + s.Shape.Rows.String() + ", " + s.Shape.Cols.String() + ")"
	default:
		name += ": scalar"
	}
	if s.Family != nil {
		name += ", " + s.Family.Name + " = 1.." + s.Family.Size.String()
	}
	return name
}
