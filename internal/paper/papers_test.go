package paper

import (
	"regexp"
	"strings"
)

// Papers for tests: examples 4, 6 and 7 of the documents in ../shared/seeds.

// f makes a formula of its Unicode text. A part in doubled brackets has its shape
// after a bar: ⟦X|m×n⟧.
func f(marked string) Formula {
	var out Formula
	var text, latex, shaped strings.Builder
	chars := 0
	for marked != "" {
		before, rest, more := strings.Cut(marked, "⟦")
		text.WriteString(before)
		latex.WriteString(before)
		shaped.WriteString(before)
		chars += len([]rune(before))
		if !more {
			break
		}
		inner, after, _ := strings.Cut(rest, "⟧")
		part, shape, _ := strings.Cut(inner, "|")
		text.WriteString(part)
		latex.WriteString(part)
		shaped.WriteString(`\underset{\,` + shape + `\,}{` + part + "}")
		n := len([]rune(part))
		out.Marks = append(out.Marks, Mark{chars, chars + n, shape})
		chars += n
		marked = after
	}
	out.Text, out.LaTeX = text.String(), tex(latex.String())
	if len(out.Marks) > 0 {
		out.Shaped = tex(shaped.String())
	}
	return out
}

var texRules = []struct {
	re *regexp.Regexp
	to string
}{
	{regexp.MustCompile(`\(∂l/∂([A-Za-z])([₀-₉]*)\)`), `\left(\frac{\partial l}{\partial $1$2}\right)`},
	{regexp.MustCompile(`∂l/∂([A-Za-z])([₀-₉]*)`), `\frac{\partial l}{\partial $1$2}`},
	{regexp.MustCompile(`\b(tr|softmax|vec)\b`), `\operatorname{$1}`},
	{regexp.MustCompile(`\b(log|exp)\b`), `\$1`},
	{regexp.MustCompile(`\bd([A-Z(wahlx])`), `\mathrm{d}$1`},
	{regexp.MustCompile(`‖([^‖]*)‖²`), `\lVert $1 \rVert^2`},
	{regexp.MustCompile(`ᵀ`), `^\top `},
	{regexp.MustCompile(`²`), `^2`},
	{regexp.MustCompile(`₁`), `_1`}, {regexp.MustCompile(`₂`), `_2`},
	{regexp.MustCompile(`−`), `-`}, {regexp.MustCompile(`±`), `\pm`}, {regexp.MustCompile(`×`), `\times `}, {regexp.MustCompile(`⊙`), `\odot`}, {regexp.MustCompile(`σ`), `\sigma `}, {regexp.MustCompile(`′`), `'`},
	{regexp.MustCompile(`∈`), `\in`}, {regexp.MustCompile(`ℝ`), `\mathbb{R}`},
}

func tex(s string) string {
	for _, r := range texRules {
		s = r.re.ReplaceAllString(s, r.to)
	}
	return s
}

func rule(id, en, zh, formula string, needs ...Fact) Note {
	return Note{ID: id, Name: Words{en, zh}, Rule: f(formula), Needs: needs}
}

var (
	dProduct   = rule("d-product", "product rule", "乘积法则", "d(A B) = dA B + A dB")
	dSum       = rule("d-sum", "differential of a sum", "加减法法则", "d(A ± B) = dA ± dB")
	dTranspose = rule("d-transpose", "transpose", "转置法则", "d(Aᵀ) = (dA)ᵀ")
	dEntries   = rule("d-elementwise", "elementwise function", "逐元素函数法则", "dσ(x) = σ′(x) ⊙ dx")
	inner      = rule("inner-symmetric", "an inner product is symmetric", "向量内积可交换", "uᵀv = vᵀu")
	norm       = rule("norm-squared", "the squared norm is an inner product", "模的平方写成内积", "‖x‖² = xᵀx")
	scalar     = rule("trace-of-scalar", "a scalar is its own trace", "标量套上迹", "a = tr(a)")
	cyclic     = rule("trace-cyclic", "cyclic exchange in the trace", "迹的循环交换", "tr(A B) = tr(B A)")
	readOff    = rule("read-off", "compare with the definition of the derivative", "对照导数与微分的联系", "dl = tr((∂l/∂X)ᵀ dX)")
	readVector = rule("read-off-vector", "compare with the definition of the derivative", "对照导数与微分的联系", "dl = (∂l/∂x)ᵀ dx")
	hadamard   = rule("hadamard-trace", "Hadamard product and trace", "逐元素乘法与迹的交换", "tr(Aᵀ(B ⊙ C)) = tr((A ⊙ B)ᵀC)")
	compose    = rule("composition", "composition rule", "复合法则", "dl = tr((∂l/∂Y)ᵀ dY)")
	put        = rule("substitute", "differential put in", "代入微分", "")
)

