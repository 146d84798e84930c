package print

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/rat"
)

// body returns the statements of generated source but for the conversion of the
// arguments, and "; " between them.
func body(source string) string {
	_, s, _ := strings.Cut(source, "def derivative(")
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(s), "\n")[1:] {
		if !strings.Contains(line, "np.asarray(") && !strings.Contains(line, "np.float64(") {
			out = append(out, strings.TrimPrefix(line, "    "))
		}
	}
	return strings.Join(out, "; ")
}

func TestSource(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"2*X'*(X*w - y)", "return 2 * (X.T @ (X @ w - y))"},
		{"inv(A)*x", "return np.linalg.solve(A, x)"},
		{"x'*inv(A)", "return np.linalg.solve(A.T, x)[None, :]"},
		{"inv(A)", "return np.linalg.inv(A)"},
		{"inv(A)'*x*w'*inv(A)'", "return np.outer(np.linalg.solve(A.T, x), np.linalg.solve(A, w))"},
		{"inv(A)*B*inv(A)", "return np.linalg.solve(A, np.linalg.solve(A.T, B.T).T)"},
		{"inv(A)*x + inv(A)*B*w + inv(A)'*u", "t1 = np.linalg.inv(A); return t1 @ x + t1 @ (B @ w) + t1.T @ u"},
		{"tr(A*B)", "return float(np.sum(A * B.T))"},
		{"tr(A'*B)", "return float(np.sum(A * B))"},
		{"tr(inv(A)*B)", "return float(np.trace(np.linalg.solve(A, B)))"},
		{"tr(A*diag(x)*B)", "return float(x @ np.sum(B * A.T, axis=1))"},
		{"tr(x*w'*A)", "return float(w @ (A @ x))"},
		{"kron(eye(n), A)*vec(B)", "return (B.T @ A.T).ravel()"},
		{"kron(A, B)*vec(C)", "return (A @ C.T @ B.T).ravel()"},
		{"kron(eye(m), eye(n))", "n = x.shape[0]; m = y.shape[0]; return np.eye(n * m)"},
		{"commutation(m, n)*vec(X)", "return X.ravel()"},
		{"diag(x)*A*diag(w)", "return x[:, None] * (A * w)"},
		{"X'*diag(s)*X", "return X.T * s @ X"},
		{"diag(A*B)", "return np.sum(A * B.T, axis=1)"},
		{"X - y*ones(n)'", "return X - y[:, None]"},
		{"X + ones(m)*x'", "return X + x"},
		{"ones(m)'*X", "return np.sum(X, axis=0)[None, :]"},
		{"x*ones(n)'", "n = x.shape[0]; return np.outer(x, np.ones(n))"},
		{"x'*A'*A*x", "t1 = A @ x; return float(t1 @ t1)"},
		{"norm2(A*x)^2", "t1 = A @ x; return float(t1 @ t1)"},
		{"A^3*x", "return A @ (A @ (A @ x))"},
		{"A^p", "p = int(p); return np.linalg.matrix_power(A, p)"},
		{"-3/2*a*x", "return -1.5 * a * x"},
		{"x/3", "return x / 3"},
		{"sum(i, A*h[i])", "N = len(h); t1 = 0.0; for i in range(N):;     t1 = t1 + A @ h[i]; return t1"},
		{"sum(i, inv(A)*B*h[i])", "N = len(h); t1 = 0.0; for i in range(N):;     t1 = t1 + np.linalg.solve(A, B @ h[i]); return t1"},
		{"sum(i, exp(A + B)*h[i])", "N = len(h); t2 = np.exp(A + B); t1 = 0.0; for i in range(N):;     t1 = t1 + t2 @ h[i]; return t1"},
		{"sigma(A*x) + sigma′(w)", "return sigma(A @ x) + dsigma(w)"},
	} {
		r := newReader()
		n := r.read(t, c.in)
		got := body(NumPy(Function{Builder: r.b, Results: []*expr.Node{n}}))
		if got != c.want {
			t.Errorf("source of %s:\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

// signature returns the parameters and how the sizes are found.
func signature(source string) string {
	_, s, _ := strings.Cut(source, "def derivative(")
	params, rest, _ := strings.Cut(s, "):")
	out := []string{params}
	for _, line := range strings.Split(rest, "\n") {
		if strings.Contains(line, "shape[") || strings.Contains(line, "len(") {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return strings.Join(out, "; ")
}

// Sizes come from the arguments, also out of products and sums.
func TestSourceSizes(t *testing.T) {
	for _, c := range []struct{ vars, in, want string }{
		{"X n m", "n", "X; n = X.shape[0]"},
		{"X n*p m; y p 1", "n", "X, y; p = y.shape[0]; n = X.shape[0] // p"},
		{"X n+p-1 m; y p 1", "n", "X, y; p = y.shape[0]; n = X.shape[0] - p + 1"},
		{"X n*n m", "n", "X; n = round((X.shape[0]) ** (1 / 2))"},
		{"X 2*n m", "n", "X; n = X.shape[0] // 2"},
		{"X m m", "n", "n"},
		{"X n+p m", "n", "X, p; n = X.shape[0] - p"},
		{"lambda n 1; np n 1; W₁ n n; x′ n 1", "lambda W₁ x′ np", "lambda_, np, W1, x_prime"},
	} {
		b := expr.NewBuilder(ops.Registry())
		r := &reader{b: b}
		var vars []*expr.Node
		for _, v := range strings.Split(c.vars, "; ") {
			f := strings.Fields(v)
			size := func(s string) *expr.Dim { return parseSize(t, r, s) }
			kind := expr.Matrix
			if f[2] == "1" {
				kind = expr.Vector
			}
			vars = append(vars, b.Var(b.NewSymbol(f[0], kind, expr.Shape{Rows: size(f[1]), Cols: size(f[2])}, 0)))
		}
		var list []*expr.Node
		for _, name := range strings.Fields(c.in) {
			var n *expr.Node
			for _, v := range vars {
				if v.Sym.Name == name {
					n = v
				}
			}
			if n == nil {
				n = b.Size(b.Sizes.Size(name))
			}
			list = append(list, n)
		}
		source := NumPy(Function{Builder: b, Results: list})
		if got := signature(source); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.in, c.vars, got, c.want)
		}
		if strings.Contains(c.in, "np") && (!strings.Contains(source, "import numpy as _np") || strings.Contains(source, " np.")) {
			t.Errorf("a variable np hides the module:\n%s", source)
		}
	}
}

func parseSize(t *testing.T, r *reader, s string) *expr.Dim {
	d := r.b.Const(0)
	for _, term := range strings.SplitAfter(s, "-") {
		minus := strings.HasSuffix(term, "-")
		for i, plus := range strings.Split(strings.TrimSuffix(term, "-"), "+") {
			p := r.b.One()
			for _, f := range strings.Split(plus, "*") {
				if f[0] >= '0' && f[0] <= '9' {
					p = r.b.Mul(p, r.b.Const(int64(f[0]-'0')))
				} else {
					p = r.b.Mul(p, r.b.Sizes.Size(f))
				}
			}
			if i == 0 && !minus && term != s && !strings.Contains(term, "-") && s[0] != term[0] {
				d = r.b.Sub(d, p)
			} else {
				d = r.b.Add(d, p)
			}
		}
	}
	return d
}

func TestIndexForm(t *testing.T) {
	r := newReader()
	a, x, c := r.read(t, "A"), r.read(t, "x"), r.read(t, "c")
	n := r.b.Sizes.Size("n")
	// Σ_k A_ik x_k A_jk − 2 c δ_ij x_i + A_ij²
	f := &IndexForm{Sizes: []*expr.Dim{n, n, n}, Rows: []int{0}, Cols: []int{1}, Terms: []IndexTerm{
		{Coef: rat.One, Factors: []IndexFactor{{Node: a, Indices: []int{0, 2}}, {Node: x, Indices: []int{2}}, {Node: a, Indices: []int{1, 2}}}},
		{Coef: rat.Int(-2), Factors: []IndexFactor{{Node: c}, {Indices: []int{0, 1}}, {Node: x, Indices: []int{0}}}},
		{Coef: rat.New(1, 3), Factors: []IndexFactor{{Node: r.read(t, "A + A'"), Indices: []int{0, 1}, Exp: rat.Int(2)}}},
	}}
	o := &Options{Builder: r.b}
	if got, want := IndexText(f, o), "Σ_{l} A[i,l] x[l] A[j,l] − 2 c δ[i,j] x[i] + (A + Aᵀ)[i,j]²/3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := IndexLaTeX(f, o), `\sum_{l} {A}_{i l} {x}_{l} {A}_{j l} - 2 c \delta_{i j} {x}_{i} + {(A + A^\top)}_{i j}^{2}/3`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	same := r.read(t, "A*diag(x)*A' - 2*c*diag(x) + (A + A').^2/3")
	s := &sample{name: "index form", b: r.b, node: same}
	env, args := randomEnv(s, 1)
	// A matrix of indices (i, j) by k: x_k A_ij
	g := &IndexForm{Sizes: []*expr.Dim{n, n, n}, Rows: []int{0, 1}, Cols: []int{2}, Terms: []IndexTerm{
		{Coef: rat.One, Factors: []IndexFactor{{Node: x, Indices: []int{2}}, {Node: a, Indices: []int{0, 1}}}}}}
	if got, want := IndexText(g, o), "x[l] A[i,j]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	interpreter := python(t)
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, c := range []struct {
		f    *IndexForm
		same *expr.Node
	}{{f, same}, {g, r.b.Node(expr.OpMul, r.b.Node("vec", r.read(t, "A'")), r.read(t, "x'"))}} {
		d, err := eval.Evaluate(r.b.Reg, c.same, env)
		if err != nil {
			t.Fatal(err)
		}
		enc.Encode(pythonCase{"index form", NumPy(Function{Builder: r.b, Index: []*IndexForm{c.f}}), args, result(c.same.Shape, d)})
	}
	runPython(t, interpreter, &in)
}
