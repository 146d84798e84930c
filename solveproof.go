package nabla

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/solve"
)

// Limits of the numeric check of a solution.
const (
	solveTolerance = 1e-6 // of a relative error
	solvePoints    = 2    // choices of sizes
	solveSeeds     = 8    // random points tried at one choice of sizes
	maxSizings     = 32
)

// prove puts numbers in: at random data at two choices of sizes the values found are
// computed, and every gradient, constraint and line must hold there. A value that
// cannot be computed anywhere makes the outcome Underdetermined; one that fails is an
// internal error.
func (q *stationary) prove() error {
	if len(q.assigned) == 0 {
		return nil
	}
	nodes := []*expr.Node{q.prog.Result}
	nodes = append(append(nodes, q.grads...), q.consts...)
	for _, a := range q.assigned {
		nodes = append(nodes, a.node)
	}
	for _, l := range q.lines {
		nodes = append(nodes, l.step.Left, l.step.Right)
	}
	for _, p := range q.joint.Parts {
		for _, c := range p.Conditions {
			n := c.Node
			if c.Kind == solve.Invertible {
				n = q.b.Node(expr.OpInv, n)
			}
			nodes = append(nodes, n)
		}
	}
	c := &SolveCheck{}
	q.lineErrors = make([]float64, len(q.lines))
	var last error
	sizings := q.sizings()
	for i, sizes := range sizings {
		if c.Points == solvePoints {
			break
		}
		for seed := range uint64(solveSeeds) {
			how := asDrawn
			if errors.As(last, new(*outside)) && seed >= solveSeeds/2 {
				how = tamed[seed%uint64(len(tamed))]
			}
			err := q.proveAt(nodes, sizes, seed+uint64(i)*solveSeeds+1, how, c)
			var wrong *InternalError
			if errors.As(err, &wrong) {
				return err
			}
			if err == nil {
				c.Points++
				c.Sizes = append(c.Sizes, sizesText(q, sizes))
				break
			}
			last = err
		}
	}
	if wanted := min(solvePoints, len(sizings)); c.Points < wanted {
		// What can be inverted at one choice of sizes alone is singular in general.
		return q.unproved(last)
	}
	q.out.Check = c
	return nil
}

// unproved is for a closed form that has a value nowhere: what is inverted is
// singular whatever the data.
func (q *stationary) unproved(err error) error {
	if errors.Is(err, eval.ErrTooLarge) || errors.Is(err, eval.ErrTooLong) {
		e := plainError(say("the solution cannot be checked: %s", message.Of(err)))
		e.suggest(say("write large sizes as names"))
		return e
	}
	q.assigned, q.out.Solutions, q.out.Conditions, q.conditionWords = nil, nil, nil, nil
	if q.fail != nil {
		// What was solved for on the way could not be checked, and is not shown.
		given := len(q.grads) + len(q.consts)
		q.lines = q.lines[:min(given, len(q.lines))]
		return nil
	}
	q.out.Outcome = Underdetermined
	for k, l := range slices.Backward(q.lines) {
		if r := ruleOf(l.step.Rule); r.inverts {
			q.lines = q.lines[:k]
			break
		}
	}
	var asym *asymmetric
	if errors.As(err, &asym) {
		q.out.Outcome = NoSolution
		q.out.Remarks = append(q.out.Remarks, phrase("asymmetric", saidName(q.prog.Wrt[0].Name)))
		return nil
	}
	var out *outside
	if errors.As(err, &out) {
		q.out.Outcome = NoClosedForm
		q.out.Remarks = append(q.out.Remarks, phrase("outside"))
		return nil
	}
	inverts := slices.ContainsFunc(q.joint.Parts, func(p solve.Part) bool {
		return slices.ContainsFunc(p.Conditions, func(c solve.Condition) bool { return c.Kind != solve.Positive })
	})
	if !inverts {
		q.out.Outcome = NoClosedForm
		q.out.Remarks = append(q.out.Remarks, phrase("unchecked"))
		return nil
	}
	q.out.Remarks = append(q.out.Remarks, phrase("singular"))
	return nil
}

// An asymmetric error says that a value which should be symmetric is not.
type asymmetric struct{}