func line(lhs, rhs string, deviation float64, notes ...Note) Line {
	l := Line{Rhs: f(rhs), Notes: notes, Error: deviation, Checked: true}
	if lhs != "" {
		l.Lhs = f(lhs)
	}
	return l
}

func result(l Line) Line {
	l.Result = true
	return l
}

func given(formula, en, zh string) Given { return Given{Formula: f(formula), Words: Words{en, zh}} }

func inlineOf(formulas ...string) map[string]string {
	m := map[string]string{}
	for _, s := range formulas {
		m[tex(s)] = s
	}
	return m
}

// leastSquares is example 4.
func leastSquares() *Paper {
	return &Paper{
		Title: Words{"Derivative of $" + tex("l = ‖X w − y‖²") + "$ by $w$", "求 $" + tex("l = ‖X w − y‖²") + "$ 对 $w$ 的导数"},
		Given: []Given{given("X ∈ ℝ^{m×n}", "", ""), given("w ∈ ℝ^n", "", ""), given("y ∈ ℝ^m", "", "")},
		Blocks: []Block{
			{ID: "differential", Heading: Words{"Differential", "求微分"}, Lines: []Line{
				line("l", "‖⟦X|m×n⟧ ⟦w|n×1⟧ − ⟦y|m×1⟧‖²", 0),
				line("", "⟦(X w − y)ᵀ|1×m⟧⟦(X w − y)|m×1⟧", 2e-16, norm),
				line("dl", "⟦d(X w − y)ᵀ|1×m⟧⟦(X w − y)|m×1⟧ + ⟦(X w − y)ᵀ|1×m⟧⟦d(X w − y)|m×1⟧", 3e-14, dProduct, dTranspose),
				line("", "⟦(X dw)ᵀ|1×m⟧⟦(X w − y)|m×1⟧ + ⟦(X w − y)ᵀ|1×m⟧ ⟦X|m×n⟧ ⟦dw|n×1⟧", 1e-14, dSum, dProduct),
				line("", "2 ⟦(X w − y)ᵀ|1×m⟧ ⟦X|m×n⟧ ⟦dw|n×1⟧", 2.4e-14, inner),
			}},
			{ID: "read-off", Heading: Words{"Reading off the derivative", "读出导数"}, Lines: []Line{
				result(line("∂l/∂w", "2 ⟦Xᵀ|n×m⟧⟦(X w − y)|m×1⟧", 3e-11, readVector)),
			}},
		},
		Inline: inlineOf("l = ‖X w − y‖²"),
	}
}

