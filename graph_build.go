package nabla

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// A grapher makes the graph of one program: first its structure, then the adjoints.
type grapher struct {
	p     *problem
	nodes []*gnode // operands first

	named map[*expr.Node]string
	uses  map[*expr.Node]int            // by how many nodes of the expression
	free  map[*expr.Node][]*expr.Index  // indices that no sum binds
	vary  map[*expr.Node]bool           // whether there is a variable below
	twin  map[*expr.Node]*expr.Node     // the same part of another member of a defined family
	twins map[*expr.Node][]check.Member // of such a part: where else it is
	byOp  map[*expr.Node]*gnode
	bySym map[*expr.Symbol]*gnode

	cuts     []*problem    // whose stores are in use until the end
	checking time.Duration // spent on checks
}

// A gnode is a node of the graph. A symbol stands for it wherever it is an operand.
type gnode struct {
	id        int
	base      string // name without index
	generated bool
	sym       *expr.Symbol
	index     *expr.Index // of a family's member
	// node is the operation with what belongs to it; nil for a variable. others are the
	// same member of a family at other indices.
	node   *expr.Node
	others []check.Member
	core   *expr.Node // node without sign and numeric factors
	body   *expr.Node // node in terms of the operands' symbols

	operands []*gnode
	users    []*gnode
	adj      *expr.Symbol // the derivative by the node; nil where it is not a scalar's
	answer   *answered
	above    *expr.Node // the result in terms of the node
	local    *expr.Node // the sum of the contributions to the adjoint; nil where one has no notation
	active   bool
	out      GraphNode
}

func newGrapher(p *problem) *grapher {
	return &grapher{p: p, named: map[*expr.Node]string{}, uses: map[*expr.Node]int{}, free: map[*expr.Node][]*expr.Index{},
		vary: map[*expr.Node]bool{}, twin: map[*expr.Node]*expr.Node{}, twins: map[*expr.Node][]check.Member{}, byOp: map[*expr.Node]*gnode{}, bySym: map[*expr.Symbol]*gnode{}}
}

// name is the node's name, with the index of a member.
func (n *gnode) name() string {
	if n.index != nil {
		return n.base + "[" + n.index.Name + "]"
	}
	return n.base
}

func (n *gnode) shape() expr.Shape { return n.sym.Shape }

// build finds the nodes and gives each a name and a symbol.
func (g *grapher) build() error {
	p := g.p
	root := p.prog.Result
	for i := range p.prog.Defs {
		d := &p.prog.Defs[i]
		members := d.Members
		if d.Node != nil {
			members = []check.Member{{Node: d.Node}}
		}
		for _, m := range members {
			if _, twice := g.named[m.Node]; !twice && len(m.Node.Args) > 0 {
				g.named[m.Node] = d.Name
			}
		}
	}
	g.named[root] = p.res.Name
	expr.Walk(root, func(n *expr.Node) {
		for i, a := range n.Args {
			if !slices.Contains(n.Args[:i], a) {
				g.uses[a]++
			}
		}
	})
	g.pair()
	if len(root.Args) == 0 { // a variable or number alone
		g.operation(root, func(n *gnode) { g.operand(n, root) })
	} else {
		g.visit(root)
	}
	g.names()
	g.symbols()
	for _, n := range g.nodes {
		g.describe(n)
	}
	return nil
}

// pair finds what is the same part of two members of a defined family: y[i] and y[j] are
// one node of the graph, and so is what they are computed of.
func (g *grapher) pair() {
	for _, d := range g.p.prog.Defs {
		for _, m := range d.Members[min(1, len(d.Members)):] {
			var walk func(a, b *expr.Node)
			walk = func(a, b *expr.Node) {
				if a == b || g.twin[b] != nil || g.twin[a] != nil || len(a.Args) != len(b.Args) || len(a.Args) == 0 {
					return
				}
				g.twin[b] = a
				g.twins[a] = append(g.twins[a], check.Member{Index: m.Index, Node: b})
				for k := range a.Args {
					walk(a.Args[k], b.Args[k])
				}
				most := max(g.uses[a], g.uses[b])
				g.uses[a], g.uses[b] = most, most
				if name, ok := g.named[b]; ok {
					g.named[a] = name
				}
			}
			walk(d.Members[0].Node, m.Node)
		}
	}
}

// freeIndices returns the indices that a node is one member for each value of.
func (g *grapher) freeIndices(n *expr.Node) []*expr.Index { return expr.FreeIndicesIn(n, g.free) }

// varies reports whether there is a variable in n.
func (g *grapher) varies(n *expr.Node) bool {
	v, ok := g.vary[n]
	if !ok {
		g.p.b.Limit.Step(8)
		v = n.Op.Name == expr.OpVar || n.Op.Name == expr.OpMember || slices.ContainsFunc(n.Args, g.varies)
		g.vary[n] = v
	}
	return v
}

