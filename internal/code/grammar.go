package code

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
)

// A grammar writes the values of a language whose forms stand in tables: Julia, MATLAB
// or R.
type grammar struct {
	title string
	// unary and binary are the forms for scalars, and for arrays where arrays has no
	// other.
	unary, binary map[string]form
	// spread returns the form of a function for arrays; nil: the scalars'.
	spread func(fn string, f form, v *plan.Value) form
	forms  map[plan.Kind]form
	// special writes what no form says; false: the tables do.
	special func(w *Writer, v *plan.Value) (string, int, bool)
	// number writes a rational with its level.
	number func(w *Writer, r rat.Rat) (string, int)
}

// value writes how v is computed.
func (g *grammar) value(w *Writer, v *plan.Value) (string, int) {
	if s, level, ok := g.special(w, v); ok {
		return s, level
	}
	switch v.Kind {
	case plan.Param:
		return w.Names.Symbol(v.Sym), w.Top
	case plan.Number:
		return g.number(w, v.Num)
	case plan.Size:
		return w.sizeText(v.Dims[0])
	case plan.Counter:
		return w.Names.Index(v.Index), w.Top
	case plan.Unary:
		return w.Form(g.function(g.unary, v), v)
	case plan.Binary:
		if s, level, ok := g.signed(w, v); ok {
			return s, level
		}
		return w.Form(g.function(g.binary, v), v)
	}
	f, ok := g.forms[v.Kind]
	if !ok {
		panic(fmt.Sprintf("code: %s has no form of kind %d", g.title, v.Kind))
	}
	return w.Form(f, v)
}

// function returns the form of a Unary or Binary.
func (g *grammar) function(table map[string]form, v *plan.Value) form {
	f, ok := table[v.Fn]
	if !ok {
		panic("code: " + g.title + " has no form of " + v.Fn)
	}
	if v.Rank > 0 && g.spread != nil {
		return g.spread(v.Fn, f, v)
	}
	return f
}

// signed writes x - 3 for x + (-3), and x / 2 for 1/2 x.
func (g *grammar) signed(w *Writer, v *plan.Value) (string, int, bool) {
	u := *v
	x, y := v.Args[0], v.Args[1]
	var second rat.Rat
	switch v.Fn {
	case "add", "sub":
		if y.Kind != plan.Number || y.Num.Sign() >= 0 {
			return "", 0, false
		}
		second = y.Num.Abs()
		u.Fn = map[string]string{"add": "sub", "sub": "add"}[v.Fn]
	case "mul":
		if x.Kind != plan.Number || !x.Num.Num().IsOne() || x.Num.IsOne() {
			return "", 0, false
		}
		second = x.Num.Den()
		u.Fn, u.Args = "div", []*plan.Value{y, x}
	default:
		return "", 0, false
	}
	number, level := g.number(w, second)
	f := g.function(g.binary, &u)
	return w.infix(f, &u, number, level), f.level, true
}

// infix writes a form whose second operand is the text given.
func (w *Writer) infix(f form, v *plan.Value, second string, level int) string {
	if level <= f.level {
		second = "(" + second + ")"
	}
	u := *v
	u.Args = v.Args[:1]
	f.text = strings.NewReplacer("^2", second, "~2", second, "#2", second, "$2", second).Replace(f.text)
	s, _ := w.Form(f, &u)
	return s
}

// usersOf counts by how many values of a program each value is used.
func usersOf(p *plan.Program) map[*plan.Value][]*plan.Value {
	var roots []*plan.Value
	for _, r := range p.Results {
		roots = append(roots, r.Value)
	}
	users := map[*plan.Value][]*plan.Value{}
	for _, v := range plan.Schedule(roots) {
		for _, a := range v.Args {
			if !slices.Contains(users[a], v) {
				users[a] = append(users[a], v)
			}
		}
	}
	return users
}

// Users lists the values that use v.
func (w *Writer) Users(v *plan.Value) []*plan.Value {
	if w.users == nil {
		w.users = usersOf(w.Prog)
	}
	return w.users[v]
}

// inverse returns the inverse of which v, a transposed inverse, is the transpose, if the
// program has it too.
func (w *Writer) inverse(v *plan.Value) *plan.Value {
	for _, u := range w.Users(v.Args[0]) {
		if u.Kind == plan.Inverse && !u.Trans {
			return u
		}
	}
	return nil
}

// constant reports whether a scalar is made of numbers, sizes and integer arguments
// alone, so that it has no type of the arguments.
func constant(v *plan.Value) bool {
	switch v.Kind {
	case plan.Number, plan.Size, plan.Pi, plan.Counter:
		return true
	case plan.Param:
		return isCount(v.Sym)
	case plan.Unary, plan.Binary, plan.SumOver:
		return v.Rank == 0 && !slices.ContainsFunc(v.Args, func(a *plan.Value) bool { return !constant(a) })
	}
	return false
}

// likeArgument returns the name of the first argument that is an array, or else a number,
// of the floating-point type of the results; "" if there is none.
func (w *Writer) likeArgument() string {
	list := arraysOf(w.Prog)
	for _, s := range list {
		if plan.ArgumentRank(s) > 0 {
			return w.Names.Symbol(s)
		}
	}
	if len(list) > 0 {
		return w.Names.Symbol(list[0])
	}
	return ""
}

// integral reports whether a scalar is made of whole numbers alone: a language may keep
// it as an integer.
func integral(v *plan.Value) bool {
	switch v.Kind {
	case plan.Number:
		return v.Num.IsInt()
	case plan.Size, plan.Counter:
		return true
	case plan.Param:
		return isCount(v.Sym)
	case plan.Unary:
		return v.Fn == "neg" && integral(v.Args[0])
	case plan.Binary:
		switch v.Fn {
		case "add", "sub", "mul", "max", "min":
			return integral(v.Args[0]) && integral(v.Args[1])
		}
	}
	return false
}