// softmaxRegression is example 6 by both solutions.
func softmaxRegression() *Paper {
	sums := Fact{Formula: f("yᵀ1 = 1")}
	return &Paper{
		Title: Words{"Derivative of $" + tex("l = −yᵀ log softmax(W x)") + "$ by $W$", "求 $" + tex("l = −yᵀ log softmax(W x)") + "$ 对 $W$ 的导数"},
		Given: []Given{given("W ∈ ℝ^{m×n}", "", ""), given("x ∈ ℝ^n", "", ""), given("y ∈ ℝ^m", "one-hot, so that $"+tex("yᵀ1 = 1")+"$", "独热向量，因此 $"+tex("yᵀ1 = 1")+"$"),
			{Formula: f("a = W x")}},
		Blocks: []Block{
			{ID: "expansion", Heading: Words{"First solution: the function put in", "解 1：代入函数"}, Lines: []Line{
				line("l", "−yᵀ(log exp(W x) − 1 log(1ᵀ exp(W x)))", 3e-16, rule("log-of-softmax", "softmax put in", "代入 softmax", "log(u/c) = log u − 1 log c")),
				line("", "−yᵀ W x + log(1ᵀ exp(W x))", 1e-16, rule("sums-to-one", "y sums to one", "利用 y 的元素之和为 1", "", sums)),
				line("dl", "−yᵀ dW x + 1ᵀ(exp(W x) ⊙ (dW x)) / (1ᵀ exp(W x))", 3e-13, dSum, dEntries),
				line("", "−yᵀ dW x + exp(W x)ᵀ dW x / (1ᵀ exp(W x))", 3e-13, rule("ones-hadamard", "ones and a Hadamard product", "全 1 向量与逐元素乘法", "1ᵀ(u ⊙ v) = uᵀv")),
				line("", "tr(−yᵀ dW x + softmax(W x)ᵀ dW x)", 3e-13, scalar),
				line("", "tr(x (softmax(W x) − y)ᵀ dW)", 3e-13, cyclic),
				result(line("∂l/∂W", "(softmax(W x) − y) xᵀ", 3e-11, readOff)),
			}},
			{ID: "composition", Heading: Words{"Second solution: through $a = W x$", "解 2：经过 $a = W x$"},
				Intro: []Words{{"The derivative by $a$ is found as above: $" + tex("∂l/∂a = softmax(a) − y") + "$.", "先同上求出 $" + tex("∂l/∂a = softmax(a) − y") + "$，再利用复合法则。"}},
				Lines: []Line{
					line("dl", "tr(⟦(∂l/∂a)ᵀ|1×m⟧ ⟦da|m×1⟧)", 1e-13, compose),
					line("", "tr(⟦(∂l/∂a)ᵀ|1×m⟧ ⟦dW|m×n⟧ ⟦x|n×1⟧)", 1e-13, put),
					line("", "tr(⟦x|n×1⟧ ⟦(∂l/∂a)ᵀ|1×m⟧ ⟦dW|m×n⟧)", 1e-13, cyclic),
					result(line("∂l/∂W", "⟦(∂l/∂a)|m×1⟧ ⟦xᵀ|1×n⟧", 3e-11, readOff)),
				}},
		},
		Inline: inlineOf("l = −yᵀ log softmax(W x)", "∂l/∂a = softmax(a) − y", "yᵀ1 = 1"),
	}
}

