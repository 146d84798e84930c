package nabla

import (
	"errors"
	"fmt"
	"strings"

	"example.com/nabla/internal/diagnose"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/rat"
)

var errNoDifferences = errors.New("differences say nothing of this")

// words are the sentences for a kind of mistake, in English and Chinese. %1 is what
// the claim should be, %2 … what the finding says.
type words struct{ en, zh string }

var sentences = map[diagnose.Kind]words{
	diagnose.Transposed:       {"the claim is %[1]s transposed", "所给结果是%[1]s的转置"},
	diagnose.OtherLayout:      {"the claim is %[1]s in %[2]s layout, which is the transpose", "所给结果是%[2]s布局下的%[1]s，即所求结果的转置"},
	diagnose.OtherVec:         {"the claim is %[1]s with vec by %[2]s", "所给结果是按%[2]s向量化（vec）时的%[1]s"},
	diagnose.Sign:             {"the sign is wrong: the claim is minus %[1]s", "符号错误：所给结果是%[1]s的相反数"},
	diagnose.WrongFactor:      {"wrong by a factor: the claim is %[2]s times %[1]s", "相差一个因子：所给结果是%[1]s的 %[2]s 倍"},
	diagnose.SignTransposed:   {"the claim is transposed, and its sign is wrong", "所给结果差一个转置，并且符号相反"},
	diagnose.FactorTransposed: {"the claim is transposed, and wrong by a factor: it is %[2]s times the transpose of %[1]s", "所给结果差一个转置，并且相差一个因子：它是%[1]s的转置的 %[2]s 倍"},
	diagnose.NeedsFact:        {"right only if %[2]s", "仅当%[2]s时才成立"},
	diagnose.ZeroClaim:        {"%[1]s is not zero", "%[1]s不为零"},
	diagnose.NotZero:          {"%[1]s is zero", "%[1]s等于零"},
	diagnose.MissingTerm:      {"the term %[2]s is missing%[3]s", "%[3]s缺少一项 %[2]s"},
	diagnose.SurplusTerm:      {"the term %[2]s is too many%[3]s", "%[3]s多出一项 %[2]s"},
	diagnose.TermSign:         {"the sign of the term %[2]s is wrong%[3]s", "%[3]s项 %[2]s 的符号错误"},
	diagnose.TermCoefficient:  {"the term %[2]s has a wrong coefficient: the claim has it %[4]s times", "项 %[2]s 的系数错误：所给结果中是它的 %[4]s 倍"},
	diagnose.MissingFactor:    {"the factor %[2]s is missing%[3]s", "%[3]s缺少因子 %[2]s"},
	diagnose.SurplusFactor:    {"the factor %[2]s is too many%[3]s", "%[3]s多出因子 %[2]s"},
	diagnose.MissingTranspose: {"a transpose is missing: %[2]s must be transposed%[3]s", "缺少转置：%[3]s %[2]s 应取转置"},
	diagnose.SurplusTranspose: {"a transpose is too many: %[2]s must not be transposed%[3]s", "多出转置：%[3]s %[2]s 不应取转置"},
	diagnose.MissingInverse:   {"an inverse is missing: that of %[2]s%[3]s", "缺少求逆：%[3]s应是 %[2]s 的逆"},
	diagnose.SurplusInverse:   {"an inverse is too many: that of %[2]s%[3]s", "多出求逆：%[3]s %[2]s 不应求逆"},
	diagnose.FactorOrder:      {"the factors of %[2]s are in another order", "因子的顺序错误：%[2]s"},
	diagnose.Exponent:         {"the exponent in %[2]s is wrong", "%[2]s 中的指数错误"},
	diagnose.WrongPart:        {"%[2]s stands where %[3]s must stand", "%[2]s 应为 %[3]s"},
	diagnose.WrongShape:       {"wrong shape: the claim is %[2]s, %[1]s is %[3]s", "形状错误：所给结果的形状是 %[2]s，%[1]s的形状是 %[3]s"},
	diagnose.NoValue:          {"the claim has no value at any point that was tried", "所给结果在所有试过的点处都没有定义"},
	diagnose.NarrowerDomain:   {"the claim agrees with %[1]s where it has a value, but has none at points where %[1]s has one", "所给结果在有定义处与%[1]s相等，但在%[1]s有定义的某些点处没有定义"},
	diagnose.Close:            {"the claim comes close to %[1]s but is not equal to it", "所给结果与%[1]s很接近，但并不相等"},
	diagnose.Different:        {"the claim is not %[1]s, and no simple mistake explains the difference", "所给结果不等于%[1]s，也不能用某个简单的错误来解释"},
}

