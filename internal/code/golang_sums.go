package code

import (
	"slices"

	"example.com/nabla/internal/plan"
)

// total writes the sum of the entries of a vector or matrix or of products of two.
func (g *golang) total(v *plan.Value) goExpr {
	x := v.Args[0]
	y := x
	if v.Kind != plan.Sum {
		y = v.Args[1]
	}
	rowwise := func(a *plan.Value) bool { return g.leaf(a) && a.Kind != plan.Transpose }
	switch {
	case v.Kind == plan.Sum && x.Rank == 1 && g.leaf(x):
		return goFn("floats.Sum", g.slice(x))
	case v.Kind == plan.Sum && g.leaf(x):
		return goFn("mat.Sum", g.matrix(x))
	case v.Kind == plan.Dot && g.leaf(x) && g.leaf(y):
		a := g.slice(x)
		return goFn("floats.Dot", a, g.slice(y))
	case v.Kind == plan.Inner && rowwise(x) && rowwise(y):
		i := g.index()
		a := g.receiver(x).method("RawRowView", i)
		b := g.receiver(y).method("RawRowView", i)
		s := g.declare(v, goInt(0))
		g.emit(goBlock("for "+i.text+" := range "+g.dim(x.Rows).String(), []string{s.text + " += " + goFn("floats.Dot", a, b).String()})...)
		g.looping--
		return s
	}
	c := g.entries(x)
	e := c.entry(x, c.i, c.j)
	if v.Kind != plan.Sum {
		e = goBin("*", e, c.entry(y, c.i, c.j))
	}
	s := g.declare(v, goInt(0))
	c.loop(x, "", s.text+" += "+e.String())
	g.done(x)
	return s
}

// lineSums writes the sums of the rows or columns of a matrix.
func (g *golang) lineSums(v *plan.Value) {
	a := v.Args[0]
	if g.leaf(a) && a.Kind != plan.Transpose {
		m := g.receiver(a)
		d, i := g.newSlice(v), g.index()
		row := m.method("RawRowView", i)
		if v.Kind == plan.RowSum {
			g.emit(goBlock("for "+i.text+" := range "+d.text, []string{d.at(i).String() + " = " + goFn("floats.Sum", row).String()})...)
		} else {
			g.emit(goBlock("for "+i.text+" := range "+g.dim(a.Rows).String(), []string{goFn("floats.Add", d, row).String()})...)
		}
		g.looping--
		return
	}
	c := g.entries(a)
	e := c.entry(a, c.i, c.j)
	d := g.newSlice(v)
	at := d.at(c.i)
	if v.Kind == plan.ColSum {
		at = d.at(c.j)
	}
	c.loop(a, "", at.String()+" += "+e.String())
	g.done(a)
}

// sumOver writes a sum over an index, or columns or matrices, and returns the name of the
// total.
func (g *golang) sumOver(v *plan.Value) string {
	at := g.depth(v)
	outer := g.blocks
	inner := &block{index: v.Index}
	name := g.pick(v)
	g.wanted[v] = name
	g.blocks = append(slices.Clone(outer[:at+1]), inner)
	switch v.Kind {
	case plan.Columns:
		g.emit(goID(name).method("SetCol", goID(g.Names.Index(v.Index)), g.slice(v.Args[0])).String())
	case plan.Stack:
		g.emit(goID(name).at(goID(g.Names.Index(v.Index))).String() + " = " + g.member(v.Args[0]).String())
	default:
		g.accumulate(name, v.Args[0])
	}
	for _, m := range inner.named {
		delete(g.text, m)
		delete(g.wanted, m)
	}
	g.blocks = outer[:at+1]
	count := g.dim(v.Dims[0])
	switch v.Rank {
	case 0:
		g.declare(v, goInt(0))
	case 1:
		g.newSlice(v)
	case 3:
		g.declare(v, goFn("make", goID("[]*mat.Dense"), count))
	default:
		g.newZeros(v)
	}
	g.emit(goBlock("for "+g.Names.Index(v.Index)+" := range "+count.String(), inner.lines)...)
	g.blocks = outer
	return name
}

// member returns a matrix with memory of its own, which is new in each run of the loop.
func (g *golang) member(v *plan.Value) goExpr {
	if g.owned(v) && g.depth(v) == len(g.blocks)-1 && v.Kind != plan.Transpose {
		return g.operand(g.receiver(v))
	}
	return goFn("mat.DenseCopyOf", g.matrix(v))
}

