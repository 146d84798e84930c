package nabla

import (
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/simplify"
)

// assumptions lists what an answer takes for granted: the domains of the
// operators in the expression and in the derivative, what the rules that were
// used ask for, that what is divided by is not zero, and that no kink is met by what
// varies with the symbols that d is the derivative by. Facts that are declared or evident
// are left out.
func (p *problem) assumptions(d *index.Sum, by []*expr.Symbol) []message.Text {
	list := simplify.Domains(p.f.sum, nil)
	list = simplify.Domains(d, list)
	list = append(list, p.rules.Assumptions()...)
	var out []message.Text
	for _, a := range list {
		implied := a.Kind == "invertible" && slices.ContainsFunc(list, func(b simplify.Assumption) bool {
			return b.Kind == "posdet" && b.Operand == a.Operand
		})
		if !implied {
			out = p.assume(out, a)
		}
	}
	out = p.kinks(p.f.sum, out, map[*index.Atom]bool{}, &dependence{by: by, known: map[*index.Atom]bool{}})
	out = p.divisors(d, out, map[*index.Sum]bool{})
	return append(withoutImplied(out), p.counts()...)
}

// withoutImplied drops that something is not 0 where it is positive besides.
func withoutImplied(list []message.Text) []message.Text {
	return slices.DeleteFunc(slices.Clone(list), func(t message.Text) bool {
		positive := strings.Replace(t.En, " ≠ 0", " > 0", 1)
		return positive != t.En && slices.ContainsFunc(list, func(u message.Text) bool { return u.En == positive })
	})
}

// counts says how large the integers must be that differentials count up to.
func (p *problem) counts() []message.Text {
	var out []message.Text
	var names []*expr.SizeName
	var bounds []int64
	for _, d := range p.low.Counts {
		name, bound := least(d)
		switch k := slices.Index(names, name); {
		case !slices.ContainsFunc(d.Names(nil), func(n *expr.SizeName) bool { return n.Symbol != nil }):
			// Sizes of matrices are positive.
		case name != nil && bound < 0:
			out = append(out, message.Same(name.Name+" ≤ "+strconv.FormatInt(-bound-1, 10)))
		case name == nil:
			out = append(out, message.Same(print.Text(p.b.Size(d), p.po).Result+" ≥ 0"))
		case k >= 0:
			bounds[k] = max(bounds[k], bound)
		default:
			names, bounds = append(names, name), append(bounds, bound)
		}
	}
	for k, n := range names {
		out = append(out, message.Same(n.Name+" ≥ "+strconv.FormatInt(bounds[k], 10)))
	}
	return out
}

// least solves d ≥ 0 for the one positive integer in d: it is at least bound, or
// at most −1 − bound if that is negative. The name is nil if there are several or
// d is not linear.
func least(d *expr.Dim) (name *expr.SizeName, bound int64) {
	constant, slope, linear := int64(0), int64(1), true
	d.Terms(func(coef int64, pows []expr.DimPow) {
		switch {
		case len(pows) == 0:
			constant = coef
		case len(pows) == 1 && pows[0].Exp == 1 && name == nil:
			name, slope = pows[0].Name, coef
		default:
			linear = false
		}
	})
	if !linear {
		return nil, 0
	}
	if slope < 0 {
		return name, -1 - max(0, constant/-slope)
	}
	return name, max(1, (slope-1-constant)/slope)
}

// assume adds the words for one assumption, if they are not there yet.
func (p *problem) assume(out []message.Text, a simplify.Assumption) []message.Text {
	ax := raise.Axes{Rows: a.Rows, Cols: a.Cols}
	free := len(a.Operand.Slots) - len(a.Rows) - len(a.Cols)
	if free > 0 && len(a.Rows)+len(a.Cols) == 0 {
		ax = p.arrangement(a.Operand)
	} else if free > 0 {
		return out // varies along a batch: there is no short way to say it
	}
	n, form := p.rs.Raise(a.Operand, ax)
	if form == raise.Index {
		return out
	}
	switch a.Kind {
	case "posdet":
		for n.Op.Name == expr.OpT || n.Op.Name == expr.OpInv {
			n = n.Args[0]
		}
		n = p.b.Node("det", n)
	}
	x := print.Text(p.abbreviate(n), p.po).Result
	var text message.Text
	entrywise := !n.Shape.IsScalar()
	switch a.Kind {
	case "positive":
		text = message.Same(x + " > 0")
	case "nonzero":
		text = message.Same(x + " ≠ 0")
	case "unit":
		text = message.Same("−1 < " + x + " < 1")
	case "above1":
		text = message.Same(x + " > 1")
	case "invertible":
		text, entrywise = say("%s is invertible", x), false
	case "posdet":
		text, entrywise = message.Same(x+" > 0"), false
	case "fullrank":
		text, entrywise = say("%s has full rank", x), false
	case "nonnull":
		text, entrywise = message.Same(x+" ≠ 0"), false
	default:
		return out
	}
	if entrywise {
		text = say("%s in each entry", text)
	}
	if p.meant == nil {
		p.meant = map[string]simplify.Assumption{}
	}
	p.meant[text.En] = a
	if !slices.Contains(out, text) {
		out = append(out, text)
	}
	return out
}

