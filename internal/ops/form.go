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

// helper is the form of a call of a Python function that the source defines.
func helper(pattern, source string) expr.Form {
	return expr.Form{Pattern: pattern, Level: int(syntax.PrecAtom), Prelude: source}
}

// Python functions of generated code. None of them overflows where its value
// does not.
const (
	pySigmoid = `def _sigmoid(x):
    return np.exp(-np.logaddexp(0.0, -x))
`
	pyErf = `def _erf(x):
    from math import erf
    return np.vectorize(erf, otypes=[float])(x)
`
	pyErfc = `def _erfc(x):
    from math import erfc
    return np.vectorize(erfc, otypes=[float])(x)
`
	pyAdjugate = `def _adjugate(a):
    return np.linalg.det(a) * np.linalg.inv(a)
`
	pySoftmax = `def _softmax(x, axis=None):
    z = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return z / np.sum(z, axis=axis, keepdims=True)
`
	pyLogSumExp = `def _logsumexp(x, axis=None):
    m = np.max(x, axis=axis, keepdims=True)
    return np.squeeze(m, axis) + np.log(np.sum(np.exp(x - m), axis=axis))
`
)
