package nabla_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
	"example.com/nabla/internal/check"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/syntax"
)

// given are the flags that the command line sets.
var given = map[string]bool{}

// TestMain sets the flags of package rapid that the command line leaves. The ordinary run has ten thousand programs of one seed, so that it says the
// same on every machine; a search is
//
//	go test -run TestRandom -rapid.checks 1000000 -rapid.seed 0 .
//
// where seed 0 is another one each time.
func TestMain(m *testing.M) {
	flag.Parse()
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	checks := "10000"
	if testing.Short() {
		checks = "1000"
	}
	for name, value := range map[string]string{"rapid.checks": checks, "rapid.seed": "20", "rapid.nofailfile": "true"} {
		if !given[name] {
			flag.Set(name, value)
		}
	}
	os.Exit(m.Run())
}

// A pool of variables covers all shapes and facts. Their names are Greek, which
// no function's name is, so that an answer can be renamed letter by letter.
var pool = []struct{ name, r, c, facts string }{
	{"α", "1", "1", ""},
	{"β", "1", "1", "positive"},
	{"γ", "n", "1", ""},
	{"δ", "n", "1", ""},
	{"ε", "m", "1", ""},
	{"ζ", "p", "1", "positive"},
	{"η", "n", "1", "onehot"},
	{"θ", "m", "1", "simplex"},
	{"ι", "n", "n", ""},
	{"κ", "n", "n", ""},
	{"λ", "n", "n", "symmetric posdef"},
	{"μ", "n", "n", "symmetric"},
	{"ν", "n", "n", "diagonal"},
	{"ξ", "n", "n", "orthogonal"},
	{"ρ", "m", "n", ""},
	{"τ", "m", "n", ""},
	{"φ", "n", "p", ""},
	{"ψ", "m", "p", "positive"},
}

func poolDecl(i int) string {
	v := pool[i]
	d := "matrix(" + v.r + ", " + v.c + ")"
	switch {
	case v.r == "1":
		d = "scalar"
	case v.c == "1":
		d = "vector(" + v.r + ")"
	}
	return strings.TrimSpace(d + " " + v.facts)
}

// A shape is that of a random expression, in size names.
type shape struct{ r, c string }

func (s shape) scalar() bool { return s.r == "1" && s.c == "1" }
func (s shape) t() shape     { return shape{s.c, s.r} }

// A spelling is one expression written in two ways that differ in the order of
// operands only.
type spelling struct{ a, b string }

func both(format string, args ...spelling) spelling {
	var a, b []any
	for _, x := range args {
		a, b = append(a, x.a), append(b, x.b)
	}
	return spelling{fmt.Sprintf(format, a...), fmt.Sprintf(format, b...)}
}

// A generator draws typed expressions over all operators of the registry.
type generator struct{ t *rapid.T }

func (g generator) below(n int) int { return rapid.IntRange(0, n-1).Draw(g.t, "") }

func (g generator) size() string { return []string{"n", "m", "p"}[g.below(3)] }

func (g generator) shape() shape {
	switch g.below(3) {
	case 0:
		return shape{"1", "1"}
	case 1:
		return shape{g.size(), "1"}
	}
	return shape{g.size(), g.size()}
}

// leaf draws a variable, or a constant where none has the shape.
func (g generator) leaf(s shape) spelling {
	var fits []string
	for _, v := range pool {
		if v.r == s.r && v.c == s.c {
			fits = append(fits, v.name)
		} else if v.r == s.c && v.c == s.r {
			fits = append(fits, v.name+"'")
		}
	}
	switch {
	case s.scalar():
		fits = append(fits, "2", "(1/3)", "3")
	case len(fits) == 0:
		fits = []string{"ones(" + s.r + ", " + s.c + ")"}
		if s.r == s.c {
			fits = append(fits, "eye("+s.r+")")
		}
	}
	x := fits[g.below(len(fits))]
	return spelling{x, x}
}

