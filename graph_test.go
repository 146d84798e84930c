package nabla_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/nabla"
)

// graphPrograms are the published cases and the example files.
func graphPrograms(t testing.TB) map[string]nabla.Request {
	out := map[string]nabla.Request{}
	cases := readCorpus(t)
	for i := range cases {
		c := request(&cases[i])
		out[cases[i].ID] = nabla.Request{Program: c.Program, Vars: c.Vars, Closed: true, Layout: c.Layout}
	}
	files, err := filepath.Glob("examples/*.nb")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[f] = nabla.Request{Program: string(text), File: f}
	}
	return out
}

// TestGraphPrograms makes the graph of every published case and example. Every
// variable's adjoint is what Differentiate answers; every operation's has been compared
// with differences, with the operation as a variable.
func TestGraphPrograms(t *testing.T) {
	programs := graphPrograms(t)
	operations, open, absent, numbers, locals, nolocal := 0, 0, 0, 0, 0, 0
	for _, id := range slices.Sorted(maps.Keys(programs)) {
		req := programs[id]
		g, err := nabla.Graph(nabla.GraphRequest{Request: req, Instance: true})
		if err != nil {
			t.Errorf("%s: %s: %v", id, req.Program, err)
			continue
		}
		if g.Instance.Reason.En == "" {
			numbers++
		}
		for _, n := range g.Nodes {
			if n.Kind == nabla.GraphConstant {
				continue
			}
			if g.Shape == "scalar" && n.Kind != nabla.GraphResult && n.Adjoint != nil {
				if locals++; n.Adjoint.Local.Text == "" {
					t.Logf("%s: %s: %s in terms of consumers has no notation", id, req.Program, n.Adjoint.Symbol)
					nolocal++
				}
			}
			if n.Kind != nabla.GraphVariable {
				operations++
				switch {
				case n.Adjoint == nil:
					absent++
					t.Logf("%s: %s: %s = %s: %s", id, req.Program, n.Name, n.Formula.Text, n.Reason.En)
				case n.Adjoint.Check == nil || n.Adjoint.Check.Points == 0:
					open++
					t.Logf("%s: %s: %s = %s: not checked", id, req.Program, n.Adjoint.Symbol, n.Adjoint.Formula.Text)
				}
				continue
			}
			one := req
			one.Wrt, one.NoCheck, one.NoNumPy = []string{n.Name}, true, true
			res, err := nabla.Differentiate(one)
			switch {
			case n.Adjoint == nil && err == nil:
				t.Errorf("%s: %s: no adjoint of %s: %s", id, req.Program, n.Name, n.Reason.En)
			case n.Adjoint != nil && err != nil:
				t.Errorf("%s: %s: an adjoint of %s, but %v", id, req.Program, n.Name, err)
			case err == nil:
				if d := &res.Derivatives[0]; d.Text != n.Adjoint.Formula.Text || d.Symbol != n.Adjoint.Symbol || d.Shape != n.Adjoint.Shape {
					t.Errorf("%s: %s: %s = %s, Differentiate says %s = %s", id, req.Program, n.Adjoint.Symbol, n.Adjoint.Formula.Text, d.Symbol, d.Text)
				}
			}
		}
	}
	t.Logf("%d adjoints of scalars by consumers, %d without notation", locals, nolocal)
	t.Logf("%d graphs, %d with numbers; %d operations: %d without an adjoint, %d not checked", len(programs), numbers, operations, absent, open)
	if absent+open+nolocal > 0 || numbers < len(programs) || operations < 1000 {
		t.Error("every operation of these has an adjoint, one by its consumers, a check and numbers")
	}
}

