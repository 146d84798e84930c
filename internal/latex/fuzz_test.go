package latex

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// functions are those of the language that seeds call.
var functions = map[string]bool{"tr": true, "det": true, "logdet": true, "exp": true, "log": true, "sin": true, "cos": true, "sum": true, "mean": true,
	"diag": true, "vec": true, "softmax": true, "sigmoid": true, "relu": true, "logsumexp": true, "sign": true, "erf": true, "inv": true, "abs": true, "kron": true}

// seeds are the formulas of the tables.
func seeds(t testing.TB) []string {
	t.Helper()
	var list []string
	for _, file := range []string{"formulas.txt", "errors.txt"} {
		data, err := os.ReadFile("../../testdata/latex/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			if line != "" && line[0] != ' ' && !strings.HasPrefix(line, "# ") {
				list = append(list, line)
			}
		}
	}
	return list
}

// readable checks what holds of every text: it is read or refused soon, places lie in
// it, and what is read is a program that the language reads as the same.
func readable(t *testing.T, text string) {
	t.Helper()
	watch := time.AfterFunc(time.Minute, func() { panic("no end: " + text) })
	defer watch.Stop()
	opts := Options{IsFunction: func(name string) bool { return functions[name] }, Equations: true}
	within := func(what string, s source.Span) {
		if s.Start < 0 || s.End < s.Start || s.End > len(text) {
			t.Fatalf("%q: %s at %v", text, what, s)
		}
	}
	begin := cpuTime()
	r, list := Read(text, opts)
	if took := cpuTime() - begin; took > 2*time.Second {
		t.Fatalf("%q: %v", text, took)
	}
	for _, d := range list {
		within(d.Message.En, d.Span)
		if d.Message.IsZero() || d.Message.Zh == "" {
			t.Fatalf("%q: no message", text)
		}
	}
	_ = list.Render(opts.File(text))
	if len(list) > 0 {
		if r != nil {
			t.Fatalf("%q is read and refused", text)
		}
		return
	}
	for _, n := range r.Notes {
		within(n.Text.En, n.At)
	}
	var sizes []syntax.Expr
	for range r.Free {
		sizes = append(sizes, &syntax.Name{Name: "n0"})
	}
	Resolve(r.Program, r.Free, sizes)
	for _, s := range r.Program.Stmts {
		within("statement", s.Span())
		each(s, func(x syntax.Expr) {
			if n, ok := x.(*syntax.Name); !ok || n.Name != "n0" {
				within("expression", x.Span())
			}
		})
	}
	program, marks := syntax.ProgramText(r.Program.Stmts)
	for _, m := range marks {
		within("mark", m.Of)
	}
	again, list := syntax.ParseProgram(program, syntax.Options{Equations: true, MaxBytes: 64 << 20, MaxDepth: 1 << 20})
	if len(list) > 0 {
		t.Fatalf("%q is read as %q, which is no program: %v", text, program, list)
	}
	if back, _ := syntax.ProgramText(again.Stmts); back != program {
		t.Fatalf("%q is read as %q, which is read as %q", text, program, back)
	}
}

// each calls f for the expressions of a statement.
func each(s syntax.Stmt, f func(syntax.Expr)) {
	switch s := s.(type) {
	case *syntax.Definition:
		syntax.Walk(s.Body, f)
	case *syntax.ExprStmt:
		syntax.Walk(s.X, f)
	case *syntax.Equation:
		syntax.Walk(s.X, f)
		syntax.Walk(s.Y, f)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 1<<12 {
			readable(t, text)
		}
	})
}