// expr draws an expression of a shape.
func (g generator) expr(s shape, depth int) spelling {
	if depth == 0 || g.below(8) == 0 {
		return g.leaf(s)
	}
	depth--
	switch g.below(12) {
	case 0:
		x, y := g.expr(s, depth), g.expr(s, depth)
		return spelling{"(" + x.a + " + " + y.a + ")", "(" + y.b + " + " + x.b + ")"}
	case 1:
		x, y := g.expr(s, depth), g.expr(s, depth)
		return spelling{"(" + x.a + " - " + y.a + ")", "(-" + y.b + " + " + x.b + ")"}
	case 2:
		x, y := g.expr(s, depth), g.expr(s, depth)
		return spelling{"(" + x.a + " .* " + y.a + ")", "(" + y.b + " .* " + x.b + ")"}
	case 3:
		k, x := g.expr(shape{"1", "1"}, depth), g.expr(s, depth)
		return spelling{"(" + k.a + "*" + x.a + ")", "(" + x.b + "*" + k.b + ")"}
	case 4, 5:
		k := g.size()
		x, y := g.expr(shape{s.r, k}, depth), g.expr(shape{k, s.c}, depth)
		return spelling{"(" + x.a + "*" + y.a + ")", "(" + y.b + "'*" + x.b + "')'"}
	case 6:
		return both("(%s)'", g.expr(s.t(), depth))
	case 7:
		x, y := g.expr(s, depth), g.inside("positive", shape{"1", "1"}, depth)
		return both("(%s/%s)", x, y)
	case 8:
		return both([]string{"((%s).^2)", "((%s).^3)"}[g.below(2)], g.expr(s, depth))
	}
	return g.operator(s, depth)
}

// inside draws an operand in the domain of an operator.
func (g generator) inside(domain string, s shape, depth int) spelling {
	if domain == "fullrank" {
		return g.leaf(s)
	}
	x := g.expr(s, max(depth-1, 0))
	switch domain {
	case "positive", "nonzero":
		return both([]string{"(1 + (%s).^2)", "exp(%s)"}[g.below(2)], x)
	case "unit":
		return both("(tanh(%s)/2)", x)
	case "above1":
		return both("(2 + (%s).^2)", x)
	case "invertible", "posdet":
		if s.r == "n" && g.below(2) == 0 {
			return both("(λ + %s*%s')", x, x)
		}
		return both("(eye("+s.r+") + %s'*%s)", x, x)
	}
	return x
}

// operator draws one of the registry's operators whose result can have the
// shape; for a scalar any operator, summed.
func (g generator) operator(s shape, depth int) spelling {
	all := callable
	for range 20 {
		op := all[g.below(len(all))]
		x, got, ok := g.call(op, s, depth)
		if !ok {
			continue
		}
		if got == s {
			return x
		}
		if s.scalar() {
			return both([]string{"sum(%s)", "norm2(%s)^2"}[g.below(2)], x)
		}
	}
	return g.leaf(s)
}

// callable are the operators that are written as calls of operands.
var callable = func() (list []*expr.Op) {
	for _, op := range ops.Registry().Ops() {
		if op.Overload != "-" && op.Signature() != nil && len(op.Params) > 0 && len(op.Sizes) == 0 {
			list = append(list, op)
		}
	}
	return list
}()

// call draws operands for an operator so that the result has the shape, or any
// shape where a scalar is wanted. The shape of a result with axes made of several
// is not given as one.
func (g generator) call(op *expr.Op, want shape, depth int) (spelling, shape, bool) {
	sig := op.Signature()
	letters := make([]string, sig.Letters)
	axis := func(list []int, size string) bool {
		switch {
		case len(list) == 0:
			return size == "1"
		case len(list) > 1:
			return false
		case letters[list[0]] == "":
			letters[list[0]] = size
		}
		return letters[list[0]] == size
	}
	fits := axis(sig.Result.Rows, want.r) && axis(sig.Result.Cols, want.c)
	if !fits {
		if !want.scalar() {
			return spelling{}, shape{}, false
		}
		letters = make([]string, sig.Letters)
	}
	for i := range letters {
		if letters[i] == "" {
			letters[i] = g.size()
		}
	}
	name := func(list []int) string {
		if len(list) == 0 {
			return "1"
		}
		return letters[list[0]]
	}
	args := make([]spelling, len(sig.Args))
	for i, a := range sig.Args {
		args[i] = g.inside(op.Domain, shape{name(a.Rows), name(a.Cols)}, depth)
	}
	surface := op.Name
	if op.Overload != "" {
		surface = op.Overload
	}
	x := both(surface+"("+strings.TrimSuffix(strings.Repeat("%s, ", len(args)), ", ")+")", args...)
	if fits {
		return x, want, true
	}
	return x, shape{}, true
}

