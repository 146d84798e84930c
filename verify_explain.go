package nabla

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/diagnose"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/raise"
)

// A Counterexample is a point of small numbers at which claim and truth differ.
type Counterexample struct {
	Sizes     []string // "m = 3"
	Variables []Value
	Row, Col  int // of an entry that differs, from 1
	// Claimed and True are its values, exact where they are simple fractions, else with
	// "≈ " before them. Claimed is "undefined" where the claim has no value.
	Claimed, True string
	// Differences is what finite differences of the expression give for the entry;
	// empty where they do not settle.
	Differences string
}

// A Value is a variable at a point: one matrix, or one for each member of a family.
type Value struct {
	Name    string
	Kind    string       // scalar, vector or matrix
	Entries [][][]string // for each member the rows
}

// explain finds out what is wrong with a claim.
func (v *verifier) explain(c *claim, q *question) error {
	p, d := q.p, &q.diff
	for _, s := range p.b.Symbols() {
		if s.Kind != expr.Function && (mentionsSymbol(q.claim, s) || q.truth == nil || mentionsSymbol(q.truth, s) || mentionsSymbol(p.prog.Result, s)) {
			d.Free = append(d.Free, s)
		}
	}
	if q.view != nil && q.truth != nil {
		d.Terms = p.terms(*q.view)
	}
	if q.lowered != nil {
		d.ClaimTerms = p.terms(*q.lowered)
	}
	if len(d.ClaimTerms) < 2 && q.claim.Op.Name == expr.OpAdd {
		d.ClaimTerms = q.claim.Args
	}
	d.Scalars = q.scalars()
	d.Others = func() []diagnose.Other { return v.others(c, q) }
	f := d.Find()
	v.words(c, q, &f)
	if f.Part != nil {
		v.out.Part = p.formula(f.Part, "")
	}
	v.out.Counterexample = q.example()
	return nil
}

func mentionsSymbol(n *expr.Node, s *expr.Symbol) bool {
	return someNode(n, map[*expr.Node]bool{}, func(m *expr.Node) bool { return m.Sym == s })
}

// someNode reports whether f holds for a node of a DAG.
func someNode(n *expr.Node, seen map[*expr.Node]bool, f func(*expr.Node) bool) bool {
	if seen[n] {
		return false
	}
	seen[n] = true
	return f(n) || slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return someNode(a, seen, f) })
}

// scalars lists what a factor may be a power of: sizes, products of two of them, and
// the scalars that occur in the expression, the truth or the claim.
func (q *question) scalars() []*expr.Node {
	b := q.p.b
	var out []*expr.Node
	add := func(n *expr.Node) {
		if n.Op.Name != expr.OpNum && !slices.Contains(out, n) && len(out) < 60 {
			out = append(out, n)
		}
	}
	var sizes []*expr.SizeName
	roots := []*expr.Node{q.p.prog.Result, q.claim}
	if q.truth != nil {
		roots = append(roots, q.truth)
	}
	for _, r := range roots {
		someNode(r, map[*expr.Node]bool{}, func(n *expr.Node) bool {
			sizes = n.Shape.Cols.Names(n.Shape.Rows.Names(sizes))
			for _, d := range n.Sizes {
				sizes = d.Names(sizes)
			}
			if n.Index != nil {
				sizes = n.Index.Size.Names(sizes)
			}
			return false
		})
	}
	for _, s := range sizes {
		add(b.Size(b.Sizes.Size(s.Name)))
	}
	for i, s := range sizes {
		for _, t := range sizes[i+1:] {
			add(b.Size(b.Mul(b.Sizes.Size(s.Name), b.Sizes.Size(t.Name))))
		}
	}
	bound := map[*expr.Node]bool{}
	for _, r := range roots {
		someNode(r, map[*expr.Node]bool{}, func(n *expr.Node) bool {
			if n.Shape.IsScalar() && !boundInside(n, bound) {
				add(n)
			}
			return false
		})
	}
	return out
}

// boundInside reports whether a node has a value only inside a sum; known has the nodes
// that have been looked at.
func boundInside(n *expr.Node, known map[*expr.Node]bool) bool {
	is, ok := known[n]
	if !ok {
		is = n.Op.Name != expr.OpSumOver && (n.Op.Name == expr.OpMember || n.Op.Name == expr.OpIndex ||
			slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return boundInside(a, known) }))
		known[n] = is
	}
	return is
}

