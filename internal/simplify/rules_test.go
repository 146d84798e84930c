package simplify

import (
	"strings"
	"sync"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/syntax"
)

func init() { onLoop = func(s string) { panic(s) } }

var templates = sync.OnceValue(func() *lower.Templates {
	t, err := lower.Compile(ops.Registry())
	if err != nil {
		panic(err)
	}
	return t
})

var engine = sync.OnceValue(func() *Engine {
	e, err := New(ops.Registry(), templates())
	if err != nil {
		panic(err)
	}
	return e
})

// A bench lowers expressions over one set of declarations.
type bench struct {
	b     *expr.Builder
	st    *index.Store
	rules *Rules
	wrt   []string
	decls []*syntax.Decl
	t     *testing.T
}

func newBench(t *testing.T, decls string, e *Engine) *bench {
	x := &bench{b: expr.NewBuilder(ops.Registry()), rules: e.For(), t: t}
	x.st = index.NewStore(x.b, x.rules)
	for _, d := range strings.Split(decls, ";") {
		decl, errs := syntax.ParseDecl(strings.TrimSpace(d), syntax.Options{})
		if len(errs) > 0 {
			t.Fatal(d, errs)
		}
		x.decls = append(x.decls, decl)
	}
	return x
}

func (x *bench) node(text string) (*expr.Node, *check.Program) {
	x.t.Helper()
	prog, errs := syntax.ParseProgram(text, syntax.Options{})
	if len(errs) > 0 {
		x.t.Fatal(text, errs)
	}
	p, errs := check.Check(x.b, prog, check.Options{Decls: x.decls, Wrt: x.wrt})
	if len(errs) > 0 {
		x.t.Fatal(text, errs)
	}
	return p.Result, p
}

func (x *bench) lower(text string) *index.Sum {
	x.t.Helper()
	n, p := x.node(text)
	bare := func(s *expr.Symbol) bool {
		for _, w := range p.Wrt {
			if w == s {
				return true
			}
		}
		return false
	}
	l, err := lower.New(x.st, templates(), bare, n)
	if err != nil {
		x.t.Fatal(text, err)
	}
	return arranged(x.st, l.Lower(n))
}

func (x *bench) view(text string) *eval.View {
	n, _ := x.node(text)
	l, err := lower.New(x.st, templates(), nil, n)
	if err != nil {
		x.t.Fatal(text, err)
	}
	v := l.Lower(n)
	return &eval.View{Sum: v.S, Rows: v.Rows, Cols: v.Cols}
}

const decls = "x: vector(n); y: vector(n); z: vector(n); w: vector(m); A: matrix(n,n); B: matrix(n,n); X: matrix(m,n); Y: matrix(m,n); " +
	"c: scalar; d: scalar; p: scalar integer; Q: matrix(n,n) orthogonal; S: matrix(n,n) symmetric; P: matrix(n,n) posdef; V: matrix(k,k) posdef; h: vector(n) onehot; s: vector(n) simplex; t: vector(n) positive"