// A question is a random program with what is asked of it.
type question struct {
	spelling
	req nabla.Request
}

func (g generator) question() question {
	s := g.shape()
	q := question{spelling: g.expr(s, 1+g.below(3))}
	if s.scalar() && g.below(6) == 0 {
		// A sum over a family beside the expression.
		member := g.expr(s, 1)
		q.spelling = both("(%s + sum(ω, (%s)*(χ[ω]'*%s)))", q.spelling, member, g.expr(shape{"n", "1"}, 1))
	}
	var occur []string
	for _, v := range pool {
		if strings.Contains(q.a, v.name) {
			occur = append(occur, v.name)
		}
	}
	if len(occur) == 0 {
		occur = []string{"γ"}
	}
	wrt := func() string { return occur[g.below(len(occur))] }
	q.req = nabla.Request{Program: familyDecl + q.a, Closed: true, Wrt: []string{wrt()},
		Layout: []nabla.Layout{nabla.Denominator, nabla.Numerator}[g.below(2)],
		Vec:    []nabla.VecOrder{nabla.Columns, nabla.Rows}[g.below(2)],
		Vars:   poolVars(strings.NewReplacer())}
	switch {
	case s.scalar() && g.below(6) == 0:
		q.req.Order = 2
	case s.scalar() && g.below(6) == 0:
		q.req.Mixed, q.req.Wrt = true, append(q.req.Wrt, wrt())
	case s.scalar() && strings.Contains("λμν", q.req.Wrt[0]):
		q.req.Structured = g.below(2) == 0
	}
	return q
}

// familyDecl declares a family; its names are Greek too.
const familyDecl = "χ[ω]: vector(n), ω = 1..N\n"

func poolVars(rename *strings.Replacer) []nabla.Declaration {
	var vars []nabla.Declaration
	for i, v := range pool {
		vars = append(vars, nabla.Declaration{Name: rename.Replace(v.name), Decl: poolDecl(i)})
	}
	return vars
}

func (q *question) String() string {
	text := q.a + " by " + strings.Join(q.req.Wrt, ", ")
	if q.req.Mixed {
		text += " mixed"
	}
	if q.req.Structured {
		text += " structured"
	}
	return fmt.Sprintf("%s, order %d, %s layout, vec by %s", text, max(q.req.Order, 1), q.req.Layout, q.req.Vec)
}

// TestRandom differentiates random typed programs of all nine kinds over all
// operators. Each answer passes the numeric check, reads back with the same value,
// and does not depend on the names of the variables; the expression has one
// canonical form whatever the order of operands.
func TestRandom(t *testing.T) {
	templates, err := lower.Compile(ops.Registry())
	if err != nil {
		t.Fatal(err)
	}
	asked, unproved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		q := generator{t}.question()
		asked++
		defer faults(t, "%v", &q)
		res, err := nabla.Differentiate(q.req)
		if err != nil {
			var input *nabla.InputError
			if errors.As(err, &input) {
				if strings.Contains(err.Error(), "has no value at") {
					return // log of a negative number, say
				}
				t.Fatalf("%v:\n%s", &q, input.Render())
			}
			if strings.Contains(err.Error(), "no random point") {
				unproved++
				return
			}
			t.Fatalf("%v: %v", &q, err)
		}
		d := &res.Derivatives[0]
		if d.Check == nil {
			t.Fatalf("%v: not checked", &q)
		}
		if d.Form != nabla.IndexForm {
			readsBack(t, &q, d)
		}
		independentOfNames(t, &q, d)
		independentOfOrder(t, templates, &q)
	})
	if unproved*20 > asked {
		t.Errorf("%d of %d programs have no point where they can be checked", unproved, asked)
	}
	t.Logf("%d programs, %d of them without a point to check at", asked, unproved)
}