// An otherKind says what else a claim is.
type otherKind struct {
	kind string
	name string // the variable, the structure
	n    int    // the order
}

// others lists what else the claim may be.
func (v *verifier) others(c *claim, q *question) []diagnose.Other {
	p := q.p
	var out []diagnose.Other
	add := func(x view, where func(*expr.Symbol) expr.Fact, tag otherKind) {
		if q.diff.Family != nil || len(x.sum.Terms) > maxTerms || len(x.sum.Slots) > 8 {
			return
		}
		if n, form := p.rs.Raise(x.sum, x.axes); form != raise.Index {
			out = append(out, diagnose.Other{Node: n, Where: where, Tag: tag})
		}
	}
	if c.kind == derivativeClaim && q.moves {
		if o, err := v.differential(&claim{kind: differentialClaim, of: c.of, rhs: c.rhs, lhs: c.lhs}); err == nil && o.truth != nil {
			// It is a node of another builder: what it says is compared by names.
			out = append(out, diagnose.Other{Node: o.truth, Tag: otherKind{kind: "differential", name: o.symbol}})
		}
		v.now = p
	}
	if q.deriv == nil {
		return out
	}
	order := len(q.deriv.Wrt)
	s := q.by
	if order == 1 && p.f.scalar() && !p.req.Structured && s.Shape.Rows == s.Shape.Cols && s.Shape.IsMatrix() {
		for _, structure := range []string{"symmetric", "diagonal"} {
			fact := expr.Symmetric
			if structure == "diagonal" {
				fact = expr.Diagonal
			}
			req := *p.req
			p.req.Constraint = structure
			x, _, _, err := p.structured(*q.view, s)
			*p.req = req
			if err == nil {
				add(x, func(t *expr.Symbol) expr.Fact {
					if t == s {
						return fact
					}
					return 0
				}, otherKind{kind: "structured-gradient", name: structure})
			}
		}
	}
	if q.deriv.Structured != "" {
		add(p.simplify(p.derive(p.f, s)), nil, otherKind{kind: "unstructured-gradient"})
	}
	x := p.f
	add(p.simplify(x), nil, otherKind{kind: "function-itself"})
	p.possible(func() { out = append(out, q.derivatives(v, order)...) })
	return out
}

// possible runs f and reports whether it could be done: false where f asks for what
// index form cannot express, such as the derivative by an exponent.
func (p *problem) possible(f func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if p.fault(r) == nil {
				panic(r)
			}
			ok = false
		}
	}()
	f()
	return true
}

// derivatives are the derivatives of other orders and by other variables.
func (q *question) derivatives(v *verifier, order int) []diagnose.Other {
	p, s, x := q.p, q.by, q.p.f
	var out []diagnose.Other
	add := func(x view, tag otherKind) {
		if q.diff.Family != nil || len(x.sum.Terms) > maxTerms || len(x.sum.Slots) > 8 {
			return
		}
		if n, form := p.rs.Raise(x.sum, x.axes); form != raise.Index {
			out = append(out, diagnose.Other{Node: n, Tag: tag})
		}
	}
	for k := 1; k <= min(order+1, 3); k++ {
		if k > 1 && s.Family != nil {
			break // see familyTwice
		}
		x = p.derive(x, s)
		if len(x.sum.Terms) > maxTerms || len(x.sum.Slots) > 8 {
			break
		}
		if k != order {
			add(p.simplify(x), otherKind{kind: "other-order", n: k})
		}
	}
	if order == 1 {
		for _, t := range p.b.Symbols() {
			if t == s || t.Kind == expr.Function || t.Facts.Has(expr.Constant) || t.Family != nil || strings.HasPrefix(t.Name, "d") && p.isMoving(v, t) {
				continue
			}
			p.possible(func() { add(p.simplify(p.derive(p.f, t)), otherKind{kind: "other-variable", name: t.Name}) })
		}
	}
	return out
}

func (p *problem) isMoving(v *verifier, s *expr.Symbol) bool {
	return slices.ContainsFunc(v.moving, func(d differential) bool { return "d"+d.of == s.Name })
}

