package syntax

// An Op is an operator of the surface language.
type Op uint8

// The operators. Postfix superscripts are Pow with a number as right operand,
// apart from ᵀ (Transpose) and ⁻ᵀ (InvTranspose).
const (
	NoOp Op = iota
	Add
	Sub
	Mul
	Div
	Hadamard    // entry by entry product
	HadamardDiv // entry by entry quotient
	Kron
	Neg
	Plus
	Pow
	HadamardPow // entry by entry power
	Transpose
	InvTranspose
)

// A Prec is a binding strength; a larger one binds tighter.
type Prec uint8

// The precedence levels, loosest first.
const (
	PrecNone    Prec = iota
	PrecSum          // + −
	PrecProduct      // * / .* ./ ⊗ and juxtaposition, all alike
	PrecUnary        // prefix − +
	PrecPostfix      // ' ^ .^ and superscripts
	PrecAtom         // names, numbers, calls, brackets
)

// An Assoc says how operators of one level group. Prefix operators nest to
// the right and postfix operators to the left.
type Assoc uint8

// The associativities and fixities.
const (
	LeftAssoc Assoc = iota // infix, a − b − c is (a − b) − c
	Prefix
	Postfix
)

// A Symbol is the row of one operator: how it is spelled and how it binds.
// Parser and printers share it.
type Symbol struct {
	Op Op
	// Name is the operator's word for messages, such as "product".
	Name string
	// ASCII is the spelling in plain text, empty for operators that have none.
	ASCII string
	// Unicode is the spelling in the notation of papers.
	Unicode string
	// Also lists the other spellings that are read.
	Also  []string
	Prec  Prec
	Assoc Assoc
}

// symbols is indexed by Op.
var symbols = [...]Symbol{
	NoOp:         {Op: NoOp},
	Add:          {Add, "sum", "+", "+", nil, PrecSum, LeftAssoc},
	Sub:          {Sub, "difference", "-", "−", []string{"–"}, PrecSum, LeftAssoc},
	Mul:          {Mul, "product", "*", "·", []string{"@", "×", "⋅", "∗", "•"}, PrecProduct, LeftAssoc},
	Div:          {Div, "quotient", "/", "/", []string{"÷", "∕", "⁄"}, PrecProduct, LeftAssoc},
	Hadamard:     {Hadamard, "elementwise product", ".*", "⊙", []string{"∘"}, PrecProduct, LeftAssoc},
	HadamardDiv:  {HadamardDiv, "elementwise quotient", "./", "⊘", nil, PrecProduct, LeftAssoc},
	Kron:         {Kron, "Kronecker product", "", "⊗", nil, PrecProduct, LeftAssoc},
	Neg:          {Neg, "negation", "-", "−", nil, PrecUnary, Prefix},
	Plus:         {Plus, "plus sign", "+", "+", nil, PrecUnary, Prefix},
	Pow:          {Pow, "power", "^", "^", nil, PrecPostfix, Postfix},
	HadamardPow:  {HadamardPow, "elementwise power", ".^", ".^", nil, PrecPostfix, Postfix},
	Transpose:    {Transpose, "transpose", "'", "ᵀ", []string{"⊤", "’", "‘", "′", ".'"}, PrecPostfix, Postfix},
	InvTranspose: {InvTranspose, "inverse transpose", "", "⁻ᵀ", nil, PrecPostfix, Postfix},
}

// Symbol returns the row of the operator.
func (o Op) Symbol() *Symbol { return &symbols[o] }

// String returns the spelling of the operator in plain text, or the Unicode
// one if there is no other.
func (o Op) String() string {
	s := &symbols[o]
	if s.ASCII == "" {
		return s.Unicode
	}
	return s.ASCII
}

// infixRune maps the non-ASCII spellings of one rune to their operator. Prefix
// rows are left out: the parser turns a sum operator into a sign by position.
var infixRune = func() map[rune]Op {
	m := map[rune]Op{}
	for _, s := range symbols[1:] {
		if s.Assoc == Prefix {
			continue
		}
		for _, text := range append([]string{s.Unicode}, s.Also...) {
			if r := []rune(text); len(r) == 1 && r[0] >= 0x80 {
				m[r[0]] = s.Op
			}
		}
	}
	return m
}()
