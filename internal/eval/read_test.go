package eval

import (
	"fmt"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/syntax"
)

// A reader makes nodes from text in which every name and size is known. It does
// not check shapes: the tests' texts are right, and the tests must not rest on
// the checker.
type reader struct {
	*expr.Builder
	names map[string]*expr.Node
	sizes map[string]*expr.Dim
}

// sumOver reads a sum whose index runs from 1 to a size or an integer variable.
func (r *reader) sumOver(e *syntax.SumOver) *expr.Node {
	var to *expr.Dim
	if n := r.names[e.To.(*syntax.Name).Name]; n != nil {
		to = r.Count(n.Sym)
	} else {
		to = r.dim(e.To)
	}
	i := r.NewIndex(e.Index.Name, to)
	r.names[i.Name] = r.IndexValue(i)
	defer delete(r.names, i.Name)
	return r.SumOver(i, r.node(e.Body))
}

func (r *reader) read(text string) *expr.Node {
	e, _, diags := syntax.ParseExpr(text, syntax.Options{})
	if len(diags) > 0 {
		panic(fmt.Sprintf("%s: %v", text, diags))
	}
	return r.node(e)
}

func (r *reader) node(e syntax.Expr) *expr.Node {
	switch e := e.(type) {
	case *syntax.Number:
		return r.Num(rat.FromBig(e.Rat()))
	case *syntax.Name:
		if n := r.names[e.Name]; n != nil {
			return n
		}
		if d := r.sizes[e.Name]; d != nil {
			return r.Builder.Size(d)
		}
		return r.Node(e.Name) // a constant
	case *syntax.Unary:
		x := r.node(e.X)
		switch e.Op {
		case syntax.Neg:
			return r.Node(expr.OpNeg, x)
		case syntax.Transpose:
			return r.Node(expr.OpT, x)
		}
	case *syntax.Binary:
		x, y := r.node(e.X), r.node(e.Y)
		switch e.Op {
		case syntax.Add:
			return r.Node(expr.OpAdd, x, y)
		case syntax.Sub:
			return r.Node(expr.OpAdd, x, r.Node(expr.OpNeg, y))
		case syntax.Mul:
			return r.Node(expr.OpMul, x, y)
		case syntax.Div:
			return r.Node(expr.OpDiv, x, y)
		case syntax.Hadamard:
			return r.Node(expr.OpHadamard, x, y)
		case syntax.HadamardDiv:
			return r.Node(expr.OpElDiv, x, y)
		case syntax.HadamardPow:
			return r.Node(expr.OpElPow, x, y)
		case syntax.Pow:
			if x.Shape.IsScalar() {
				return r.Node(expr.OpPow, x, y)
			}
			return r.Node(expr.OpMPow, x, y)
		}
	case *syntax.Call:
		return r.call(e)
	case *syntax.SumOver:
		return r.sumOver(e)
	}
	panic(fmt.Sprintf("cannot read %T", e))
}

func (r *reader) call(e *syntax.Call) *expr.Node {
	var op *expr.Op
	var args []*expr.Node
	overloads := r.Reg.Overloads(e.Func.Name)
	if len(overloads) == 0 {
		panic("no operator " + e.Func.Name)
	}
	op = overloads[0]
	if len(op.Sizes) > 0 {
		var sizes []*expr.Dim
		order := 0
		for i, a := range e.Args {
			if op.IntArg && i == len(op.Sizes)-1 {
				order, _ = a.(*syntax.Number).Int()
				break
			}
			sizes = append(sizes, r.dim(a))
		}
		return r.Make(op, nil, sizes, order)
	}
	for _, a := range e.Args {
		args = append(args, r.node(a))
	}
	if len(overloads) > 1 && !args[0].Shape.Cols.IsOne() {
		op = overloads[1]
	}
	return r.Make(op, args, nil, 0)
}

func (r *reader) dim(e syntax.Expr) *expr.Dim {
	switch e := e.(type) {
	case *syntax.Number:
		n, _ := e.Int()
		return r.Const(int64(n))
	case *syntax.Name:
		if d := r.sizes[e.Name]; d != nil {
			return d
		}
		return r.Sizes.Size(e.Name)
	case *syntax.Binary:
		x, y := r.dim(e.X), r.dim(e.Y)
		switch e.Op {
		case syntax.Add:
			return r.Add(x, y)
		case syntax.Sub:
			return r.Sub(x, y)
		case syntax.Mul:
			return r.Mul(x, y)
		}
	}
	panic(fmt.Sprintf("cannot read size %T", e))
}