// A dependence tells which atoms vary with one of some symbols.
type dependence struct {
	by    []*expr.Symbol
	known map[*index.Atom]bool
}

func (d *dependence) atom(a *index.Atom) bool {
	varies, seen := d.known[a]
	if !seen {
		varies = a.Kind == index.VarAtom && slices.Contains(d.by, a.Sym) || slices.ContainsFunc(a.Args, d.sum)
		d.known[a] = varies
	}
	return varies
}

func (d *dependence) sum(s *index.Sum) bool {
	return slices.ContainsFunc(s.Terms, func(t index.Term) bool {
		return slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return d.atom(f.Atom) })
	})
}

// kinks adds that the operands of operators with a kink keep away from it, where they vary.
func (p *problem) kinks(s *index.Sum, out []message.Text, seen map[*index.Atom]bool, on *dependence) []message.Text {
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			a := s.Terms[i].Factors[j].Atom
			if seen[a] {
				continue
			}
			seen[a] = true
			for _, arg := range a.Args {
				out = p.kinks(arg, out, seen, on)
			}
			if a.Kind != index.OpAtom || a.Sym != nil || !a.Op.Kink || !on.atom(a) {
				continue
			}
			operand := a.Args[0]
			if len(a.Args) == 2 {
				operand = p.st.AddSums(a.Args, []rat.Rat{rat.One, rat.MinusOne})
			}
			out = p.assume(out, simplify.Assumption{Kind: "nonzero", Operand: operand})
		}
	}
	return out
}

// arrangement is how a sum whose entries are meant is best written as a matrix: any
// arrangement has the same entries. More than two slots are those of Kronecker products.
func (p *problem) arrangement(s *index.Sum) raise.Axes {
	n := len(s.Slots)
	best := natural(n)
	if n <= 2 || n > 6 {
		return best
	}
	width := 0
	for set := range 1 << n {
		var ax raise.Axes
		for k := range n {
			if set&(1<<k) != 0 {
				ax.Rows = append(ax.Rows, k)
			} else {
				ax.Cols = append(ax.Cols, k)
			}
		}
		m, form := p.rs.Raise(s, ax)
		if form == raise.Index {
			continue
		}
		if w := len(print.Text(m, p.po).Result); width == 0 || w < width {
			best, width = ax, w
		}
	}
	return best
}

// natural reads slots as a vector or matrix in their order; past two, the first half are
// rows.
func natural(slots int) raise.Axes {
	switch slots {
	case 0:
		return raise.Axes{}
	case 1:
		return raise.Axes{Rows: []int{0}}
	}
	return raise.Axes{Rows: seq(slots)[:slots/2], Cols: seq(slots)[slots/2:]}
}

// divisors adds that what has a negative exponent is not zero.
func (p *problem) divisors(s *index.Sum, out []message.Text, seen map[*index.Sum]bool) []message.Text {
	if seen[s] {
		return out
	}
	seen[s] = true
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			f := &s.Terms[i].Factors[j]
			a := f.Atom
			if a.Kind == index.GroupAtom {
				out = p.divisors(a.Args[0], out, seen)
			}
			if f.Exp.Sign() >= 0 || a.Positive || len(a.Slots) > 6 {
				continue
			}
			kind := "nonzero"
			if !f.Exp.IsInt() {
				kind = "positive"
			}
			operand := p.st.AtomSum(a, a.Slots, seq(len(a.Slots)))
			if base := squared(a); base != nil {
				kind, operand = "nonnull", p.st.AtomSum(base, base.Slots, seq(len(base.Slots)))
			}
			out = p.assume(out, simplify.Assumption{Kind: kind, Operand: operand})
		}
	}
	return out
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// squared returns the atom x of a group Σ x², a norm squared, or nil.
func squared(g *index.Atom) *index.Atom {
	if g.Kind != index.GroupAtom || len(g.Slots) > 0 || len(g.Args[0].Terms) != 1 {
		return nil
	}
	t := &g.Args[0].Terms[0]
	if !t.Coef.IsOne() || len(t.Factors) != 1 || len(t.Dims) != len(t.Factors[0].Idx) {
		return nil
	}
	if k, ok := t.Factors[0].Exp.Int64(); !ok || k != 2 {
		return nil
	}
	return t.Factors[0].Atom
}
