package code

import (
	"fmt"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// axis returns the length of an axis of an argument as an expression, or, where it takes
// a statement, that statement, which declares name.
func (g *golang) axis(at plan.AxisOf, name string) (length goExpr, statement string) {
	x := goID(g.Names.Symbol(at.Sym))
	rank, axis := plan.ArgumentRank(at.Sym), at.Axis
	switch {
	case rank == 1, rank == 3 && axis == 0:
		return goFn("len", x), ""
	case rank == 3:
		x, axis = x.at(goInt(0)), axis-1
	}
	if axis == 0 {
		return goID(name), name + ", _ := " + x.method("Dims").String()
	}
	return goID(name), "_, " + name + " := " + x.method("Dims").String()
}

// header writes where sizes come from.
func (g *golang) header() []string {
	var out []string
	defs := g.Prog.Sizes
	// A size may need another, which comes before it.
	for i := len(defs) - 1; i >= 0; i-- {
		if s := defs[i]; g.UsesSize(s.Size) {
			for _, d := range []*expr.Dim{s.Minus, s.Over} {
				if d != nil {
					g.dim(d)
				}
			}
		}
	}
	for i := 0; i < len(defs); i++ {
		s := defs[i]
		if !g.UsesSize(s.Size) {
			continue
		}
		name := g.Names.Size(s.Size)
		if s.Plain() {
			if i+1 < len(defs) && g.UsesSize(defs[i+1].Size) && defs[i+1].Plain() && sameMatrix(s.From, defs[i+1].From) {
				x := goID(g.Names.Symbol(s.From.Sym))
				if plan.ArgumentRank(s.From.Sym) == 3 {
					x = x.at(goInt(0))
				}
				out = append(out, name+", "+g.Names.Size(defs[i+1].Size)+" := "+x.method("Dims").String())
				i++
				continue
			}
			x, statement := g.axis(s.From, name)
			if statement == "" {
				statement = name + " := " + x.String()
			}
			out = append(out, statement)
			continue
		}
		x, statement := g.axis(s.From, g.Names.Fresh("length"))
		if statement != "" {
			out = append(out, statement)
		}
		if s.Minus != nil {
			x = goBin("-", x, g.dim(s.Minus))
		}
		if s.Negate {
			x = goNeg(x)
		}
		if s.Over != nil {
			x = goBin("/", x, g.dim(s.Over))
		}
		if s.Root > 1 {
			x = goFn("int", goFn("math.Round", goFn("math.Pow", goFn("float64", x), goBin("/", goID("1.0"), goInt(int64(s.Root))))))
		}
		out = append(out, name+" := "+x.String())
	}
	return out
}

// sameMatrix reports whether two axes are the rows and columns of one matrix.
func sameMatrix(a, b plan.AxisOf) bool {
	rank := plan.ArgumentRank(a.Sym)
	return a.Sym == b.Sym && rank >= 2 && a.Axis == rank-2 && b.Axis == rank-1
}

// checks writes what compares the sizes of the arguments: gonum has no empty vectors and
// matrices, so that what gives a size must not be empty.
func (g *golang) checks() {
	var done []*expr.Symbol
	for _, s := range g.Prog.Sizes {
		known := false
		for _, t := range done {
			known = known || t == s.From.Sym
		}
		if known {
			continue
		}
		done = append(done, s.From.Sym)
		x := goID(g.Names.Symbol(s.From.Sym))
		empty := goBin("==", goFn("len", x), goInt(0))
		switch plan.ArgumentRank(s.From.Sym) {
		case 2:
			empty = x.method("IsEmpty")
		case 3:
			continue // see families
		}
		g.fail(empty.String(), x.text+" is empty")
	}
	for _, s := range g.Prog.Sizes {
		if !s.Plain() && g.UsesSize(s.Size) {
			g.positive(s.Size)
		}
	}
	for _, q := range g.Prog.Params {
		if q.Sym == nil && g.UsesSize(q.Size) {
			g.positive(q.Size)
		}
	}
	for _, c := range g.Prog.Checks {
		if plan.ArgumentRank(c.At.Sym) == 3 && c.At.Axis > 0 {
			continue // with all members
		}
		t := message(c, g.Names.Symbol)
		want := g.dim(c.Want)
		x, statement := g.axis(c.At, "got")
		if statement != "" {
			statement += "; "
		}
		g.fails = true
		g.emit("if "+statement+goBin("!=", x, want).String()+" {",
			"\treturn "+g.failure+goFn("fmt.Errorf", goID(goQuote(g.file.prefix+t.Before+"%d"+t.Between+"%d"+t.After)), x, want).String(),
			"}")
	}
	for _, q := range g.Prog.Params {
		if q.Sym != nil && q.Sym.Kind != expr.Function && plan.ArgumentRank(q.Sym) == 3 {
			g.memberChecks(q.Sym)
		}
	}
}

// families writes that families of matrices have members: sizes are read from the first.
func (g *golang) families() {
	for _, q := range g.Prog.Params {
		if q.Sym != nil && q.Sym.Kind != expr.Function && plan.ArgumentRank(q.Sym) == 3 {
			x := goID(g.Names.Symbol(q.Sym))
			g.fail(goBin("==", goFn("len", x), goInt(0)).String(), x.text+" is empty")
		}
	}
}

// positive checks a size that an axis does not show as it is.
func (g *golang) positive(s *expr.SizeName) {
	name := g.Names.Size(s)
	g.fails = true
	g.emit("if "+name+" < 1 {", "\treturn "+g.failure+fmt.Sprintf("fmt.Errorf(%q, %s)", g.file.prefix+s.Name+" must be positive, got %d", name), "}")
}

// memberChecks compares the shapes of all members of a family of matrices.
func (g *golang) memberChecks(s *expr.Symbol) {
	shape := plan.ArgumentShape(s)
	name := g.Names.Symbol(s)
	rows, cols := g.dim(shape[1]), g.dim(shape[2])
	g.fails = true
	g.emit("for index, member := range "+name+" {",
		"\tif rows, cols := member.Dims(); "+goBin("||", goBin("!=", goID("rows"), rows), goBin("!=", goID("cols"), cols)).String()+" {",
		"\t\treturn "+g.failure+goFn("fmt.Errorf", goID(goQuote(g.file.prefix+name+"[%d] is %d × %d, must be %d × %d")), goID("index"), goID("rows"), goID("cols"), rows, cols).String(),
		"\t}", "}")
}
