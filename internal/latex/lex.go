package latex

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A tokenKind is the class of a token.
type tokenKind uint8

const (
	tEnd     tokenKind = iota
	tCommand           // \name; text is the name without the backslash
	tLetter            // one letter with its combining marks
	tNumber            // digits with an optional decimal part
	tText              // \text{…}; text is what it holds
	tSign              // any other character, or a delimiter such as \| or \rangle by its sign
	tOpen              // {
	tClose             // }
	tSup               // ^
	tSub               // _
	tAmp               // &
	tLine              // \\
	tBreak             // end of a formula
)

// A side says which side of a pair a delimiter was marked as.
type side uint8

const (
	anySide   side = iota
	leftSide       // \left, \bigl, \lvert
	rightSide      // \right, \bigr, \rvert
)

// A token is a class and a range of the text.
type token struct {
	kind       tokenKind
	side       side
	space      bool // white space stands before it
	start, end int32
	match      int32 // of { and }: the index of the partner
	text       string
}

func (t *token) span() source.Span { return source.Span{Start: int(t.start), End: int(t.end)} }

// is reports whether t is the command of that name.
func (t *token) is(name string) bool { return t.kind == tCommand && t.text == name }

// sign reports whether t is that character or delimiter.
func (t *token) sign(s string) bool { return t.kind == tSign && t.text == s }

// lexer turns LaTeX into tokens.
type lexer struct {
	*reader
	at     int
	space  bool
	side   side
	inMath bool
	prose  bool // formulas are marked, what stands between them is not read
	opened []int32
}

// lex reads all tokens. Where the text marks formulas by $ or \[ or an
// environment, what stands between them is left out.
func (p *reader) lex() {
	l := &lexer{reader: p}
	l.prose = hasMath(p.text)
	l.inMath = !l.prose
	for l.at < len(l.text) && len(l.diags) == 0 {
		l.next()
	}
	if n := len(l.opened); n > 0 && len(l.diags) == 0 {
		l.diags.Add(l.toks[l.opened[n-1]].span(), say("unbalanced brace: { is never closed"))
	}
	end := int32(len(l.text))
	if n := len(l.toks); n > 0 {
		end = l.toks[n-1].end
	}
	p.toks = append(p.toks, token{kind: tEnd, start: end, end: end})
}

// mathEnvironments are the environments that hold formulas, apart from matrices.
var mathEnvironments = map[string]bool{"equation": true, "align": true, "aligned": true, "gather": true, "gathered": true,
	"multline": true, "multlined": true, "split": true, "eqnarray": true, "displaymath": true, "math": true, "flalign": true,
	"alignat": true, "alignedat": true, "subequations": true, "dmath": true}

// hasMath reports whether the text marks formulas, so that the rest is prose.
func hasMath(text string) bool {
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '%':
			if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
				at += n
			} else {
				at = len(text)
			}
		case '$':
			return true
		case '\\':
			rest := text[at+1:]
			if strings.HasPrefix(rest, "[") || strings.HasPrefix(rest, "(") {
				return true
			}
			if name, ok := strings.CutPrefix(rest, "begin{"); ok {
				name, _, _ = strings.Cut(name, "}")
				if name = strings.TrimSuffix(name, "*"); mathEnvironments[name] && !strings.HasSuffix(name, "ed") && name != "split" {
					return true
				}
			}
			at++ // \$ and \\ mark nothing
		}
	}
	return false
}

func (l *lexer) emit(k tokenKind, n int, text string) {
	if len(l.toks) >= maxTokens {
		l.diags.Add(source.Span{Start: l.at, End: l.at + n}, say("the text has more than 100000 signs"))
		l.at = len(l.text)
		return
	}
	l.toks = append(l.toks, token{kind: k, side: l.side, space: l.space, start: int32(l.at), end: int32(l.at + n), text: text})
	l.at += n
	l.space, l.side = false, anySide
}

func (l *lexer) fail(n int, text, hint message.Text) {
	l.diags.Add(source.Span{Start: l.at, End: min(l.at+n, len(l.text))}, text).Hint = hint
	l.at += n
}

// skipTo moves to what follows the next occurrence of s, or to the end.
func (l *lexer) skipTo(s string) {
	if n := strings.Index(l.text[l.at:], s); n >= 0 {
		l.at += n + len(s)
	} else {
		l.at = len(l.text)
	}
}

func (l *lexer) next() {
	c := l.text[l.at]
	switch {
	case c == '%':
		l.skipTo("\n")
		l.space = true
	case c == '\\':
		l.command()
	case c == '$':
		n := 1
		if strings.HasPrefix(l.text[l.at:], "$$") {
			n = 2
		}
		if l.inMath = !l.inMath; l.inMath {
			l.at += n
			if !strings.Contains(l.text[l.at:], "$") {
				l.at -= n
				l.fail(n, say("unbalanced $: the formula is never closed"), none)
			}
		} else {
			l.emit(tBreak, n, "")
		}
	case !l.inMath:
		_, n := utf8.DecodeRuneInString(l.text[l.at:])
		l.at += n
	case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v' || c == '~':
		l.at++
		l.space = true
	case '0' <= c && c <= '9' || c == '.' && l.digit(1):
		l.number()
	case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
		l.letter()
	case c >= utf8.RuneSelf:
		l.wide()
	default:
		l.ascii(c)
	}
}

func (l *lexer) digit(n int) bool {
	return l.at+n < len(l.text) && '0' <= l.text[l.at+n] && l.text[l.at+n] <= '9'
}