// accumulate adds a value to the total of that name.
func (g *golang) accumulate(name string, b *plan.Value) {
	total := goID(name)
	if b.Rank == 0 {
		g.emit(goAssign(total, goBin("+", total, g.scalar(b))))
		return
	}
	s, x := goInt(1), b
	if b.Kind == plan.Binary && b.Fn == "mul" && g.inline(b) && b.Args[0].Rank == 0 && g.single(b.Args[1]) {
		s, x = g.scalar(b.Args[0]), b.Args[1]
	}
	switch {
	case x.Rank == 1 && g.leaf(x) && x != b:
		g.emit(goFn("floats.AddScaled", total, s, g.slice(x)).String())
	case x.Rank == 1 && g.leaf(x):
		g.emit(goFn("floats.Add", total, g.slice(x)).String())
	case x.Kind == plan.Outer && g.single(x):
		u := g.vector(x.Args[0])
		g.emit(total.method("RankOne", total, s, u, g.vector(x.Args[1])).String())
	case g.leaf(b):
		g.emit(total.method("Add", total, g.matrix(b)).String())
	default:
		c := g.entries(b)
		d := total.at(c.i)
		if b.Rank == 2 {
			d = goID(c.row(total)).at(c.j)
		}
		e := c.entry(b, c.i, c.j)
		over := ""
		if b.Rank == 1 {
			over = name
		}
		c.loop(b, over, goAssign(d, goBin("+", d, e)))
		g.done(b)
	}
}

// single reports whether v is an operand that is not yet computed or one that is no part
// of a loop over entries.
func (g *golang) single(v *plan.Value) bool {
	_, named := g.text[v]
	if v.Kind == plan.Outer {
		return !named && g.uses[v] <= 1 && v.Name == "" && g.wanted[v] == "" && g.depth(v) == len(g.blocks)-1
	}
	return g.leaf(v)
}

// contract writes a sum of products over indices as nested loops, and returns its name.
// An identity matrix makes two indices one.
func (g *golang) contract(v *plan.Value) string {
	s := v.Spec
	same := sameIndices(v)
	name := make([]goExpr, len(s.Sizes))
	var outer, inner []int
	begin := func(i int, list *[]int) {
		if i = same[i]; name[i].text == "" {
			name[i] = g.index()
			*list = append(*list, i)
		}
	}
	for _, i := range s.Result {
		begin(i, &outer)
	}
	for i := range same {
		begin(i, &inner)
	}
	at := func(i int) goExpr { return name[same[i]] }
	product, empty := goID("1.0"), true
	for k, a := range v.Args {
		if a.Kind == plan.Eye {
			continue
		}
		ix := s.Operands[k]
		var x goExpr
		switch {
		case a.Rank == 0:
			x = g.constant(a)
		case a.Rank == 1:
			x = g.slice(a).at(at(ix[0]))
		case a.Rank == 3:
			x = goID(g.Names.Symbol(a.Sym)).at(at(ix[0])).method("At", at(ix[1]), at(ix[2]))
		case a.Kind == plan.Transpose:
			x = g.receiver(a.Args[0]).method("At", at(ix[1]), at(ix[0]))
		default:
			x = g.receiver(a).method("At", at(ix[0]), at(ix[1]))
		}
		if empty {
			product, empty = x, false
		} else {
			product = goBin("*", product, x)
		}
	}
	position := func(indices []int) goExpr {
		p := goInt(0)
		for k, i := range indices {
			if k == 0 {
				p = at(i)
			} else {
				p = goBin("+", goBin("*", p, g.dim(s.Sizes[i])), at(i))
			}
		}
		return p
	}
	var d, sum goExpr
	store := func(x goExpr) []string { return []string{d.text + " += " + x.String()} }
	switch v.Rank {
	case 0:
		d = g.declare(v, goInt(0))
	case 1:
		d = g.newSlice(v)
		store = func(x goExpr) []string { return []string{goAssign(d.at(position(s.Result)), x)} }
	default:
		d = g.newZeros(v)
		store = func(x goExpr) []string {
			return []string{d.method("Set", position(s.Result[:s.RowIndices]), position(s.Result[s.RowIndices:]), x).String()}
		}
	}
	loops := func(indices []int, body []string) []string {
		for _, i := range slices.Backward(indices) {
			body = goBlock("for "+name[i].text+" := range "+g.dim(s.Sizes[i]).String(), body)
		}
		return body
	}
	switch {
	case len(inner) == 0 || v.Rank == 0:
		g.emit(loops(append(outer, inner...), store(product))...)
	default:
		sum = goID(g.Names.temporary())
		body := []string{sum.text + " := 0.0"}
		body = append(body, loops(inner, []string{sum.text + " += " + product.String()})...)
		g.emit(loops(outer, append(body, store(sum)...))...)
	}
	g.looping -= len(outer) + len(inner)
	return d.text
}
