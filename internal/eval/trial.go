package eval

import (
	"errors"
	"fmt"

	"example.com/nabla/internal/expr"
)

// A Trial is a point at which expressions are compared. Unlike the points of Equal
// it is drawn without regard to the claim that is put to the test, so that a claim
// that holds on a part of the domain only is found out.
type Trial struct {
	pt *Point
	// Member is the member that the index of a derivative by a family stands for,
	// from 0.
	Member int
	// Region says how the point was drawn.
	Region string
}

// Sizes lists the size names and their values at the point.
func (t *Trial) Sizes() []Size { return t.pt.Sizes() }

// Size returns the value of a size at the point.
func (t *Trial) Size(d *expr.Dim) int { return t.pt.size(d) }

// Value returns the value of n at the point, with the index at, which may be nil, at
// the trial's member. Points beside the edge of a domain are not refused; it is an
// error where n has no finite value.
func (t *Trial) Value(n *expr.Node, at *expr.Index) (expr.Dense, error) {
	return t.value(n, at, false)
}

func (t *Trial) value(n *expr.Node, at *expr.Index, guard bool) (expr.Dense, error) {
	p, err := compile(n, t.pt, nil)
	if err != nil {
		return expr.Dense{}, err
	}
	if at != nil && at.Ordinal < len(p.index) {
		p.index[at.Ordinal] = t.Member
	}
	v, err := p.run(guard)
	if err != nil {
		return expr.Dense{}, err
	}
	if !finite(v.Data) {
		return expr.Dense{}, errNotFinite
	}
	return clone(v), nil
}

// ViewValue returns the value of an index form at the point.
func (t *Trial) ViewValue(v *View) (expr.Dense, error) {
	d, err := newTensors(t.pt).matrix(v, t.Member)
	if err == nil && !finite(d.Data) {
		err = errNotFinite
	}
	return d, err
}

// A Drawing says what points to draw.
type Drawing struct {
	Reg expr.Operators
	// Domain are expressions that must have a value at the point, away from the
	// edges of their domains. They alone say where to draw.
	Domain []*expr.Node
	// Also are further expressions that are evaluated at the points, whose variables
	// must have values too, and More further variables.
	Also []*expr.Node
	More []*expr.Symbol
	// Facts are facts of a variable that hold besides the declared ones; nil for none.
	Facts func(*expr.Symbol) expr.Fact
	// Family is the index of the member that a derivative is by, or nil.
	Family *expr.Index
	Few    bool // one region at two choices of sizes are enough
	Seed   uint64
}

// regions are the parts of the domain that are looked at: where the operators'
// domains suggest, anywhere, far out, at negative values and at matrices of negative
// determinant.
var regions = []struct {
	name  string
	mode  func(mode) mode
	tries int
}{
	{"domain", func(m mode) mode { return m }, 60},
	{"domain", func(m mode) mode { return m }, 60},
	{"plain", func(mode) mode { return plain }, 6},
	{"far", func(mode) mode { return wide }, 6},
	{"negative", func(m mode) mode {
		if m == detpos || m == spd {
			return detneg
		}
		return negative
	}, 6},
}

// Draw draws points at several choices of sizes, all different where there are few,
// and in several regions. It returns a *NoPoint where none is found.
func (q *Drawing) Draw() ([]*Trial, error) {
	inv := newInventory(q.Reg, append(append([]*expr.Node(nil), q.Domain...), q.Also...), q.More...)
	inv.nodes = newInventory(q.Reg, q.Domain).nodes
	sets := inv.spread()
	if q.Few {
		sets = sets[:min(2, len(sets))]
	}
	var trials []*Trial
	var last error = &NoPoint{"no sizes make every shape positive"}
	for i, sizes := range sets {
		for k, r := range regions {
			if q.Few && k > 0 {
				break
			}
			t, err := q.at(inv, sizes, i, k, q.Seed+uint64(16*i+k)+1)
			var none *NoPoint
			switch {
			case err == nil:
				t.Region = r.name
				trials = append(trials, t)
				continue
			case errors.As(err, &none), errors.Is(err, ErrTooLarge), errors.Is(err, ErrTooLong):
				last = err // smaller sizes may do
			case !errors.Is(err, errNoSize):
				last = &NoPoint{err.Error()}
			}
			if k == 1 {
				break // there are no such sizes, or no points
			}
		}
	}
	if len(trials) == 0 {
		return nil, last
	}
	return trials, nil
}

