package ops

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/syntax"
)

// call is the form of a function: the operands, or else the sizes, stand in
// brackets after the name.
func call(name string) expr.Form {
	return expr.Form{Pattern: name + "($*)", Level: int(syntax.PrecAtom)}
}

// operator is call with a name that LaTeX does not know.
func operator(name string) expr.Form { return call(`\operatorname{` + name + `}`) }

// atom is a form that binds like a name; brackets in it hold the operands.
func atom(pattern string) expr.Form { return expr.Form{Pattern: pattern, Level: int(syntax.PrecAtom)} }

// infix is the form of an operator at the level of the product.
func infix(pattern string) expr.Form {
	return expr.Form{Pattern: pattern, Level: int(syntax.PrecProduct), Arg: int(syntax.PrecPostfix)}
}

// colon is the inner product of matrices, A : B C; products need no brackets in it.
var colon = expr.Form{Pattern: "$1 : $2", Level: int(syntax.PrecProduct), Arg: int(syntax.PrecProduct)}

// postfix is the form of an operator after its operand.
func postfix(pattern string) expr.Form {
	return expr.Form{Pattern: pattern, Level: int(syntax.PrecPostfix), Arg: int(syntax.PrecAtom)}
}