// example looks for a point of small integers at which claim and truth differ: first
// for one where both values are simple fractions.
func (q *question) example() *Counterexample {
	var out *Counterexample
	for _, exact := range []bool{true, false} {
		tries := 60
		if exact {
			tries = 24
		}
		t := q.diff.Small(tries, func(t *eval.Trial, truth, claim expr.Dense) bool {
			out = q.differs(t, truth, claim, exact)
			return out != nil
		})
		if t == nil {
			continue
		}
		for _, s := range t.Sizes() {
			if p := q.p.b.LookupSize(s.Name); p != nil && p.Symbol != nil {
				continue // an integer variable, shown below
			}
			out.Sizes = append(out.Sizes, s.Name+" = "+strconv.Itoa(s.Value))
		}
		for _, n := range t.Named() {
			x := Value{Name: n.Symbol.Name, Kind: [...]string{"scalar", "vector", "matrix"}[n.Symbol.Kind]}
			for _, d := range n.Values {
				var rows [][]string
				for i := range d.Rows {
					var row []string
					for j := range d.Cols {
						row = append(row, numberText(d.At(i, j)))
					}
					rows = append(rows, row)
				}
				x.Entries = append(x.Entries, rows)
			}
			out.Variables = append(out.Variables, x)
		}
		return out
	}
	return nil
}

// differs returns an entry in which claim and truth differ at a point, nil if there is
// none that can be shown.
func (q *question) differs(t *eval.Trial, truth, claim expr.Dense, exact bool) *Counterexample {
	undefined := claim.Data == nil
	if undefined != (q.undefined) || !undefined && (truth.Rows != claim.Rows || truth.Cols != claim.Cols) {
		return nil
	}
	scale := math.Max(largest(truth), 1e-3)
	for i := range truth.Data {
		row, col := i/truth.Cols+1, i%truth.Cols+1
		x := &Counterexample{Row: row, Col: col, True: numberText(truth.Data[i]), Claimed: "undefined"}
		if !undefined {
			if !(math.Abs(truth.Data[i]-claim.Data[i]) > 1e-3*scale) && scale < 1e9 {
				continue
			}
			x.Claimed = numberText(claim.Data[i])
		}
		if exact && (strings.HasPrefix(x.True, "≈") || strings.HasPrefix(x.Claimed, "≈")) {
			return nil
		}
		d, err := q.differenceAt(t, row, col)
		switch {
		case err != nil && (q.numbers != nil && q.numbers.FView == nil || q.from != nil):
			if exact {
				return nil // beside a kink
			}
		case err == nil:
			if math.Abs(d-truth.Data[i]) > 1e-4*math.Max(1, math.Abs(truth.Data[i])) {
				return nil
			}
			x.Differences = strconv.FormatFloat(d, 'f', 6, 64)
			x.Differences = strings.Replace(x.Differences, "-", "−", 1)
			if math.Abs(d) < 1e-8*math.Max(1, scale) {
				x.Differences = "0.000000"
			} else if math.Abs(d) >= 1e6 || math.Abs(d) < 1e-3 {
				x.Differences = strings.Replace(strconv.FormatFloat(d, 'g', 7, 64), "-", "−", 1)
			}
		}
		return x
	}
	return nil
}

// differenceAt is what differences give for an entry of the truth.
func (q *question) differenceAt(t *eval.Trial, row, col int) (float64, error) {
	if q.numbers != nil && q.numbers.FView == nil {
		return t.Difference(q.numbers, row, col)
	}
	if q.from == nil {
		return 0, errNoDifferences
	}
	d, err := q.along(t)
	if err != nil || row > d.Rows || col > d.Cols {
		return 0, errNoDifferences
	}
	return d.At(row-1, col-1), nil
}

// numberText writes a value: exactly if it is a simple fraction, else to six digits.
func numberText(x float64) string {
	if r, ok := diagnose.Simple(x); ok {
		if _, den, small := r.Small(); small && den <= 128 && math.Abs(r.Float64()-x) <= 1e-13*math.Max(1, math.Abs(x)) {
			return strings.Replace(r.String(), "-", "−", 1)
		}
	}
	return "≈ " + strings.Replace(strconv.FormatFloat(x, 'g', 6, 64), "-", "−", 1)
}