// number reads digits with an optional fraction and exponent.
func (l *lexer) number() {
	n := 0
	for l.digit(n) {
		n++
	}
	if l.at+n < len(l.text) && l.text[l.at+n] == '.' && l.digit(n+1) {
		n++
		for l.digit(n) {
			n++
		}
	}
	if n > syntax.MaxDigits {
		l.fail(n, say("a number may have at most 1000 digits"), none)
		return
	}
	if rest := l.text[l.at+n:]; len(rest) > 1 && (rest[0] == 'e' || rest[0] == 'E') {
		k := 1
		if rest[1] == '-' || rest[1] == '+' {
			k = 2
		}
		if l.digit(n + k) {
			exponent := 0
			for ; l.digit(n + k); k++ {
				exponent = min(10*exponent+int(l.text[l.at+n+k]-'0'), syntax.MaxExponent+1)
			}
			if exponent > syntax.MaxExponent {
				l.fail(n+k, say("the exponent of a number must lie between -400 and 400"), none)
				return
			}
			n += k
		}
	}
	l.emit(tNumber, n, l.text[l.at:l.at+n])
}

// letter reads one letter with the combining marks after it.
func (l *lexer) letter() {
	_, n := utf8.DecodeRuneInString(l.text[l.at:])
	for l.at+n < len(l.text) {
		r, k := utf8.DecodeRuneInString(l.text[l.at+n:])
		if !unicode.Is(unicode.Mn, r) {
			break
		}
		n += k
	}
	l.emit(tLetter, n, l.text[l.at:l.at+n])
}

// wide reads a character outside ASCII: a letter, or a sign that stands for a
// command.
func (l *lexer) wide() {
	r, n := utf8.DecodeRuneInString(l.text[l.at:])
	if r == utf8.RuneError && n <= 1 {
		l.fail(1, say("the text is not valid UTF-8 here"), none)
		return
	}
	if c, ok := signCommand[r]; ok {
		if d, ok := delimiters[c]; ok {
			l.emit(tSign, n, d.sign)
			return
		}
		l.emit(tCommand, n, c)
		return
	}
	switch {
	case plainSign[r] != "":
		l.emit(tSign, n, plainSign[r])
	case superscripts[r] != "" || subscripts[r] != "":
		l.scripts()
	case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		l.at += n
		l.space = true
	case unicode.IsLetter(r) && syntax.IsName(string(plainLetter(r))):
		l.letter()
	default:
		l.fail(n, say("unexpected character %s", string(r)), none)
	}
}

// scripts reads a run of superscript or subscript characters as ^{…} or _{…}.
func (l *lexer) scripts() {
	r, _ := utf8.DecodeRuneInString(l.text[l.at:])
	table, kind := superscripts, tSup
	if superscripts[r] == "" {
		table, kind = subscripts, tSub
	}
	l.emit(kind, 0, "")
	open := int32(len(l.toks))
	l.emit(tOpen, 0, "")
	for l.at < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[l.at:])
		s := table[r]
		if s == "" {
			break
		}
		switch {
		case s == "top":
			l.emit(tCommand, n, s)
		case '0' <= s[0] && s[0] <= '9':
			m := n
			digits := []byte(s)
			for l.at+m < len(l.text) {
				r, k := utf8.DecodeRuneInString(l.text[l.at+m:])
				t := table[r]
				if t == "" || t[0] < '0' || t[0] > '9' {
					break
				}
				digits = append(digits, t...)
				m += k
			}
			l.emit(tNumber, m, string(digits))
		case strings.Contains("+-=()", s):
			l.emit(tSign, n, s)
		default:
			l.emit(tLetter, n, s)
		}
	}
	if len(l.toks) > int(open) && len(l.diags) == 0 {
		l.toks[open].match = int32(len(l.toks))
		l.emit(tClose, 0, "")
		if n := len(l.toks) - 1; l.toks[n].kind == tClose {
			l.toks[n].match = open
		}
	}
}

func (l *lexer) ascii(c byte) {
	switch c {
	case '{':
		l.open()
	case '}':
		l.close()
	case '^':
		l.emit(tSup, 1, "")
	case '_':
		l.emit(tSub, 1, "")
	case '&':
		l.emit(tAmp, 1, "")
	case '#':
		l.fail(1, say("unexpected character #"), none)
	case '.':
		n := 1
		for l.at+n < len(l.text) && l.text[l.at+n] == '.' {
			n++
		}
		if n >= 2 {
			l.emit(tCommand, n, "dots")
			return
		}
		l.emit(tSign, 1, ".")
	case ':':
		if strings.HasPrefix(l.text[l.at:], ":=") {
			l.emit(tCommand, 2, "coloneqq")
			return
		}
		l.emit(tSign, 1, ":")
	default:
		if c < ' ' || c == 0x7F || c == '"' || c == '`' {
			l.fail(1, say("unexpected character %s", printable(c)), none)
			return
		}
		l.emit(tSign, 1, string(c))
	}
}

func printable(c byte) string {
	if c < ' ' || c == 0x7F {
		const hex = "0123456789ABCDEF"
		return "U+00" + string(hex[c>>4]) + string(hex[c&15])
	}
	return string(c)
}

func (l *lexer) open() {
	l.opened = append(l.opened, int32(len(l.toks)))
	l.emit(tOpen, 1, "")
}

func (l *lexer) close() {
	n := len(l.opened)
	if n == 0 {
		l.fail(1, say("unbalanced brace: } was never opened"), none)
		return
	}
	open := l.opened[n-1]
	l.opened = l.opened[:n-1]
	l.toks[open].match = int32(len(l.toks))
	l.emit(tClose, 1, "")
	if k := len(l.toks) - 1; l.toks[k].kind == tClose {
		l.toks[k].match = open
	}
}