// Two spellings of one thing are one node.
func TestMeet(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"log(exp(x))", "x"},
		{"log(exp(A*x + y))", "A*x + y"},
		{"log(exp(X))", "X"},
		{"exp(2*log(x))", "x.*x"},
		{"exp(-x).*exp(x)", "ones(n)"},
		{"exp(2*x)./exp(x)", "exp(x)"},
		{"exp(x/2).*exp(x/2)", "exp(x)"},
		{"log(softmax(A*x))", "A*x - logsumexp(A*x)*ones(n)"},
		{"log(softmaxrows(X))", "X - logsumexprows(X)*ones(n)'"},
		{"log(softmaxcols(X))", "X - ones(m)*logsumexpcols(X)"},
		{"log(sum(exp(A*x)))", "logsumexp(A*x)"},
		{"log(rowsum(exp(X)))", "logsumexprows(X)"},
		{"log(colsum(exp(X)))", "logsumexpcols(X)"},
		{"log(exp(X)*ones(n))", "logsumexprows(X)"},
		{"log(sum(exp(-x)))", "logsumexp(-x)"},
		{"exp(x)./sum(exp(x))", "softmax(x)"},
		{"exp(A*x - y)/sum(exp(A*x - y))", "softmax(A*x - y)"},
		{"exp(-x)/sum(exp(-x))", "softmax(-x)"},
		{"exp(X)./(rowsum(exp(X))*ones(n)')", "softmaxrows(X)"},
		{"exp(X)./(ones(m)*colsum(exp(X)))", "softmaxcols(X)"},
		{"diag(1./rowsum(exp(X)))*exp(X)", "softmaxrows(X)"},
		{"log(exp(x)./sum(exp(x)))", "x - logsumexp(x)*ones(n)"},
		{"exp(x - logsumexp(x)*ones(n))", "softmax(x)"},
		{"exp(A*x - y - logsumexp(A*x - y))", "softmax(A*x - y)"},
		{"exp(X - logsumexprows(X)*ones(n)')", "softmaxrows(X)"},
		{"log(1 + exp(x))", "softplus(x)"},
		{"log(1 + exp(A*x - y))", "softplus(A*x - y)"},
		{"log1p(exp(x))", "softplus(x)"},
		{"log(ones(m,n) + exp(X))", "softplus(X)"},
		{"exp(-x)./(1 + exp(-x)).^2", "sigmoid(x).*(1 - sigmoid(x))"},
		{"1./(1 + exp(-x))", "sigmoid(x)"},
		{"1./(1 + exp(x))", "1 - sigmoid(x)"},
		{"sigmoid(-x)", "1 - sigmoid(x)"},
		{"(1 + exp(-X)).^(-1)", "sigmoid(X)"},
		{"(1 + exp(-x)).^(-2)", "sigmoid(x).^2"},
		{"(1 + exp(-x)).^(-1/2)", "sqrt(sigmoid(x))"},
		{"exp(x)./(1 + exp(x))", "sigmoid(x)"},
		{"exp(-x)./(1 + exp(-x))", "1 - sigmoid(x)"},
		{"3*exp(c)/(2 + 2*exp(c))", "3/2*sigmoid(c)"},
		{"sigmoid(x).*exp(-x)", "1 - sigmoid(x)"},
		{"log(sigmoid(x))", "-log(1 + exp(-x))"},
		{"log(1 - sigmoid(x))", "-softplus(x)"},
		{"(exp(x) - exp(-x))./(exp(x) + exp(-x))", "tanh(x)"},
		{"(exp(-x) - exp(x))./(exp(x) + exp(-x))", "-tanh(x)"},
		{"(exp(2*x) - 1)./(exp(2*x) + 1)", "tanh(x)"},
		{"(1 - exp(-2*x))./(1 + exp(-2*x))", "tanh(x)"},
		{"sin(-x)", "-sin(x)"},
		{"cos(y - x) + sin(y - x)", "cos(x - y) - sin(x - y)"},
		{"tanh(-A*x)", "-tanh(A*x)"},
		{"abs(x).^2", "x.^2"},
		{"abs(x).^4", "x.^4"},
		{"sign(x).*abs(x)", "x"},
		{"sign(X).*abs(X)", "X"},
		{"sign(A*x).*(A*x)", "abs(A*x)"},
		{"sign(A*x - y).*(A*x - y)", "abs(A*x - y)"},
		{"sign(y - A*x).*(A*x - y)", "-abs(A*x - y)"},
		{"x./abs(x)", "sign(x)"},
		{"sign(x).^2", "ones(n)"},
		{"sign(x).^3", "sign(x)"},
		{"step(x).^3", "step(x)"},
		{"relu(x).*step(x)", "relu(x)"},
		{"relu(X).*step(X)", "relu(X)"},
		{"x.*step(x)", "relu(x)"},
		{"max(0, x)", "relu(x)"},
		{"max(x, 0*x)", "relu(x)"},
		{"relu(exp(x))", "exp(x)"},
		{"abs(x.^2 + 1)", "x.^2 + 1"},
		{"norm1(softmax(x))", "1"},
		{"sum(softmax(x))", "1"},
		{"softmax(x + c)", "softmax(x)"},
		{"softmax(x - y + 3 - c)", "softmax(x - y)"},
		{"softmaxrows(X - w*ones(n)')", "softmaxrows(X)"},
		{"logsumexp(x + c)", "logsumexp(x) + c"},
		{"logsumexp(x + log(softmax(y)))", "logsumexp(x + y) - logsumexp(y)"},
		{"rowsum(softmaxrows(X))", "ones(m)"},
		{"colsum(softmaxcols(X))", "ones(n)'"},
		{"sum(softmaxrows(X))", "sum(ones(m))"},
		{"softmax(x)'*ones(n)", "1"},
		{"sin(x)./cos(x)", "tan(x)"},
		{"sinh(x)./cosh(x)", "tanh(x)"},
		{"x.^p.*x", "x.^(p + 1)"},
		{"x.^p.*x.*x", "x.^(p + 2)"},
		{"x.^p./x", "x.^(p - 1)"},
		{"x.^p.*x.^(-p)", "ones(n)"},
		{"c^d*c^(1 - d)", "c"},
		{"(x.^p).^2", "x.^(2*p)"},
		{"(x.^p).^3", "x.^(3*p)"},
		{"X*0 + (X.^p).*X", "X.^(p + 1)"},
		{"ones(n).^p", "ones(n)"},
		{"A^p*A", "A^(p + 1)"},
		{"A*A^p", "A^(p + 1)"},
		{"A^p*inv(A)", "A^(p - 1)"},
		{"A^p*A^p", "A^(2*p)"},
		{"A^(p - p)", "eye(n)"},
		{"A^(p - p + 2)", "A*A"},
		{"A*inv(A)", "eye(n)"},
		{"inv(A)*A", "eye(n)"},
		{"A'*inv(A')", "eye(n)"},
		{"A'*inv(A)'", "eye(n)"},
		{"tr(A*inv(A))", "sum(ones(n))"},
		{"x'*A*inv(A)*y", "x'*y"},
		{"B*A*inv(A)*x", "B*x"},
		{"S*inv(S)", "eye(n)"},
		{"inv(S)*S", "eye(n)"},
		{"(A + B)*inv(A + B)", "eye(n)"},
		{"inv(A + B')*(A + B')", "eye(n)"},
		{"(A' + B)*inv(A + B')'", "eye(n)"},
		{"2*(A + B)*inv(2*A + 2*B)", "eye(n)"},
		{"X'*X*inv(X'*X)", "eye(n)"},
		{"inv(X'*X)*X'*X", "eye(n)"},
		{"tr(X*inv(X'*X)*X')", "sum(ones(n))"},
		{"X*inv(X'*X)*X'*X", "X"},
		{"X'*X*inv(P*X'*X)*P", "eye(n)"},
		{"inv(A*B)", "inv(B)*inv(A)"},
		{"inv(A*B*S)", "inv(S)*inv(B)*inv(A)"},
		{"inv(A')", "inv(A)'"},
		{"inv(inv(A))", "A"},
		{"inv(inv(A) + B*0)", "A"},
		{"inv(2*A)", "inv(A)/2"},
		{"inv(-A)", "-inv(A)"},
		{"inv(c*A)", "inv(A)/c"},
		{"inv(2*A - 2*B)", "inv(A - B)/2"},
		{"inv(diag(x))", "diag(1./x)"},
		{"inv(diag(x) + eye(n))", "diag(1./(x + 1))"},
		{"inv(diag(x)*A)", "inv(A)*diag(1./x)"},
		{"inv(A*diag(x))", "diag(1./x)*inv(A)"},
		{"inv(A*diag(x)*B)", "inv(B)*diag(1./x)*inv(A)"},
		{"inv(eye(n))", "eye(n)"},
		{"inv(3*eye(n))", "eye(n)/3"},
		{"A*inv(A*B)", "A*inv(B)*inv(A)"},
		{"B*inv(A*B)*A", "eye(n)"},
		{"det(A*B)", "det(A)*det(B)"},
		{"det(A^3)", "det(A)^3"},
		{"det(A')", "det(A)"},
		{"det(inv(A))", "1/det(A)"},
		{"det(A)*det(inv(A))", "1"},
		{"det(eye(n))", "1"},
		{"logdet(inv(A))", "-logdet(A)"},
		{"log(det(A))", "logdet(A)"},
		{"logdet(eye(n))", "0"},
		{"logdet(diag(x))", "sum(log(x))"},
		{"logdet(P*A)", "logdet(P) + logdet(A)"},
		{"logdet(A*P)", "logdet(P) + logdet(A)"},
		{"A*adj(A)", "det(A)*eye(n)"},
		{"adj(A)*A", "det(A)*eye(n)"},
		{"X*pinv(X)*X", "X"},
		{"pinv(X)*X*pinv(X)*X", "pinv(X)*X"},
		{"sqrt(x.^2)", "abs(x)"},
		{"sqrt((x.*y).^2)", "abs(x.*y)"},
		{"norm2(c)", "abs(c)"},
		{"1./sqrt(x.^4.*y.^2)", "1./abs(x.^2.*y)"},
		{"inv(kron(A, B))", "kron(inv(A), inv(B))"},
		{"inv(kron(A*B, P))", "kron(inv(B)*inv(A), inv(P))"},
		{"kron(A, B)*inv(kron(A, B))", "kron(eye(n), eye(n))"},
		{"logdet(kron(P, V))", "sum(ones(k))*logdet(P) + sum(ones(n))*logdet(V)"},
		{"Q*Q'", "eye(n)"},
		{"Q'*Q", "eye(n)"},
		{"A*Q'*Q*B", "A*B"},
		{"inv(Q)", "Q'"},
		{"inv(Q')", "Q"},
		{"norm2(Q*x)^2", "x'*x"},
		{"sum(h)", "1"},
		{"h'*h", "1"},
		{"h.*h", "h"},
		{"sum(s)", "1"},
		{"x*(s'*ones(n))", "x"},
		{"exp(0*x)", "ones(n)"},
		{"cos(x - x)", "ones(n)"},
		{"sigmoid(c - c)", "1/2"},
		{"inv(x'*x)", "1/(x'*x)"},
		{"det(x'*A*y)", "x'*A*y"},
		{"logdet(c)", "log(c)"},
	} {
		x := newBench(t, decls, engine())
		if s := x.lower("(" + c.a + ") - (" + c.b + ")"); !s.IsZero() {
			t.Errorf("%s and %s differ by %v", c.a, c.b, s)
		}
		if n, _ := x.node(c.a); true {
			if err := eval.EqualView(ops.Registry(), n, x.view(c.a), 1); err != nil {
				t.Errorf("%s: %v", c.a, err)
			}
		}
	}
}