// decorated returns the operand of n where n only adds a sign, a transpose or a factor
// that is a number; else nil.
func (g *grapher) decorated(n *expr.Node) *expr.Node {
	switch n.Op.Name {
	case expr.OpT, expr.OpNeg:
		return n.Args[0]
	case expr.OpDiv:
		if !g.varies(n.Args[1]) && g.varies(n.Args[0]) {
			return n.Args[0]
		}
	case expr.OpMul:
		var one *expr.Node
		for _, a := range n.Args {
			switch {
			case !g.varies(a) && a.Shape.IsScalar():
			case one != nil || !g.varies(a):
				return nil
			default:
				one = a
			}
		}
		return one
	}
	return nil
}

// isNode reports whether a, an operand of parent, is a node of its own.
func (g *grapher) isNode(parent, a *expr.Node) bool {
	if _, ok := g.named[a]; ok {
		return true
	}
	switch {
	case len(a.Args) == 0 || !g.varies(a) || len(g.freeIndices(a)) > 1 || g.decorated(a) != nil:
		return false
	case g.uses[a] > 1:
		return true
	}
	switch op := a.Op.Name; parent.Op.Name {
	case expr.OpAdd, expr.OpHadamard:
		return op != parent.Op.Name
	case expr.OpMul:
		return op != expr.OpMul || parent.Args[0] != a // a product nested on the left is the same product
	case expr.OpPow: // a squared norm
		return len(a.Op.Square) == 0
	case "tr": // an inner product
		return op != expr.OpMul
	}
	return true
}

// visit makes the node of an operation and all below it.
func (g *grapher) visit(n *expr.Node) *gnode {
	if m := g.twin[n]; m != nil {
		n = m
	}
	if x := g.byOp[n]; x != nil {
		return x
	}
	g.p.b.Limit.Step(16)
	return g.operation(n, func(x *gnode) {
		// What a sign or factor belongs to is part of the node, if it serves nothing else.
		chain := map[*expr.Node]bool{n: true}
		for {
			m := g.decorated(x.core)
			if m == nil || len(m.Args) == 0 || g.uses[m] > 1 || len(g.freeIndices(m)) > 1 {
				break
			}
			if _, ok := g.named[m]; ok {
				break
			}
			x.core, chain[m] = m, true
		}
		seen := map[*expr.Node]bool{}
		var collect func(m *expr.Node)
		collect = func(m *expr.Node) {
			if seen[m] {
				return
			}
			seen[m] = true
			for _, a := range m.Args {
				switch {
				case !g.varies(a):
				case len(a.Args) == 0, !(chain[m] && chain[a]) && g.isNode(m, a):
					g.operand(x, a)
				default:
					collect(a)
				}
			}
		}
		collect(n)
	})
}

// operation adds a node whose operands fill finds.
func (g *grapher) operation(n *expr.Node, fill func(x *gnode)) *gnode {
	x := &gnode{node: n, core: n}
	x.base = g.named[n]
	x.others = g.twins[n]
	g.byOp[n] = x
	if free := g.freeIndices(n); len(free) > 0 {
		x.index = free[0]
	}
	fill(x)
	x.id = len(g.nodes)
	g.nodes = append(g.nodes, x)
	return x
}

// operand adds what a stands for to the operands of x.
func (g *grapher) operand(x *gnode, a *expr.Node) {
	var o *gnode
	switch a.Op.Name {
	case expr.OpVar, expr.OpMember:
		if o = g.bySym[a.Sym]; o == nil {
			o = &gnode{id: len(g.nodes), base: a.Sym.Name, sym: a.Sym, index: a.Sym.Family}
			g.bySym[a.Sym] = o
			g.nodes = append(g.nodes, o)
		}
	default:
		if !g.varies(a) {
			return
		}
		o = g.visit(a)
	}
	if !slices.Contains(x.operands, o) {
		x.operands = append(x.operands, o)
		o.users = append(o.users, x)
	}
}

// names gives v1, v2, … to what has no name.
func (g *grapher) names() {
	taken := map[string]bool{g.p.res.Name: true}
	for _, s := range g.p.b.Symbols() {
		taken[s.Name] = true
	}
	for _, d := range g.p.prog.Defs {
		taken[d.Name] = true
	}
	for _, d := range g.p.b.Dims() {
		for _, s := range d.Names(nil) {
			taken[s.Name] = true
		}
	}
	k := 0
	for _, n := range g.nodes {
		for n.base == "" {
			k++
			if name := "v" + strconv.Itoa(k); !taken[name] {
				n.base, n.generated = name, true
			}
		}
	}
	for _, n := range g.nodes {
		taken[n.base] = true
	}
	for _, n := range g.nodes {
		if n.node != nil {
			n.adj = &expr.Symbol{Name: n.base + "_bar"}
			for taken[n.adj.Name] {
				n.adj.Name += "_"
			}
			taken[n.adj.Name] = true
		}
	}
}

// hidden is a name that no text has: that of a symbol while others are in play.
func hidden(n *gnode) string { return "\x00" + strconv.Itoa(n.id) }

