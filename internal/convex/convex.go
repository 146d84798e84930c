// Package convex decides whether a scalar function is convex, concave or affine in
// some of its variables, and says why.
//
// Two ways are tried, both in index form, where equal things are equal whatever
// their spelling. The first is composition (disciplined convex programming): what a
// function does to curvature stands in the operators' rows, and what products, norms
// and quadratic forms do in rules of this package. The second reads the Hessian as a
// sum of squares Σ MᵀDM with D ≥ 0. What is missing for a proof may become a
// condition of the verdict: on a parameter (λ ≥ 0, A ⪰ 0) or on the domain (x > 0).
//
// Every verdict is compared with chords at random points before it is given.
//
// Call Analyse.
package convex

import (
	"fmt"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/simplify"
)

// A Curvature is a verdict in one word.
type Curvature string

// Curvatures. What is Conditional is convex or concave under conditions. A function
// that is Neither is known by points to be neither convex nor concave, though it may
// be so on a part of its domain; of an Unknown one nothing was shown.
const (
	Affine      Curvature = "affine"
	Convex      Curvature = "convex"
	Concave     Curvature = "concave"
	Conditional Curvature = "conditional"
	Neither     Curvature = "neither"
	Unknown     Curvature = "unknown"
)

// A Problem is a scalar expression and the variables in which it is looked at,
// jointly.
type Problem struct {
	Node *expr.Node // the expression
	// F is Node in index form, lowered by Low with the variables Wrt bare.
	F      *index.Sum
	Low    *lower.Lowerer
	Wrt    []*expr.Symbol
	Raiser *raise.Raiser
	Print  *print.Options

	function *expr.Symbol
	blocks   []*index.Sum // the second derivatives by each two variables, row by row; nil for none
	facts    *index.Sum   // F with the facts of the variables in force
}

// A Verdict is one thing that was shown.
type Verdict struct {
	Curvature Curvature
	// Conditions are what the verdict rests on besides the declared facts; without
	// any it holds wherever the function has a value. Domain are the conditions that
	// say where it has one.
	Conditions, Domain []Condition
	// Strict and Strong say that the function is strictly or strongly convex or
	// concave, under StrictIf.
	Strict, Strong bool
	StrictIf       []Condition
	// Method is "rules" or "hessian", Lines the certificate, the innermost first.
	Method string
	Lines  []Line
	Check  Check
}

// Unconditional reports whether the verdict holds wherever the function has a value.
func (v *Verdict) Unconditional() bool { return len(v.Conditions) == 0 }

// A Report has the verdicts on a function.
type Report struct {
	// Curvature is that of the one verdict that needs no condition, or else
	// Conditional, Neither or Unknown.
	Curvature Curvature
	// Verdicts are what was shown: one without conditions, or else at most one for
	// convex and one for concave.
	Verdicts []Verdict
	// Counter are points that refute convexity and concavity, where they were found:
	// for a function that is Neither, and for an Unknown one perhaps one of them.
	Counter []Counterexample
}

// A Check is the record of the comparison with chords.
type Check struct {
	Chords int      // compared
	Sizes  []string // at which sizes: "m = 3, n = 2"
	// Reason says why nothing could be compared.
	Reason string
}

// A Refuted error is an analysis that numbers contradict: a fault of this package.
type Refuted struct{ Message string }

func (r *Refuted) Error() string { return r.Message }

// maxConditions bounds the conditions of a verdict besides the natural domain.
const maxConditions = 2