func (q *Drawing) at(inv *inventory, sizes []int, set, region int, seed uint64) (*Trial, error) {
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return nil, err
	}
	t := &Trial{pt: pt}
	if q.Family != nil {
		t.Member = int(seed) % max(1, pt.size(q.Family.Size))
	}
	programs := make([]*program, len(q.Domain))
	for i, n := range q.Domain {
		if programs[i], err = compile(n, pt, nil); err != nil {
			return nil, err
		}
		if f := q.Family; f != nil && f.Ordinal < len(programs[i].index) {
			programs[i].index[f.Ordinal] = t.Member
		}
	}
	if set > 1 && q.cost(pt, programs) > mostTrialWork {
		return nil, ErrTooLong
	}
	s := newSampler(inv, seed)
	s.also = q.Facts
	r := regions[region]
	for i, m := range s.modes {
		s.modes[i] = r.mode(m)
	}
	reason := ""
	for range r.tries {
		s.draw(pt)
		if reason, err = fits(programs); err != nil {
			return nil, err
		}
		if reason == "" {
			return t, nil
		}
		if u := lastUnfit(programs); u != nil && region < 2 {
			s.refused(u)
		}
	}
	return nil, &NoPoint{reason}
}

// mostTrialWork bounds the multiplications, roughly, of one comparison at larger sizes
// than are needed.
const mostTrialWork = 200_000

// cost is the work of one comparison.
func (q *Drawing) cost(pt *Point, programs []*program) int {
	sum := 0
	for _, p := range programs {
		sum += p.cost
	}
	for _, n := range q.Also {
		if p, err := compile(n, pt, nil); err == nil {
			sum += p.cost
		}
	}
	return sum
}

// fits runs the programs and says why the point is refused, "" if it is not.
func fits(programs []*program) (string, error) {
	for _, p := range programs {
		p.refused = nil
	}
	for _, p := range programs {
		v, err := p.run(true)
		var u *unfit
		switch {
		case errors.As(err, &u):
			p.refused = u
			return err.Error(), nil
		case err != nil:
			return "", err
		}
		for _, x := range v.Data {
			if !(x < 1e9 && x > -1e9) {
				return "value is too large or not finite", nil
			}
		}
	}
	return "", nil
}

func lastUnfit(programs []*program) *unfit {
	for _, p := range programs {
		if p.refused != nil {
			return p.refused
		}
	}
	return nil
}

// spread returns choices of values for the size names: the first of sizings, and
// beyond them larger ones, so that a claim which is right at a few sizes by accident
// is found out.
func (inv *inventory) spread() [][]int {
	small := inv.sizings(4)
	out := small[:min(2, len(small))]
	k := len(inv.names)
	for _, shift := range []int{5, 3} {
		s := make([]int, k)
		for i := range s {
			s[i] = 2 + (shift+3*i+i*i)%6
			if inv.isCount(i) {
				s[i] = 2 + (shift+i)%4
			}
		}
		if k > 0 && inv.wide(s) {
			out = append(out, s)
		}
	}
	return out
}

// Apart returns the largest difference of two values relative to the largest entry of
// either. It is stricter than Deviation: only entries below a millionth are compared
// absolutely. Values of different shapes are infinitely far apart.
func Apart(a, b expr.Dense) float64 {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		return inf
	}
	scale, gap := tinyScale, 0.0
	for i := range a.Data {
		scale = max(scale, abs(a.Data[i]), abs(b.Data[i]))
		gap = max(gap, abs(a.Data[i]-b.Data[i]))
	}
	if gap != gap {
		return inf
	}
	return gap / scale
}

// tinyScale is the magnitude below which values are compared absolutely.
const tinyScale = 1e-6

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

var inf = func() float64 { var zero float64; return 1 / zero }()

// Named returns the values of the variables at the point, by name and in the order of
// the program. A family has a value for each member.
func (t *Trial) Named() []NamedValue {
	var out []NamedValue
	for _, v := range t.pt.vars {
		n := NamedValue{Symbol: v.sym}
		for _, d := range v.vals {
			n.Values = append(n.Values, clone(d))
		}
		out = append(out, n)
	}
	return out
}

// A NamedValue is the value of a variable, or those of a family's members.
type NamedValue struct {
	Symbol *expr.Symbol
	Values []expr.Dense
}

func (v NamedValue) String() string { return fmt.Sprint(v.Symbol.Name, " = ", v.Values) }
