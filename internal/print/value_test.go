package print

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/syntax"
)

var randomPrograms = flag.Int("print.random", 3000, "number of random expressions that are printed and read back")

// A sample is an expression with the declarations that its text is read with.
type sample struct {
	name  string
	b     *expr.Builder
	node  *expr.Node
	decls []*syntax.Decl
	head  string // declarations in the language, before the text
}

// reread returns the node of a text in the names of the sample.
func (s *sample) reread(text string) (*expr.Node, error) {
	isVariable := func(name string) bool {
		return slices.ContainsFunc(s.decls, func(d *syntax.Decl) bool { return d.Names[0].Name == name })
	}
	prog, list := syntax.ParseProgram(s.head+text, syntax.Options{IsVariable: isVariable})
	if len(list) > 0 {
		return nil, list
	}
	p, list := check.Check(expr.NewBuilder(ops.Registry()), prog, check.Options{Decls: s.decls, Closed: true})
	if len(list) > 0 {
		return nil, list
	}
	return p.Result, nil
}

// samples returns the published expressions and their derivatives, the examples
// of all operators, and random expressions.
func samples(t *testing.T) []*sample {
	var out []*sample
	add := func(name, text string, decls []*syntax.Decl, closed bool) {
		b := expr.NewBuilder(ops.Registry())
		prog, list := syntax.ParseProgram(text, syntax.Options{})
		if len(list) > 0 {
			t.Fatalf("%s: %v", text, list)
		}
		p, list := check.Check(b, prog, check.Options{Decls: decls, Closed: closed})
		if len(list) > 0 {
			if closed {
				t.Logf("%s: %s: %v", name, text, list)
				return
			}
			t.Fatalf("%s: %v", text, list)
		}
		if !closed {
			for _, v := range p.Vars {
				decl := strings.TrimPrefix(v.Declaration(), v.Symbol.Name+":")
				d, list := syntax.ParseType(v.Symbol.Name, decl, syntax.Options{})
				if len(list) > 0 {
					t.Fatalf("%s: %v", v.Declaration(), list)
				}
				decls = append(decls, d)
			}
		}
		out = append(out, &sample{name: name, b: b, node: p.Result, decls: decls})
	}
	cases, err := corpus.Read("../../testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		var decls []*syntax.Decl
		for _, n := range c.Names() {
			d, list := syntax.ParseType(n, c.Vars[n], syntax.Options{})
			if len(list) > 0 {
				t.Fatal(list)
			}
			decls = append(decls, d)
		}
		add(c.ID, c.Expr, decls, true)
		if c.Expected != nil {
			add(c.ID+" expected", *c.Expected, decls, true)
		}
	}
	for _, o := range ops.Registry().Ops() {
		for _, e := range o.Examples {
			add(o.Name, e, nil, false)
		}
	}
	for _, e := range families {
		b := expr.NewBuilder(ops.Registry())
		prog, list := syntax.ParseProgram(familyDecls+e, syntax.Options{})
		if len(list) > 0 {
			t.Fatalf("%s: %v", e, list)
		}
		p, list := check.Check(b, prog, check.Options{Closed: true})
		if len(list) > 0 {
			t.Fatalf("%s: %v", e, list)
		}
		out = append(out, &sample{name: e, b: b, node: p.Result, head: familyDecls})
	}
	for seed := range *randomPrograms {
		out = append(out, randomSample(uint64(seed)))
	}
	return out
}

// families are expressions in the members of families and in sums over a range.
var families = []string{
	"sum(i, x[i]*x[i]'*A)",
	"A*sum(i, x[i]) + w",
	"2*sum(i, (x[i]'*w)^2)*w",
	"sum(i, exp(A*x[i] - sum(j, y[j]'*y[j])*w))",
	"sum(i, x[i]*sum(j, A*y[j])'*(x[i] - w)*x[i]')",
	"sum(i, X[i]'*inv(X[i]*X[i]' + A)*X[i])",
	"sum(i, x[i])'*sum(i, A*x[i])",
	"sum(k = 1..p, A^(k-1)*B*A^(p-k))",
	"sum(k = 1..3, k*A^k)*w/p",
	"sum(k = 1..3, k*(A + B)^k)*w",
	"sum(k = 1..p, sum(i, (x[i]'*w)^k))",
}

