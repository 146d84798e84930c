package eval

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
)

// A Structure says which entries of the variable move together, so that the
// derivative is the one by its free entries.
type Structure int

// Structures of a variable. FreeEntries moves each entry by itself; SymmetricEntries moves
// (i, j) with (j, i); DiagonalEntries moves the diagonal only, and the derivative
// vanishes elsewhere; ToeplitzEntries moves each diagonal as a whole.
const (
	FreeEntries Structure = iota
	SymmetricEntries
	DiagonalEntries
	ToeplitzEntries
)

// A Problem is a derivative to be proved.
//
// The derivative D of F by the variable X is two-dimensional. For a scalar F it
// has the shape of X in both layouts. For a scalar X it has the shape of F in
// numerator layout and that of Fᵀ in denominator layout. Otherwise it is
// ∂vec(F)/∂vec(X)ᵀ in numerator layout and the transpose of that in denominator
// layout. vec stacks columns, or rows where ByRows is set.
//
// X is a variable, also a fresh one for a defined name. For a family x[i], D is
// the derivative by the member whose index is Index, which may occur in D; with
// Index nil, X is the matrix whose columns are the members' vecs.
//
// An answer in index notation is given as a view DView instead of D; its member
// slot is that of Index. Where F itself is a derivative that has no matrix
// notation, it is given as FView, and F is the expression that it came from, whose
// domain the points must lie in.
type Problem struct {
	Reg          expr.Operators
	F, D         *expr.Node
	FView, DView *View
	X            *expr.Symbol
	Index        *expr.Index
	Denominator  bool
	ByRows       bool
	Structure    Structure

	Points    int     // at each choice of sizes; 0 means 1
	Seed      uint64  // of the random points
	Tolerance float64 // of the relative error; 0 means 1e-6
}

// A Report tells what a passed check has seen.
type Report struct {
	MaxError float64  // largest relative error
	Points   int      // in all
	Sizes    [][]Size // the choices of sizes
}

// A Mismatch is a derivative that is wrong: its value or shape at one point.
type Mismatch struct {
	Row, Col  int // from 1; 0 where the shape or the whole value is at fault
	Got, Want float64
	Relative  float64 // error, relative to the largest entry
	Sizes     []Size
	What      string // "shape is 3 × 2, not 2 × 3", or "" for a wrong entry
}

