package nabla

import (
	"errors"
	"slices"
	"time"

	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// cut returns the problem in which a node is a variable: everything above it in the
// program is written in terms of its symbol.
func (g *grapher) cut(n *gnode) *problem {
	p := g.p
	prog := *p.prog
	prog.Wrt = []*expr.Symbol{n.sym}
	if n.node != nil {
		by := map[*expr.Node]*expr.Node{n.node: g.ref(n, n.node)}
		for _, o := range n.others {
			by[o.Node] = g.ref(n, o.Node)
		}
		prog.Result = p.b.Replace(prog.Result, by)
		prog.Defs = slices.Clone(prog.Defs)
		for i := range prog.Defs {
			d := &prog.Defs[i]
			if d.Node != nil {
				d.Node = p.b.Replace(d.Node, by)
			}
			d.Members = slices.Clone(d.Members)
			for k := range d.Members {
				d.Members[k].Node = p.b.Replace(d.Members[k].Node, by)
			}
		}
	}
	return &problem{req: p.req, eng: p.eng, b: p.b, tree: p.tree, prog: &prog,
		res: &Result{Name: p.res.Name, Stages: map[string]string{}}, begin: time.Now()}
}

// adjoint differentiates by a node as by a variable. What the engine has no answer for
// leaves a reason.
func (g *grapher) adjoint(n *gnode) (err error) {
	if n.out.Reason.En != "" {
		return nil
	}
	begin := time.Now()
	q := g.cut(n)
	if n.node != nil {
		n.sym.Name = n.base
		defer func() { n.sym.Name = hidden(n) }()
	}
	defer func() {
		if r := recover(); r != nil {
			if err = q.fault(r); err == nil {
				panic(r)
			}
		}
		g.checking += time.Since(begin) - q.seconds
		var input *InputError
		if errors.As(err, &input) {
			m := input.Diagnostics[0]
			n.out.Reason, err = paper.Words{En: m.Message, Zh: m.MessageZH}, nil
		}
	}()
	defer func() {
		if n.answer != nil && n.answer.node != nil {
			q.st.Release() // what is left are nodes
		} else {
			g.cuts = append(g.cuts, q)
		}
	}()
	if err := q.prepare(q.prog.Wrt); err != nil {
		return err
	}
	if err := q.answer(q.prog.Wrt); err != nil {
		return err
	}
	d := &q.res.Derivatives[0]
	n.answer, n.above = &q.all[0], q.prog.Result
	a := &GraphAdjoint{Symbol: d.Symbol, SymbolLaTeX: d.SymbolLaTeX, Formula: GraphFormula{d.Text, d.LaTeX, d.Language}, Shape: d.Shape, Dims: []string{},
		Form: d.Form, Identity: d.Identity, Zero: d.Zero, Remark: d.Remark, RemarkZH: d.RemarkZH,
		Assumptions: d.Assumptions, AssumptionsZH: d.AssumptionsZH}
	a.Dims = append(a.Dims, d.Dims...)
	if len(d.Where) > 0 {
		a.Line, a.LineLaTeX = d.Line, d.LineLaTeX
		for _, w := range d.Where {
			a.Where = append(a.Where, GraphNamed{w.Name, print.LaTeXName(w.Name), w.Text, w.LaTeX})
		}
	}
	if c := d.Check; c != nil {
		a.Check = &GraphCheck{c.Points, c.Sizes, c.MaxError, c.Reason, c.ReasonZH}
	}
	n.out.Adjoint = a
	if n.generated {
		a.Expanded = g.expanded(q, n)
	}
	return nil
}

// expanded writes the adjoint of a node that the program has no name for without the
// name that it has here; empty where the name does not occur.
func (g *grapher) expanded(q *problem, n *gnode) GraphFormula {
	d := n.answer.node
	if d == nil {
		return GraphFormula{}
	}
	e := g.putIn(d, n, nil)
	if e == d {
		return GraphFormula{}
	}
	o := *q.po
	o.Spell = asTheyAre
	return graphFormula(q.abbreviate(e), &o)
}

// short writes the adjoints in terms of the names of all nodes.
func (g *grapher) short() {
	g.showNames()
	p := g.p
	if p.prepare(nil) != nil {
		return
	}
	g.cuts = append(g.cuts, p)
	// Parts are found as the engine writes them; members as they were written.
	q := *p
	q.named, q.po = slices.Clone(p.named), &print.Options{Builder: p.b, MaxWidth: widest, Names: map[*expr.Node]string{}, Spell: asTheyAre}
	for _, d := range q.named {
		q.po.Names[d] = p.po.Names[d]
	}
	raised := map[*gnode]*expr.Node{}
	members := map[*expr.Node]*expr.Node{}
	for _, n := range g.nodes {
		switch {
		case n.node == nil:
		case n.index != nil:
			members[n.node] = g.ref(n, n.node)
		default:
			v := p.low.Lower(n.node)
			m, form := p.rs.Raise(v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols})
			if form == raise.Matrix && len(m.Args) > 0 && q.po.Names[m] == "" {
				raised[n], q.po.Names[m] = m, n.base
				q.named = append(q.named, m)
			}
		}
	}
	for _, m := range q.named {
		members[m] = m // what has a name is not looked into
	}
	for _, n := range g.nodes {
		if n.answer == nil || n.answer.node == nil {
			continue
		}
		d := n.answer.node
		if n.node != nil {
			d = g.putIn(d, n, raised[n])
		}
		d = q.abbreviate(d)
		n.out.Adjoint.Short = graphFormula(p.b.Replace(d, members), q.po)
	}
}

