package latex

import (
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// Resolve puts sizes in the place of the names that stand for them, those of
// [Reading.Free] in order.
func Resolve(prog *syntax.Program, free []string, sizes []syntax.Expr) {
	of := make(map[string]syntax.Expr, len(free))
	for i, n := range free {
		of[n] = sizes[i]
	}
	prog.Walk(func(x syntax.Expr) {
		c, ok := x.(*syntax.Call)
		if !ok {
			return
		}
		for i, a := range c.Args {
			if n, ok := a.(*syntax.Name); ok {
				if size := of[n.Name]; size != nil {
					c.Args[i] = at(size, n.At)
				}
			}
		}
	})
}

// at returns the expression of a size with all its parts at one place.
func at(x syntax.Expr, place source.Span) syntax.Expr {
	switch x := x.(type) {
	case *syntax.Number:
		return &syntax.Number{At: place, Text: x.Text}
	case *syntax.Name:
		return &syntax.Name{At: place, Name: x.Name}
	case *syntax.Unary:
		return &syntax.Unary{At: place, Op: x.Op, OpAt: place, X: at(x.X, place)}
	case *syntax.Binary:
		return &syntax.Binary{At: place, Op: x.Op, OpAt: place, X: at(x.X, place), Y: at(x.Y, place)}
	}
	return x
}

// Unplaced takes the places from a declaration that stands in no text.
func Unplaced(d *syntax.Decl) {
	d.At, d.Type.At, d.Index.At = source.Span{}, source.Span{}, source.Span{}
	for i := range d.Names {
		d.Names[i].At = source.Span{}
	}
	for i := range d.Facts {
		d.Facts[i].At = source.Span{}
	}
	for i, x := range d.Type.Sizes {
		d.Type.Sizes[i] = at(x, source.Span{})
	}
	if d.Range != nil {
		d.Range.Index.At = source.Span{}
		d.Range.From, d.Range.To = at(d.Range.From, source.Span{}), at(d.Range.To, source.Span{})
	}
}

// Range writes the ranges of sums that have none, those of the families in them.
func Range(prog *syntax.Program, ranges map[string]syntax.Expr) {
	prog.Walk(func(x syntax.Expr) {
		s, ok := x.(*syntax.SumOver)
		if !ok || s.To != nil {
			return
		}
		syntax.Walk(s.Body, func(x syntax.Expr) {
			m, ok := x.(*syntax.Index)
			if !ok || s.To != nil || ranges[m.Family.Name] == nil {
				return
			}
			if n, ok := m.Sub.(*syntax.Name); ok && n.Name == s.Index.Name {
				s.From = &syntax.Number{At: s.Index.At, Text: "1"}
				s.To = at(ranges[m.Family.Name], s.Index.At)
			}
		})
	})
}
