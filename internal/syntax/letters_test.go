package syntax

import (
	"strings"
	"testing"
)

// TestLetters reads names of several letters as papers mean them, and leaves alone what may
// be a name.
func TestLetters(t *testing.T) {
	functions := map[string]bool{"tr": true, "log": true, "det": true, "softmax": true, "sum": true}
	for _, c := range []struct{ text, asked, want string }{
		{"‖Xw − y‖²", "", "‖X w − y‖²"},
		{"‖Xw − y‖²", "Xw", "‖Xw − y‖²"},
		{"xᵀAx", "x", "xᵀ A x"},
		{"Xwᵀ", "", "X wᵀ"},
		{"tr(AXBXᵀ)", "X", "tr(A X B Xᵀ)"},
		{"aᵀXb", "X", "aᵀ X b"},
		{"‖A − uvᵀ‖²", "u v", "‖A − u vᵀ‖²"},
		{"‖A − uvᵀ‖²", "u", "‖A − uvᵀ‖²"},
		{"xᵀΣx", "", "xᵀ Σ x"},
		{"½‖XW − Y‖² + λ‖W‖²", "", "½ ‖X W − Y‖² + λ ‖W‖²"},
		{"αxᵀx + βbᵀx", "", "α xᵀ x + β bᵀ x"},
		{"Σᵢxᵢᵀw", "", "Σᵢ xᵢᵀ w"},
		{"Σᵢ(yᵢ − wᵀxᵢ)²", "", "Σᵢ (yᵢ − wᵀ xᵢ)²"},
		{"W₁x − y₂′", "", "W₁ x − y₂′"},
		{"Σᵢ log(1 + exp(−yᵢwᵀxᵢ))", "", "Σᵢ log(1 + exp(−yᵢ wᵀ xᵢ))"},
		{"XᵀX + λI_n", "", "Xᵀ X + λ I_n"},
		{"XᵀX + aIₙ", "", "Xᵀ X + a Iₙ"},
		{"‖Xw_hat − y‖²", "", "‖X w_hat − y‖²"},
		{"||Xw - y||^2", "", "‖X w − y‖²"},
		{"x^T A x", "", "xᵀ A x"},
		{"x^TAx + b^{T}x", "x", "xᵀ A x + bᵀ x"},
		{"(X^TX)^-1", "X", "(Xᵀ X)⁻¹"},
		{"tr(XᵀAX(XᵀBX)⁻¹)", "X", "tr(Xᵀ A X (Xᵀ B X)⁻¹)"},
		{"yᵀX(XᵀX)⁻¹Xᵀy", "", "yᵀ X (Xᵀ X)⁻¹ Xᵀ y"},
		{"‖X(w − u)‖²", "X", "‖X (w − u)‖²"},
		// Names.
		{"‖f(x) − y‖²", "", "‖f(x) − y‖²"},
		{"T: scalar; A^T*Xw", "Xw", "T: scalar; A^T*Xw"},
		{"‖X Wq (X Wk)ᵀ‖²", "X", "‖X Wq (X Wk)ᵀ‖²"},
		{"‖X w − Xs v‖²", "X", "‖X w − Xs v‖²"},
		{"‖X w_hat − targets‖²", "", "‖X w_hat − targets‖²"},
		{"‖X_train w − my_y‖²", "", "‖X_train w − my_y‖²"},
		{"Xw: vector(n); ‖Xw‖²", "w", "Xw: vector(n); ‖Xw‖²"},
		{"m, n: scalar; x: vector(mn); ‖x‖²/mn", "", "m, n: scalar; x: vector(mn); ‖x‖²/mn"},
		{"dXᵀ X", "X", "dXᵀ X"},
		{"Tr X − mu yᵀ", "", "Tr X − mu yᵀ"},
		{"Xw[i] − y", "", "Xw[i] − y"},
		{"损失 − y", "", "损失 − y"},
		{"X1w − y", "", "X1w − y"},
		// Not in the notation of papers.
		{"norm2(Xw - y)^2", "w", "norm2(Xw - y)^2"},
	} {
		asked := func(name string) bool { return strings.Contains(" "+c.asked+" ", " "+name+" ") }
		prog, diags := ParseProgram(c.text, Options{Letters: PaperProducts, Asked: asked, IsFunction: func(n string) bool { return functions[n] }})
		if diags != nil {
			t.Errorf("%s: %s", c.text, diags)
			continue
		}
		got, want := split(t, prog), split(t, whole(t, c.want, functions))
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: names %v, want %v", c.text, got, want)
		}
	}
}