// asTheyAre spells no symbol in a way of its own: it says that a text is for people.
func asTheyAre(*expr.Symbol, *expr.Index, bool) (string, bool, bool) { return "", false, false }

// putIn replaces the symbol of a node by what it stands for, as by if that is not nil.
func (g *grapher) putIn(d *expr.Node, n *gnode, as *expr.Node) *expr.Node {
	by := map[*expr.Node]*expr.Node{}
	expr.Walk(d, func(m *expr.Node) {
		switch {
		case m.Sym != n.sym || len(m.Args) > 0:
		case as != nil:
			by[m] = as
		default:
			by[m] = g.p.b.Reindex(n.node, n.index, m.Index)
		}
	})
	return g.p.b.Replace(d, by)
}

// flow writes the contributions of consumers to the adjoints of their operands, and
// their sums, which are the adjoints of nodes without an answer of their own. large
// says that there are many nodes.
func (g *grapher) flow(large bool) {
	g.showNames()
	spelled := map[*expr.Symbol]*gnode{}
	for _, n := range g.nodes {
		if n.adj != nil {
			spelled[n.adj] = n
		}
	}
	sym := func(n *gnode) symbol {
		return symbol{f: g.p.res.Name, shape: g.p.prog.Result.Shape, wrt: []string{n.name()}, kinds: []expr.Shape{n.shape()}}
	}
	opts := &print.Options{Builder: g.p.b, MaxWidth: widest, Spell: func(s *expr.Symbol, i *expr.Index, latex bool) (string, bool, bool) {
		n := spelled[s]
		if n == nil {
			return "", false, false
		}
		y := sym(n)
		if n.index != nil {
			y.wrt = []string{n.base + "[" + i.Name + "]"}
		}
		if latex {
			return y.latex(), false, true
		}
		return y.text(), false, true
	}}
	var total []*expr.Node
	for _, n := range g.nodes {
		if n.out.Kind == GraphConstant {
			continue
		}
		total = total[:0]
		known := true
		for _, c := range n.users {
			edge := &c.out.Operands[slices.Index(c.operands, n)]
			edge.Rules = g.rules(c, n)
			d := g.contribution(c, n)
			if d == nil {
				known = false
				continue
			}
			edge.Contribution = graphFormula(d, opts)
			total = append(total, d)
		}
		a := n.out.Adjoint
		if a == nil {
			if len(total) == 0 || !known {
				if n.out.Reason.En == "" && n.users != nil {
					n.out.Reason = g.withoutLocal()
				}
				if n.users == nil {
					g.seed(n)
				}
				continue
			}
			y := sym(n)
			a = &GraphAdjoint{Symbol: y.text(), SymbolLaTeX: y.latex(), Shape: shapeString(n.shape()), Dims: dimStrings(n.shape())}
			n.out.Adjoint, n.out.Reason = a, paper.Words{}
		}
		if len(n.users) > 1 {
			a.Rules = append(a.Rules, derive.Note("add-contributions"))
		}
		if len(total) > 0 && known {
			sum := total[0]
			if len(total) > 1 {
				sum = g.p.b.Node(expr.OpAdd, total...)
			}
			n.local, a.Local = sum, graphFormula(sum, opts)
			if n.answer == nil { // in a large graph, or where the engine has no answer by itself
				a.Formula = a.Local
			}
		}
	}
	g.formulas(large)
}