// readsBack parses both printed forms of an answer and compares their values.
func readsBack(t *rapid.T, q *question, d *nabla.Derivative) {
	b := expr.NewBuilder(ops.Registry())
	var nodes []*expr.Node
	for _, text := range []string{d.Language, d.Text} {
		prog, list := syntax.ParseProgram(familyDecl+text, syntax.Options{IsVariable: isPool, Juxtapose: true})
		if len(list) > 0 {
			t.Fatalf("%v: %s does not read back:\n%s", q, text, list.Render(prog.File))
		}
		p, list := check.Check(b, prog, check.Options{Closed: true, Decls: poolDecls()})
		if len(list) > 0 {
			t.Fatalf("%v: %s does not read back:\n%s", q, text, list.Render(prog.File))
		}
		nodes = append(nodes, p.Result)
	}
	var none *eval.NoPoint
	if err := eval.Equal(b.Reg, nodes[0], nodes[1], 1); err != nil && !errors.As(err, &none) {
		t.Fatalf("%v: %s and %s: %v", q, d.Language, d.Text, err)
	}
}

func isPool(name string) bool {
	return name == "χ" || slices.ContainsFunc(pool, func(v struct{ name, r, c, facts string }) bool { return v.name == name })
}

// poolDecls declares the variables of the pool.
func poolDecls() []*syntax.Decl {
	var decls []*syntax.Decl
	for i, v := range pool {
		d, list := syntax.ParseType(v.name, poolDecl(i), syntax.Options{})
		if len(list) > 0 {
			panic(list)
		}
		decls = append(decls, d)
	}
	return decls
}

// renaming maps each name of the pool to another, in an order that is not theirs.
var renaming, renamingBack = func() (*strings.Replacer, *strings.Replacer) {
	var there, back []string
	for i, v := range pool {
		w := pool[(7*i+5)%len(pool)].name
		there, back = append(there, v.name, w), append(back, w, v.name)
	}
	return strings.NewReplacer(there...), strings.NewReplacer(back...)
}()

// independentOfNames asks with all variables renamed.
func independentOfNames(t *rapid.T, q *question, d *nabla.Derivative) {
	req := q.req
	req.Program, req.Vars, req.NoCheck = familyDecl+renaming.Replace(q.a), poolVars(renaming), true
	req.Wrt = nil
	for _, w := range q.req.Wrt {
		req.Wrt = append(req.Wrt, renaming.Replace(w))
	}
	res, err := nabla.Differentiate(req)
	if err != nil {
		t.Fatalf("%v: with other names: %v", q, err)
	}
	if got := renamingBack.Replace(res.Derivatives[0].Text); got != d.Text {
		t.Fatalf("%v: the answer depends on names:\n%s\n%s", q, d.Text, got)
	}
}

// independentOfOrder lowers both spellings of a program, which give one node.
func independentOfOrder(t *rapid.T, templates *lower.Templates, q *question) {
	b, p, err := poolProgram(familyDecl + "f = " + q.a + "\ng = " + q.b)
	if err != nil {
		t.Fatal(err)
	}
	st := index.NewStore(b, nil)
	l, err := lower.New(st, templates, func(*expr.Symbol) bool { return false }, p.Defs[0].Node)
	if err != nil {
		t.Fatal(err)
	}
	inOrder := func(v lower.Val) *index.Sum {
		perm := make([]int, len(v.S.Slots))
		for k, slot := range slices.Concat(v.Rows, v.Cols) {
			perm[slot] = k
		}
		return st.Permute(v.S, perm)
	}
	f, g := inOrder(l.Lower(p.Defs[0].Node)), inOrder(l.Lower(p.Defs[1].Node))
	if f != g {
		t.Fatalf("%s and %s are two forms:\n%v\n%v", q.a, q.b, f, g)
	}
}

// faults, deferred, makes an error of the run time a failure that names the program.
func faults(t *rapid.T, format string, args ...any) {
	switch p := recover().(type) {
	case nil:
	case runtime.Error:
		t.Fatalf("%s: %v", fmt.Sprintf(format, args...), p)
	default:
		panic(p) // rapid's own
	}
}

// poolProgram reads a program over the variables of the pool.
func poolProgram(text string) (*expr.Builder, *check.Program, error) {
	b := expr.NewBuilder(ops.Registry())
	prog, list := syntax.ParseProgram(text, syntax.Options{IsVariable: isPool})
	if len(list) > 0 {
		return nil, nil, errors.New(list.Render(prog.File))
	}
	p, list := check.Check(b, prog, check.Options{Closed: true, Decls: poolDecls()})
	if len(list) > 0 {
		return nil, nil, errors.New(list.Render(prog.File))
	}
	return b, p, nil
}