const familyDecls = `x[i]: vector(n), i = 1..N
y[j]: vector(n), j = 1..M
X[i]: matrix(n, n), i = 1..N
A, B: matrix(n, n); w: vector(n); p: scalar integer
`

// randomDecls are the variables of random expressions; the sizes 1, n and m are
// 0, 1 and 2.
var randomDecls = []struct{ name, decl string }{
	{"a", "scalar"}, {"b", "scalar"}, {"x", "vector(n)"}, {"w", "vector(n)"}, {"y", "vector(m)"},
	{"X", "matrix(m, n)"}, {"A", "matrix(n, n)"}, {"B", "matrix(m, m)"}, {"Y", "matrix(n, m)"}, {"p", "scalar integer"},
}

// A maker makes random nodes of a given shape.
type maker struct {
	*expr.Builder
	rng  *rand.Rand
	vars [3][3][]*expr.Node
	p    *expr.Node
	dims [3]*expr.Dim
}

func randomSample(seed uint64) *sample {
	m := &maker{Builder: expr.NewBuilder(ops.Registry()), rng: rand.New(rand.NewPCG(seed, 7))}
	s := &sample{name: fmt.Sprintf("seed %d", seed), b: m.Builder}
	m.dims = [3]*expr.Dim{m.One(), m.Sizes.Size("n"), m.Sizes.Size("m")}
	side := map[byte]int{'n': 1, 'm': 2}
	for _, v := range randomDecls {
		d, _ := syntax.ParseType(v.name, v.decl, syntax.Options{})
		s.decls = append(s.decls, d)
		kind, r, c, facts := expr.Scalar, 0, 0, expr.Fact(0)
		switch {
		case strings.HasPrefix(v.decl, "vector"):
			kind, r = expr.Vector, side[v.decl[7]]
		case strings.HasPrefix(v.decl, "matrix"):
			kind, r, c = expr.Matrix, side[v.decl[7]], side[v.decl[10]]
		case strings.HasSuffix(v.decl, "integer"):
			facts = expr.Integer
		}
		n := m.Var(m.NewSymbol(v.name, kind, expr.Shape{Rows: m.dims[r], Cols: m.dims[c]}, facts))
		if facts != 0 {
			m.p = n
			continue
		}
		m.vars[r][c] = append(m.vars[r][c], n)
	}
	s.node = m.gen(m.rng.IntN(3), m.rng.IntN(3), 1+m.rng.IntN(5))
	return s
}

func (m *maker) leaf(r, c int) *expr.Node {
	if l := m.vars[r][c]; len(l) > 0 && m.rng.IntN(5) > 0 {
		return l[m.rng.IntN(len(l))]
	}
	if l := m.vars[c][r]; len(l) > 0 {
		return m.Node(expr.OpT, l[m.rng.IntN(len(l))])
	}
	return m.fill(r, c)
}

func (m *maker) fill(r, c int) *expr.Node {
	switch {
	case c == 0 && r == 0:
		return m.number()
	case c == 0:
		return m.Sized("ones", m.dims[r])
	case r == 0:
		return m.Node(expr.OpT, m.Sized("ones", m.dims[c]))
	case r == c && m.rng.IntN(2) == 0:
		return m.Sized("eye", m.dims[r])
	}
	return m.Sized("ones", m.dims[r], m.dims[c])
}

func (m *maker) number() *expr.Node {
	p, q := int64(m.rng.IntN(7)-3), int64(1+m.rng.IntN(3))
	if p == 0 {
		p = 1
	}
	return m.Num(rat.New(p, q))
}