// pieces are what random texts are made of.
var pieces = strings.Fields(`x y w A B X \beta \Sigma \mathbf{x} \mathbf{1} I I_n \hat{y} W_1 x_i y_i e n N \pi \lambda \sigma
 + - \cdot \odot \otimes \oslash / * = , ; : \\ & \quad ^\top ^T ^{-1} ^2 ^{-\top} ^{ _ _{ } { ( ) [ ] \left( \right) \| | \lVert \rVert \left\| \right\| ||
 \frac \frac{ }{ \sqrt{ \sum_i \sum_{i=1}^n \sum \log \exp \tr \det \operatorname{diag} \operatorname \mathrm{tr} \max(0, \sigma( \nabla_w \min_w \frac{\partial}{\partial
 \partial \in \mathbb{R}^n \mathbb{R}^{m\times \succ > 0 1 2 12 ' \' \begin{align} \end{align} $ $$ \[ \] \text{where} \mathcal{L} {\bf \rm \dots . \langle \rangle \, ~ % \label{a} f f(x) e^{ `)

// Random sequences of pieces are read or refused like any text.
func TestRandomTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	count := 20_000
	if testing.Short() {
		count = 3_000
	}
	for range count {
		var b strings.Builder
		for range 1 + random.IntN(14) {
			b.WriteString(pieces[random.IntN(len(pieces))])
			if random.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		readable(t, b.String())
	}
}

// Seeds with a piece cut out, doubled or put in.
func TestMutatedFormulas(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	rounds := 20
	if testing.Short() {
		rounds = 4
	}
	for _, s := range seeds(t) {
		readable(t, s)
		for range rounds {
			i := random.IntN(len(s) + 1)
			k := i + random.IntN(min(6, len(s)-i)+1)
			switch random.IntN(3) {
			case 0:
				readable(t, s[:i]+s[k:])
			case 1:
				readable(t, s[:k]+s[i:])
			default:
				readable(t, s[:i]+pieces[random.IntN(len(pieces))]+s[i:])
			}
		}
	}
}

// Texts that nest or repeat without an end are refused in time.
func TestHostileTexts(t *testing.T) {
	for _, s := range []string{"(", "{", "[", `\{`, `\left(`, `\|`, "|", `\frac{`, `\sqrt{`, `x^{`, `x_{`, `\hat{`, `\mathbf{`, `{\bf `, `\log `, `-`, `x `, `x+`, `x,`,
		`x\\`, `'`, `x'`, `^\top`, `\sum_i `, `\mathrm{`, `\text{`, `f(`, `\operatorname{tr}`, `a=`, `\nabla`, `\min_x `, `\frac{\partial}{\partial x}`, `$`, `\[`, `\begin{align}`, `\underset{`,
		`x_i `, `\lvert `, `\langle `, `x\odot `, `e^{`, `12`, `.`, `~`, `%`, `\quad `, `&`, `\in `, `x \in `, `1_`, `I_{`, `K_{a,`, `{}`, `{-}`, `\mathcal{`, `\sin^`, `ᵀ`, `²`} {
		for _, n := range []int{100, 3000, 40_000} {
			text := strings.Repeat(s, n)
			if len(text) < 256<<10 {
				readable(t, text)
				readable(t, text+"x")
				readable(t, "x = "+text)
			}
		}
	}
}

// Texts with very many names are read with the usual kinds, or refused, in time.
func TestManyNames(t *testing.T) {
	for _, n := range []int{10, 100, 1000, 8000} {
		for _, sep := range []string{" + ", " ", ` \odot `, ` \cdot `, ` \\ `, ", "} {
			var b strings.Builder
			for i := range n {
				if i > 0 {
					b.WriteString(sep)
				}
				b.WriteString("x_{" + strconv.Itoa(i) + "}")
			}
			readable(t, b.String())
			readable(t, "f = "+b.String())
			readable(t, `\log(`+b.String()+`)`)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		text string
		opts Options
		want string
	}{
		{"x + y", Options{MaxBytes: 4}, "the text has 5 bytes, the limit is 4"},
		{"((((x))))", Options{MaxDepth: 5}, "the formula is nested deeper than 5 levels"},
		{"2e401 x", Options{}, "the exponent of a number must lie between -400 and 400"},
		{"0E-0700", Options{}, "the exponent of a number must lie between -400 and 400"},
	} {
		_, list := Read(c.text, c.opts)
		if len(list) != 1 || list[0].Message.En != c.want {
			t.Errorf("%s: got %v, want %s", c.text, list, c.want)
		}
	}
	readable(t, "2e-0000400 x")
}
