package convex

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

type size = eval.Size

// How many chords are compared with a verdict at each choice of sizes, and how far
// rounding may take a value off.
const (
	chordsPerSize = 8
	rounding      = 1e-9
)

// Requirements are the conditions as the numbers see them. A condition without
// notation cannot be asked for; ok is false then.
func Requirements(lists ...[]Condition) (out []eval.Requirement, ok bool) {
	for _, list := range lists {
		for _, c := range list {
			r := eval.Requirement{Node: c.Node, Members: c.Members}
			if c.Node == nil && c.Members == nil {
				return nil, false
			}
			switch c.Relation {
			case PSD, PD:
				r.Definite, r.Strictly = 1, c.Relation == PD
			case NSD, ND:
				r.Definite, r.Strictly = -1, c.Relation == ND
			case FullColumnRank:
				r.Columns = true
			case FullRowRank:
				r.Rows = true
			case NonZero:
				r.NonZero = true
			default:
				if i, ok := c.Relation.interval(); ok {
					r.In = &i
				}
			}
			out = append(out, r)
		}
	}
	return out, true
}

// check compares a verdict with chords: a convex function lies below each chord, a
// concave one above, an affine one on it. A chord that contradicts is a fault.
func (p *Problem) check(v *Verdict) error {
	where, ok := Requirements(v.Conditions, v.Domain)
	if !ok {
		v.Check.Reason = "a condition has no notation"
		return nil
	}
	for choice := range 2 {
		c, err := eval.NewChords(p.Low.B, p.Node, p.Wrt, where, choice, uint64(choice+1))
		if err != nil {
			v.Check.Reason = err.Error()
			continue
		}
		n := 0
		for range chordsPerSize {
			if err := c.Draw(); err != nil {
				v.Check.Reason = err.Error()
				break
			}
			gap, scale, ok := bulge(c, 0, 1)
			if !ok {
				continue
			}
			if bad(v.Curvature, gap, scale) {
				if !significant(c, math.Max(-gap[0], gap[1]), 0, 0.25, 0.5, 0.75, 1) {
					continue
				}
				return &Refuted{fmt.Sprintf("%s is said to be %s, but its value is off the chord by %g between two points at %s",
					print1(p), v.Curvature, gap, sizesText(c.Sizes()))}
			}
			n++
		}
		if n > 0 {
			v.Check.Chords += n
			v.Check.Sizes = append(v.Check.Sizes, sizesText(c.Sizes()))
		}
	}
	if v.Check.Chords > 0 {
		v.Check.Reason = ""
	}
	if v.Strict {
		return p.checkStrict(v)
	}
	return nil
}

// checkStrict looks for a direction in which the function is not curved. A claim that
// could not be compared at any point is taken back.
func (p *Problem) checkStrict(v *Verdict) error {
	where, ok := Requirements(v.Conditions, v.Domain, v.StrictIf)
	if !ok {
		v.withdraw()
		return nil
	}
	for choice := range 5 {
		c, err := eval.NewChords(p.Low.B, p.Node, p.Wrt, where, choice, uint64(choice+1))
		if err != nil {
			continue
		}
		ratio, ok := c.Flat()
		if !ok {
			continue
		}
		if ratio > flat {
			return nil
		}
		// A point may be flat by chance; a second one is not.
		if ratio, ok = c.Flat(); ok && ratio <= flat {
			return &Refuted{fmt.Sprintf("%s is said to be strictly %s, but it is not curved in some direction at %s",
				print1(p), v.Curvature, sizesText(c.Sizes()))}
		}
		return nil
	}
	v.withdraw()
	return nil
}

func (v *Verdict) withdraw() { v.Strict, v.Strong, v.StrictIf = false, false, nil }

// flat is the ratio of the least to the largest curvature below which a direction
// counts as one without any.
const flat = 1e-7

func print1(p *Problem) string { return p.text(p.Node) }

// bulge returns the largest and the least difference of chord and value between two
// places on the segment: (least, largest), and the scale of the values.
func bulge(c *eval.Chords, from, to float64) (gap [2]float64, scale float64, ok bool) {
	f0, ok0 := c.At(from)
	f1, ok1 := c.At(to)
	if !ok0 || !ok1 {
		return gap, 0, false
	}
	scale = math.Max(math.Abs(f0), math.Abs(f1))
	seen := false
	for _, t := range [3]float64{0.25, 0.5, 0.75} {
		f, ok := c.At(from + t*(to-from))
		if !ok {
			return gap, 0, false
		}
		scale = math.Max(scale, math.Abs(f))
		g := (1-t)*f0 + t*f1 - f
		if !seen {
			gap, seen = [2]float64{g, g}, true
		}
		gap = [2]float64{math.Min(gap[0], g), math.Max(gap[1], g)}
	}
	return gap, math.Max(scale, 1e-3), true
}

func bad(k Curvature, gap [2]float64, scale float64) bool {
	low, high := gap[0] < -rounding*scale, gap[1] > rounding*scale
	return k != Concave && low || k != Convex && high
}

