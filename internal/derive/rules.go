package derive

import (
	"example.com/nabla/internal/paper"
)

// A rule is a named step of a derivation.
type rule struct {
	id     string
	en, zh string
	text   string // the identity, in Unicode notation; may be empty
	latex  string
}

// logOfQuotient stands in the name of a rule: log(u/c) = log u − 1 log c for a vector u
// and a scalar c.
const logOfQuotient = `\log(u/c) = \log u - \mathbf 1 \log c`

// inNames has the plain text of the formulas in names of rules, by their LaTeX.
var inNames = map[string]string{logOfQuotient: "log(u/c) = log u − 1 log c"}

// rules are the moves, by name. The differential of an operator that stands in
// its row has a rule of its own, made from the row: see deriver.rowRule.
var rules = []rule{
	// Preparation.
	{"norm-squared", "the squared norm is an inner product", "模的平方写成内积", "‖u‖² = uᵀu", `\|u\|^2 = u^\top u`},
	{"frobenius-squared", "the squared Frobenius norm is a trace", "Frobenius 范数的平方写成迹", "‖U‖² = tr(UᵀU)", `\|U\|^2 = \operatorname{tr}(U^\top U)`},
	{"norm", "definition of the norm", "范数的定义", "‖u‖ = √(uᵀu)", `\|u\| = \sqrt{u^\top u}`},
	{"sum-of-product", "a sum of entrywise products is an inner product", "逐元素乘积之和是内积", "1ᵀ(u ⊙ v) = uᵀv", `\mathbf 1^\top (u \odot v) = u^\top v`},
	{"sum-of-matrix-product", "a sum of entrywise products is a trace", "逐元素乘积之和是迹", "sum(A ⊙ B) = tr(AᵀB)", `\mathbf 1^\top (A \odot B)\mathbf 1 = \operatorname{tr}(A^\top B)`},
	{"log-of-softmax", "softmax put in; $" + logOfQuotient + "$", "代入 softmax，并用 $" + logOfQuotient + "$", "log softmax(z) = z − 1 log(1ᵀexp z)", `\log\operatorname{softmax}(z) = z - \mathbf 1\log(\mathbf 1^\top \exp z)`},
	{"distribute", "multiplied out", "展开括号", "A(B + C) = AB + AC", `A(B + C) = AB + AC`},
	{"fact", "a fact is used", "利用已知条件", "", ""},

	// Differentials of the algebra.
	{"take-differential", "take the differential of both sides", "两边求微分", "", ""},
	{"d-constant", "a constant has differential zero", "常量的微分为零", "dA = 0", `\mathrm{d}A = 0`},
	{"d-sum", "differential of a sum", "加减法法则", "d(X ± Y) = dX ± dY", `\mathrm{d}(X \pm Y) = \mathrm{d}X \pm \mathrm{d}Y`},
	{"d-constant-factor", "constant factors stand before d", "常量因子提到微分之外", "d(A X B) = A dX B", `\mathrm{d}(AXB) = A\,\mathrm{d}X\,B`},
	{"d-constant-hadamard", "constant factors stand before d", "常量因子提到微分之外", "d(A ⊙ X) = A ⊙ dX", `\mathrm{d}(A \odot X) = A \odot \mathrm{d}X`},
	{"d-constant-divisor", "constant factors stand before d", "常量因子提到微分之外", "d(X/c) = dX/c", `\mathrm{d}(X/c) = \mathrm{d}X/c`},
	{"d-constant-entrywise", "constant factors stand before d", "常量因子提到微分之外", "d(X ./ A) = dX ./ A", `\mathrm{d}(X \oslash A) = \mathrm{d}X \oslash A`},
	{"d-product", "product rule", "乘积法则", "d(X Y) = dX Y + X dY", `\mathrm{d}(XY) = \mathrm{d}X\,Y + X\,\mathrm{d}Y`},
	{"d-hadamard", "differential of a Hadamard product", "逐元素乘法法则", "d(X ⊙ Y) = dX ⊙ Y + X ⊙ dY", `\mathrm{d}(X \odot Y) = \mathrm{d}X \odot Y + X \odot \mathrm{d}Y`},
	{"d-quotient", "quotient rule", "商的法则", "d(X/c) = dX/c − X dc/c²", `\mathrm{d}(X/c) = \mathrm{d}X/c - X\,\mathrm{d}c/c^2`},
	{"d-transpose", "differential of a transpose", "转置法则", "d(Xᵀ) = (dX)ᵀ", `\mathrm{d}(X^\top) = (\mathrm{d}X)^\top`},
	{"d-power", "power rule", "幂的法则", "d(xᵖ) = p xᵖ⁻¹ dx", `\mathrm{d}(x^p) = p\,x^{p-1}\,\mathrm{d}x`},
	{"d-matrix-power", "product rule for a matrix power", "矩阵幂按乘积法则", "d(X²) = dX X + X dX", `\mathrm{d}(X^2) = \mathrm{d}X\,X + X\,\mathrm{d}X`},
	{"d-elementwise", "elementwise function", "逐元素函数法则", "dσ(X) = σ′(X) ⊙ dX", `\mathrm{d}\sigma(X) = \sigma'(X) \odot \mathrm{d}X`},
	{"d-linear", "a linear operator commutes with d", "线性运算与微分可交换", "d tr(X) = tr(dX)", `\mathrm{d}\operatorname{tr}(X) = \operatorname{tr}(\mathrm{d}X)`},
	{"d-sum-over", "differential and sum are exchanged", "微分与求和交换", "d Σᵢ xᵢ = Σᵢ dxᵢ", `\mathrm{d}\sum_i x_i = \sum_i \mathrm{d}x_i`},
	{"d-intermediate", "differential of an intermediate put in", "代入中间量的微分", "", ""},

	// Moves.
	{"trace-of-scalar", "a scalar is its own trace", "标量套上迹", "a = tr(a)", `a = \operatorname{tr}(a)`},
	{"trace-cyclic", "cyclic exchange in the trace", "迹的循环交换", "tr(A B) = tr(B A)", `\operatorname{tr}(AB) = \operatorname{tr}(BA)`},
	{"trace-transpose", "the trace of the transpose", "转置不改变迹", "tr(Aᵀ) = tr(A)", `\operatorname{tr}(A^\top) = \operatorname{tr}(A)`},
	{"trace-linear", "the trace is linear", "迹的线性", "tr(A + B) = tr(A) + tr(B)", `\operatorname{tr}(A + B) = \operatorname{tr}(A) + \operatorname{tr}(B)`},
	{"trace-sum", "trace and sum are exchanged", "迹与求和交换", "tr(Σᵢ Aᵢ) = Σᵢ tr(Aᵢ)", `\operatorname{tr}\big(\sum_i A_i\big) = \sum_i \operatorname{tr}(A_i)`},
	{"sum-out", "the differential does not depend on the index", "微分与求和指标无关，提到求和之外", "Σᵢ uᵢᵀdx = (Σᵢ uᵢ)ᵀdx", `\sum_i u_i^\top\mathrm{d}x = \big(\sum_i u_i\big)^\top\mathrm{d}x`},
	{"inner-symmetric", "an inner product is symmetric", "向量内积可交换", "uᵀv = vᵀu", `u^\top v = v^\top u`},
	{"hadamard-trace", "Hadamard product and trace", "逐元素乘法与迹的交换", "tr(Aᵀ(B ⊙ C)) = tr((A ⊙ B)ᵀC)", `\operatorname{tr}(A^\top (B \odot C)) = \operatorname{tr}((A \odot B)^\top C)`},
	{"hadamard-inner", "Hadamard product in an inner product", "内积中逐元素乘法的交换", "uᵀ(v ⊙ w) = (u ⊙ v)ᵀw", `u^\top (v \odot w) = (u \odot v)^\top w`},
	{"ones-hadamard", "ones and a Hadamard product", "全 1 向量与逐元素乘法", "1ᵀ(u ⊙ v) = uᵀv", `\mathbf 1^\top (u \odot v) = u^\top v`},
	{"sum-as-ones", "a sum is a product with ones", "求和写成与全 1 向量的乘积", "sum(X) = 1ᵀX 1", `\operatorname{sum}(X) = \mathbf 1^\top X\,\mathbf 1`},
	{"scalar-out", "a scalar factor is moved to the front", "标量因子提到前面", "A s B = s A B", `A\,s\,B = s\,AB`},
	{"trace-diag", "trace of a diagonal matrix", "对角矩阵与迹", "tr(A diag(v)) = diag(A)ᵀv", `\operatorname{tr}(A\operatorname{diag}(v)) = \operatorname{diag}(A)^\top v`},
	{"diag-hadamard", "a diagonal matrix scales", "对角矩阵乘向量", "diag(v) w = v ⊙ w", `\operatorname{diag}(v)\,w = v \odot w`},
	{"diag-trace", "the diagonal as a trace", "取对角线写成迹", "uᵀdiag(A) = tr(diag(u) A)", `u^\top\operatorname{diag}(A) = \operatorname{tr}(\operatorname{diag}(u)A)`},
	{"vec-inner", "inner product of vecs", "vec 的内积", "vec(A)ᵀvec(B) = tr(AᵀB)", `\operatorname{vec}(A)^\top\operatorname{vec}(B) = \operatorname{tr}(A^\top B)`},
	{"outer-product", "definition of the outer product", "外积的定义", "outer(u, v) = u vᵀ", `u \otimes v = u v^\top`},
	{"adjoint", "the adjoint of a linear operator", "线性算子的伴随", "⟨G, L(X)⟩ = ⟨L*(G), X⟩", `\langle G, L(X)\rangle = \langle L^*(G), X\rangle`},
	{"collect", "terms gathered", "合并同类项", "tr(A dX) + tr(B dX) = tr((A + B) dX)", `\operatorname{tr}(A\,\mathrm{d}X) + \operatorname{tr}(B\,\mathrm{d}X) = \operatorname{tr}((A+B)\,\mathrm{d}X)`},
	{"collect-vector", "terms gathered", "合并同类项", "uᵀdx + vᵀdx = (u + v)ᵀdx", `u^\top\mathrm{d}x + v^\top\mathrm{d}x = (u+v)^\top\mathrm{d}x`},

	// Moves in the colon notation.
	{"colon", "written as an inner product", "写成内积", "A : B = tr(AᵀB)", `A : B = \operatorname{tr}(A^\top B)`},
	{"colon-product", "factors move across the colon", "因子移到冒号左边", "A : B C D = BᵀA Dᵀ : C", `A : BCD = B^\top A D^\top : C`},
	{"colon-transpose", "transposes move across the colon", "转置移到冒号左边", "A : Bᵀ = Aᵀ : B", `A : B^\top = A^\top : B`},
	{"colon-hadamard", "Hadamard factors move across the colon", "逐元素乘积移到冒号左边", "A : (B ⊙ C) = (A ⊙ B) : C", `A : (B \odot C) = (A \odot B) : C`},
	{"colon-linear", "the inner product is linear", "内积的线性", "A : (B + C) = A : B + A : C", `A : (B + C) = A : B + A : C`},
	{"colon-sum", "inner product and sum are exchanged", "内积与求和交换", "A : Σᵢ Bᵢ = Σᵢ A : Bᵢ", `A : \sum_i B_i = \sum_i A : B_i`},
	{"colon-collect", "terms gathered", "合并同类项", "A : dX + B : dX = (A + B) : dX", `A : \mathrm{d}X + B : \mathrm{d}X = (A + B) : \mathrm{d}X`},

	// Vectorisation.
	{"vec-both", "vec on both sides", "两边向量化", "", ""},
	{"vec-rows", "vec on both sides, by rows: of the transposes", "两边按行向量化，即对转置向量化", "", ""},
	{"vec-linear", "vec is linear", "向量化是线性的", "vec(A + B) = vec(A) + vec(B)", `\operatorname{vec}(A + B) = \operatorname{vec}(A) + \operatorname{vec}(B)`},
	{"vec-identity", "an identity is put in", "添上单位阵", "A X = A X I", `AX = AXI`},
	{"vec-product", "vec of a product", "矩阵乘法的向量化", "vec(A X B) = (Bᵀ ⊗ A) vec(X)", `\operatorname{vec}(AXB) = (B^\top \otimes A)\operatorname{vec}(X)`},
	{"vec-transpose", "vec of a transpose", "转置的向量化", "vec(Xᵀ) = K vec(X)", `\operatorname{vec}(X^\top) = K\operatorname{vec}(X)`},
	{"vec-hadamard", "vec of a Hadamard product", "逐元素乘法的向量化", "vec(A ⊙ X) = diag(vec(A)) vec(X)", `\operatorname{vec}(A \odot X) = \operatorname{diag}(\operatorname{vec}(A))\operatorname{vec}(X)`},
	{"diag-of-hadamard", "a Hadamard factor as a diagonal matrix", "逐元素乘法写成对角矩阵", "u ⊙ v = diag(u) v", `u \odot v = \operatorname{diag}(u)\,v`},
	{"vec-trace", "the trace as an inner product of vecs", "迹写成 vec 的内积", "tr(A X) = vec(Aᵀ)ᵀvec(X)", `\operatorname{tr}(AX) = \operatorname{vec}(A^\top)^\top\operatorname{vec}(X)`},
	{"vec-scalar", "a scalar factor is moved to the end", "标量因子移到最后", "vec(s A) = vec(A) s", `\operatorname{vec}(sA) = \operatorname{vec}(A)\,s`},
	{"vec-scale", "vec is linear", "向量化是线性的", "vec(s A) = s vec(A)", `\operatorname{vec}(sA) = s\operatorname{vec}(A)`},
	{"vec-sum", "vec and sum are exchanged", "向量化与求和交换", "vec(Σᵢ Aᵢ) = Σᵢ vec(Aᵢ)", `\operatorname{vec}\big(\sum_i A_i\big) = \sum_i \operatorname{vec}(A_i)`},
	{"scalar-last", "a scalar factor is moved to the end", "标量因子移到最后", "s u = u s", `s\,u = u\,s`},
	{"regroup", "the product is regrouped", "乘法结合律", "A(B C) = (A B) C", `A(BC) = (AB)C`},
	{"matrix-of-operator", "matrix of a linear operator", "线性算子的矩阵", "L(x) = M x", `L(x) = Mx`},
	{"vec-operator", "matrix of a linear operator", "线性算子的矩阵", "vec(L(X)) = M vec(X)", `\operatorname{vec}(L(X)) = M\operatorname{vec}(X)`},
	{"vec-collect", "terms gathered", "合并同类项", "A v + B v = (A + B) v", `Av + Bv = (A + B)v`},

	// The end.
	{"composition", "composition through an intermediate", "复合法则（经过中间量）", "dl = tr((∂l/∂Y)ᵀ dY)", `\mathrm{d}l = \operatorname{tr}\Big(\big(\tfrac{\partial l}{\partial Y}\big)^\top \mathrm{d}Y\Big)`},
	{"substitute", "differential put in", "代入微分", "", ""},
	{"read-off", "compare with the definition of the derivative", "对照导数与微分的联系", "", ""},
	{"simplify", "simplified", "化简", "", ""},
	{"transpose-out", "the transpose is carried out", "取转置并化简", "", ""},
	{"add-contributions", "contributions of all paths are added", "各路径的贡献相加", "", ""},
	{"call-by-name", "parts called by their names", "代入已定义的记号", "", ""},
	{"name", "a name for a part", "记号", "", ""},
	{"put-back", "names replaced by what they stand for", "代回中间量", "", ""},
	{"gather", "coefficient of the differential gathered", "整理微分的系数", "", ""},

	// By the definition.
	{"layout", "the entry by the layout", "布局规定的元素", "", ""},
	{"entry", "one entry, differentiated", "对单个元素求导", "", ""},
	{"entries-laid-out", "the entries laid out", "把各元素排列起来", "", ""},
}

