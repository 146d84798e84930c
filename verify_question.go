package nabla

import (
	"errors"
	"slices"
	"strings"

	"example.com/nabla/internal/diagnose"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/syntax"
)

// A question is a claim beside the truth.
type question struct {
	p       *problem
	claim   *expr.Node
	truth   *expr.Node // nil for one in index notation
	view    *view      // nil if the truth has none
	by      *expr.Symbol
	symbol  string
	latex   string
	true_   Formula
	deriv   *Derivative
	diff    diagnose.Question
	moves   bool // the claim mentions differentials
	numbers *eval.Problem

	lowered, difference *view
	// Variables and the directions that they move in.
	from, to  []*expr.Symbol
	replaced  map[*expr.Node]*expr.Node // variables of the claim by what they stand for
	undefined bool                      // the claim lacks a value where the truth has one
}

func (v *verifier) derivative(c *claim) (*question, error) {
	by, order := v.req.by(), max(1, v.req.Order)
	if c.by != "" {
		by = c.by
	}
	if c.order > 0 {
		order = c.order
	}
	if s := v.first.prog.Lookup(by); s == nil && !v.defines(by) {
		return nil, v.text.fail(c.lhs, say("unknown name %s", by), none)
	}
	p, node, err := v.open(c, c.of, by, order, nil)
	if err != nil {
		return nil, err
	}
	if err := p.differentiate(); err != nil {
		return nil, err
	}
	d := &p.res.Derivatives[0]
	s := p.prog.Wrt[0]
	q := &question{p: p, claim: node, truth: p.last.node, view: &p.last.view, by: s, symbol: d.Symbol, latex: d.SymbolLaTeX, deriv: d}
	q.true_ = Formula{d.Symbol, d.SymbolLaTeX, d.Text, d.Language, d.LaTeX, d.Shape}
	q.moves = v.mentionsMoving(c)
	q.numbers = &p.last.check
	q.diff.Family = s.Family
	f := p.last.of
	q.diff.Layouts = !f.scalar()
	if d.Vec != "" {
		rows, cols := shapeOf(p, f), s.Shape
		if p.req.Layout == Denominator {
			rows, cols = cols, rows
		}
		q.diff.VecRows, q.diff.VecCols = &rows, &cols
		q.diff.ByRows = p.req.Vec == Rows
	}
	return q, nil
}

// shapeOf is the shape of a view.
func shapeOf(p *problem, v view) expr.Shape {
	size := func(slots []int) *expr.Dim {
		d := p.b.One()
		for _, s := range slots {
			d = p.b.Mul(d, v.sum.Slots[s])
		}
		return d
	}
	return expr.Shape{Rows: size(v.axes.Rows), Cols: size(v.axes.Cols)}
}

func (v *verifier) mentionsMoving(c *claim) bool {
	names := mentioned(c.expr, nil)
	return slices.ContainsFunc(v.moving, func(d differential) bool { return slices.Contains(names, "d"+d.of) })
}

// value is the claim that a quantity is written in another way.
func (v *verifier) value(c *claim) (*question, error) {
	if v.isOwn(c.of) { // a name of the claim's own
		return v.ownValue(c)
	}
	of := c.of
	if of == v.first.prog.ResultName {
		of = ""
	}
	p, node, err := v.open(c, of, v.req.by(), 1, nil)
	if err != nil {
		return nil, err
	}
	if err := p.prepare(p.prog.Wrt); err != nil {
		return nil, err
	}
	p.describe()
	return v.plainQuestion(p, node, p.prog.Result, c.of), nil
}

func (v *verifier) isOwn(name string) bool {
	return slices.ContainsFunc(v.own, func(d *syntax.Definition) bool { return d.Name.Name == name })
}

func (v *verifier) ownValue(c *claim) (*question, error) {
	var body syntax.Expr
	for _, d := range v.own {
		if d.Name.Name == c.of {
			body = d.Body
		}
	}
	p, node, err := v.open(c, c.of, v.req.by(), 1, body)
	if err != nil {
		return nil, err
	}
	if err := p.prepare(nil); err != nil {
		return nil, err
	}
	p.describe()
	return v.plainQuestion(p, node, p.prog.Result, c.of), nil
}

