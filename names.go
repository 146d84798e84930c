package nabla

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// nameDefinitions lets answers mention the program's definitions by name: each is
// lowered and raised, so that it is the same node that an answer would have. Those whose
// axes are split as the expression has none are left out.
func (p *problem) nameDefinitions() {
	p.po.Names = map[*expr.Node]string{}
	for _, d := range p.prog.Defs {
		p.po.Reserved = append(p.po.Reserved, d.Name)
	}
	for _, d := range p.prog.Defs {
		if d.Node == nil || d.Node == p.prog.Result || d.Cut != nil || len(d.Node.Args) == 0 || !p.low.Covers(d.Node) {
			continue
		}
		v := p.low.Lower(d.Node)
		n, form := p.rs.Raise(v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols})
		if form != raise.Matrix || len(n.Args) == 0 || p.po.Names[n] != "" {
			continue
		}
		body := *p.po
		body.Expand = true
		m := p.abbreviate(n)
		named := Named{d.Name, print.Text(m, &body).String(), print.LaTeX(m, &body).String()}
		p.res.Definitions = append(p.res.Definitions, named)
		p.po.Names[n], p.po.Names[d.Node] = d.Name, d.Name
		p.named = append(p.named, n)
	}
}

// abbreviate rewrites a DAG so that named nodes stand as operands of their own
// also where they are only a part of a product or sum: with z = X*w, the product
// 2 Xᵀ X w becomes 2 Xᵀ (X w), which prints as 2 Xᵀ z.
func (p *problem) abbreviate(n *expr.Node) *expr.Node {
	if len(p.named) == 0 {
		return n
	}
	a := &abbreviator{p: p, memo: map[*expr.Node]*expr.Node{}}
	return a.node(n)
}

type abbreviator struct {
	p    *problem
	memo map[*expr.Node]*expr.Node
}

func (a *abbreviator) node(n *expr.Node) *expr.Node {
	if len(n.Args) == 0 || a.p.po.Names[n] != "" {
		return n
	}
	if m := a.memo[n]; m != nil {
		return m
	}
	for _, d := range a.p.named {
		if d.Op == n.Op && d.Shape == n.Shape && alphaEqual(n, d, nil) {
			a.memo[n] = d
			return d
		}
	}
	args := slices.Clone(n.Args)
	// The definition made last is the largest that can match.
	for _, d := range slices.Backward(a.p.named) {
		if d.Op != n.Op {
			continue
		}
		switch n.Op.Name {
		case expr.OpMul:
			args = replaceRun(args, d.Args, d)
			args = replaceRun(args, a.reversed(d), a.p.b.Node(expr.OpT, d))
		case expr.OpAdd, expr.OpHadamard:
			args = replaceSubset(args, d.Args, d)
		}
	}
	if m := a.quotient(n); m != nil {
		m = a.node(m)
		a.memo[n] = m
		return m
	}
	changed := false
	for i, x := range args {
		args[i] = a.node(x)
		changed = changed || i >= len(n.Args) || args[i] != n.Args[i]
	}
	m := n
	if changed || len(args) != len(n.Args) {
		if len(args) == 1 && len(n.Args) > 1 {
			m = args[0] // the whole product or sum is the named one
		} else {
			c := *n
			c.Args = args
			m = a.p.b.Intern(c)
		}
	}
	a.memo[n] = m
	return m
}

// quotient rewrites A E B / k, where E / k is named, as A (E / k) B; nil if n is
// none.
func (a *abbreviator) quotient(n *expr.Node) *expr.Node {
	if n.Op.Name != expr.OpDiv || n.Args[0].Op.Name != expr.OpMul {
		return nil
	}
	for _, d := range slices.Backward(a.p.named) {
		if d.Op != n.Op || d.Args[1] != n.Args[1] {
			continue
		}
		args := slices.Clone(n.Args[0].Args)
		for i, x := range args {
			if x.Shape == d.Shape && alphaEqual(x, d.Args[0], nil) {
				args[i] = d
				return a.p.b.Node(expr.OpMul, args...)
			}
		}
	}
	return nil
}

// reversed is the product dᵀ, factor by factor.
func (a *abbreviator) reversed(d *expr.Node) []*expr.Node {
	if d.Shape.IsScalar() {
		return nil
	}
	var out []*expr.Node
	for _, x := range slices.Backward(d.Args) {
		switch {
		case x.Shape.IsScalar():
			return nil
		case x.Op.Name == expr.OpT:
			x = x.Args[0]
		default:
			x = a.p.b.Node(expr.OpT, x)
		}
		out = append(out, x)
	}
	return out
}

// replaceRun replaces each run of args equal to part by one operand.
func replaceRun(args, part []*expr.Node, by *expr.Node) []*expr.Node {
	if len(part) < 2 {
		return args
	}
	for i := 0; i+len(part) <= len(args); i++ {
		if slices.Equal(args[i:i+len(part)], part) {
			args = slices.Replace(args, i, i+len(part), by)
		}
	}
	return args
}

// replaceSubset replaces the operands of part, if all are among args, by one.
func replaceSubset(args, part []*expr.Node, by *expr.Node) []*expr.Node {
	if len(part) < 2 || len(part) > len(args) {
		return args
	}
	rest := slices.Clone(args)
	at := -1
	for _, x := range part {
		i := slices.Index(rest, x)
		if i < 0 {
			return args
		}
		if at < 0 {
			at = i
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return slices.Insert(rest, min(at, len(rest)), by)
}

// A rename pairs the bound indices of two sums that are compared.
type rename struct {
	a, b  *expr.Index
	outer *rename
}

// alphaEqual reports whether two nodes are the same but for the names of the
// indices that their sums bind: Σ_i x[i] and Σ_j x[j].
func alphaEqual(m, n *expr.Node, bound *rename) bool {
	if m == n && bound == nil {
		return true
	}
	if m.Op != n.Op || m.Shape != n.Shape || m.Sym != n.Sym || m.Order != n.Order || len(m.Args) != len(n.Args) ||
		!slices.Equal(m.Sizes, n.Sizes) || m.Op.Name == expr.OpNum && !m.Num.Equal(n.Num) {
		return false
	}
	if m.Op.Name == expr.OpSumOver {
		if m.Index.Size != n.Index.Size {
			return false
		}
		return alphaEqual(m.Args[0], n.Args[0], &rename{m.Index, n.Index, bound})
	}
	if m.Index != n.Index || m.Index != nil && bound != nil {
		r := bound
		for r != nil && r.a != m.Index && r.b != n.Index {
			r = r.outer
		}
		if r == nil && m.Index != n.Index || r != nil && (r.a != m.Index || r.b != n.Index) {
			return false
		}
	}
	for i := range m.Args {
		if !alphaEqual(m.Args[i], n.Args[i], bound) {
			return false
		}
	}
	return true
}