// otherSentences are those for what else a claim is.
var otherSentences = map[string]words{
	"differential":          {"the claim is the differential %[2]s; the derivative is what stands before the differential of the variable", "所给结果是微分 %[2]s；导数是其中变量微分的系数"},
	"structured-gradient":   {"the claim is the gradient in the free entries of a %[2]s %[3]s; asked for is the derivative by all entries (--structured asks for the other)", "所给结果是%[2]s矩阵 %[3]s 的独立元素的梯度；所求的是对全部元素的导数（--structured 给出前者）"},
	"unstructured-gradient": {"the claim is the derivative by all entries; asked for is the gradient in the free entries", "所给结果是对全部元素的导数；所求的是对独立元素的梯度"},
	"function-itself":       {"the claim is the expression itself, not its derivative", "所给结果是原表达式本身，而不是它的导数"},
	"other-order":           {"the claim is the derivative of order %[4]d", "所给结果是 %[4]d 阶导数"},
	"other-variable":        {"the claim is the derivative by %[2]s", "所给结果是对 %[2]s 的导数"},
}

// factSentences say a fact of a variable.
var factSentences = map[expr.Fact]words{
	expr.Symmetric:  {"%s is symmetric", " %s 对称"},
	expr.Posdef:     {"%s is positive definite", " %s 正定"},
	expr.Diagonal:   {"%s is diagonal", " %s 是对角矩阵"},
	expr.Orthogonal: {"%s is orthogonal", " %s 是正交矩阵"},
	expr.Simplex:    {"%s sums to one", " %s 的分量之和为 1 "},
	expr.Onehot:     {"%s is one-hot", " %s 是独热（one-hot）向量"},
	expr.Positive:   {"%s is positive", " %s 为正"},
}

