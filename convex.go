package nabla

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"example.com/nabla/internal/convex"
	"example.com/nabla/internal/expr"
)

// A ConvexRequest asks whether a scalar is convex, concave or affine in variables.
type ConvexRequest struct {
	Program string // text in the language; its last expression is looked at
	File    string // name of the file the program came from, for messages; may be empty
	// Notation is what the program is written in.
	Notation Notation
	Vars     []Declaration // declarations from outside the program
	Closed   bool          // an undeclared name is an error
	// Wrt are the variables in which the expression is looked at, jointly. A variable
	// ranges over what its declaration allows; it may be left out if there is one.
	Wrt    []string
	Limits Limits // of time and memory
}

// A CurvatureReport says how a scalar is curved.
type CurvatureReport struct {
	Name, Expression, Shape string
	Variables               []Variable
	Definitions             []Named
	Notes                   []string
	NotesZH                 []string // the same in Chinese
	Wrt                     []string
	// Curvature is "affine", "convex" or "concave" where that holds wherever the
	// expression has a value, "conditional" where it holds under conditions,
	// "neither" where points are known that refute both, else "unknown".
	Curvature string
	// Verdicts are what was shown: one without conditions, or else what holds under
	// different ones.
	Verdicts []CurvatureVerdict
	// Counterexamples refute convexity or concavity at some values.
	Counterexamples []CurvatureCounterexample
	Seconds         float64
}

// A CurvatureVerdict is one thing that was shown, with its certificate.
type CurvatureVerdict struct {
	Curvature string // "affine", "convex" or "concave"
	// Strict says that it is strictly so, if the conditions StrictIf hold besides;
	// Strong, strongly so.
	Strict, Strong bool
	StrictIf       []CurvatureCondition
	// If lists the conditions without which it need not hold, Domain where the
	// expression has a value at all.
	If, Domain []CurvatureCondition
	// Method is "rules" (composition) or "hessian" (a sum of squares).
	Method      string
	Certificate []CurvatureStep
	Chords      int      // compared with values at random points
	Sizes       []string // the sets of sizes they were compared at
}

// A CurvatureCondition is a condition of a verdict.
type CurvatureCondition struct {
	Text, Chinese, LaTeX string
	OnVariables          bool // it restricts the variables, not the other names
	Exact                bool // the verdict holds if and only if it does
}

// A CurvatureStep is one line of a certificate; each follows from those before it.
type CurvatureStep struct {
	Rule             string
	English, Chinese string
	// EnglishTeX and ChineseTeX are the same with formulas as $LaTeX$; "" where there are none.
	EnglishTeX, ChineseTeX string
	Formula                CurvatureFormula // what the line is about
	Operands               []CurvatureFormula
}

// A CurvatureFormula is an expression in two notations.
type CurvatureFormula struct{ Text, LaTeX string }

// A CurvatureCounterexample is a segment on which an expression is not convex, or not concave:
// halfway its value is off the mean of the values at the ends.
type CurvatureCounterexample struct {
	Refutes            string // "convex" or "concave"
	Sizes              string
	Held               []CurvaturePoint // the other variables
	From, To           []CurvaturePoint // the ends
	AtFrom, AtTo, Half float64          // the values at the ends and halfway
}

// A CurvaturePoint is a variable at a point: rows of numbers.
type CurvaturePoint struct {
	Name string
	Rows [][]float64
}

// Curvature decides whether a scalar is convex, concave or affine. What it says is
// proved and compared with values at random points.
func Curvature(req ConvexRequest) (rep *CurvatureReport, err error) {
	if req.Notation != LanguageNotation {
		r := Request{Program: req.Program, File: req.File, Notation: req.Notation, Vars: req.Vars, Closed: req.Closed, Wrt: req.Wrt, Limits: req.Limits}
		t, err := r.translate()
		if err != nil {
			return nil, err
		}
		req.Program, req.Notation, req.Wrt = r.Program, LanguageNotation, r.Wrt
		if rep, err = Curvature(req); err != nil {
			return nil, t.place(err)
		}
		rep.Notes, rep.NotesZH = t.remarks(rep.Notes, rep.NotesZH)
		return rep, nil
	}
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(r any) error { return p.fault(r) })
		}
	}()
	inner := Request{Program: req.Program, File: req.File, Vars: req.Vars, Closed: req.Closed, Wrt: req.Wrt, TextOnly: true, Limits: req.Limits}
	inner.defaults()
	if p, err = open(&inner); err != nil {
		return nil, err
	}
	if len(inner.Wrt) == 0 {
		if inner.Wrt, err = p.onlyVariable("look at"); err != nil {
			return nil, err
		}
		if p, err = open(&inner); err != nil {
			return nil, err
		}
	}
	defer p.release()
	if err := p.curved(); err != nil {
		return nil, err
	}
	if err := p.prepare(p.prog.Wrt); err != nil {
		return nil, err
	}
	p.describe()
	return p.curvature()
}

// curved refuses what has no curvature: an expression that is no scalar and variables
// that do not range over a convex set.
func (p *problem) curved() error {
	if n := p.prog.Result; !n.Shape.IsScalar() {
		return plainError(say("convexity is asked of a scalar, and the expression is %s", shapeString(n.Shape)))
	}
	for i, s := range p.prog.Wrt {
		for _, f := range []struct {
			fact expr.Fact
			name string
		}{{expr.Onehot, "onehot"}, {expr.Orthogonal, "orthogonal"}, {expr.Integer, "integer"}} {
			if s.Facts.Has(f.fact) {
				return plainError(say("%s is declared %s and does not range over a convex set", s.Name, f.name))
			}
		}
		if s.Facts.Has(expr.Constant) {
			return plainError(say("%s is declared constant", s.Name))
		}
		if s.Kind == expr.Function {
			return plainError(say("%s is a function, not a variable", s.Name))
		}
		if slices.Contains(p.prog.Wrt[:i], s) {
			return plainError(say("%s is given twice", s.Name))
		}
	}
	return nil
}

