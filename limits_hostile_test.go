package nabla_test

import (
	"fmt"
	"strings"

	"example.com/nabla"
)

// A hostile program is one that takes long, much memory, or deep recursion.
type hostileProgram struct {
	name, program string
	wrt           string
	order         int
	sizes         map[string]int // for programs
	only          string         // the functions it is for, separated by spaces; "" for all
}

// repeated writes text n times, with # for the number from 1 and @ for the one before it.
func repeated(n int, text string) string {
	var b strings.Builder
	for k := 1; k <= n; k++ {
		b.WriteString(strings.NewReplacer("#", fmt.Sprint(k), "@", fmt.Sprint(k-1)).Replace(text))
	}
	return b.String()
}

// around puts x into n pairs of left and right.
func around(n int, left, x, right string) string {
	return strings.Repeat(left, n) + x + strings.Repeat(right, n)
}

// joinedTimes writes term n times, as in repeated, with sep between.
func joinedTimes(n int, sep, term string) string {
	return strings.TrimSuffix(repeated(n, term+sep), sep)
}

var hostilePrograms = []hostileProgram{
	{name: "nested exp", program: "x: vector(n)\nsum(" + around(3000, "exp(", "x", ")") + ")"},
	{name: "nested matrix", program: "X: matrix(n, n)\ntr(" + around(1500, "inv(A + ", "X", ")") + ")"},
	{name: "nested brackets", program: "x: scalar\n" + around(9000, "(", "x", ")") + "^2"},
	{name: "nested minus", program: "x: scalar\n" + around(9000, "-", "x", "") + "^2"},
	{name: "nested sin", program: "x: scalar\n" + around(9000, "sin(", "x", ")")},
	{name: "nested abs", program: "x: scalar\n" + around(2000, "|", "x - 1", "|")},
	{name: "nested softmax", program: "x: vector(n)\nsum(log(" + around(300, "softmax(A*", "x", ")") + "))"},
	{name: "nested softmax order 2", program: "x: vector(n)\nsum(log(" + around(30, "softmax(A*", "x", ")") + "))", order: 2},
	{name: "chain of definitions", program: "x: scalar\na0 = x\n" + repeated(12000, "a#=sin(a@)\n") + "a12000"},
	{name: "chain of squares", program: "x: scalar\na0 = x\n" + repeated(400, "a# = a@*a@ + a@\n") + "a400"},
	{name: "chain of powers", program: "x: scalar\na0 = x + 1\n" + repeated(60, "a# = a@^2 + 1\n") + "a60", order: 2},
	{name: "chain of matrices", program: "X: matrix(n, n)\nA0 = X\n" + repeated(60, "A# = A@*A@ + A@'\n") + "tr(A60)"},
	{name: "doubled shares", program: "X: matrix(n, n)\nA0 = X\n" + repeated(40, "A# = inv(A@)*A@.*exp(A@)\n") + "sum(A40)"},
	{name: "layers", program: chain(1000).Program, wrt: "W_1"},
	{name: "layers in one", program: nested(800).Program, wrt: "W_1"},
	{name: "layers order 2", program: chain(12).Program, wrt: "W_1", order: 2},
	{name: "trace of many", program: product(600).Program, wrt: "X"},
	{name: "trace of many order 2", program: product(64).Program, wrt: "X", order: 2},
	{name: "trace of 5000", program: product(5000).Program, wrt: "X"},
	{name: "product X^64", program: "X: matrix(n, n)\ntr(X^64*A*X^63*B*X^62)", wrt: "X"},
	{name: "powers X^64^", program: "X: matrix(n, n)\nY = X^64\nZ = Y^64\ntr(Z^64)", wrt: "X"},
	{name: "sum of 50000", program: "x: scalar\n" + joinedTimes(50000, "+", "x*y")},
	{name: "sum of squares", program: "x: vector(n)\n" + repeated(1500, "a_#: vector(n)\n") + joinedTimes(1500, " + ", "(a_#'*x)^2"), wrt: "x"},
	{name: "sum of traces", program: "X: matrix(n, n)\ntr(" + joinedTimes(4000, " + ", "A_#*X*B_#") + ")", wrt: "X"},
	{name: "product of sums", program: "x: vector(n)\n" + repeated(300, "a_#: vector(n)\n") + joinedTimes(300, "*", "(a_#'*x + 1)"), wrt: "x"},
	{name: "product of sums order 2", program: "x: vector(n)\n" + repeated(60, "a_#: vector(n)\n") + joinedTimes(60, "*", "(a_#'*x + 1)"), wrt: "x", order: 2},
	{name: "power of a sum", program: "x, y, z, u, v, w: scalar\n(x + y + z + u + v + w)^40*(x - y)^31", wrt: "x", order: 3},
	{name: "order 30", program: "x: scalar\nexp(sin(x)*x)/(1 + x^2)", wrt: "x", order: 30},
	{name: "order 6", program: "sin(x'*A*x)*exp(b'*x)", wrt: "x", order: 6},
	{name: "kron of kron", program: "X: matrix(m, n)\nsum(" + joinedTimes(12, "⊗", "X") + ")", wrt: "X"},
	{name: "kron of different", program: "X: matrix(m, n)\ntr((" + joinedTimes(7, "⊗", "A_#") + ")*(X⊗" + joinedTimes(6, "⊗", "B_#") + "))", wrt: "X"},
	{name: "kron of kron matrix", program: "X: matrix(m, n)\n" + joinedTimes(5, "⊗", "X"), wrt: "X"},
	{name: "given sizes", program: "X: matrix(1000, 1000) posdef\nlogdet(X) + tr(inv(X)*X*X*inv(X))", wrt: "X"},
	{name: "given sizes vector", program: "x: vector(1000000)\nsum(exp(x).*sin(x).*x.^3)", wrt: "x"},
	{name: "given sizes kron", program: "X: matrix(30, 30)\nsum(inv(X⊗X))", wrt: "X"},
	{name: "given sizes Jacobian", program: "x: vector(1000)\nexp(A*x)", wrt: "x"},
	{name: "given sizes orthogonal", program: "X: matrix(900, 900) orthogonal\ntr(A*X*B*X')", wrt: "X"},
	{name: "given sizes family", program: "x[i]: vector(40), i = 1..20000\nA: matrix(40, 40)\nΣ_i log(1 + x[i]'*A*x[i])", wrt: "A"},
	{name: "huge sizes", program: "X: matrix(1000000000, 1000000000)\nsum(X⊗X)", wrt: "X"},
	{name: "many sizes", program: joinedTimes(3000, " + ", "sum(A_#*B_#*x)"), wrt: "x"},
	{name: "chain of sizes", program: "sum(" + joinedTimes(6000, "*", "A_#") + ")", wrt: "A_1"},
	{name: "stacked sizes", program: "x: scalar\nsum(" + joinedTimes(20, "⊗", "(a_#*b_#' + c_#*d_#')") + ")*x", wrt: "x"},
	{name: "many variables", program: repeated(7000, "v_#: vector(n)\n") + "sum(v_1 + v_7000)", wrt: "v_1"},
	{name: "many definitions unused", program: "x: scalar\n" + repeated(12000, "d_# = x^# \n") + "x^2", wrt: "x"},
	{name: "big number", program: "x: scalar\nx*10^1000*10^1000", wrt: "x"},
	{name: "big powers", program: "x: scalar\na = 10^400\nb = a^1000\nc = b^1000\nd = c^1000\nx*d", wrt: "x"},
	{name: "big powers of fractions", program: "x: scalar\na = 7/3\n" + repeated(40, "b_# = (a + 1/#)^999\n") + "x*(" + joinedTimes(40, "*", "b_#") + ")", wrt: "x"},
	{name: "tower", program: "x: scalar\na0 = 3\n" + repeated(40, "a# = a@^10\n") + "x*a40", wrt: "x"},
	{name: "sum of big numbers", program: "x: scalar\nx*(" + joinedTimes(2000, " + ", "1/(1"+strings.Repeat("0", 40)+"#)") + ")", wrt: "x"},
	{name: "product of big numbers", program: "x: scalar\nx*(" + joinedTimes(250, "*", strings.Repeat("7", 900)) + ")", wrt: "x"},
	{name: "large exponent", program: "x: scalar\n((((x^1000)^1000)^1000)^1000)^1000", wrt: "x"},
	{name: "large exponent of 2", program: "x: scalar\nx + ((2^1000)^1000)^1000", wrt: "x"},
	{name: "half exponents", program: "x: scalar\nx^(1/1000000007) + 2^(1/1000000007)*x", wrt: "x"},
	{name: "symbolic exponent", program: "x, y: scalar\n(x^(1/997))^(1/991)*y^(1/983)*(2^(1/2))^1000*((2^(1/2))^1000)^1000", wrt: "x"},
	{name: "many digits", program: "x: scalar\nx*0." + strings.Repeat("3", 999) + " + x^2*0." + strings.Repeat("7", 999), wrt: "x", order: 2},
	{name: "ambiguous families", program: "X: matrix(n, n)\nx[i]: vector(n), i = 1..N\ny[j]: vector(n), j = 1..M\n" +
		joinedTimes(12, "*", "(Σ_i Σ_j x[i]'*X^#*y[j])"), wrt: "X"},
	{name: "symmetric ties", program: "X: matrix(n, n) symmetric\ntr(" + joinedTimes(40, "*", "X.*X*(X⊗1)") + ")", wrt: "X"},
	{name: "Hadamard ties", program: "X: matrix(n, n)\nsum(" + joinedTimes(8, ".*", "(X*X'*X)") + ")", wrt: "X", order: 2},
	{name: "Hadamard squares", program: "X: matrix(n, n)\nsum((" + joinedTimes(30, ".*", "(X*A_#*X)") + ")*X)", wrt: "X", order: 2},
	{name: "quartic", program: "norm2(X*X'*X*X' - Y)^8", wrt: "X", order: 2},
	{name: "norms", program: "x: vector(n)\n" + around(150, "norm2(x*", "norm2(x)", " - A*x)"), wrt: "x"},
	{name: "logs", program: "x: vector(n)\n" + around(60, "log(1 + exp(b'*x*", "b'*x", "))"), wrt: "x", order: 2},
	{name: "quotients", program: "x: scalar\n" + around(400, "1/(x + ", "x", ")"), wrt: "x", order: 2},
	{name: "entries", program: "x: vector(n)\nsum(" + joinedTimes(200, ".*", "exp(A_#*x)") + ")", wrt: "x", order: 2},
	{name: "unknown functions", program: "g: function\nx: scalar\n" + around(40, "g(x*", "x", ")"), wrt: "x", order: 3},
	{name: "definite", program: "S: matrix(n, n) posdef\n" + joinedTimes(60, " + ", "logdet(S + A_#*A_#')*tr(inv(S)*B_#)"), wrt: "S", order: 2},
	{name: "regression of many", program: "w: vector(n)\n" + joinedTimes(120, " + ", "norm2(X_#*w - y_#)^2") + " + l*norm2(w)^2", wrt: "w"},
	{name: "matrix equation of many", program: "X: matrix(n, n)\n" + joinedTimes(40, " + ", "A_#*X*B_#") + " = C", wrt: "X", only: "solve"},
	{name: "nested equation", program: "x: scalar\n" + around(300, "exp(1 + ", "x", ")") + " = c", wrt: "x", only: "solve"},
	{name: "errors everywhere", program: repeated(3000, "a# = A_#*b_# + ) \n"), wrt: "x"},
	{name: "unknown names", program: joinedTimes(20000, "+", "foo_#(x)"), wrt: "x"},
	{name: "mismatches", program: "A: matrix(m, n)\nx: vector(p)\n" + joinedTimes(3000, " + ", "sum(A*x)"), wrt: "x"},
	{name: "cyclic", program: "x: scalar\n" + repeated(9000, "a# = a@ + x\n") + "a0 = a9000\na0", wrt: "x"},
	{name: "comments", program: strings.Repeat("# "+strings.Repeat("x", 60)+"\n", 4000) + "x^2", wrt: "x"},
}