func (*asymmetric) Error() string { return "not symmetric" }

// An outside error says that the value found is no point of the domain: something
// that was multiplied by is zero there, or the gradient has no value.
type outside struct{ error }

// A taming makes data for which what is solved for is more often in its domain: a
// covariance matrix is positive definite, a rate positive.
type taming struct{ definite, positive bool }

// asDrawn leaves data as they are; tamed are tried where the value found for such data
// lay outside its domain.
var (
	asDrawn taming
	tamed   = []taming{{definite: true, positive: true}, {definite: true}, {positive: true}}
)

// tame changes the data that are held. Square matrices get a positive definite
// symmetric part but stay as little symmetric as they are declared, so that nothing
// holds that the conditions do not say.
func (q *stationary) tame(env *eval.Env, how taming) {
	const fixed = expr.Orthogonal | expr.Onehot | expr.Simplex | expr.Toeplitz | expr.Integer | expr.Diagonal | expr.Posdef
	change := func(s *expr.Symbol, d expr.Dense) {
		switch {
		case d.Rows == d.Cols && s.Kind == expr.Matrix && how.definite:
			m := expr.NewDense(d.Rows, d.Cols)
			for i := range d.Rows {
				for j := range d.Cols {
					v := 0.0
					for k := range d.Cols {
						v += d.At(i, k) * d.At(j, k)
					}
					if i == j {
						v += 0.5
					}
					m.Set(i, j, v+(d.At(i, j)-d.At(j, i))/8)
				}
			}
			copy(d.Data, m.Data)
		case s.Kind != expr.Matrix && how.positive:
			for k := range d.Data {
				d.Data[k] = math.Abs(d.Data[k])
			}
		}
	}
	for _, s := range q.b.Symbols() {
		if s.Facts&fixed != 0 || slices.ContainsFunc(q.assigned, func(a assignment) bool { return a.sym == s }) {
			continue
		}
		if d, ok := env.Vars[s.Name]; ok && d.Data != nil {
			change(s, d)
		}
		for _, d := range env.Families[s.Name] {
			change(s, d)
		}
	}
}

// sizings lists values for the size names.
func (q *stationary) sizings() []map[string]int {
	var names []string
	for _, d := range q.b.Dims() {
		for _, n := range d.Names(nil) {
			if n.Symbol == nil && !slices.Contains(names, n.Name) {
				names = append(names, n.Name)
			}
		}
	}
	var out []map[string]int
	add := func(values []int) {
		m := map[string]int{}
		for i, n := range names {
			m[n] = values[i]
		}
		out = append(out, m)
	}
	if len(names) == 0 {
		add(nil)
		return out
	}
	values := make([]int, max(len(names), 5))
	for i := range values {
		values[i] = 2 + i%5
	}
	rng := rand.New(rand.NewPCG(11, uint64(len(names))))
	var seen [][]int
	for range 8 * maxSizings {
		at := slices.Clone(values[:len(names)])
		if !slices.ContainsFunc(seen, func(s []int) bool { return slices.Equal(s, at) }) && len(out) < maxSizings {
			seen = append(seen, at)
			add(at)
		}
		rng.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	}
	return out
}