var ruleByID = func() map[string]*rule {
	m := make(map[string]*rule, len(rules))
	for i := range rules {
		m[rules[i].id] = &rules[i]
	}
	return m
}()

// note returns the rule as a note on a line.
func (r *rule) note() paper.Note {
	return paper.Note{ID: r.id, Name: paper.Words{En: r.en, Zh: r.zh}, Rule: paper.Formula{Text: r.text, LaTeX: r.latex}}
}

// opWords name the differential of operators that have a name of their own in
// textbooks; others are named by their operator.
var opWords = map[string]paper.Words{
	"inv":       {En: "differential of the inverse", Zh: "逆矩阵法则"},
	"det":       {En: "differential of the determinant", Zh: "行列式法则"},
	"logdet":    {En: "differential of the log-determinant", Zh: "对数行列式法则"},
	"pinv":      {En: "differential of the pseudo-inverse", Zh: "广义逆法则"},
	"adj":       {En: "differential of the adjugate", Zh: "伴随矩阵法则"},
	"softmax":   {En: "differential of softmax", Zh: "softmax 的微分"},
	"logsumexp": {En: "differential of log-sum-exp", Zh: "log-sum-exp 的微分"},
	"mpow":      {En: "differential of a matrix power", Zh: "矩阵幂法则"},
}
