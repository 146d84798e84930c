package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
)

// A lexer turns a range of a text into tokens. It reports at most one bad
// character per statement.
type lexer struct {
	text  string
	at    int
	end   int
	toks  []token
	diags *source.List

	long  bool // numerals may have any length
	depth int  // open ( [ {
	space bool // white space before the next token
	bad   bool // this statement has a reported character
	paper bool // an operator character outside ASCII was seen
	names bool // a : or = was seen, so there may be declarations
}

// MaxDigits and MaxExponent bound a number, so that its exact value stays
// small.
const (
	MaxDigits   = 1000
	MaxExponent = 400
)

// byteKind holds the tokens of one ASCII byte.
var byteKind = [128]tokenKind{
	'(': tLParen, ')': tRParen, '[': tLBracket, ']': tRBracket,
	'{': tLBrace, '}': tRBrace, ',': tComma,
}

// byteOp holds the operators of one ASCII byte.
var byteOp = [128]Op{'+': Add, '-': Sub, '/': Div, '@': Mul, '^': Pow, '\'': Transpose}

// nameByte says which ASCII bytes may continue a name.
var nameByte = func() (t [128]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
	}
	return
}()

func (l *lexer) run() {
	for l.at < l.end {
		c := l.text[l.at]
		if c >= utf8.RuneSelf {
			l.wide()
			continue
		}
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			l.at++
			l.space = true
		case c == '\n' || c == ';':
			l.separator(c)
		case c == '#' || c == '%':
			l.at = l.lineEnd()
		case nameByte[c]:
			if c <= '9' {
				l.number()
			} else {
				l.name()
			}
		case byteKind[c] != 0:
			l.bracket(byteKind[c], 1)
		case byteOp[c] != NoOp:
			l.op(byteOp[c], 1)
		default:
			l.punctuation(c)
		}
	}
	end := 0
	if n := len(l.toks); n > 0 {
		end = int(l.toks[n-1].end)
	}
	l.toks = append(l.toks, token{kind: tEOF, start: int32(end), end: int32(end)})
}

func (l *lexer) emit(k tokenKind, n int) {
	l.toks = append(l.toks, token{kind: k, space: l.space, start: int32(l.at), end: int32(l.at + n)})
	l.at += n
	l.space = false
}

func (l *lexer) op(op Op, n int) {
	l.emit(tOp, n)
	l.toks[len(l.toks)-1].op = op
}

func (l *lexer) bracket(k tokenKind, n int) {
	switch k {
	case tLParen, tLBracket, tLBrace:
		l.depth++
	case tRParen, tRBracket, tRBrace:
		l.depth = max(l.depth-1, 0)
	}
	l.emit(k, n)
}

// separator ends a statement, unless a line ends inside brackets or after a
// token that wants an operand.
func (l *lexer) separator(c byte) {
	if c == '\n' {
		last := token{kind: tSep}
		if n := len(l.toks); n > 0 {
			last = l.toks[n-1]
		}
		open := last.kind == tOp && last.op != Transpose || last.kind == tComma || last.kind == tAssign || last.kind == tSqrt
		if l.depth > 0 || open || last.kind == tSep {
			l.at++
			l.space = true
			return
		}
	}
	l.emit(tSep, 1)
	l.bad = false
}

func (l *lexer) lineEnd() int {
	if i := strings.IndexByte(l.text[l.at:l.end], '\n'); i >= 0 {
		return l.at + i
	}
	return l.end
}

// peek returns the byte n places on, or 0.
func (l *lexer) peek(n int) byte {
	if l.at+n < l.end {
		return l.text[l.at+n]
	}
	return 0
}

func (l *lexer) punctuation(c byte) {
	next := l.peek(1)
	switch c {
	case '*':
		if next == '*' {
			l.fail(2, say("unknown operator **"), say("the power is written ^"))
			return
		}
		l.op(Mul, 1)
	case '=':
		if next == '=' {
			l.fail(2, say("unknown operator =="), say("= defines a name, as in a = W*x"))
			return
		}
		l.names = true
		l.emit(tAssign, 1)
	case ':':
		l.names = true
		if next == '=' {
			l.emit(tAssign, 2)
			return
		}
		l.emit(tColon, 1)
	case '|':
		if next == '|' {
			l.paper = true
			l.emit(tNorm, 2)
			return
		}
		l.emit(tBar, 1)
	case '.':
		l.dot(next)
	case '\\':
		l.fail(1, say("unknown operator \\"), say("the solution of A*x = b is inv(A)*b"))
	case '<', '>':
		l.fail(1, say("unexpected character %s", string(c)), say(inequality))
	default:
		l.fail(1, say("unexpected character %s", printable(rune(c))), none)
	}
}