func (p *problem) curvature() (*CurvatureReport, error) {
	r, err := convex.Analyse(&convex.Problem{Node: p.prog.Result, F: p.f.sum, Low: p.low, Wrt: p.prog.Wrt, Raiser: p.rs, Print: p.po})
	var refuted *convex.Refuted
	if errors.As(err, &refuted) {
		return nil, &InternalError{refuted.Message}
	}
	if err != nil {
		return nil, err
	}
	out := &CurvatureReport{Name: p.res.Name, Expression: p.res.Expression, Shape: p.res.Shape, Variables: p.res.Variables,
		Definitions: p.res.Definitions, Notes: p.res.Notes, NotesZH: p.res.NotesZH, Curvature: string(r.Curvature)}
	for _, s := range p.prog.Wrt {
		out.Wrt = append(out.Wrt, memberName(s))
	}
	for i := range r.Verdicts {
		out.Verdicts = append(out.Verdicts, curvatureVerdict(&r.Verdicts[i]))
	}
	for _, c := range r.Counter {
		out.Counterexamples = append(out.Counterexamples, p.counterexample(&c))
	}
	out.Seconds = (p.seconds + time.Since(p.begin)).Seconds()
	return out, nil
}

func curvatureVerdict(v *convex.Verdict) CurvatureVerdict {
	out := CurvatureVerdict{Curvature: string(v.Curvature), Strict: v.Strict, Strong: v.Strong, Method: v.Method,
		StrictIf: conditions(v.StrictIf), If: conditions(v.Conditions), Domain: conditions(v.Domain),
		Chords: v.Check.Chords, Sizes: v.Check.Sizes}
	for _, l := range v.Lines {
		s := CurvatureStep{Rule: l.Rule, English: l.English, Chinese: l.Chinese, EnglishTeX: l.EnglishTeX, ChineseTeX: l.ChineseTeX, Formula: CurvatureFormula(l.Formula)}
		for _, a := range l.Args {
			s.Operands = append(s.Operands, CurvatureFormula(a))
		}
		out.Certificate = append(out.Certificate, s)
	}
	return out
}

func conditions(list []convex.Condition) (out []CurvatureCondition) {
	for _, c := range list {
		out = append(out, CurvatureCondition{Text: c.Text, Chinese: c.Chinese, LaTeX: c.LaTeX, OnVariables: c.Domain, Exact: c.Exact})
	}
	return out
}

// counterexample writes the values of a counterexample by name, rounded to what a
// reader can check.
func (p *problem) counterexample(c *convex.Counterexample) CurvatureCounterexample {
	out := CurvatureCounterexample{Refutes: string(c.Refutes), Sizes: c.Sizes, AtFrom: c.From, AtTo: c.End, Half: c.Middle}
	var names []string
	for name := range c.Env.Vars {
		names = append(names, name)
	}
	order := map[string]int{}
	for _, s := range p.b.Symbols() {
		order[s.Name] = s.Ordinal
	}
	sort.Slice(names, func(i, j int) bool { return order[names[i]] < order[names[j]] })
	moving := func(name string) bool {
		return slices.ContainsFunc(p.prog.Wrt, func(s *expr.Symbol) bool { return s.Name == name })
	}
	for _, name := range names {
		if !moving(name) {
			out.Held = append(out.Held, value(name, c.Env.Vars[name]))
			continue
		}
		out.From = append(out.From, value(name, c.Env.Vars[name]))
		out.To = append(out.To, value(name, c.To.Vars[name]))
	}
	for _, s := range p.b.Symbols() {
		for i, d := range c.Env.Families[s.Name] {
			name := fmt.Sprintf("%s[%d]", s.Name, i+1)
			if !moving(s.Name) {
				out.Held = append(out.Held, value(name, d))
				continue
			}
			out.From = append(out.From, value(name, d))
			out.To = append(out.To, value(name, c.To.Families[s.Name][i]))
		}
	}
	return out
}

func value(name string, d expr.Dense) CurvaturePoint {
	v := CurvaturePoint{Name: name}
	for i := range d.Rows {
		v.Rows = append(v.Rows, d.Data[i*d.Cols:(i+1)*d.Cols])
	}
	return v
}

// String writes a value as the language would: 1.5, [1, 2] for a vector, rows
// separated by semicolons for a matrix.
func (v CurvaturePoint) String() string {
	var rows []string
	column := len(v.Rows) > 1 && len(v.Rows[0]) == 1
	for _, r := range v.Rows {
		var cells []string
		for _, x := range r {
			cells = append(cells, fmt.Sprintf("%.4g", x+math.Copysign(0, 1)))
		}
		rows = append(rows, strings.Join(cells, ", "))
	}
	text := strings.Join(rows, "; ")
	if column {
		text = strings.Join(rows, ", ")
	}
	if len(v.Rows) > 1 || len(v.Rows) == 1 && len(v.Rows[0]) > 1 {
		text = "[" + text + "]"
	}
	return v.Name + " = " + text
}