// withoutLocal says why consumers do not give an adjoint.
func (g *grapher) withoutLocal() paper.Words {
	if !g.p.prog.Result.Shape.IsScalar() {
		return paper.Words{En: "the graph is large and " + g.p.res.Name + " is not a scalar", Zh: "图太大，且 " + g.p.res.Name + " 不是标量"}
	}
	return paper.Words{En: "no notation is known for the derivative", Zh: "没有已知的写法表示这个导数"}
}

// seed is the derivative of a scalar result by itself.
func (g *grapher) seed(n *gnode) {
	if n.out.Adjoint != nil || !n.shape().IsScalar() {
		return
	}
	y := symbol{f: g.p.res.Name, shape: n.shape(), wrt: []string{n.name()}, kinds: []expr.Shape{n.shape()}}
	n.out.Adjoint = &GraphAdjoint{Symbol: y.text(), SymbolLaTeX: y.latex(), Formula: GraphFormula{"1", "1", "1"}, Shape: "scalar", Dims: []string{}}
	n.out.Reason = paper.Words{}
}

// contribution is the gradient by o of the inner product of n, written by its operands,
// with the adjoint of n; nil where there is no notation, or no scalar result.
func (g *grapher) contribution(n, o *gnode) *expr.Node {
	b := g.p.b
	if !g.p.prog.Result.Shape.IsScalar() {
		return nil
	}
	f := n.body
	if n.adj != nil {
		adj := b.Var(n.adj)
		if n.index != nil {
			adj = b.Member(n.adj, n.index)
		}
		switch s := f.Shape; {
		case s.IsScalar():
			f = b.Node(expr.OpMul, adj, f)
		case s.IsVector():
			f = b.Node(expr.OpMul, b.Node(expr.OpT, adj), f)
		default:
			f = b.Node("tr", b.Node(expr.OpMul, b.Node(expr.OpT, adj), f))
		}
		if n.index != nil {
			f = b.SumOver(n.index, f)
		}
	}
	d := g.p.apart(f, o.sym, Denominator)
	if d == nil {
		return nil
	}
	if free := g.freeIndices(d); o.index != nil && len(free) == 1 {
		d = b.Reindex(d, free[0], o.index) // the consumer's index may be another
	}
	// What the node is called, where its own value occurs.
	own := map[*expr.Node]*expr.Node{n.body: g.ref(n, n.node)}
	if n.index != nil && o.index != nil && n.index != o.index {
		own = map[*expr.Node]*expr.Node{b.Reindex(n.body, n.index, o.index): b.Member(n.sym, o.index)}
	}
	if n.index == nil && n.body.Op.Class != expr.Special {
		if m := g.p.apart(n.body, nil, Denominator); m != nil && len(m.Args) > 0 {
			own[m] = g.ref(n, n.node)
		}
	}
	if own[d] != nil {
		return d
	}
	return b.Replace(d, own)
}