// gen makes a node of any operator that the printer treats by itself. Matrices
// to invert are made well conditioned.
func (m *maker) gen(r, c, depth int) *expr.Node {
	if depth <= 0 {
		return m.leaf(r, c)
	}
	d := depth - 1
	g := func(r, c int) *expr.Node { return m.gen(r, c, d) }
	side := func() int { return m.rng.IntN(3) }
	switch m.rng.IntN(18) {
	case 0, 1:
		return m.Node(expr.OpAdd, g(r, c), g(r, c))
	case 2:
		return m.Node(expr.OpNeg, g(r, c))
	case 3, 4, 5:
		k, l := side(), side()
		if m.rng.IntN(2) == 0 {
			return m.product(g(r, k), g(k, c))
		}
		return m.product(g(r, k), g(k, l), g(l, c))
	case 6:
		return m.product(g(0, 0), g(r, c))
	case 7:
		return m.product(g(r, c), m.number())
	case 8:
		return m.Node(expr.OpDiv, g(r, c), m.positive(0, 0, d))
	case 9:
		return m.Node(expr.OpHadamard, g(r, c), g(r, c))
	case 10:
		return m.Node(expr.OpElDiv, g(r, c), m.positive(r, c, d))
	case 11:
		return m.Node(expr.OpT, g(c, r))
	case 12:
		if r == 0 && c == 0 {
			return m.Node(expr.OpPow, m.positive(0, 0, d), m.number())
		}
		return m.Node(expr.OpElPow, m.positive(r, c, d), m.number())
	case 13:
		return m.Node([]string{"exp", "tanh", "relu", "sigmoid", "erf", "softplus", "square"}[m.rng.IntN(7)], g(r, c))
	case 14:
		return m.Node(expr.OpAdd, g(r, c), g(0, 0))
	}
	if m.rng.IntN(5) == 0 {
		return m.krons(r, c, d)
	}
	switch {
	case r == 0 && c == 0:
		k := 1 + m.rng.IntN(2)
		l := side()
		switch m.rng.IntN(10) {
		case 0:
			return m.Node("tr", g(k, k))
		case 1:
			return m.Node("tr", m.product(g(k, k), g(k, k)))
		case 2:
			return m.Node("tr", m.product(g(k, l), g(l, k)))
		case 3:
			return m.Node("sum", g(side(), side()))
		case 4:
			return m.Node("norm2", g(side(), side()))
		case 5:
			return m.Node("logdet", m.regular(k, d))
		case 6:
			return m.Node("dot", g(k, l), g(k, l))
		case 7:
			return m.Node("logsumexp", g(k, 0))
		case 8:
			return m.Node(expr.OpPow, m.Node("norm2", g(k, 0)), m.Num(rat.New(2, 1)))
		}
		return m.Size(m.Mul(m.dims[k], m.dims[1]))
	case c == 0:
		switch m.rng.IntN(6) {
		case 0:
			return m.Node("softmax", g(r, 0))
		case 1:
			return m.Node("diagvec", g(r, r))
		case 2:
			k := side()
			return m.Node("diagvec", m.product(g(r, k), g(k, r)))
		case 3:
			return m.Node("rowsum", g(r, 1+m.rng.IntN(2)))
		case 4: // (A ⊗ B) x back to the size
			k := 1 + m.rng.IntN(2)
			v := m.Node("vec", g(k, r))
			return m.product(m.Node("kron", g(r, r), m.Node(expr.OpT, g(k, 0))), v)
		}
		return m.product(m.inverse(r, d), g(r, 0))
	case r == 0:
		if m.rng.IntN(2) == 0 {
			return m.Node("colsum", g(1+m.rng.IntN(2), c))
		}
		return m.product(g(0, c), m.inverse(c, d))
	case r == c:
		switch m.rng.IntN(6) {
		case 0:
			return m.inverse(r, d)
		case 1:
			return m.Node("diagmat", g(r, 0))
		case 2:
			return m.Node(expr.OpMPow, g(r, r), m.Num(rat.New(int64(2+m.rng.IntN(2)), 1)))
		case 3:
			return m.Node(expr.OpMPow, g(r, r), m.p)
		case 4:
			return m.product(m.Node("diagmat", g(r, 0)), g(r, r), m.Node("diagmat", g(r, 0)))
		}
		return m.product(m.inverse(r, d), g(r, r), m.inverse(r, d))
	}
	switch m.rng.IntN(5) {
	case 0:
		return m.Node("softmaxrows", g(r, c))
	case 1:
		return m.Node("outer", g(r, 0), g(c, 0))
	case 2: // K (A ⊗ B), of which some rows are summed
		k := m.product(m.Sized("commutation", m.dims[r], m.dims[c]), m.Node("kron", g(c, c), g(r, r)))
		s := m.Node("kron", m.Sized("eye", m.dims[r]), m.Node(expr.OpT, m.Sized("ones", m.dims[c])))
		return m.product(s, k, m.Node("kron", m.Sized("eye", m.dims[c]), m.Sized("ones", m.dims[r])))
	case 3:
		return m.product(m.inverse(r, d), g(r, c))
	}
	return m.product(m.Node("diagmat", g(r, 0)), g(r, c), m.inverse(c, d))
}