// graphText writes a graph a line a node: the formula by operands, the adjoint by itself,
// in short and by consumers, and the rules on edges.
func graphText(g *nabla.ExpressionGraph) string {
	var b strings.Builder
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%s %s [%s]", n.Kind, n.Name, n.Shape)
		if n.Formula.Text != "" {
			fmt.Fprintf(&b, " %s %s", n.Operator, n.Formula.Text)
		}
		if n.Reason.En != "" {
			b.WriteString(": " + n.Reason.En)
		}
		if a := n.Adjoint; a != nil {
			fmt.Fprintf(&b, "\n  %s = %s | %s | %s", a.Symbol, a.Formula.Text, a.Short.Text, a.Local.Text)
		}
		for _, o := range n.Operands {
			fmt.Fprintf(&b, "\n  %s <-", g.Nodes[o.Node].Name)
			for _, r := range o.Rules {
				b.WriteString(" " + r.ID)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestGraphText has the graphs of a few programs in whole.
func TestGraphText(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"norm2(X*w - y)^2", `
variable X [matrix(m, n)]
  ∂f/∂X = 2 (X w − y) wᵀ | 2 v2 wᵀ | (∂f/∂v1) wᵀ
variable w [vector(n)]
  ∂f/∂w = 2 Xᵀ(X w − y) | 2 Xᵀ v2 | Xᵀ(∂f/∂v1)
operation v1 [vector(m)] · X w
  ∂f/∂v1 = 2 (v1 − y) | 2 v2 | ∂f/∂v2
  X <- colon-product
  w <- colon-product
variable y [vector(m)]
  ∂f/∂y = 2 (y − X w) | 2 (y − v1) | −(∂f/∂v2)
operation v2 [vector(m)] − v1 − y
  ∂f/∂v2 = 2 v2 | 2 v2 | 2 v2
  v1 <- colon-linear
  y <- colon-linear
result f [scalar] ‖·‖² ‖v2‖²
  ∂f/∂f = 1 | 1 | 
  v2 <- norm-squared
`},
		// A family: members have the index; a node that none depends on collects them.
		{"x[i]: vector(n), i = 1..N; h[i] = tanh(W*x[i]); l = sum(i, norm2(h[i])^2)/N", `
variable W [matrix(m, n)]
  ∂l/∂W = 2 (Σ_i (tanh(W x[i]) ⊙ (1 − tanh(W x[i]).^2)) x[i]ᵀ)/N | 2 (Σ_i (h[i] ⊙ (1 − h[i].^2)) x[i]ᵀ)/N | Σ_i (∂l/∂v1[i]) x[i]ᵀ
variable x[i] [vector(n)]
  ∂l/∂x[i] = 2 Wᵀ(tanh(W x[i]) ⊙ (1 − tanh(W x[i]).^2))/N | 2 Wᵀ(h[i] ⊙ (1 − h[i].^2))/N | Wᵀ(∂l/∂v1[i])
operation v1[i] [vector(m)] · W x[i]
  ∂l/∂v1[i] = 2 (tanh(v1[i]) ⊙ (1 − tanh(v1[i]).^2))/N | 2 (h[i] ⊙ (1 − h[i].^2))/N | (∂l/∂h[i]) ⊙ (1 − h[i].^2)
  W <- colon-product
  x[i] <- colon-product
operation h[i] [vector(m)] tanh tanh(v1[i])
  ∂l/∂h[i] = 2 h[i]/N | 2 h[i]/N | 2 (∂l/∂v2[i]) h[i]
  v1[i] <- d-tanh
operation v2[i] [scalar] ‖·‖² ‖h[i]‖²
  ∂l/∂v2[i] = 1/N | 1/N | 1/N
  h[i] <- norm-squared
result l [scalar] Σᵢ (Σ_i v2[i])/N
  ∂l/∂l = 1 | 1 | 
  v2[i] <- colon-sum
`},
		// A name that is taken, a constant, a sign that belongs to an operation, and a
		// node with two consumers.
		{"v1: vector(n); c: scalar constant; z = A*v1; -c*(z'*z) + sum(exp(z))", `
constant c [scalar]: c is declared constant
variable A [matrix(m, n)]
  ∂f/∂A = (exp(z) − 2 c z) v1ᵀ | (v4 − 2 c z) v1ᵀ | (∂f/∂z) v1ᵀ
variable v1 [vector(n)]
  ∂f/∂v1 = Aᵀ(exp(z) − 2 c z) | Aᵀ(v4 − 2 c z) | Aᵀ(∂f/∂z)
operation z [vector(m)] · A v1
  ∂f/∂z = exp(z) − 2 c z | v4 − 2 c z | 2 (∂f/∂v2) z + (∂f/∂v4) ⊙ v4
  A <- colon-product
  v1 <- colon-product
operation v2 [scalar] · zᵀ z
  ∂f/∂v2 = −c | −c | −(∂f/∂v3) c
  z <- colon-product colon-transpose
operation v3 [scalar] · −c v2
  ∂f/∂v3 = 1 | 1 | 1
  c <-
  v2 <- d-product
operation v4 [vector(m)] exp exp(z)
  ∂f/∂v4 = 1ₘ | 1ₘ | (∂f/∂v5) 1ₘ
  z <- d-exp
operation v5 [scalar] Σ sum(v4)
  ∂f/∂v5 = 1 | 1 | 1
  v4 <- d-linear
result f [scalar] + v3 + v5
  ∂f/∂f = 1 | 1 | 
  v3 <- colon-linear
  v5 <- colon-linear
`},
		{"1 + 2", `
result f [scalar] + 1 + 2
  ∂f/∂f = 1 | 1 | 
`},
	} {
		g, err := nabla.Graph(nabla.GraphRequest{Request: nabla.Request{Program: c.program}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		if got := "\n" + graphText(g); got != c.want {
			t.Errorf("%s: got%swant%s", c.program, got, c.want)
		}
	}
}

// TestGraphFamilies has programs whose families meet themselves at other indices: what is
// one name is one node, and what all contribute to it adds up to its adjoint.
func TestGraphFamilies(t *testing.T) {
	const decl = "x[i]: vector(n), i = 1..N\n"
	for _, c := range []struct{ program, node, want string }{
		{"y[i] = x[i]/norm2(x[i]); sum(i, sum(j, y[i]'*y[j]))", "v1[i]", "−2 (Σ_{l=1}^N x[i]ᵀ x[l] / v1[l]) / v1[i]²"},
		{"h[i] = tanh(W*x[i]); y[i] = exp(h[i]); sum(i, sum(j, y[i]'*y[j])) + sum(j, norm2(tanh(W*x[j]))^2) + sum(k, sum(h[k]))",
			"h[i]", "1 + 2 (h[i] + Σ_{t=1}^N exp(h[i]) ⊙ exp(h[t]))"},
		{"h[i] = tanh(W*x[i]); sum(j, sum(i, exp(h[j]'*x[i])))", "h[j]", "Σ_i exp(x[i]ᵀ h[j]) x[i]"},
		{"sum(i, x[i]'*x[i]) + sum(j, exp(x[j]'*w)) + norm2(sum(k, tanh(A*x[k])))^2", "v8", "2 v8"},
		// One member has no derivative with a notation, but its consumers contribute.
		{"h[i] = exp(W*x[i]); c = sum(j, h[j]); sum(i, sum(log(h[i]./c)))", "x[i]", "Wᵀ(∂f/∂v1[i])"},
	} {
		g, err := nabla.Graph(nabla.GraphRequest{Request: nabla.Request{Program: decl + c.program}, Instance: true})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		found := false
		for _, n := range g.Nodes {
			if n.Adjoint == nil || n.Adjoint.Check == nil || n.Adjoint.Check.Points == 0 || n.Kind != nabla.GraphResult && n.Adjoint.Local.Text == "" || n.Adjoint.Value == nil {
				t.Errorf("%s: %s: adjoint %+v, %s", c.program, n.Name, n.Adjoint, n.Reason.En)
				continue
			}
			if n.Name == c.node {
				found = true
				if got := n.Adjoint.Formula.Text; got != c.want {
					t.Errorf("%s: %s = %s, want %s", c.program, n.Adjoint.Symbol, got, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: no node %s", c.program, c.node)
		}
	}
}

// TestGraphLayout has derivatives of a vector in both layouts.
func TestGraphLayout(t *testing.T) {
	for layout, want := range map[nabla.Layout]string{nabla.Denominator: "Aᵀ diag(f)", nabla.Numerator: "diag(f) A"} {
		g, err := nabla.Graph(nabla.GraphRequest{Request: nabla.Request{Program: "exp(A*x)", Layout: layout}})
		if err != nil {
			t.Fatal(err)
		}
		got := g.Nodes[1].Adjoint.Short.Text
		if got != want {
			t.Errorf("%s: ∂f/∂x = %s, want %s", layout, got, want)
		}
		if l := g.Nodes[1].Adjoint.Local.Text; l != "" {
			t.Errorf("%s: a sum of contributions %s of a vector", layout, l)
		}
	}
}

// TestGraphActive marks what lies between the result and the variables asked for.
func TestGraphActive(t *testing.T) {
	req := nabla.GraphRequest{Request: nabla.Request{Program: "h = tanh(W*x); l = norm2(V*h - y)^2", Wrt: []string{"h"}}}
	g, err := nabla.Graph(req)
	if err != nil {
		t.Fatal(err)
	}
	var active []string
	for _, n := range g.Nodes {
		if n.Active {
			active = append(active, n.Name)
		}
	}
	if got := strings.Join(active, " "); got != "h v2 v3 l" {
		t.Errorf("active are %s", got)
	}
	req.Wrt = []string{"z"}
	_, err = nabla.Graph(req)
	if err == nil || err.Error() != "1:1: z is no node of the graph\nhint: its nodes are V, W, x, v1, h, v2, y, v3, l\n" {
		t.Errorf("error %q", err)
	}
}

// TestGraphFlow writes adjoints by consumers alone, as for large graphs; the variables' are
// compared with differences.
func TestGraphFlow(t *testing.T) {
	g, err := nabla.Graph(nabla.GraphRequest{Flow: true, Request: nabla.Request{Program: "h = tanh(W*x); l = norm2(V*h - y)^2"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range g.Nodes {
		a := n.Adjoint
		switch {
		case a == nil:
			t.Errorf("no adjoint of %s: %s", n.Name, n.Reason.En)
		case n.Kind == nabla.GraphVariable && (a.Check == nil || a.Check.Points != 1 || a.Check.MaxError > 1e-6):
			t.Errorf("%s is not compared with differences", a.Symbol)
		case n.Kind != nabla.GraphResult && (a.Formula != a.Local || a.Formula.Text == ""):
			t.Errorf("%s = %s, by consumers %s", a.Symbol, a.Formula.Text, a.Local.Text)
		}
	}
}

// TestGraphInstance puts numbers in: values and adjoints of least squares, by themselves and
// by consumers.
func TestGraphInstance(t *testing.T) {
	for _, flow := range []bool{false, true} {
		g, err := nabla.Graph(nabla.GraphRequest{Instance: true, Flow: flow, Request: nabla.Request{Program: "norm2(X*w - y)^2"}})
		if err != nil {
			t.Fatal(err)
		}
		number := func(v []nabla.GraphValue) []float64 {
			var out []float64
			for _, r := range v[0].Rows {
				for _, s := range r {
					x, err := strconv.ParseFloat(strings.Replace(s, "−", "-", 1), 64)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, x)
				}
			}
			return out
		}
		X, w, y, r := number(g.Nodes[0].Value), number(g.Nodes[1].Value), number(g.Nodes[3].Value), number(g.Nodes[4].Value)
		dw := number(g.Nodes[1].Adjoint.Value)
		for j := range w {
			sum := 0.0
			for i := range y {
				v := -y[i]
				for k := range w {
					v += X[i*len(w)+k] * w[k]
				}
				if v != r[i] {
					t.Errorf("residual %d is %v, want %v", i, r[i], v)
				}
				sum += 2 * X[i*len(w)+j] * v
			}
			if sum != dw[j] {
				t.Errorf("flow %v: derivative %d is %v, want %v", flow, j, dw[j], sum)
			}
		}
		if len(g.Instance.Sizes) != 2 || g.Instance.Sizes[0] != (nabla.GraphSize{Name: "m", Value: 3}) {
			t.Errorf("sizes %v", g.Instance.Sizes)
		}
	}
}
