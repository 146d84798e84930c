package derive

import (
	"slices"

	"example.com/nabla/internal/expr"
)

// regroup makes every product below n anew, see grouped.
func (m maker) regroup(n *expr.Node) *expr.Node {
	return remade(n, hasOperands, func(n *expr.Node, args []*expr.Node) *expr.Node {
		if n.Op.Name == expr.OpMul && !n.Shape.IsScalar() {
			args = m.grouped(args)
		}
		switch {
		case len(args) == 1 && n.Op.Name == expr.OpMul:
			return args[0]
		case slices.Equal(args, n.Args):
			return n
		}
		c := *n
		c.Args = args
		return m.b.Intern(c)
	})
}

func hasOperands(n *expr.Node) bool { return len(n.Args) > 0 }

// remake makes a node of the kind of n with other operands, in the maker's manner.
func (m maker) remake(n *expr.Node, args []*expr.Node) *expr.Node {
	switch n.Op.Name {
	case expr.OpAdd:
		if spread(args, n.Shape) {
			return m.add(args...)
		}
		return m.add(append(args, m.zero(n.Shape))...)
	case expr.OpNeg:
		return m.neg(args[0])
	case expr.OpMul:
		return m.mul(args...)
	case expr.OpHadamard:
		return m.hadamard(args...)
	case expr.OpDiv:
		return m.div(args[0], args[1])
	case "tr":
		return m.tr(args[0])
	case expr.OpElDiv:
		return m.eldiv(args[0], args[1])
	case expr.OpT:
		if a := args[0]; a.Op.Name != expr.OpMul || m.turned(a) {
			return m.t(a)
		}
	case expr.OpSumOver:
		if isZero(args[0]) {
			return args[0]
		}
		return m.sumOver(n.Index, args[0])
	}
	if n.Op.Class == expr.Structural && slices.ContainsFunc(args, isZero) {
		return m.zero(n.Shape)
	}
	c := *n
	c.Args = args
	return m.b.Intern(c)
}

// spread reports whether an operand has the shape of the whole.
func spread(args []*expr.Node, s expr.Shape) bool {
	return slices.ContainsFunc(args, func(a *expr.Node) bool { return a.Shape == s })
}

// remade makes a DAG anew from the bottom: f gives the node for n, whose operands have
// become args. What enter refuses stays as it is.
func remade(n *expr.Node, enter func(n *expr.Node) bool, f func(n *expr.Node, args []*expr.Node) *expr.Node) *expr.Node {
	memo := map[*expr.Node]*expr.Node{}
	var walk func(n *expr.Node) *expr.Node
	walk = func(n *expr.Node) *expr.Node {
		r := memo[n]
		if r != nil {
			return r
		}
		if r = n; enter(n) {
			args := make([]*expr.Node, len(n.Args))
			for i, a := range n.Args {
				args[i] = walk(a)
			}
			r = f(n, args)
		}
		memo[n] = r
		return r
	}
	return walk(n)
}

// rewrite makes a DAG anew from the top: f gives a node for another, or nil to go on with its
// operands.
func (m maker) rewrite(n *expr.Node, f func(n *expr.Node) *expr.Node, memo map[*expr.Node]*expr.Node) *expr.Node {
	if r := memo[n]; r != nil {
		return r
	}
	r := f(n)
	if r == nil {
		r = n
		changed := false
		args := make([]*expr.Node, len(n.Args))
		for i, a := range n.Args {
			args[i] = m.rewrite(a, f, memo)
			changed = changed || args[i] != a
		}
		if changed {
			r = m.remake(n, args)
		}
	}
	memo[n] = r
	return r
}