// wrtOf is the list of variables of a request.
func (h *hostileProgram) wrtOf() []string {
	if h.wrt == "" {
		return []string{"x"}
	}
	return []string{h.wrt}
}

// A hostileFunction asks one of them.
type hostileFunction struct {
	name string
	ask  func(h *hostileProgram, l nabla.Limits) error
}

// hostileFunctions are the public functions, each asked about a hostile program.
var hostileFunctions = []hostileFunction{
	{"differentiate", func(h *hostileProgram, l nabla.Limits) error {
		_, err := nabla.Differentiate(nabla.Request{Program: h.program, Wrt: h.wrtOf(), Order: h.order, Limits: l})
		return err
	}},
	{"derive", func(h *hostileProgram, l nabla.Limits) error {
		_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: h.program, Wrt: h.wrtOf(), Order: min(h.order, 2), Limits: l}, Instance: true})
		return err
	}},
	{"verify", func(h *hostileProgram, l nabla.Limits) error {
		_, err := nabla.Verify(nabla.VerifyRequest{Program: h.program, Wrt: h.wrtOf()[0], Order: h.order, Claim: "2*" + h.wrtOf()[0], Limits: l})
		return err
	}},
	{"verify itself", func(h *hostileProgram, l nabla.Limits) error {
		lines := strings.Split(strings.TrimSpace(h.program), "\n")
		_, err := nabla.Verify(nabla.VerifyRequest{Program: h.program, Wrt: h.wrtOf()[0], Order: h.order, Claim: lines[len(lines)-1], Limits: l})
		return err
	}},
	{"solve", func(h *hostileProgram, l nabla.Limits) error {
		_, err := nabla.Solve(nabla.SolveRequest{Program: h.program, For: h.wrtOf(), Limits: l})
		return err
	}},
	{"curvature", func(h *hostileProgram, l nabla.Limits) error {
		_, err := nabla.Curvature(nabla.ConvexRequest{Program: h.program, Wrt: h.wrtOf(), Limits: l})
		return err
	}},
	{"program", func(h *hostileProgram, l nabla.Limits) error {
		_, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: h.program, Wrt: h.wrtOf(), Limits: l},
			What: h.what(), Sizes: h.sizes})
		return err
	}},
	{"graph", func(h *hostileProgram, l nabla.Limits) error {
		_, err := nabla.Graph(nabla.GraphRequest{Request: nabla.Request{Program: h.program, Limits: l}, Instance: true})
		return err
	}},
	{"generate", func(h *hostileProgram, l nabla.Limits) error {
		for _, language := range []string{"numpy", "cpp"} {
			_, err := nabla.Generate(nabla.GenerateRequest{Language: language, ProgramRequest: nabla.ProgramRequest{
				Request: nabla.Request{Program: h.program, Wrt: h.wrtOf(), NoCheck: true, Limits: l}, What: h.what(), Sizes: h.sizes}})
			if err != nil {
				return err
			}
		}
		return nil
	}},
}

// what are the results of a program: with the second derivative where the order says so.
func (h *hostileProgram) what() []nabla.What {
	if h.order > 1 {
		return []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf, nabla.HessianVector}
	}
	return nil
}