// words puts a finding into words.
func (v *verifier) words(c *claim, q *question, f *diagnose.Finding) {
	out := v.out
	en, zh := "the derivative", "导数"
	switch c.kind {
	case differentialClaim, vecClaim:
		en, zh = "the differential", "微分"
	case valueClaim:
		en, zh = c.of, " "+c.of+" "
	}
	text := func(n *expr.Node) string { return print.Text(n, q.p.po).Result }
	if f.Kind == diagnose.Alternative {
		tag := f.Other.Tag.(otherKind)
		w := otherSentences[tag.kind]
		out.Kind = tag.kind
		name := map[string]string{"symmetric": "对称", "diagonal": "对角"}[tag.name]
		if name == "" {
			name = tag.name
		}
		out.Message = pick(w.en, en, tag.name, q.by.Name, tag.n)
		out.MessageZH = pick(w.zh, zh, name, q.by.Name, tag.n)
		return
	}
	out.Kind = string(f.Kind)
	w := sentences[f.Kind]
	var a, b, part, partZH string
	if f.Part != nil {
		a = text(f.Part)
		if f.Kind == diagnose.FactorOrder || f.Kind == diagnose.Exponent {
			a = text(f.Within)
		}
	}
	b = a
	if f.Within != nil && f.Within != q.truth && f.Within != q.claim {
		if s := text(f.Within); len(s) < 60 {
			part, partZH = " in "+s, "在 "+s+" 中"
		}
	}
	factor := q.factorText(f.Factor)
	switch f.Kind {
	case diagnose.OtherLayout:
		a, b = string(Numerator), "分子"
		if q.p.req.Layout == Numerator {
			a, b = string(Denominator), "分母"
		}
	case diagnose.OtherVec:
		a, b = string(Rows), "行"
		if q.p.req.Vec == Rows {
			a, b = string(Columns), "列"
		}
	case diagnose.WrongFactor, diagnose.FactorTransposed:
		a, b = factor, factor
	case diagnose.WrongPart:
		part = text(f.Within)
		partZH = part
	case diagnose.WrongShape:
		a, part = out.Claimed.Shape, out.True.Shape
		b, partZH = a, part
	case diagnose.NeedsFact:
		a, b = factText(f.Facts)
	case diagnose.NarrowerDomain:
		q.undefined = true
	}
	out.Message, out.MessageZH = pick(w.en, en, a, part, factor), pick(w.zh, zh, b, partZH, factor)
	if f.Kind != diagnose.NeedsFact && len(f.Facts) > 0 {
		a, b := factText(f.Facts)
		out.Message += "; right only if " + a
		out.MessageZH += "；仅当" + b + "时才成立"
	}
	if len(f.Facts) > 0 {
		for _, k := range f.Facts {
			out.HoldsIf = append(out.HoldsIf, k.Symbol.Name+": "+strings.Join(k.Fact.Names(), " "))
		}
	}
	if f.Negative {
		out.Message += ", and the sign of the whole is wrong"
		out.MessageZH += "，并且整体符号相反"
	}
	out.MessageZH = strings.TrimSpace(strings.ReplaceAll(out.MessageZH, "  ", " "))
}

// pick formats with the arguments that the format mentions.
func pick(format string, args ...any) string {
	s := fmt.Sprintf(format, args...)
	if i := strings.Index(s, "%!(EXTRA"); i >= 0 {
		s = s[:i]
	}
	return s
}

// factorText writes a factor in matrix notation.
func (q *question) factorText(f diagnose.Factor) string {
	if f.Number == (rat.Rat{}) {
		return ""
	}
	b := q.p.b
	n := b.Num(f.Number.Abs())
	if f.Number.Sign() < 0 {
		n = b.Node(expr.OpNeg, n)
	}
	if f.Base != nil {
		base := f.Base
		e := f.Exp
		over := e.Sign() < 0
		if e = e.Abs(); !e.IsOne() {
			base = b.Node(expr.OpPow, base, b.Num(e))
		}
		switch {
		case over:
			n = b.Node(expr.OpDiv, n, base)
		case f.Number.IsOne():
			n = base
		default:
			n = b.Node(expr.OpMul, n, base)
		}
	}
	return print.Text(n, q.p.po).Result
}

// factText says facts in English and Chinese.
func factText(facts []diagnose.Known) (en, zh string) {
	var ens, zhs []string
	for _, k := range facts {
		ens = append(ens, fmt.Sprintf(factSentences[k.Fact].en, k.Symbol.Name))
		zhs = append(zhs, fmt.Sprintf(factSentences[k.Fact].zh, k.Symbol.Name))
		if k.Symbol.Kind == expr.Matrix && k.Fact == expr.Simplex {
			ens[len(ens)-1] = "each column of " + ens[len(ens)-1]
			zhs[len(zhs)-1] = fmt.Sprintf(" %s 的每列之和为 1 ", k.Symbol.Name)
		}
		if !k.Symbol.Shape.IsScalar() && k.Fact == expr.Positive {
			ens[len(ens)-1] += " in each entry"
			zhs[len(zhs)-1] = fmt.Sprintf(" %s 的每个元素为正", k.Symbol.Name)
		}
	}
	return strings.Join(ens, " and "), strings.Join(zhs, "且")
}