func (m *Mismatch) Error() string {
	var b strings.Builder
	b.WriteString("derivative fails the numeric check")
	for i, s := range m.Sizes {
		b.WriteString([]string{", ", " at "}[btoi(i == 0)])
		fmt.Fprintf(&b, "%s = %d", s.Name, s.Value)
	}
	if m.What != "" {
		b.WriteString(": " + m.What)
		return b.String()
	}
	fmt.Fprintf(&b, ": entry (%d, %d) is %.9g, differences give %.9g", m.Row, m.Col, m.Got, m.Want)
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A NoPoint error says that no point was found at which the expression is
// defined and smooth enough for differences, so nothing was proved.
type NoPoint struct{ Reason string }

func (e *NoPoint) Error() string { return e.Words().En }

// Words says it in both languages; reasons that are sentences of the catalogue too.
func (e *NoPoint) Words() message.Text {
	return message.Say("no random point for the numeric check: %s", message.Say(e.Reason))
}

const (
	largestFunction = 1e6   // points with larger entries of F are not used
	floor           = 1e-3  // derivatives smaller than this are compared absolutely
	rounding        = 1e-14 // of F's value, relative
	mostDirections  = 256   // of the variable's entries, as many are moved at most …
	leastDirections = 8     // … and as few, where the expression is large
	faintTries      = 4     // points given up because the derivative nearly vanishes there
	work            = 1e7   // multiplications, roughly, that the differences at a point may take
)

// Check proves that D is the derivative of F by X: at random points at two
// choices of sizes, all different, it compares D with central differences of F.
// It returns a *Mismatch for a wrong derivative and a *NoPoint where nothing
// could be proved; ErrTooLarge where sizes are given as large numbers.
func Check(pr *Problem) (*Report, error) {
	if pr.Points == 0 {
		pr.Points = 1
	}
	if pr.Tolerance == 0 {
		pr.Tolerance = 1e-6
	}
	roots := []*expr.Node{pr.F}
	if pr.D != nil {
		roots = append(roots, pr.D)
	}
	inv := newInventory(pr.Reg, roots, pr.X)
	rep := &Report{}
	wanted, points := 2, pr.Points
	if len(inv.names) == 0 {
		wanted, points = 1, 2*pr.Points
	}
	var last error
	for i, sizes := range inv.sizings(24) {
		tries := 80
		if i >= 6 {
			tries = 12
		}
		k, err := pr.at(inv, sizes, points, tries, pr.Seed+uint64(i)+1)
		var none *NoPoint
		switch {
		case err == nil:
		case errors.As(err, &none) || errors.Is(err, errNoSize):
			last = err
			continue
		default:
			return nil, err
		}
		rep.MaxError = math.Max(rep.MaxError, k.worst)
		rep.Points += points
		rep.Sizes = append(rep.Sizes, k.pt.Sizes())
		if len(rep.Sizes) == wanted {
			return rep, nil
		}
	}
	if len(rep.Sizes) > 0 {
		return rep, nil
	}
	if last == nil || errors.Is(last, errNoSize) {
		last = &NoPoint{"no sizes make every shape positive"}
	}
	return nil, last
}

// A checker proves one derivative at one choice of sizes.
type checker struct {
	*Problem
	pt    *Point
	f, d  *program
	x     *variable
	dirs  []direction
	base  expr.Dense // F at the point
	saved []float64  // base values of the entries that move

	follow func() error // computes what F takes from symbols that follow the variable; may be nil

	coarse, fine []float64 // differences of orders 4 and 6: for each direction, the entries of F
	worst        float64
	faint        bool // the derivative nearly vanishes at this point
}

// A direction is a perturbation: entries of the variable that move together,
// counted through all members.
type direction struct{ entries []int }

func (pr *Problem) at(inv *inventory, sizes []int, points, tries int, seed uint64) (*checker, error) {
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return nil, err
	}
	k := &checker{Problem: pr, pt: pt, x: pt.variable(pr.X)}
	if k.f, err = compile(pr.F, pt, pr.X); err != nil {
		return nil, err
	}
	if pr.D != nil {
		if k.d, err = compile(pr.D, pt); err != nil {
			return nil, err
		}
	}
	s := newSampler(inv, seed)
	k.directions(s)
	members := 1
	if pr.Index != nil {
		members = len(k.x.vals)
	}
	reason := ""
	var noValue error
	done, faint := 0, 0
	for try := 0; try < tries && done < points; try++ {
		s.draw(pt)
		base, err := k.function(0)
		if err == nil && !k.usable(base) {
			err = &unfit{node: pr.F, arg: pr.F, why: "value is too large or not finite"}
		}
		if err != nil {
			reason = err.Error()
			if u, ok := err.(*unfit); ok {
				s.refused(u)
			}
			continue
		}
		k.base = clone(base)
		for m := range members {
			if err = k.member(m); err != nil {
				break
			}
		}
		switch e := err.(type) {
		case nil:
			if k.faint && faint < faintTries && k.f.cost < int(work)/1000 {
				faint++ // it proves little; another point may prove more
				continue
			}
			done++
		case *unfit:
			reason = e.Error()
			s.refused(e)
		case *unsteady:
			reason = e.Error()
		case *noDerivative:
			noValue = e
			if u, ok := e.error.(*unfit); ok {
				s.refused(u)
			}
		default:
			return nil, err
		}
	}
	switch {
	case done == points:
		return k, nil
	case noValue != nil && done == 0:
		return nil, &Mismatch{Sizes: pt.Sizes(), What: "it has no value where the expression has one (" + noValue.Error() + ")"}
	}
	return nil, &NoPoint{reason}
}

