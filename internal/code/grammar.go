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
	number func(r rat.Rat) (string, int)
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
		return g.number(v.Num)
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
	form := func(fn string) form {
		u := *v
		u.Fn = fn
		return g.function(g.binary, &u)
	}
	x, y := v.Args[0], v.Args[1]
	switch v.Fn {
	case "add", "sub":
		if y.Kind == plan.Number && y.Num.Sign() < 0 {
			number, level := g.number(y.Num.Abs())
			f := form(map[string]string{"add": "sub", "sub": "add"}[v.Fn])
			return w.infix(f, v, number, level), f.level, true
		}
	case "mul":
		if x.Kind == plan.Number {
			if p, q, ok := x.Num.Small(); ok && p == 1 && q > 1 {
				f := form("div")
				number, level := g.number(rat.Int(q))
				u := *v
				u.Args = []*plan.Value{y, x}
				return w.infix(f, &u, number, level), f.level, true
			}
		}
	}
	return "", 0, false
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
