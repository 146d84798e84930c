package print

import "example.com/nabla/internal/syntax"

// The precedence levels of the language, as the parser has them.
const (
	levelSum     = int(syntax.PrecSum)
	levelProduct = int(syntax.PrecProduct)
	levelUnary   = int(syntax.PrecUnary)
	levelPostfix = int(syntax.PrecPostfix)
	levelAtom    = int(syntax.PrecAtom)
)

// A notation is one of the ways to write an expression.
type notation struct {
	plus, minus, sign           string // infix + and −, prefix −
	hadamard, elementQuotient   string
	kron                        string
	times, cdot                 string // between factors; between numerals
	transpose, inverseTranspose string // postfix
	elementPower                string // before an exponent
	latex, paper                bool   // paper: juxtaposition and superscripts of Unicode
	name                        func(string) string
}

func same(s string) string { return s }

var unicodeNotation = &notation{
	plus: " + ", minus: " − ", sign: syntax.Neg.Symbol().Unicode,
	hadamard:        " " + syntax.Hadamard.Symbol().Unicode + " ",
	elementQuotient: " ./ ",
	kron:            " " + syntax.Kron.Symbol().Unicode + " ",
	times:           " ", cdot: syntax.Mul.Symbol().Unicode,
	transpose: syntax.Transpose.Symbol().Unicode, inverseTranspose: syntax.InvTranspose.Symbol().Unicode,
	elementPower: syntax.HadamardPow.Symbol().Unicode,
	paper:        true,
	name:         same,
}

var asciiNotation = &notation{
	plus: " + ", minus: " - ", sign: "-",
	hadamard:        " " + syntax.Hadamard.Symbol().ASCII + " ",
	elementQuotient: " " + syntax.HadamardDiv.Symbol().ASCII + " ",
	times:           "*", cdot: "*",
	transpose: "'", inverseTranspose: "'",
	elementPower: syntax.HadamardPow.Symbol().ASCII,
	name:         same,
}

var latexNotation = &notation{
	plus: " + ", minus: " - ", sign: "-",
	hadamard: ` \odot `, elementQuotient: ` \oslash `, kron: ` \otimes `,
	times: " ", cdot: ` \cdot `,
	transpose: `^\top`, inverseTranspose: `^{-\top}`,
	elementPower: `^{\odot `,
	latex:        true,
	name:         latexName,
}