// function returns the value of F at the present point, which must lie in its
// domain.
func (k *checker) function(m int) (expr.Dense, error) {
	v, err := k.f.run(true)
	if err != nil || k.FView == nil {
		return v, err
	}
	return k.moved(m)
}

// moved returns the value of F after entries of the variable have moved.
func (k *checker) moved(m int) (expr.Dense, error) {
	if k.follow != nil {
		if err := k.follow(); err != nil {
			return expr.Dense{}, err
		}
		return k.f.run(false)
	}
	if k.FView == nil {
		return k.f.rerun()
	}
	v, err := newTensors(k.pt).matrix(k.FView, m)
	if err != nil && err != ErrTooLarge {
		err = &unfit{node: k.F, arg: k.F, why: err.Error()}
	}
	return v, err
}

func (k *checker) usable(d expr.Dense) bool {
	for _, v := range d.Data {
		if !(math.Abs(v) < largestFunction) {
			return false
		}
	}
	return true
}

// An unsteady point is one where differences of two orders disagree.
type unsteady struct{}

func (unsteady) Error() string { return "differences do not settle" }

// A noDerivative is a point where F has a value and D has none.
type noDerivative struct{ error }

// member compares the derivative by one member of a family (or by the variable)
// at the present point.
func (k *checker) member(m int) error {
	if k.Index != nil {
		o := k.Index.Ordinal
		if k.d != nil && o < len(k.d.index) {
			k.d.index[o] = m
		}
		if o < len(k.f.index) {
			k.f.index[o] = m // F may be about one member too
			base, err := k.function(m)
			if err != nil {
				return err
			}
			k.base = clone(base)
		}
	}
	var got expr.Dense
	var err error
	if k.d != nil {
		if got, err = k.d.run(true); err != nil {
			// Beside the edge of an operator's domain there is a value still.
			if v, e := k.d.run(false); e == nil && finite(v.Data) {
				got, err = v, nil
			}
		}
	} else {
		got, err = newTensors(k.pt).matrix(k.DView, m)
	}
	if err == ErrTooLarge {
		return err
	}
	if err == nil && !finite(got.Data) {
		err = &unfit{node: k.F, arg: k.F, why: "value is not finite"}
	}
	if err != nil {
		return &noDerivative{err}
	}
	return k.compare(m, got)
}

// directionBytes is what a direction of one entry takes.
const directionBytes = 32

// directions lists the perturbations; where the variable has very many entries,
// a random part of them.
func (k *checker) directions(s *sampler) {
	v := k.x.vals[0]
	rows, cols := v.Rows, v.Cols
	add := func(entries ...int) { k.dirs = append(k.dirs, direction{entries}) }
	switch k.Structure {
	case SymmetricEntries:
		for i := range rows {
			add(i*cols + i)
			for j := range i {
				add(i*cols+j, j*cols+i)
			}
		}
	case DiagonalEntries:
		for i := range min(rows, cols) {
			add(i*cols + i)
		}
	case ToeplitzEntries:
		for d := 1 - rows; d < cols; d++ {
			var entries []int
			for i := range rows {
				if j := i + d; 0 <= j && j < cols {
					entries = append(entries, i*cols+j)
				}
			}
			add(entries...)
		}
	default:
		members := len(k.x.vals)
		if k.Index != nil {
			members = 1
		}
		k.pt.inv.limit.Fits(members * len(v.Data) * directionBytes)
		all := make([]int, members*len(v.Data))
		k.dirs = make([]direction, len(all))
		for i := range all {
			k.pt.inv.limit.Step(1)
			all[i] = i
			k.dirs[i].entries = all[i : i+1]
		}
	}
	most := max(leastDirections, min(mostDirections, int(work)/(k.f.cost+1)))
	if len(k.dirs) > most {
		s.rng.Shuffle(len(k.dirs), func(i, j int) {
			k.pt.inv.limit.Step(1)
			k.dirs[i], k.dirs[j] = k.dirs[j], k.dirs[i]
		})
		k.dirs = k.dirs[:most]
	}
}