// network is example 7.
func network() *Paper {
	return &Paper{
		Title: Words{"Derivatives of $" + tex("l = −yᵀ log softmax(W₂ σ(W₁ x))") + "$ by $W_1$ and $W_2$", "求 $" + tex("l = −yᵀ log softmax(W₂ σ(W₁ x))") + "$ 对 $W_1$、$W_2$ 的导数"},
		Given: []Given{given("W₁ ∈ ℝ^{p×n}", "", ""), given("W₂ ∈ ℝ^{m×p}", "", ""), given("x ∈ ℝ^n", "", ""), given("y ∈ ℝ^m", "one-hot", "独热向量"),
			{Formula: f("a₁ = W₁ x")}, {Formula: f("h₁ = σ(a₁)")}, {Formula: f("a₂ = W₂ h₁")}},
		Blocks: []Block{
			{ID: "composition", Heading: Words{"Through $a_2$", "经过 $a_2$"}, Lines: []Line{
				line("∂l/∂a₂", "softmax(a₂) − y", 1e-12, rule("as-before", "as in the example before", "同前例", "")),
				line("dl", "tr((∂l/∂a₂)ᵀ da₂)", 1e-13, compose),
				line("", "tr((∂l/∂a₂)ᵀ dW₂ h₁) + tr((∂l/∂a₂)ᵀ W₂ dh₁)", 1e-13, put, dProduct),
				line("", "tr(h₁ (∂l/∂a₂)ᵀ dW₂) + tr((∂l/∂a₂)ᵀ W₂ dh₁)", 1e-13, cyclic),
				result(line("∂l/∂W₂", "(∂l/∂a₂) h₁ᵀ", 3e-11, readOff)),
				line("∂l/∂h₁", "W₂ᵀ (∂l/∂a₂)", 3e-11, readOff),
			}},
			{ID: "composition", Heading: Words{"Through $a_1$", "经过 $a_1$"}, Intro: []Words{{"The second term is taken further.", "接下来对第二项继续使用复合法则。"}}, Lines: []Line{
				line("dl₂", "tr((∂l/∂h₁)ᵀ dh₁)", 1e-13, compose),
				line("", "tr((∂l/∂h₁)ᵀ (σ′(a₁) ⊙ da₁))", 1e-13, dEntries),
				line("", "tr(((∂l/∂h₁) ⊙ σ′(a₁))ᵀ da₁)", 1e-13, hadamard),
				line("∂l/∂a₁", "(∂l/∂h₁) ⊙ σ′(a₁)", 1e-11, readOff),
				line("dl₂", "tr((∂l/∂a₁)ᵀ dW₁ x)", 1e-13, compose, put),
				line("", "tr(x (∂l/∂a₁)ᵀ dW₁)", 1e-13, cyclic),
				result(line("∂l/∂W₁", "(∂l/∂a₁) xᵀ", 3e-11, readOff)),
			}},
		},
		Inline: inlineOf("l = −yᵀ log softmax(W₂ σ(W₁ x))", "W₁", "W₂", "a₁", "a₂"),
	}
}

// long has lines of the greatest length that a derivation may have, and names that
// try what the writers escape.
func long() *Paper {
	terms := strings.TrimSuffix(strings.Repeat("tr(Aᵀ B C dX) + ", 9), " + ")
	bracket := "tr((" + strings.TrimSuffix(strings.Repeat("Aᵀ B C X + ", 12), " + ") + ")ᵀ dX)"
	product := "tr(" + strings.Repeat("A B C ", 24) + "dX)"
	marked := strings.TrimSuffix(strings.Repeat("⟦Aᵀ|n×m⟧ ⟦B|m×m⟧ ⟦C|m×n⟧ + ", 11), " + ")
	return &Paper{
		Title: Words{"Long lines", "很长的行"},
		Given: []Given{given("A ∈ ℝ^{m×n}", "", ""), {Formula: f("X ∈ ℝ^{m×n}"), Words: Words{"a_b & c%d #1 \\ ~ ^ {x} <b> *c* `d` [e](f) |", "a_b & c%d #1 \\ ~ ^ {x} <b> *c* `d` [e](f) |"}, Remark: Words{"inferred", "推断"}}},
		Blocks: []Block{{ID: "lines", Heading: Words{"Lines of 160 characters & more", "160 个字符的行 & 更多"}, Intro: []Words{{
			"A paragraph that is longer than a terminal is wide is broken at spaces, and its formulas, such as $" + tex("tr(A B) = tr(B A)") + "$, are not lost in it, nor is the last word.",
			"一个比终端更宽的段落会在汉字之间换行，其中的公式，例如 $" + tex("tr(A B) = tr(B A)") + "$，不会丢失，标点不会出现在行首，最后一个字也不会丢失。这里再加上一句话，使它足够长。"}},
			Lines: []Line{line("dl", terms, 1e-12, cyclic, dProduct), line("", bracket, 1e-12, hadamard), line("", product, 1e-12, scalar),
				line("", marked, 1e-12), result(line("∂l/∂X", bracket, 1e-12, readOff))}}},
		Inline: inlineOf("tr(A B) = tr(B A)"),
	}
}
