// Package simplify has the rules that hold between operators, and the passes
// over index form that run after differentiation.
//
// The rules are rows of text in the language. An Engine compiles them once; For
// gives the rules of one problem to an index.Store, which applies them whenever it
// makes an atom or normalises a term. Restore brings declared facts back after
// differentiation, Shorten multiplies out where that makes terms merge.
package simplify

// A Rule says that one form is another, for all values of its variables.
//
// A variable's letter says what it stands for. Lower-case x, y, a, b: any operand
// taken entry by entry. c, p, q: a scalar. u, v: a vector; the rule holds along
// any one axis of what is matched. A, B, Q: a square matrix; X: a matrix. n is
// the size of v and of A.
//
// A rule whose Lhs is an operator applied to something is used when such an
// application is built, the others when a product is: a product that contains
// Lhs as factors has them replaced. The first rule that matches is used. Rules
// are used until none matches, so Rhs must be nearer to an end than Lhs.
type Rule struct {
	Name     string // kebab-case, subject first
	Lhs, Rhs string
	// When names conditions, all of which must be known to hold: "negative(x)" (the
	// operand of Lhs is written with a sign that can be pulled out), "positive(x)",
	// "nonnegative(x)", or a declared fact such as "orthogonal(Q)".
	When string
	// Assume names what the rule takes for granted and the answer reports:
	// "positive(x)", "nonzero(x)", "invertible(A)".
	Assume string
}

// Table lists the rules in the order in which they are tried.
func Table() []Rule { return table }

// squares are rewrites that Shorten tries: they make a sum shorter only where another
// term then merges, as in sin(x).^2 + cos(x).^2.
var squares = []Rule{
	{Name: "sin-squared", Lhs: "sin(x).^2", Rhs: "1 - cos(x).^2"},
	{Name: "cosh-squared", Lhs: "cosh(x).^2", Rhs: "1 + sinh(x).^2"},
}

