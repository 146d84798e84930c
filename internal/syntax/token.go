package syntax

// A tokenKind is the class of a token.
type tokenKind uint8

const (
	tEOF tokenKind = iota
	tSep           // end of line or ;
	tBad           // already reported
	tNumber
	tName
	tSub   // a subscript without a name before it: _n, _{n}, ₙ
	tOp    // infix operator, or Transpose
	tSuper // a run of superscript characters
	tLParen
	tRParen
	tLBracket
	tRBracket
	tLBrace
	tRBrace
	tComma
	tColon
	tAssign // = or :=
	tRange  // .. or …
	tBar    // |
	tNorm   // || or ‖
	tSqrt   // √
	tSigma  // ∑, or Σ with a subscript that is not declared
)

// A token is a class and a range of the text. Offsets fit 32 bits because
// the size of a text is limited.
type token struct {
	kind       tokenKind
	op         Op   // for tOp
	space      bool // white space stands before it
	start, end int32
}