func sizesText(q *stationary, sizes map[string]int) string {
	text := ""
	for _, d := range q.b.Dims() {
		coef, pows, ok := d.Monomial()
		if !ok || coef != 1 || len(pows) != 1 || pows[0].Exp != 1 || pows[0].Name.Symbol != nil {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s = %d", pows[0].Name.Name, sizes[pows[0].Name.Name])
	}
	return text
}

// proveAt checks at one point. An *InternalError is a value that is wrong; any other
// error says that there is no such point.
func (q *stationary) proveAt(nodes []*expr.Node, sizes map[string]int, seed uint64, how taming, c *SolveCheck) error {
	reg := q.b
	env, random, err := eval.Draw(reg, nodes, sizes, seed)
	if err != nil {
		return err
	}
	q.tame(env, how)
	for _, a := range q.assigned {
		v, err := eval.Evaluate(reg, a.node, env)
		if err != nil {
			return err
		}
		shape := env.Vars[a.sym.Name]
		if shape.Data == nil {
			continue // it occurs nowhere else
		}
		switch {
		case a.vec:
			w := expr.NewDense(shape.Rows, shape.Cols)
			for j := range shape.Cols {
				for i := range shape.Rows {
					w.Set(i, j, v.Data[j*shape.Rows+i])
				}
			}
			v = w
		case len(v.Data) == 1 && len(shape.Data) > 1:
			w := expr.NewDense(shape.Rows, shape.Cols)
			for i := range w.Data {
				w.Data[i] = v.Data[0]
			}
			v = w
		}
		if v.Rows != shape.Rows || v.Cols != shape.Cols {
			return &InternalError{fmt.Sprintf("the value of %s is %d × %d, not %d × %d", a.sym.Name, v.Rows, v.Cols, shape.Rows, shape.Cols)}
		}
		if a.sym.Facts.Has(expr.Symmetric) && !symmetric(v) {
			if q.prog.Equation == nil {
				return &InternalError{"the value found for " + a.sym.Name + " is not symmetric"}
			}
			return &asymmetric{}
		}
		if !within(v, a.sym.Facts) {
			return &outside{errors.New(a.sym.Name + " is outside of what it is declared to be")}
		}
		env.Vars[a.sym.Name] = v
	}
	for _, l := range q.lines {
		if !ruleOf(l.step.Rule).multiplies {
			continue
		}
		for _, n := range l.step.Operands {
			v, err := eval.Evaluate(reg, n, env)
			if err != nil || vanishes(v, ruleOf(l.step.Rule).byMatrix) {
				return &outside{errors.New("a denominator is zero")}
			}
		}
	}
	worst := 0.0
	vanish := func(what string, n *expr.Node, scale float64) error {
		v, err := eval.Evaluate(reg, n, env)
		if err != nil {
			return &outside{err}
		}
		e := largest(v) / math.Max(scale, 1e-3)
		if e > solveTolerance {
			if q.undoes() {
				return &outside{errors.New("a value lies outside the range of an operator")}
			}
			return &InternalError{fmt.Sprintf("%s does not vanish at the solution: %.2g", what, e)}
		}
		worst = math.Max(worst, e)
		return nil
	}
	for k, g := range q.grads {
		if !q.used(k) {
			continue
		}
		if err := vanish("the gradient by "+q.unknowns[k].Sym.Name, g, largest(random[1+k])); err != nil {
			return err
		}
	}
	for k, g := range q.consts {
		if q.prog.Equation == nil && !q.used(len(q.grads)+k) {
			continue
		}
		if err := vanish("a constraint", g, largest(random[1+len(q.grads)+k])); err != nil {
			return err
		}
	}
	if q.fail != nil {
		return nil // lines about what is not solved need not hold
	}
	base := 1 + len(q.grads) + len(q.consts) + len(q.assigned)
	errs := make([]float64, len(q.lines))
	for k, l := range q.lines {
		left, err := eval.Evaluate(reg, l.step.Left, env)
		if err != nil {
			return &outside{err}
		}
		right, err := eval.Evaluate(reg, l.step.Right, env)
		if err != nil {
			return &outside{err}
		}
		scale := math.Max(1e-3, math.Max(largest(left), largest(right)))
		if len(right.Data) == 1 && right.Data[0] == 0 {
			scale = math.Max(scale, largest(random[base+2*k]))
		}
		e := 0.0
		for i, v := range left.Data {
			w := right.Data[0]
			if len(right.Data) == len(left.Data) {
				w = right.Data[i]
			} else if len(right.Data) != 1 {
				return &InternalError{"the sides of a line differ in shape"}
			}
			e = math.Max(e, math.Abs(v-w)/scale)
		}
		if !(e <= solveTolerance) {
			if q.undoes() {
				return &outside{errors.New("a value lies outside the range of an operator")}
			}
			return &InternalError{fmt.Sprintf("line %d (%s) is off by %.2g at the solution", k+1, l.step.Rule, e)}
		}
		errs[k] = e
	}
	for k, e := range errs {
		q.lineErrors[k] = math.Max(q.lineErrors[k], e)
		worst = math.Max(worst, e)
	}
	c.MaxError = math.Max(c.MaxError, worst)
	return nil
}

// within reports whether a value has the facts that hold on an open set alone.
func within(v expr.Dense, f expr.Fact) bool {
	if f.Has(expr.Positive) && slices.ContainsFunc(v.Data, func(x float64) bool { return x <= 0 }) {
		return false
	}
	if !f.Has(expr.Posdef) {
		return true
	}
	// Each leading minor is positive.
	for k := 1; k <= v.Rows; k++ {
		m := expr.NewDense(k, k)
		for i := range k {
			copy(m.Data[i*k:], v.Data[i*v.Cols:i*v.Cols+k])
		}
		if dense.Factor(m).Det() <= 0 {
			return false
		}
	}
	return true
}

// vanishes reports whether a scalar or an entry is zero to rounding, or a matrix
// singular.
func vanishes(d expr.Dense, matrix bool) bool {
	const margin = 1e-9
	if matrix {
		return d.Rows != d.Cols || dense.Factor(d).Condition() < margin
	}
	return slices.ContainsFunc(d.Data, func(v float64) bool { return math.Abs(v) < margin })
}

// undoes reports whether a line undoes an operator or a power, which is right where
// the value lies in its range.
func (q *stationary) undoes() bool {
	return slices.ContainsFunc(q.lines, func(l line) bool { return ruleOf(l.step.Rule).ranged })
}

// used reports whether equation k was solved for one of the unknowns.
func (q *stationary) used(k int) bool {
	return slices.ContainsFunc(q.joint.Parts, func(p solve.Part) bool { return p.Equation == k })
}

func symmetric(d expr.Dense) bool {
	scale := largest(d)
	for i := range d.Rows {
		for j := range d.Cols {
			if math.Abs(d.At(i, j)-d.At(j, i)) > 1e-8*scale {
				return false
			}
		}
	}
	return true
}

func largest(d expr.Dense) float64 {
	m := 0.0
	for _, v := range d.Data {
		m = math.Max(m, math.Abs(v))
	}
	return m
}

// algebra compares each line that follows from another by arithmetic at random points,
// whatever the value of the unknown: what was multiplied by or divided by, times the
// difference of the sides before, is that of the sides now.
func (q *stationary) algebra() error {
	b := q.b
	diff := func(s solve.Step) *expr.Node {
		switch {
		case s.Right.Op.Name == expr.OpNum && s.Right.Num.IsZero():
			return s.Left
		case s.Right.Shape.IsScalar() && !s.Left.Shape.IsScalar():
			return nil // a number spread over the entries
		}
		return b.Node(expr.OpAdd, s.Left, b.Node(expr.OpNeg, s.Right))
	}
	for k, now := range q.lines {
		if now.from < 0 {
			continue
		}
		before := q.lines[now.from]
		x, y := diff(before.step), diff(now.step)
		if x == nil || y == nil {
			continue
		}
		rule, turned := strings.CutPrefix(now.step.Rule, "transpose-")
		if turned {
			x = b.Node(expr.OpT, x)
		}
		ops := now.step.Operands
		switch rule {
		case "eigenvectors", "homogeneous":
			y = b.Node(expr.OpMul, ops[1], y)
		case "collect":
		case "collect-divide", "normal-equations":
			y = b.Node(expr.OpMul, ops[0], y)
		case "collect-multiply", "multiply", "multiply-left":
			x = b.Node(expr.OpMul, ops[0], x)
		case "multiply-right":
			x = b.Node(expr.OpMul, x, ops[0])
		case "multiply-entrywise":
			x = b.Node(expr.OpHadamard, ops[0], x)
		default:
			continue
		}
		if x.Shape != y.Shape {
			if y.Shape.IsScalar() {
				continue // 1 = 0, spread over the entries
			}
			return &InternalError{fmt.Sprintf("line %d (%s) has another shape than the line before", k+1, now.step.Rule)}
		}
		var wrong *eval.Difference
		if err := eval.Equal(q.b, x, y, uint64(k)); errors.As(err, &wrong) {
			return &InternalError{fmt.Sprintf("line %d (%s) does not follow: %v", k+1, now.step.Rule, wrong)}
		}
	}
	return nil
}