// plainQuestion compares a claim with a node.
func (v *verifier) plainQuestion(p *problem, claim, truth *expr.Node, symbol string) *question {
	q := &question{p: p, claim: claim, truth: truth, by: p.prog.Wrt[0], symbol: symbol}
	low := p.restored()
	if x, ok := lowered(p, low, truth); ok {
		q.view = &x
	}
	q.true_ = p.formula(truth, symbol)
	return q
}

// mentionsAny reports whether a node contains the variable.
func mentionsAny(n, variable *expr.Node, seen map[*expr.Node]bool) bool {
	if n == variable {
		return true
	}
	if seen[n] {
		return false
	}
	seen[n] = true
	return slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return mentionsAny(a, variable, seen) })
}

// scattered is the number of further points at which a claim with kinks that agrees by
// value is compared.
const scattered = 400

// judge compares claim and truth and fills in the verdict.
func (v *verifier) judge(c *claim, q *question) error {
	p, out := q.p, v.out
	out.Result = p.res
	out.Result.Derivatives = nil
	v.given(out.Result)
	out.Derivative = q.deriv
	if q.claim.Op.Name == expr.OpNum && q.claim.Num.IsZero() && q.shape() != nil && !q.shape().IsScalar() {
		q.claim = p.b.Sized(expr.OpZeros, q.shape().Rows, q.shape().Cols)
	}
	out.Claimed = p.formula(p.abbreviate(q.claim), q.symbol)
	if q.latex != "" { // a name has its own
		out.Claimed.SymbolLaTeX = q.latex
	}
	if slices.ContainsFunc(mentioned(c.expr, nil), func(n string) bool { return strings.HasPrefix(n, "∂") }) {
		out.Claimed.Text = strings.Join(strings.Fields(v.text.file.Slice(c.rhs)), " ")
	}
	out.True = q.true_
	q.claim = p.b.Replace(q.claim, q.replaced)
	same := q.canonical()
	d := &q.diff
	d.B, d.Claim, d.Truth = p.b, q.claim, q.truth
	d.Domain = append(d.Domain, p.prog.Result)
	d.More = append(d.More, q.by)
	if q.truth == nil {
		d.View = p.evalView(*q.view)
		if s := q.by; s.Family != nil {
			d.View.Member = []int{len(q.view.sum.Slots) - 1}
		}
	}
	fits := q.shape() == nil || *q.shape() == q.claim.Shape
	equal, defined, err := d.Compare()
	switch {
	case err == nil:
	case same && fits: // no point to compare at, or sizes that are too large for it
		equal, defined = true, true
	default:
		var none *eval.NoPoint
		if errors.As(err, &none) {
			return plainError(say("the claim cannot be compared with the derivative: %s", say(none.Reason)))
		}
		return v.text.fail(c.rhs, say("the claim cannot be compared with the derivative: %s", message.Of(err)), message.Text{})
	}
	if err := q.proves(); err != nil {
		return err
	}
	equal = equal && fits && (same || !q.faint() && !q.unresolved() && !d.Apart(scattered))
	line := VerifiedLine{Line: c.line, Equal: equal && defined, Claimed: out.Claimed}
	out.Points = d.Points()
	out.Equal = line.Equal
	switch {
	case line.Equal && same:
		line.Argument = CanonicalForm
	case line.Equal:
		line.Argument = ByNumbers
	}
	out.Argument = line.Argument
	out.Lines = append(out.Lines, line)
	if out.Equal {
		return nil
	}
	out.Line = c.line
	return v.explain(c, q)
}

// shape is the shape of the truth, nil if it is in index notation.
func (q *question) shape() *expr.Shape {
	if q.truth != nil {
		return &q.truth.Shape
	}
	s := shapeOf(q.p, *q.view)
	return &s
}

// terms raises the terms of a view one by one.
func (p *problem) terms(x view) []*expr.Node {
	if len(x.sum.Terms) > 24 {
		return nil
	}
	var out []*expr.Node
	for i := range x.sum.Terms {
		r := p.st.Raw(x.sum.Slots)
		r.MulTerm(&x.sum.Terms[i], r.Slot)
		n, form := p.rs.Raise(p.st.SumOf(x.sum.Slots, r), x.axes)
		if form == raise.Index {
			return nil
		}
		out = append(out, p.abbreviate(n))
	}
	return out
}