// whole reads a text without taking names apart.
func whole(t *testing.T, text string, functions map[string]bool) *Program {
	t.Helper()
	prog, diags := ParseProgram(text, Options{Juxtapose: true, IsFunction: func(n string) bool { return functions[n] }})
	if diags != nil {
		t.Fatalf("%s: %s", text, diags)
	}
	return prog
}

// split lists the names of a program in order, and its tree.
func split(t *testing.T, prog *Program) []string {
	t.Helper()
	var out []string
	prog.Walk(func(x Expr) {
		switch x := x.(type) {
		case *Name:
			out = append(out, x.Name)
		case *Index:
			out = append(out, x.Family.Name)
		case *SumOver:
			out = append(out, "sum over "+x.Index.Name)
		case *Unary:
			out = append(out, "postfix or prefix of")
		}
	})
	return out
}

// A letter rule that knows the variables takes apart what consists of them alone.
func TestKnownLetters(t *testing.T) {
	known := map[string]bool{"X": true, "w": true, "y": true}
	isVariable := func(n string) bool { return known[n] }
	for text, want := range map[string]string{
		"2 Xᵀ(Xw - y)":  "X X w y",
		"2*X'*(Xq - y)": "X Xq y",
		"Xwy":           "X w y",
	} {
		x, _, diags := ParseExpr(text, Options{Letters: KnownProducts, Juxtapose: true, IsVariable: isVariable, IsFunction: func(string) bool { return false }})
		if diags != nil {
			t.Errorf("%s: %s", text, diags)
			continue
		}
		var got []string
		Walk(x, func(x Expr) {
			if n, ok := x.(*Name); ok {
				got = append(got, n.Name)
			}
		})
		if strings.Join(got, " ") != want {
			t.Errorf("%s: names %v, want %s", text, got, want)
		}
	}
}

// The sign of a sum may be spelled.
func TestSpelledSum(t *testing.T) {
	for text, want := range map[string]string{
		"sum_i x[i]'*w":               "Σ_i x[i]'*w",
		"sum_{i=1}^N x_i'*w":          "Σ_{i=1}^N x_i'*w",
		"sum_i (y_i - w'*x_i)^2":      "Σ_i (y_i - w'*x_i)^2",
		"sum_{i = 1}^{n + 1} x_i*2":   "Σ_{i = 1}^{n + 1} x_i*2",
		"norm2(sum_i x[i])^2 + sum_x": "norm2(Σ_i x[i])^2 + sum_x",
	} {
		a, _, diags := ParseExpr(text, Options{})
		if diags != nil {
			t.Errorf("%s: %s", text, diags)
			continue
		}
		b, _, diags := ParseExpr(want, Options{})
		if diags != nil {
			t.Fatalf("%s: %s", want, diags)
		}
		if Text(a) != Text(b) {
			t.Errorf("%s: %s, want %s", text, Text(a), Text(b))
		}
	}
	prog, diags := ParseProgram("sum_x = 2; sum_x*y", Options{})
	if diags != nil || len(prog.Stmts) != 2 {
		t.Errorf("a name sum_x: %v", diags)
	}
}

// A function may stand before a call without brackets.
func TestCallOfCall(t *testing.T) {
	opts := Options{IsFunction: func(n string) bool { return n == "log" || n == "det" || n == "tr" || n == "softmax" }}
	for text, want := range map[string]string{
		"log det(X)":               "log(det(X))",
		"log det|X| + tr log(X)*Y": "log(det(|X|)) + tr(log(X))*Y",
		"-y'*log softmax(W*x)":     "-y'*log(softmax(W*x))",
		"log det tr log(X)":        "log(det(tr(log(X))))",
	} {
		x, _, diags := ParseExpr(text, opts)
		if diags != nil {
			t.Errorf("%s: %s", text, diags)
			continue
		}
		y, _, diags := ParseExpr(want, opts)
		if diags != nil {
			t.Fatalf("%s: %s", want, diags)
		}
		if Text(x) != Text(y) {
			t.Errorf("%s: %s, want %s", text, Text(x), Text(y))
		}
	}
	for text, want := range map[string]string{
		"log det(X)^2":                       "what is raised to a power, det(X) or log det(X), is not clear",
		"log x":                              "missing operator between log and x",
		strings.Repeat("log ", 9) + "det(X)": "missing operator",
		"log(x) det(X)":                      "missing operator between log(x) and det(X)",
		strings.Repeat("log ", 20_000) + "(": "missing operator",
	} {
		if _, _, diags := ParseExpr(text, opts); diags == nil || !strings.Contains(diags[0].Message.En, want) {
			t.Errorf("%.20s: %v, want %s", text, diags, want)
		}
	}
}
