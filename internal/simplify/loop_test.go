package simplify

import (
	"slices"
	"strings"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
)

// Every row: with the rules its two sides are one node, without them they are
// not, and the rule itself is what makes it so.
func TestRows(t *testing.T) {
	names := map[string]bool{}
	for _, row := range Table() {
		if names[row.Name] {
			t.Errorf("%s: two rows of that name", row.Name)
		}
		names[row.Name] = true
		decls := rowDecls(row)
		with := newBench(t, decls, engine())
		fired := false
		with.rules.Trace(func(name string) { fired = fired || name == row.Name })
		if s := with.both(row); !s.IsZero() {
			t.Errorf("%s: sides differ by %v", row.Name, s)
		}
		if !fired {
			t.Errorf("%s: another rule is used", row.Name)
		}
		if s := newBench(t, decls, bareEngine(ops.Registry())).both(row); s.IsZero() {
			t.Errorf("%s: the sides are one without the rule", row.Name)
		}
	}
}

func (r Rule) has(word string, c byte) bool {
	return strings.Contains(r.When, word+"("+string(c)+")")
}

// both returns Lhs − Rhs.
func (x *bench) both(row Rule) *index.Sum {
	x.t.Helper()
	n, _ := x.node("(" + row.Lhs + ") - (" + row.Rhs + ")")
	l, err := lower.New(x.st, templates(), nil, n)
	if err != nil {
		x.t.Fatal(err)
	}
	return l.Lower(n).S
}

// Every row holds in numbers.
func TestRowsByNumbers(t *testing.T) {
	for _, row := range slices.Concat(Table(), squares) {
		x := newBench(t, rowDecls(row), engine())
		l, _ := x.node(row.Lhs)
		r, _ := x.node("(" + row.Rhs + ") + 0*(" + row.Lhs + ")") // in the shape of Lhs
		err := eval.Equal(ops.Registry(), l, r, 1)
		if _, none := err.(*eval.NoPoint); none && variablesOf(row.Lhs) == "" {
			continue // at the border of the domain
		}
		if err != nil {
			t.Errorf("%s: %v", row.Name, err)
		}
	}
}

// rowDecls declares the variables of a row so that its conditions hold.
func rowDecls(row Rule) string {
	var list []string
	for _, c := range []byte(variablesOf(row.Lhs)) {
		decl := string(c) + ": scalar"
		switch c {
		case 'u', 'v':
			decl = string(c) + ": vector(n)"
		case 'R':
			decl = "R: matrix(m, m)"
		case 'A', 'B', 'P', 'Q':
			decl = string(c) + ": matrix(n, n)"
		case 'X':
			decl = "X: matrix(n, m)"
		case 'p', 'q':
			decl += " integer"
		case 'x', 'y':
			decl = string(c) + ": vector(k)"
		}
		for i, f := range expr.FactNames {
			if row.has(f, c) && 1<<i&(expr.Positive|expr.Posdef|expr.Orthogonal|expr.Simplex|expr.Onehot) != 0 {
				decl += " " + f
			}
		}
		if row.has("nonnegative", c) {
			decl += " positive"
		}
		list = append(list, decl)
	}
	return strings.Join(append(list, "e: scalar"), "; ")
}

// variablesOf lists the one-letter names in text in order of occurrence.
func variablesOf(text string) string {
	letter := func(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
	var out []byte
	for i := 0; i < len(text); i++ {
		j := i
		for j < len(text) && letter(text[j]) {
			j++
		}
		if j == i+1 && strings.IndexByte(letters, text[i]) >= 0 && !slices.Contains(out, text[i]) {
			out = append(out, text[i])
		}
		i = max(i, j-1)
	}
	return string(out)
}