// inequality says what there is instead of comparisons.
const inequality = "inequalities are not read; signs are declared, as in x: vector(n) positive"

func (l *lexer) dot(next byte) {
	switch {
	case next == '*':
		l.op(Hadamard, 2)
	case next == '/':
		l.op(HadamardDiv, 2)
	case next == '^':
		l.op(HadamardPow, 2)
	case next == '\'':
		l.op(Transpose, 2)
	case '0' <= next && next <= '9':
		l.number()
	case next == '.' && l.peek(2) == '.':
		end := l.at + 3
		for end < l.end && (l.text[end] == ' ' || l.text[end] == '\t' || l.text[end] == '\r') {
			end++
		}
		if end == l.end || l.text[end] == '\n' {
			l.at = min(end+1, l.end) // MATLAB's mark for a line that goes on
			l.space = true
			return
		}
		l.emit(tRange, 3)
	case next == '.':
		l.emit(tRange, 2)
	default:
		hint := none
		if n := len(l.toks); n > 0 && (next == 'T' || next == 't') {
			x := "X"
			if t := l.toks[n-1]; t.kind == tName {
				x = l.text[t.start:t.end]
			}
			hint = say("the transpose is written %s'", x)
		}
		l.fail(1, say("unexpected character ."), hint)
	}
}

// number reads digits with an optional fraction and exponent. A dot belongs
// to it only before a digit, so 1./x is an elementwise quotient.
func (l *lexer) number() {
	i := l.at
	digits := func() {
		for i < l.end && '0' <= l.text[i] && l.text[i] <= '9' {
			i++
		}
	}
	digits()
	if i+1 < l.end && l.text[i] == '.' && '0' <= l.text[i+1] && l.text[i+1] <= '9' {
		i++
		digits()
	}
	long := i-l.at > MaxDigits && !l.long
	exponent := 0
	if i < l.end && (l.text[i] == 'e' || l.text[i] == 'E') {
		mark := i
		i++
		if i < l.end && (l.text[i] == '+' || l.text[i] == '-') {
			i++
		}
		first := i
		digits()
		if i == first {
			i = mark // an e that is the start of a name
		}
		for _, c := range []byte(l.text[min(first, i):i]) {
			exponent = min(exponent*10+int(c-'0'), MaxExponent+1)
		}
	}
	switch {
	case long:
		l.fail(i-l.at, say("a number may have at most 1000 digits"), none)
	case exponent > MaxExponent:
		l.fail(i-l.at, say("the exponent of a number must lie between -400 and 400"), none)
	default:
		l.emit(tNumber, i-l.at)
	}
}

