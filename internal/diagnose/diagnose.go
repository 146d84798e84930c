// Package diagnose finds out how a claimed formula differs from the true one.
//
// It tries, in a fixed order, what people get wrong: a transpose, a layout, a sign, a
// factor, a fact that is not declared, a term, a step of the chain rule. Every guess
// is compared with the claim by value at points of several sizes; a finding is what
// agrees at all of them. Call Compare to see whether two formulas are equal and Find
// for what is wrong.
package diagnose

import (
	"errors"
	"math"
	"slices"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A Kind names what is wrong with a claim. The names are stable.
type Kind string

// What can be wrong with a claim. Surplus is what the claim has and the truth has
// not, missing the reverse.
const (
	Transposed       Kind = "transposed"
	OtherLayout      Kind = "other-layout"
	OtherVec         Kind = "other-vec-order"
	Sign             Kind = "sign"
	WrongFactor      Kind = "factor"
	SignTransposed   Kind = "sign-and-transposed"
	FactorTransposed Kind = "factor-and-transposed"
	NeedsFact        Kind = "needs-fact"
	Alternative      Kind = "alternative"
	ZeroClaim        Kind = "zero"
	NotZero          Kind = "not-zero"
	MissingTerm      Kind = "missing-term"
	SurplusTerm      Kind = "surplus-term"
	TermSign         Kind = "term-sign"
	TermCoefficient  Kind = "term-coefficient"
	MissingFactor    Kind = "missing-factor"
	SurplusFactor    Kind = "surplus-factor"
	MissingTranspose Kind = "missing-transpose"
	SurplusTranspose Kind = "surplus-transpose"
	MissingInverse   Kind = "missing-inverse"
	SurplusInverse   Kind = "surplus-inverse"
	FactorOrder      Kind = "factor-order"
	Exponent         Kind = "exponent"
	WrongShape       Kind = "wrong-shape"
	WrongPart        Kind = "wrong-part"
	NoValue          Kind = "no-value" // at no point that was tried
	NarrowerDomain   Kind = "narrower-domain"
	Close            Kind = "close"
	Different        Kind = "different"
)

// A Question is a claim that may be wrong.
type Question struct {
	B *expr.Builder
	// Domain are the expressions that must have a value where the two are compared.
	Domain []*expr.Node
	// Truth is the true formula; where it has no matrix notation it is nil and View
	// has its value.
	Truth *expr.Node
	View  *eval.View
	Claim *expr.Node
	// Family is the index of the member that a derivative is by, or nil.
	Family *expr.Index
	More   []*expr.Symbol
	// Terms and ClaimTerms are the terms of both, multiplied out, as far as known.
	Terms, ClaimTerms []*expr.Node
	// Scalars are what a factor may be a power of, sizes and variables first.
	Scalars []*expr.Node
	// Layouts says that the other layout is the transpose.
	Layouts bool
	// VecRows and VecCols are the shapes that vec makes the rows and the columns
	// from, where an axis is a vec of a matrix; ByRows says how.
	VecRows, VecCols *expr.Shape
	ByRows           bool
	// Free are the variables that more may be known of than is declared.
	Free []*expr.Symbol
	// Others returns other things that the claim may be, in order.
	Others func() []Other

	trials []*eval.Trial
	truth  []expr.Dense
	claim  []expr.Dense // Data is nil where the claim has no value
}

// An Other is something else that a claim may be: the derivative of another order,
// by another variable.
type Other struct {
	Node *expr.Node
	View *eval.View
	// Where are facts at which alone it is compared; nil for everywhere.
	Where func(*expr.Symbol) expr.Fact
	Tag   any // what the caller calls it
}

// A Factor is a number times a power of a scalar.
type Factor struct {
	Number rat.Rat
	Base   *expr.Node // nil for none
	Exp    rat.Rat
}

// A Known is a fact of a variable.
type Known struct {
	Symbol *expr.Symbol
	Fact   expr.Fact
}

// A Finding says what is wrong.
type Finding struct {
	Kind Kind
	// Factor is what the truth must be multiplied by to be the claim; for a term, what
	// the true term must be.
	Factor Factor
	// Part is the term or factor, Within the product or sum that it belongs to.
	Part, Within *expr.Node
	Facts        []Known
	Other        *Other
	// Negative says that the sign is wrong besides.
	Negative bool
}

// Compare draws points and reports whether claim and truth agree at all of them, and
// whether the claim has a value at all of them. It is a *eval.NoPoint where nothing
// could be compared.
func (q *Question) Compare() (equal, defined bool, err error) {
	d := q.drawing()
	q.trials, err = d.Draw()
	if err != nil {
		return false, false, err
	}
	return q.evaluate()
}

// Apart looks for a point at which a claim that agrees so far differs, and takes it among
// the points if there is one. A function with a kink is another on the other side, so
// points are drawn near and far, of either sign; without kinks there is none to look for.
func (q *Question) Apart(tries int) bool {
	if !kinks(q.Claim) && (q.Truth == nil || !kinks(q.Truth)) {
		return false
	}
	var truth, claim expr.Dense
	t := q.drawing().Scattered(tries, func(t *eval.Trial) bool {
		var err error
		if truth, err = q.trueValue(t); err != nil {
			return false
		}
		claim, err = t.Value(q.Claim, q.Family)
		return err == nil && !(eval.Apart(truth, claim) <= certain)
	})
	if t == nil {
		return false
	}
	q.trials, q.truth, q.claim = append(q.trials, t), append(q.truth, truth), append(q.claim, claim)
	return true
}

func kinks(n *expr.Node) bool {
	found := false
	expr.Walk(n, func(n *expr.Node) { found = found || n.Op.Kink })
	return found
}

// Small looks for a point of small numbers that accept takes; nil if there is none.
// accept gets the values of the truth and of the claim, the latter without Data where
// the claim has none.
func (q *Question) Small(tries int, accept func(t *eval.Trial, truth, claim expr.Dense) bool) *eval.Trial {
	return q.drawing().Small(tries, func(t *eval.Trial) bool {
		a, err := q.trueValue(t)
		if err != nil {
			return false
		}
		c, err := t.Value(q.Claim, q.Family)
		if err != nil {
			c = expr.Dense{}
		}
		return accept(t, a, c)
	})
}

// Points is the number of points at which Compare compared.
func (q *Question) Points() int { return len(q.trials) }

// Trials are those points.
func (q *Question) Trials() []*eval.Trial { return q.trials }

func (q *Question) drawing() *eval.Drawing {
	d := &eval.Drawing{Reg: q.B, Domain: q.Domain, Also: []*expr.Node{q.Claim}, More: q.More, Family: q.Family}
	if q.Truth != nil {
		d.Domain = append(append([]*expr.Node(nil), q.Domain...), q.Truth)
	}
	return d
}

func (q *Question) trueValue(t *eval.Trial) (expr.Dense, error) {
	if q.Truth != nil {
		return t.Value(q.Truth, q.Family)
	}
	return t.ViewValue(q.View)
}

const (
	close    = 1e-9 // agreement
	certain  = 1e-6 // from here on a deviation is no rounding
	guessing = 1e-7 // agreement of a guess with a claim that is wrong
)

// evaluate compares at every trial. Rounding at a badly conditioned point may pass the
// bound for agreement at some of the points, never at a fifth of them.
func (q *Question) evaluate() (equal, defined bool, err error) {
	equal, defined = true, true
	good, seen := 0, 0
	var large error
	kept := q.trials[:0]
	q.truth, q.claim = nil, nil
	for _, t := range q.trials {
		a, err := q.trueValue(t)
		if err != nil {
			continue
		}
		c, err := t.Value(q.Claim, q.Family)
		switch {
		case errors.Is(err, eval.ErrTooLarge) || errors.Is(err, eval.ErrTooLong):
			large = err // smaller sizes may do
			continue
		case err != nil:
			c, defined = expr.Dense{}, false
		}
		kept = append(kept, t)
		q.truth, q.claim = append(q.truth, a), append(q.claim, c)
		if c.Data == nil {
			continue
		}
		seen++
		worst := eval.Apart(a, c)
		if worst <= close {
			good++
		}
		if !(worst <= certain) {
			equal = false
		}
	}
	q.trials = kept
	switch {
	case len(kept) == 0 && large != nil:
		return false, false, large
	case len(kept) == 0:
		return false, false, &eval.NoPoint{Reason: "the derivative has no value at the points that were tried"}
	}
	if 5*good < 4*seen || seen == 0 {
		equal = false
	}
	return equal, defined, nil
}

// Agrees reports whether a formula agrees with the truth as well as a claim must.
func (q *Question) Agrees(n *expr.Node) bool {
	seen := 0
	for i, t := range q.trials {
		v, err := t.Value(n, q.Family)
		if err != nil {
			continue
		}
		if d := eval.Apart(v, q.truth[i]); !(d <= close) {
			return false
		}
		seen++
	}
	return seen > 0
}

// matches reports whether f gives the claim at every trial at which the claim has a
// value.
func (q *Question) matches(f func(i int) (expr.Dense, bool)) bool {
	seen := 0
	for i := range q.trials {
		if q.claim[i].Data == nil {
			continue
		}
		v, ok := f(i)
		if !ok {
			return false
		}
		if d := eval.Apart(v, q.claim[i]); !(d <= guessing) {
			return false
		}
		seen++
	}
	return seen > 0
}

// A base is the truth or an arrangement of its entries.
type base struct {
	kind   Kind // "" for the truth itself
	values []expr.Dense
}

// Find returns what is wrong with a claim that Compare found to differ.
func (q *Question) Find() Finding {
	f := q.find()
	if f.Kind == Different && !q.sameShape() {
		f.Kind = WrongShape
	}
	return f
}

func (q *Question) sameShape() bool {
	for i := range q.claim {
		if c := q.claim[i]; c.Data != nil && (c.Rows != q.truth[i].Rows || c.Cols != q.truth[i].Cols) {
			return false
		}
	}
	return true
}

func (q *Question) find() Finding {
	if q.matches(func(i int) (expr.Dense, bool) { return q.truth[i], true }) {
		for _, c := range q.claim {
			if c.Data == nil {
				return Finding{Kind: NarrowerDomain}
			}
		}
		return Finding{Kind: Close}
	}
	if !slices.ContainsFunc(q.claim, func(c expr.Dense) bool { return c.Data != nil }) {
		return Finding{Kind: NoValue}
	}
	bases := q.bases()
	for _, b := range bases[1:] {
		if q.matches(func(i int) (expr.Dense, bool) { return b.values[i], true }) {
			f := Finding{Kind: b.kind}
			if known, ok := q.facts(likely[:1]); ok {
				f.Facts = known.Facts
			}
			return f
		}
	}
	if all(q.claim, zero) {
		return Finding{Kind: ZeroClaim}
	}
	if all(q.truth, zero) {
		return Finding{Kind: NotZero}
	}
	if f, ok := q.facts(likely); ok {
		return f
	}
	for _, b := range bases {
		if f, ok := q.factor(b); ok {
			return f
		}
	}
	if f, ok := q.others(); ok {
		return f
	}
	if q.sameShape() {
		if f, ok := q.terms(1); ok {
			return f
		}
	}
	if f, ok := q.edits(); ok {
		return f
	}
	if q.sameShape() {
		if f, ok := q.repair(); ok {
			return f
		}
		if f, ok := q.terms(3); ok {
			return f
		}
	}
	if f, ok := q.facts(unlikely); ok {
		return f
	}
	return Finding{Kind: Different}
}

func zero(d expr.Dense) bool {
	for _, v := range d.Data {
		if math.Abs(v) > 1e-12 {
			return false
		}
	}
	return true
}

func all(list []expr.Dense, f func(expr.Dense) bool) bool {
	for _, d := range list {
		if d.Data != nil && !f(d) {
			return false
		}
	}
	return true
}

// bases returns the truth and its arrangements that have the claim's shape.
func (q *Question) bases() []base {
	out := []base{{"", q.truth}}
	add := func(kind Kind, f func(i int, d expr.Dense) expr.Dense) {
		b := base{kind: kind}
		for i, d := range q.truth {
			v := f(i, d)
			if c := q.claim[i]; c.Data != nil && (v.Rows != c.Rows || v.Cols != c.Cols) {
				return
			}
			b.values = append(b.values, v)
		}
		out = append(out, b)
	}
	transpose := func(_ int, d expr.Dense) expr.Dense {
		t := expr.NewDense(d.Cols, d.Rows)
		for i := range d.Rows {
			for j := range d.Cols {
				t.Set(j, i, d.At(i, j))
			}
		}
		return t
	}
	if q.Layouts {
		add(OtherLayout, transpose)
	} else {
		add(Transposed, transpose)
	}
	if q.VecRows != nil || q.VecCols != nil {
		order := func(i int, d expr.Dense) expr.Dense {
			rows, cols := q.stack(i, q.VecRows, d.Rows), q.stack(i, q.VecCols, d.Cols)
			t := expr.NewDense(d.Rows, d.Cols)
			for r := range d.Rows {
				for c := range d.Cols {
					t.Set(rows[r], cols[c], d.At(r, c))
				}
			}
			return t
		}
		add(OtherVec, order)
	}
	return out
}

// stack returns where each entry of a vec stands in the other order of stacking.
func (q *Question) stack(trial int, s *expr.Shape, n int) []int {
	out := make([]int, n)
	for k := range out {
		out[k] = k
	}
	if s == nil {
		return out
	}
	rows, cols := q.trials[trial].Size(s.Rows), q.trials[trial].Size(s.Cols)
	if rows*cols != n {
		return out
	}
	for i := range rows {
		for j := range cols {
			byCols, byRows := j*rows+i, i*cols+j
			if q.ByRows {
				out[byRows] = byCols
			} else {
				out[byCols] = byRows
			}
		}
	}
	return out
}

func (q *Question) others() (Finding, bool) {
	if q.Others == nil {
		return Finding{}, false
	}
	for _, o := range q.Others() {
		value := func(t *eval.Trial) (expr.Dense, bool) {
			if o.View != nil {
				v, err := t.ViewValue(o.View)
				return v, err == nil
			}
			v, err := t.Value(o.Node, q.Family)
			return v, err == nil
		}
		if o.Where == nil {
			if q.matches(func(i int) (expr.Dense, bool) { return value(q.trials[i]) }) {
				return Finding{Kind: Alternative, Other: &o}, true
			}
			continue
		}
		if q.holdsAt(o.Where, value) {
			return Finding{Kind: Alternative, Other: &o}, true
		}
	}
	return Finding{}, false
}

// holdsAt reports whether the claim has the given value at points where facts hold.
func (q *Question) holdsAt(facts func(*expr.Symbol) expr.Fact, value func(*eval.Trial) (expr.Dense, bool)) bool {
	for _, few := range []bool{true, false} {
		d := q.drawing()
		d.Facts, d.Few, d.Seed = facts, few, 1000
		trials, err := d.Draw()
		if err != nil || len(trials) < 2 && !few {
			return false
		}
		for _, t := range trials {
			want, ok := value(t)
			if !ok {
				return false
			}
			got, err := t.Value(q.Claim, q.Family)
			if err != nil {
				return false
			}
			if e := eval.Apart(want, got); !(e <= guessing) {
				return false
			}
		}
	}
	return true
}