var table = []Rule{
	// Exponentials and logarithms.
	{Name: "log-of-exp", Lhs: "log(exp(x))", Rhs: "x"},
	{Name: "exp-of-log", Lhs: "exp(log(x))", Rhs: "x", Assume: "positive(x)"},
	{Name: "exp-of-softplus", Lhs: "exp(softplus(x))", Rhs: "1 + exp(x)"},
	{Name: "exp-of-log-softmax", Lhs: "exp(v - logsumexp(v))", Rhs: "softmax(v)"},
	{Name: "log-of-softmax", Lhs: "log(softmax(v))", Rhs: "v - logsumexp(v)"},
	{Name: "log-of-sum-of-exp", Lhs: "log(sum(exp(v)))", Rhs: "logsumexp(v)"},
	{Name: "log-of-sum-of-exp-product", Lhs: "log(sum(exp(u).*exp(v)))", Rhs: "logsumexp(u + v)"},
	{Name: "log-of-sum-of-softmax-times-exp", Lhs: "log(sum(softmax(u).*exp(v)))", Rhs: "logsumexp(u + v) - logsumexp(u)"},
	{Name: "log-of-one-plus-exp", Lhs: "log(1 + exp(x))", Rhs: "softplus(x)"},
	{Name: "log-of-sigmoid", Lhs: "log(sigmoid(x))", Rhs: "-softplus(-x)"},
	{Name: "log-of-one-minus-sigmoid", Lhs: "log(1 - sigmoid(x))", Rhs: "-softplus(x)"},
	{Name: "log-of-det", Lhs: "log(det(A))", Rhs: "logdet(A)"},

	// Softmax, sigmoid and tanh from their definitions.
	{Name: "softmax-from-exp", Lhs: "exp(v)./sum(exp(v))", Rhs: "softmax(v)"},
	{Name: "tanh-from-exp", Lhs: "(exp(x) - exp(-x))./(exp(x) + exp(-x))", Rhs: "tanh(x)"},
	{Name: "tanh-from-exp-of-double", Lhs: "(exp(x) - 1)./(exp(x) + 1)", Rhs: "tanh(x/2)"},
	{Name: "sigmoid-from-exp", Lhs: "exp(x)./(1 + exp(x))", Rhs: "sigmoid(x)"},
	{Name: "sigmoid-from-reciprocal", Lhs: "1./(1 + exp(-x))", Rhs: "sigmoid(x)"},
	{Name: "sigmoid-times-exp", Lhs: "sigmoid(x).*exp(-x)", Rhs: "1 - sigmoid(x)"},
	{Name: "sigmoid-complement-times-exp", Lhs: "(1 - sigmoid(x)).*exp(x)", Rhs: "sigmoid(x)"},
	{Name: "sigmoid-times-exp-difference", Lhs: "(1 - exp(-x)).*sigmoid(x)", Rhs: "tanh(x/2)"},
	{Name: "sigmoid-complement-times-exp-difference", Lhs: "(exp(x) - 1).*(1 - sigmoid(x))", Rhs: "tanh(x/2)"},
	{Name: "softmax-of-shifted", Lhs: "softmax(v + c)", Rhs: "softmax(v)"},
	{Name: "logsumexp-of-shifted", Lhs: "logsumexp(v + c)", Rhs: "logsumexp(v) + c"},
	{Name: "softmax-sum", Lhs: "sum(softmax(v))", Rhs: "1"},

	// Signs: of an operand and its negative one is kept.
	{Name: "sigmoid-of-negative", Lhs: "sigmoid(-x)", Rhs: "1 - sigmoid(x)", When: "negative(x)"},
	{Name: "sin-of-negative", Lhs: "sin(-x)", Rhs: "-sin(x)", When: "negative(x)"},
	{Name: "tan-of-negative", Lhs: "tan(-x)", Rhs: "-tan(x)", When: "negative(x)"},
	{Name: "asin-of-negative", Lhs: "asin(-x)", Rhs: "-asin(x)", When: "negative(x)"},
	{Name: "atan-of-negative", Lhs: "atan(-x)", Rhs: "-atan(x)", When: "negative(x)"},
	{Name: "sinh-of-negative", Lhs: "sinh(-x)", Rhs: "-sinh(x)", When: "negative(x)"},
	{Name: "tanh-of-negative", Lhs: "tanh(-x)", Rhs: "-tanh(x)", When: "negative(x)"},
	{Name: "asinh-of-negative", Lhs: "asinh(-x)", Rhs: "-asinh(x)", When: "negative(x)"},
	{Name: "atanh-of-negative", Lhs: "atanh(-x)", Rhs: "-atanh(x)", When: "negative(x)"},
	{Name: "erf-of-negative", Lhs: "erf(-x)", Rhs: "-erf(x)", When: "negative(x)"},
	{Name: "sign-of-negative", Lhs: "sign(-x)", Rhs: "-sign(x)", When: "negative(x)"},
	{Name: "cos-of-negative", Lhs: "cos(-x)", Rhs: "cos(x)", When: "negative(x)"},
	{Name: "cosh-of-negative", Lhs: "cosh(-x)", Rhs: "cosh(x)", When: "negative(x)"},
	{Name: "abs-of-negative", Lhs: "abs(-x)", Rhs: "abs(x)", When: "negative(x)"},

	// Absolute value, sign, step and relu.
	{Name: "abs-of-nonnegative", Lhs: "abs(x)", Rhs: "x", When: "nonnegative(x)"},
	{Name: "root-of-square", Lhs: "(x.^2).^(1/2)", Rhs: "abs(x)"},
	{Name: "sign-of-positive", Lhs: "sign(x)", Rhs: "1", When: "positive(x)"},
	{Name: "relu-of-nonnegative", Lhs: "relu(x)", Rhs: "x", When: "nonnegative(x)"},
	{Name: "step-of-positive", Lhs: "step(x)", Rhs: "1", When: "positive(x)"},
	{Name: "max-of-zero", Lhs: "max(x, 0)", Rhs: "relu(x)"},
	{Name: "max-of-zero-first", Lhs: "max(0, x)", Rhs: "relu(x)"},
	{Name: "max-of-same", Lhs: "max(x, x)", Rhs: "x"},
	{Name: "min-of-same", Lhs: "min(x, x)", Rhs: "x"},
	{Name: "abs-times-sign", Lhs: "abs(x).*sign(x)", Rhs: "x"},
	{Name: "abs-over-sign", Lhs: "abs(x)./sign(x)", Rhs: "x", Assume: "nonzero(x)"},
	{Name: "sign-over-abs", Lhs: "sign(x)./abs(x)", Rhs: "1./x", Assume: "nonzero(x)"},
	{Name: "abs-squared", Lhs: "abs(x).^2", Rhs: "x.^2"},
	{Name: "abs-squared-inverse", Lhs: "1./abs(x)./abs(x)", Rhs: "1./x.^2"},
	{Name: "sign-squared", Lhs: "sign(x).^2", Rhs: "1", Assume: "nonzero(x)"},
	{Name: "sign-times-operand", Lhs: "sign(x).*x", Rhs: "abs(x)"},
	{Name: "operand-over-abs", Lhs: "x./abs(x)", Rhs: "sign(x)", Assume: "nonzero(x)"},
	{Name: "abs-over-operand", Lhs: "abs(x)./x", Rhs: "sign(x)", Assume: "nonzero(x)"},
	{Name: "step-squared", Lhs: "step(x).^2", Rhs: "step(x)"},
	{Name: "relu-times-step", Lhs: "relu(x).*step(x)", Rhs: "relu(x)"},
	{Name: "step-times-operand", Lhs: "step(x).*x", Rhs: "relu(x)"},
	{Name: "abs-times-step", Lhs: "abs(x).*step(x)", Rhs: "relu(x)"},
	{Name: "sign-times-step", Lhs: "sign(x).*step(x)", Rhs: "step(x)"},
	{Name: "sign-times-relu", Lhs: "sign(x).*relu(x)", Rhs: "relu(x)"},

	// Quotients of the circular and hyperbolic functions.
	{Name: "sin-over-cos", Lhs: "sin(x)./cos(x)", Rhs: "tan(x)"},
	{Name: "sinh-over-cosh", Lhs: "sinh(x)./cosh(x)", Rhs: "tanh(x)"},
	{Name: "tan-times-cos", Lhs: "tan(x).*cos(x)", Rhs: "sin(x)"},
	{Name: "tanh-times-cosh", Lhs: "tanh(x).*cosh(x)", Rhs: "sinh(x)"},

	// Powers with a symbol as exponent.
	{Name: "power-squared", Lhs: "(x.^p).^2", Rhs: "x.^(2*p)"},
	{Name: "power-times-power", Lhs: "x.^p.*x.^q", Rhs: "x.^(p + q)"},
	{Name: "power-over-power", Lhs: "x.^p./x.^q", Rhs: "x.^(p - q)"},
	{Name: "power-times-base", Lhs: "x.^p.*x", Rhs: "x.^(p + 1)"},
	{Name: "power-over-base", Lhs: "x.^p./x", Rhs: "x.^(p - 1)"},
	{Name: "power-of-one", Lhs: "1.^p", Rhs: "1"},
	{Name: "matrix-power-times-power", Lhs: "A^p*A^q", Rhs: "A^(p + q)"},
	{Name: "matrix-power-times-base", Lhs: "A^p*A", Rhs: "A^(p + 1)"},
	{Name: "matrix-power-times-inverse", Lhs: "A^p*inv(A)", Rhs: "A^(p - 1)"},
	{Name: "matrix-power-times-inverse-power", Lhs: "A^p*inv(A)^q", Rhs: "A^(p - q)"},
	{Name: "inverse-power-times-base", Lhs: "inv(A)^p*A", Rhs: "inv(A)^(p - 1)"},
	{Name: "matrix-power-of-power", Lhs: "(A^p)^q", Rhs: "A^(p*q)"},
	{Name: "matrix-power-of-kron", Lhs: "kron(A, R)^p", Rhs: "kron(A^p, R^p)"},
	{Name: "matrix-power-of-identity", Lhs: "eye(n)^p", Rhs: "eye(n)"},
	{Name: "matrix-power-of-diagonal", Lhs: "diag(v)^p", Rhs: "diag(v.^p)"},
	{Name: "inverse-of-power", Lhs: "inv(A^p)", Rhs: "inv(A)^p"},
	{Name: "det-of-power", Lhs: "det(A^p)", Rhs: "det(A)^p"},
	{Name: "logdet-of-power", Lhs: "logdet(A^p)", Rhs: "p*logdet(A)", When: "posdef(A)"},

	// Inverses and determinants.
	{Name: "inverse-cancels", Lhs: "A*inv(A)", Rhs: "eye(n)", Assume: "invertible(A)"},
	{Name: "inverse-of-scalar", Lhs: "inv(c)", Rhs: "1/c"},
	{Name: "inverse-of-inverse", Lhs: "inv(inv(A))", Rhs: "A", Assume: "invertible(A)"},
	{Name: "inverse-of-diagonal", Lhs: "inv(diag(v))", Rhs: "diag(1./v)", Assume: "nonzero(v)"},
	{Name: "inverse-of-scaled", Lhs: "inv(c*A)", Rhs: "inv(A)/c", Assume: "nonzero(c)"},
	{Name: "inverse-of-product", Lhs: "inv(A*B)", Rhs: "inv(B)*inv(A)"},
	{Name: "inverse-of-kron", Lhs: "inv(kron(A, R))", Rhs: "kron(inv(A), inv(R))"},
	{Name: "inverse-of-orthogonal", Lhs: "inv(Q)", Rhs: "Q'", When: "orthogonal(Q)"},
	{Name: "det-of-scalar", Lhs: "det(c)", Rhs: "c"},
	{Name: "det-of-inverse", Lhs: "det(inv(A))", Rhs: "1/det(A)"},
	{Name: "det-of-identity", Lhs: "det(eye(n))", Rhs: "1"},
	{Name: "det-of-product", Lhs: "det(A*B)", Rhs: "det(A)*det(B)"},
	{Name: "logdet-of-scalar", Lhs: "logdet(c)", Rhs: "log(c)"},
	{Name: "logdet-of-inverse", Lhs: "logdet(inv(A))", Rhs: "-logdet(A)"},
	{Name: "logdet-of-diagonal", Lhs: "logdet(diag(v))", Rhs: "sum(log(v))", Assume: "positive(v)"},
	{Name: "logdet-of-product", Lhs: "logdet(A*B)", Rhs: "logdet(A) + logdet(B)", When: "posdef(A)"},
	{Name: "logdet-of-product-last", Lhs: "logdet(A*B)", Rhs: "logdet(A) + logdet(B)", When: "posdef(B)"},
	{Name: "logdet-of-kron", Lhs: "logdet(kron(P, R))", Rhs: "m*logdet(P) + n*logdet(R)", When: "posdef(P), posdef(R)"},
	{Name: "adjugate-times-operand", Lhs: "A*adj(A)", Rhs: "det(A)*eye(n)"},
	{Name: "adjugate-of-scalar", Lhs: "adj(c)", Rhs: "1"},
	{Name: "pinv-between-operands", Lhs: "X*pinv(X)*X", Rhs: "X"},
	{Name: "pinv-of-scalar", Lhs: "pinv(c)", Rhs: "1/c", Assume: "nonzero(c)"},
	{Name: "logsumexp-of-scalar", Lhs: "logsumexp(c)", Rhs: "c"},
	{Name: "softmax-of-scalar", Lhs: "softmax(c)", Rhs: "1"},

	// Declared facts.
	{Name: "orthogonal-columns", Lhs: "Q'*Q", Rhs: "eye(n)", When: "orthogonal(Q)"},
	{Name: "orthogonal-rows", Lhs: "Q*Q'", Rhs: "eye(n)", When: "orthogonal(Q)"},
	{Name: "simplex-sum", Lhs: "sum(v)", Rhs: "1", When: "simplex(v)"},
	{Name: "onehot-sum", Lhs: "sum(v)", Rhs: "1", When: "onehot(v)"},
	{Name: "onehot-squared", Lhs: "v.*v", Rhs: "v", When: "onehot(v)"},

	// Values at numbers.
	{Name: "exp-of-zero", Lhs: "exp(0)", Rhs: "1"},
	{Name: "log-of-one", Lhs: "log(1)", Rhs: "0"},
	{Name: "sin-of-zero", Lhs: "sin(0)", Rhs: "0"},
	{Name: "cos-of-zero", Lhs: "cos(0)", Rhs: "1"},
	{Name: "tan-of-zero", Lhs: "tan(0)", Rhs: "0"},
	{Name: "asin-of-zero", Lhs: "asin(0)", Rhs: "0"},
	{Name: "atan-of-zero", Lhs: "atan(0)", Rhs: "0"},
	{Name: "sinh-of-zero", Lhs: "sinh(0)", Rhs: "0"},
	{Name: "cosh-of-zero", Lhs: "cosh(0)", Rhs: "1"},
	{Name: "tanh-of-zero", Lhs: "tanh(0)", Rhs: "0"},
	{Name: "asinh-of-zero", Lhs: "asinh(0)", Rhs: "0"},
	{Name: "atanh-of-zero", Lhs: "atanh(0)", Rhs: "0"},
	{Name: "sigmoid-of-zero", Lhs: "sigmoid(0)", Rhs: "1/2"},
	{Name: "softplus-of-zero", Lhs: "softplus(0)", Rhs: "log(2)"},
	{Name: "sign-of-zero", Lhs: "sign(0)", Rhs: "0"},
	{Name: "step-of-zero", Lhs: "step(0)", Rhs: "0"},
	{Name: "erf-of-zero", Lhs: "erf(0)", Rhs: "0"},
	{Name: "erfc-of-zero", Lhs: "erfc(0)", Rhs: "1"},
}