// Things that rules must leave alone.
func TestStay(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"X*inv(X'*X)*X'", ""},
		{"A*inv(B)", ""},
		{"A*inv(A)'", ""},
		{"A.*inv(A)", ""},
		{"sum(A.*inv(A))", ""},
		{"inv(A + B)", ""},
		{"inv(X'*X)", ""},
		{"det(X'*X)", ""},
		{"exp(x)./sum(exp(y))", ""},
		{"log(1 + exp(x) + exp(y))", ""},
		{"log(2 + exp(x))", ""},
		{"softmax(x)'*softmax(x)", ""},
		{"y'*softmax(x)", ""},
		{"sum(t)", ""},
		{"h'*x", ""},
		{"h*h'", ""},
		{"Q*Q", ""},
		{"Q + Q'", ""},
		{"abs(x)", ""},
		{"abs(x).^3", "1 x[i]^2 abs{1 x[i]}[i]"},
		{"sign(x)", ""},
		{"logdet(A*B)", ""},
		{"tr(diag(A*x)*inv(A))", ""},
		{"sign(relu(x)).^2", ""},
		{"sign(diag(x)).^2", ""},
		{"exp(x).*exp(y)", ""},
	} {
		x := newBench(t, decls, engine())
		plain := newBench(t, decls, bareEngine(ops.Registry()))
		if c.want == "" {
			c.want = plain.lower(c.text).String()
		}
		if got := x.lower(c.text).String(); got != c.want {
			t.Errorf("%s is %s, should stay %s", c.text, got, c.want)
		}
	}
}