// name reads a name that starts here. Letters of any script, digits, _, _{…},
// subscript characters, combining marks and the prime ′ belong to it;
// superscripts do not.
func (l *lexer) name() {
	i := l.at
	kind := tName
	if l.text[i] == '_' {
		kind = tSub
	}
	for i < l.end {
		c := l.text[i]
		if c < utf8.RuneSelf {
			if !nameByte[c] {
				break
			}
			i++
			if c == '_' && i < l.end && l.text[i] == '{' {
				close := strings.IndexAny(l.text[i:l.end], "}\n")
				if close < 0 || l.text[i+close] == '\n' {
					at := i
					i = l.end
					if close >= 0 {
						i = at + close
					}
					l.at, i = at, i-at
					l.fail(i, say("unbalanced bracket: { is never closed"), none)
					return
				}
				i += close + 1
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(l.text[i:l.end])
		if !nameRune(r) {
			break
		}
		i += n
	}
	if strings.HasPrefix(l.text[l.at:i], "Σ") && i > l.at+len("Σ") {
		l.paper = true // it may be a sum
	}
	l.emit(kind, i-l.at)
}

// nameRune reports whether a rune outside ASCII may continue a name.
func nameRune(r rune) bool {
	if _, super := superscript(r); super {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || isSubscript(r) || r == '′' || unicode.Is(unicode.M, r)
}

// wide reads a token that starts with a rune outside ASCII.
func (l *lexer) wide() {
	r, n := utf8.DecodeRuneInString(l.text[l.at:l.end])
	if r == utf8.RuneError && n <= 1 {
		l.fail(1, say("the text is not valid UTF-8 here"), none)
		return
	}
	if r == 0x3000 || 0xFF01 <= r && r <= 0xFF5E && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		l.fullWidth(r, n)
		return
	}
	if op := infixRune[r]; op != NoOp {
		if r != '’' && r != '‘' && r != '′' && r != '–' {
			l.paper = true
		}
		l.op(op, n)
		return
	}
	if _, super := superscript(r); super {
		i := l.at
		for i < l.end {
			r, n := utf8.DecodeRuneInString(l.text[i:l.end])
			if _, super := superscript(r); !super {
				break
			}
			i += n
		}
		l.paper = true
		l.emit(tSuper, i-l.at)
		return
	}
	switch r {
	case '‖', '∥':
		l.paper = true
		l.emit(tNorm, n)
	case '√':
		l.paper = true
		l.emit(tSqrt, n)
	case '∑':
		l.paper = true
		l.emit(tSigma, n)
	case '…', '⋯':
		l.emit(tRange, n)
	case '、':
		l.emit(tComma, n)
	case '∣':
		l.emit(tBar, n)
	case 0x200B, 0x200D, 0xFEFF, 0x2060, 0x2061, 0x2062, 0x2063: // invisible
		l.at += n
	case '∂', '∇':
		l.fail(n, say("unexpected character %s", string(r)), say("the variables are named apart from the expression"))
	case '≤', '≥', '≠', '⪰', '⪯', '≻', '≺':
		l.fail(n, say("unexpected character %s", string(r)), say(inequality))
	default:
		switch {
		case fractions[r] != "":
			l.emit(tNumber, n)
		case unicode.IsSpace(r):
			l.at += n
			l.space = true
		case isSubscript(r):
			l.name()
			l.toks[len(l.toks)-1].kind = tSub
		case unicode.IsLetter(r):
			l.name()
		default:
			l.fail(n, say("unexpected character %s", printable(r)), none)
		}
	}
}

// fullWidth reads the punctuation of Chinese and Japanese keyboards as its
// ASCII counterpart.
func (l *lexer) fullWidth(r rune, n int) {
	c := byte(' ')
	if r != 0x3000 {
		c = byte(r - 0xFF01 + '!')
	}
	switch {
	case c == ' ':
		l.at += n
		l.space = true
	case byteKind[c] != 0:
		l.bracket(byteKind[c], n)
	case byteOp[c] != NoOp:
		l.op(byteOp[c], n)
	case c == '*':
		l.op(Mul, n)
	case c == ':' || c == '=':
		l.names = true
		l.emit(map[byte]tokenKind{':': tColon, '=': tAssign}[c], n)
	case c == '|':
		l.emit(tBar, n)
	case c == ';':
		l.emit(tSep, n)
		l.bad = false
	default:
		l.fail(n, say("unexpected character %s", string(r)), none)
	}
}

// fail reports n bytes that cannot stand here and leaves a token that ends
// the statement silently.
func (l *lexer) fail(n int, text, hint message.Text) {
	if !l.bad {
		d := l.diags.Add(source.Span{Start: l.at, End: l.at + n}, text)
		d.Hint = hint
	}
	l.bad = true
	l.emit(tBad, n)
}

// printable names a rune in a message.
func printable(r rune) string {
	if unicode.IsPrint(r) {
		return string(r)
	}
	const hex = "0123456789ABCDEF"
	b := []byte("U+0000")
	if r > 0xFFFF {
		b = []byte("U+000000")
	}
	for i := len(b) - 1; r > 0; i-- {
		b[i] = hex[r&15]
		r >>= 4
	}
	return string(b)
}

// IsName reports whether a text is one name of the language.
func IsName(s string) bool {
	var diags source.List
	l := lexer{text: s, end: len(s), diags: &diags}
	l.run()
	return len(diags) == 0 && len(l.toks) == 2 && l.toks[0].kind == tName && l.toks[0].start == 0 && int(l.toks[0].end) == len(s)
}