// krons makes products of Kronecker products, of which some factors are
// inverses, diagonal, or no matrices.
func (m *maker) krons(r, c, d int) *expr.Node {
	side := func() int { return m.rng.IntN(3) }
	factor := func(r, c int) *expr.Node {
		switch {
		case r == c && r > 0 && m.rng.IntN(2) == 0:
			return []func() *expr.Node{
				func() *expr.Node { return m.inverse(r, d) },
				func() *expr.Node { return m.Node("diagmat", m.gen(r, 0, d-1)) },
				func() *expr.Node { return m.Sized("eye", m.dims[r]) },
			}[m.rng.IntN(3)]()
		case m.rng.IntN(2) == 0:
			return m.gen(r, c, d-1)
		}
		return m.leaf(r, c)
	}
	pair := func(r1, r2, c1, c2 int) *expr.Node { return m.Node("kron", factor(r1, c1), factor(r2, c2)) }
	a, b, e, f := side(), side(), side(), side()
	list := []*expr.Node{pair(r, 0, a, b)}
	if m.rng.IntN(2) == 0 {
		list = append(list, pair(a, b, e, f))
		a, b = e, f
	}
	if m.rng.IntN(2) == 0 {
		list = append(list, m.Sized("commutation", m.dims[a], m.dims[b]))
		a, b = b, a
	}
	if m.rng.IntN(2) == 0 {
		return m.product(append(list, pair(a, b, 0, c))...)
	}
	return m.product(append(list, pair(a, b, c, 0))...)
}

func (m *maker) product(args ...*expr.Node) *expr.Node { return m.Node(expr.OpMul, args...) }

func (m *maker) positive(r, c, d int) *expr.Node {
	if r == 0 && c == 0 && m.rng.IntN(3) == 0 {
		return m.vars[0][0][0]
	}
	return m.Node(expr.OpAdd, m.Node(expr.OpElPow, m.Node("tanh", m.gen(r, c, d)), m.Num(rat.New(2, 1))), m.Num(rat.New(1, 1)))
}

// regular makes a positive definite matrix.
func (m *maker) regular(r, d int) *expr.Node {
	x := m.Node("tanh", m.gen(r, 1, d-1))
	return m.Node(expr.OpAdd, m.product(x, m.Node(expr.OpT, x)), m.Sized("eye", m.dims[r]))
}

func (m *maker) inverse(r, d int) *expr.Node {
	switch m.rng.IntN(4) {
	case 0:
		return m.Node("inv", m.Node("diagmat", m.positive(r, 0, d-1)))
	case 1:
		return m.Node(expr.OpT, m.Node("inv", m.regular(r, d)))
	}
	return m.Node("inv", m.regular(r, d))
}

// What is printed is read back as an expression of the same value, and LaTeX is
// balanced.
func TestReread(t *testing.T) {
	for _, s := range samples(t) {
		for _, maxTokens := range []int{-1, 12} {
			o := &Options{Builder: s.b, MaxTokens: maxTokens}
			for _, f := range []func(*expr.Node, *Options) Document{Text, Language} {
				text := f(s.node, o).String()
				n, err := s.reread(text)
				if err != nil {
					t.Errorf("%s: printed as\n%s\n%v", s.name, text, err)
					continue
				}
				switch err := eval.Equal(s.b.Reg, s.node, n, 1).(type) {
				case nil, *eval.NoPoint:
				default:
					t.Errorf("%s: printed as\n%s\n%v", s.name, text, err)
				}
			}
			if text := LaTeX(s.node, o).String(); !balanced(text) {
				t.Errorf("%s: LaTeX is not balanced: %s", s.name, text)
			}
		}
	}
}

// balanced reports whether braces and \left, \right are pairs and no two
// superscripts follow each other.
func balanced(s string) bool {
	depth, pairs := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		switch {
		case strings.HasPrefix(s[i:], `\left(`):
			pairs++
		case strings.HasPrefix(s[i:], `\right)`):
			pairs--
		case strings.HasPrefix(s[i:], `\top^`), strings.HasPrefix(s[i:], `}^{-1}^`):
			return false
		}
		if depth < 0 || pairs < 0 {
			return false
		}
	}
	return depth == 0 && pairs == 0 && !math.Signbit(float64(depth))
}