// Analyse decides about the curvature of a problem.
func Analyse(p *Problem) (*Report, error) {
	p.facts = simplify.Restore(p.Low.St, p.F)
	a := newAnalyser(p.Low.St, p.Wrt)
	rep := &Report{}
	var verdicts []Verdict
	if a.isAffine(p.facts) {
		v := Verdict{Curvature: Affine, Method: "rules"}
		v.Lines = p.lines([]Step{{Rule: "affine", Sum: p.facts}})
		verdicts = append(verdicts, v)
	}
	var hessians []form
	separate, tried := false, false
	second := func() bool {
		if !tried {
			tried = true
			hessians, separate = p.hessians()
		}
		return separate
	}
	// Without conditions first, then with one, then with two; each way in turn.
	for allow := 0; allow <= maxConditions && len(verdicts) == 0; allow++ {
		for _, g := range []goal{convex, concave} {
			for _, method := range []string{"rules", "hessian"} {
				if method == "hessian" && !second() {
					continue
				}
				a.reset(allow)
				var q *proof
				ok := a.attempt(func() (ok bool) {
					if method == "rules" {
						q, ok = a.prove(p.facts, g)
					} else {
						q, ok = a.proveHessian(p, hessians, g)
					}
					return ok
				})
				if !ok {
					continue
				}
				v := p.verdict(a, q, g, method)
				if method == "hessian" && !slices.ContainsFunc(hessians, func(f form) bool { return !f.s.IsZero() }) {
					v.Curvature, v.Strict, v.Strong = Affine, false, false
				}
				verdicts = append(verdicts, v)
				break
			}
			if len(verdicts) > 0 && verdicts[0].Unconditional() {
				break
			}
		}
	}
	if len(verdicts) == 0 || !verdicts[0].Unconditional() {
		if second(); !separate {
			if v, ok := p.numbers(); ok {
				verdicts = []Verdict{v}
			}
		}
	}
	for i := range verdicts {
		if err := p.check(&verdicts[i]); err != nil {
			return nil, err
		}
	}
	// What could not be compared at a single point is not shown.
	verdicts = slices.DeleteFunc(verdicts, func(v Verdict) bool { return v.Check.Chords == 0 && v.Curvature != Affine })
	rep.Verdicts = verdicts
	switch {
	case len(verdicts) > 0 && verdicts[0].Unconditional():
		rep.Curvature = verdicts[0].Curvature
		return rep, nil
	case slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.onParameters() }):
		// What holds at some parameters a search at random ones does not refute.
		rep.Curvature = Conditional
		return rep, nil
	}
	rep.Curvature = Unknown
	if len(verdicts) > 0 {
		rep.Curvature = Conditional
	}
	if rep.Counter = p.refute(a); len(rep.Counter) == 2 {
		rep.Curvature = Neither
	}
	return rep, nil
}

// onParameters reports whether a verdict rests on conditions of parameters alone.
func (v *Verdict) onParameters() bool {
	return len(v.Conditions) > 0 && !slices.ContainsFunc(v.Conditions, func(c Condition) bool { return c.Domain })
}

func (a *analyser) reset(allow int) {
	a.conds, a.allow, a.steps, a.depth = nil, allow, 0, 0
	clear(a.ranges)
}

func (p *Problem) verdict(a *analyser, q *proof, g goal, method string) Verdict {
	v := Verdict{Curvature: Convex, Method: method}
	if g == concave {
		v.Curvature = Concave
	}
	conds := slices.Clone(a.conds)
	if strictIf, strong, ok := q.covers(p.Wrt); ok && len(strictIf) <= maxConditions+1 {
		v.Strict, v.Strong, v.StrictIf = true, strong, strictIf
	}
	for _, c := range conds {
		p.describe(&c)
		if c.Natural {
			v.Domain = append(v.Domain, c)
		} else {
			v.Conditions = append(v.Conditions, c)
		}
	}
	for i := range v.StrictIf {
		p.describe(&v.StrictIf[i])
	}
	v.StrictIf = slices.DeleteFunc(v.StrictIf, func(c Condition) bool {
		return slices.ContainsFunc(conds, func(d Condition) bool { return c.Operand == d.Operand && c.Relation == d.Relation })
	})
	v.Lines = p.lines(q.steps)
	return v
}

func sizesText(sizes []size) string {
	text := ""
	for i, s := range sizes {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s = %d", s.Name, s.Value)
	}
	return text
}