// symbols makes the symbols of operations and of adjoints. Their place among the
// variables decides how sums and products are ordered: an operation comes after the
// variables that it is computed of.
func (g *grapher) symbols() {
	b := g.p.b
	last := map[*expr.Symbol]int{} // ordinal of the last variable below
	for _, s := range b.Symbols() {
		last[s] = s.Ordinal
	}
	scalar := g.p.prog.Result.Shape.IsScalar()
	for _, n := range g.nodes {
		if n.node == nil {
			continue
		}
		s := n.node.Shape
		facts := expr.Fact(0)
		if g.symmetric(n) {
			facts = expr.Symmetric
		}
		n.sym = b.NewSymbol(hidden(n), s.Kind(), s, facts)
		n.sym.Family = n.index
		at := -1
		for _, o := range n.operands {
			at = max(at, last[o.sym])
		}
		last[n.sym] = at
		if !scalar || n == g.nodes[len(g.nodes)-1] {
			n.adj = nil
			continue
		}
		n.adj = b.NewSymbol(n.adj.Name, s.Kind(), s, 0)
		n.adj.Family = n.index
		last[n.adj] = -1
	}
	order := slices.Clone(b.Symbols())
	slices.SortStableFunc(order, func(x, y *expr.Symbol) int { return cmp.Compare(last[x], last[y]) })
	b.Reorder(order)
	for _, n := range g.nodes {
		if n.node != nil {
			n.body = g.inSymbols(n.node, n)
		}
	}
}

// symmetric reports whether a node is a symmetric matrix, by its form and by the facts of
// its variables.
func (g *grapher) symmetric(n *gnode) bool {
	s := n.node.Shape
	if n.index != nil || !s.IsMatrix() || s.Rows != s.Cols {
		return false
	}
	m := g.p.apart(n.node, nil, Denominator)
	return m != nil && m == g.p.apart(g.p.b.Node(expr.OpT, n.node), nil, Denominator)
}

// ref is what stands for a node of the expression.
func (g *grapher) ref(n *gnode, m *expr.Node) *expr.Node {
	if n.index == nil {
		return g.p.b.Var(n.sym)
	}
	i := n.index
	for _, o := range n.others {
		if o.Node == m {
			i = o.Index
		}
	}
	return g.p.b.Member(n.sym, i)
}

// inSymbols writes a node in terms of its operands' symbols.
func (g *grapher) inSymbols(m *expr.Node, n *gnode) *expr.Node {
	by := map[*expr.Node]*expr.Node{}
	for _, o := range n.operands {
		if o.node == nil {
			continue
		}
		by[o.node] = g.ref(o, o.node)
		for _, other := range o.others {
			by[other.Node] = g.ref(o, other.Node)
		}
	}
	return g.p.b.Replace(m, by)
}

// showNames gives every symbol the name that it is written with.
func (g *grapher) showNames() {
	for _, n := range g.nodes {
		n.sym.Name = n.base
	}
}

// describe fills in what needs no derivative.
func (g *grapher) describe(n *gnode) {
	o := &n.out
	o.Name, o.Generated = n.name(), n.generated
	o.NameLaTeX = print.LaTeXName(n.name())
	for range n.operands {
		o.Operands = append(o.Operands, GraphOperand{})
	}
	switch {
	case n.node == nil:
		o.Kind = GraphVariable
		k := slices.IndexFunc(g.p.prog.Vars, func(v check.Var) bool { return v.Symbol == n.sym })
		if k >= 0 {
			o.Facts = g.p.prog.Vars[k].Facts.Names()
		}
		if n.sym.Facts&(expr.Constant|expr.Integer) != 0 {
			o.Kind = GraphConstant
			o.Reason = paper.Words{En: n.base + " is declared constant", Zh: n.base + " 声明为常量"}
			if n.sym.Facts.Has(expr.Integer) {
				o.Reason = paper.Words{En: n.base + " is an integer", Zh: n.base + " 是整数"}
			}
		}
		return
	case n == g.nodes[len(g.nodes)-1]:
		o.Kind = GraphResult
	default:
		o.Kind = GraphOperation
	}
	o.Operator = g.operator(n)
}

// formulas writes each node by its operands and, where the graph is not large, by
// variables.
func (g *grapher) formulas(large bool) {
	inner := &print.Options{Builder: g.p.b, MaxTokens: -1, Spell: asTheyAre}
	whole := &print.Options{Builder: g.p.b, MaxWidth: widest, Spell: asTheyAre}
	for _, n := range g.nodes {
		if n.node != nil {
			n.out.Formula = graphFormula(n.body, inner)
			if !large {
				n.out.Expanded = graphFormula(n.node, whole)
			}
		}
	}
}

func graphFormula(n *expr.Node, o *print.Options) GraphFormula {
	return GraphFormula{print.Text(n, o).String(), print.LaTeX(n, o).String(), print.Language(n, o).String()}
}

func (g *grapher) release() {
	for _, q := range g.cuts {
		if q.st != nil {
			q.st.Release()
		}
	}
	g.p.b.Release()
}