// significant reports whether a difference of values at places of a segment is more
// than rounding may make: values that are small because large ones cancel carry the
// error of these. How large it is shows in what the values do when the place is moved
// by a hair.
func significant(c *eval.Chords, difference float64, places ...float64) bool {
	const hair, margin = 1e-13, 1e3
	noise := 0.0
	for _, t := range places {
		f, ok := c.At(t)
		for _, k := range [6]float64{-3, -2, -1, 1, 2, 3} {
			if g, there := c.At(t + k*hair); ok && there {
				noise = math.Max(noise, math.Abs(g-f))
			}
		}
	}
	return math.Abs(difference) > margin*noise
}

// A Counterexample is a segment on which a function is not convex, or not concave:
// two points with the value halfway off the mean of theirs.
type Counterexample struct {
	Refutes Curvature // Convex or Concave
	Env     *eval.Env // the values held, and those of the first point
	To      *eval.Env // the second point
	From    float64   // the value at the first point
	End     float64   // at the second
	Middle  float64   // halfway
	Sizes   string
}

// refute searches for segments that refute convexity and concavity, at the same values
// of what is held. Where the function can have poles the segments are short, and the
// difference must shrink with them as that of a smooth function does.
func (p *Problem) refute(a *analyser) (out []Counterexample) {
	a.reset(0) // what a verdict has assumed holds no longer
	entire := a.entire(p.facts, map[*index.Atom]bool{})
	for choice := range 2 {
		c, err := eval.NewChords(p.Low.B, p.Node, p.Wrt, nil, choice, uint64(choice+11))
		if err != nil {
			continue
		}
		for range 12 {
			var none *eval.NoPoint
			if err := c.Draw(); errors.As(err, &none) {
				break
			}
			var found []Counterexample
			try := func(k Curvature, x Counterexample) {
				if slices.ContainsFunc(found, func(f Counterexample) bool { return f.Refutes == k }) {
					return
				}
				x.Refutes, x.Sizes = k, sizesText(c.Sizes())
				found = append(found, x)
			}
			for range 10 {
				if !c.Turn() {
					continue
				}
				if k, x, ok := across(c); ok && entire {
					try(k, x)
				}
				for _, middle := range [3]float64{0.2, 0.5, 0.8} {
					if k, x, ok := bent(c, middle); ok {
						try(k, x)
					}
				}
				if len(found) == 2 {
					return found
				}
			}
			if len(found) > len(out) {
				out = found
			}
		}
	}
	return out
}

// entire reports whether s has a value everywhere, and no poles.
func (a *analyser) entire(s *index.Sum, seen map[*index.Atom]bool) bool {
	for i := range s.Terms {
		for k := range s.Terms[i].Factors {
			a.st.Limit.Step(2)
			f := &s.Terms[i].Factors[k]
			if !a.varies(f.Atom) {
				continue
			}
			if f.Exp.Sign() < 0 || !f.Exp.IsInt() && !a.atomRange(f.Atom).Nonnegative() ||
				f.Atom.Kind == index.OpAtom && f.Atom.Sym == nil && naturalDomain(f.Atom.Op) != expr.Reals {
				return false
			}
			if seen[f.Atom] {
				continue
			}
			seen[f.Atom] = true
			for _, x := range f.Atom.Args {
				if !a.entire(x, seen) {
					return false
				}
			}
		}
	}
	return true
}

// across compares the value halfway with the mean of those at the ends.
func across(c *eval.Chords) (refutes Curvature, x Counterexample, ok bool) {
	a, ok1 := c.At(0)
	f, ok2 := c.At(0.5)
	b, ok3 := c.At(1)
	d := a + b - 2*f
	if !ok1 || !ok2 || !ok3 || math.Abs(d) < 1e-6*(math.Abs(a)+math.Abs(b)+math.Abs(f)) || !significant(c, d, 0, 0.5, 1) {
		return "", x, false
	}
	x = Counterexample{From: a, End: b, Middle: f, Env: c.Env(0), To: c.Env(1)}
	if d < 0 {
		return Convex, x, true
	}
	return Concave, x, true
}

// bent compares the value at a place of the segment with those on both sides.
func bent(c *eval.Chords, middle float64) (refutes Curvature, x Counterexample, ok bool) {
	last := 0.0
	f, ok := c.At(middle)
	if !ok {
		return "", x, false
	}
	for k := range 16 {
		if _, ok := c.At(middle + 0.005*float64(k-8)); !ok {
			return "", x, false // the domain is not convex here
		}
	}
	for i, h := range [3]float64{0.04, 0.02, 0.01} {
		a, ok1 := c.At(middle - h)
		b, ok2 := c.At(middle + h)
		if !ok1 || !ok2 {
			return "", x, false
		}
		d := a + b - 2*f
		scale := math.Max(math.Max(math.Abs(a), math.Abs(b)), math.Abs(f))
		if math.Abs(d) < 1e-7*scale || i > 0 && (d*last <= 0 || last/d < 3.6 || last/d > 4.4) {
			return "", x, false
		}
		if i == 0 {
			x.From, x.End, x.Middle = a, b, f
		}
		last = d
	}
	if !significant(c, last, middle-0.01, middle, middle+0.01) {
		return "", x, false
	}
	x.Env, x.To = c.Env(middle-0.04), c.Env(middle+0.04)
	if last < 0 {
		return Convex, x, true
	}
	return Concave, x, true
}
