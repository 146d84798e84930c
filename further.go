package nabla

import (
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/simplify"
)

// further takes a step, such as a differentiation, from a derivative as it came about and
// from what it is when it has been shortened: that of log(eˣ + e⁻ˣ) is a quotient until it
// is recognised as tanh(x), and so is all that follows from it. It returns the shorter
// result, and whether that comes from what was shortened. Declared facts are not restored
// in between, since they do not hold where the next step moves a variable.
func (p *problem) further(v view, step func(view) view) (next view, shortened bool) {
	s := view{simplify.Shorten(p.st, v.sum), v.axes}
	if s.sum == v.sum {
		return step(v), false
	}
	trace := p.res.Stages["trace"]
	next = step(v)
	plain := p.res.Stages["trace"]
	if trace != "" {
		p.res.Stages["trace"] = trace
	}
	var other view
	if p.possible(func() { other = step(s) }) && other.sum != next.sum && p.width(other) < p.width(next) {
		return other, true
	}
	if trace != "" {
		p.res.Stages["trace"] = plain
	}
	return next, false
}

// width is how long a view is when it is written, with the names of its parts, in
// characters. What has no matrix notation is wider than anything that has.
func (p *problem) width(v view) int {
	const without = 1 << 30
	if len(v.sum.Terms) > maxTerms || len(v.sum.Slots) > maxSlots {
		return without + len(v.sum.Terms)
	}
	v = p.simplify(v)
	n, form := p.rs.Raise(v.sum, v.axes)
	if form == raise.Index {
		return without + utf8.RuneCountInString(v.sum.String())
	}
	return p.written(n)
}

func (p *problem) written(n *expr.Node) int {
	return utf8.RuneCountInString(print.Text(p.abbreviate(n), p.po).String())
}
