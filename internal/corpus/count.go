package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
	subscripts   = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
	prefixes     = "∑∏√∂∇"
)

type kind int

const (
	space kind = iota
	number
	name
	postfix
	bar
	opening
	closing
	comma
	operator
)

// CountTokens measures a formula, ASCII or Unicode, by its names, numbers and
// operators. One token each: a name with its subscript, a number, an operator,
// ᵀ, a run of superscripts, a pair of norm or determinant bars. A product
// written by putting factors side by side counts its operator too, so that
// 2 X w and 2*X*w weigh the same. Brackets and commas count nothing. A name
// before an opening bracket is a function unless isVariable says otherwise.
func CountTokens(text string, isVariable func(string) bool) int {
	count := 0
	var bars []byte
	ends := false // the text so far ends an operand
	last := ""    // the name just before, if any
	for text != "" {
		k, tok := piece(text)
		text = text[len(tok):]
		if k == space {
			continue
		}
		if k == bar {
			glyph := byte('|')
			if strings.HasPrefix(tok, "‖") || strings.HasPrefix(tok, "||") {
				glyph = '"'
			}
			if n := len(bars); n > 0 && bars[n-1] == glyph && ends {
				bars, last = bars[:n-1], ""
				continue
			}
			count++
			if ends {
				count++ // a product by juxtaposition
			}
			bars = append(bars, glyph)
			ends, last = false, ""
			continue
		}
		r, _ := utf8.DecodeRuneInString(tok)
		starts := k == number || k == name || k == opening || k == operator && strings.ContainsRune(prefixes, r)
		call := k == opening && last != "" && (tok == "[" || tok == "(" && !isVariable(last))
		if starts && ends && !call {
			count++ // a product by juxtaposition
		}
		if k == number || k == name || k == postfix || k == operator {
			count++
		}
		ends = k == number || k == name || k == postfix || k == closing
		last = ""
		if k == name {
			last = tok
		}
	}
	return count
}

// piece returns the kind and text of the first token of a text that is not
// empty.
func piece(text string) (kind, string) {
	r, n := utf8.DecodeRuneInString(text)
	switch {
	case unicode.IsSpace(r):
		return space, text[:n]
	case isDigit(r) || r == '.' && len(text) > 1 && isDigit(rune(text[1])):
		return number, text[:numeral(text)]
	case strings.ContainsRune("½⅓⅔¼¾⅕⅛∞", r):
		return number, text[:n+run(text[n:])]
	case r == '_' || isLetter(r):
		return name, text[:identifier(text)]
	case r == '⁻' && (strings.HasPrefix(text[n:], "ᵀ") || strings.HasPrefix(text[n:], "ᴴ")):
		return postfix, text[:n+len("ᵀ")]
	case strings.ContainsRune(superscripts, r):
		return postfix, text[:among(text, superscripts)]
	case strings.ContainsRune("ᵀᴴ'′†⊤", r):
		return postfix, text[:n]
	case strings.HasPrefix(text, ".'"):
		return postfix, text[:2]
	case r == '‖':
		return bar, text[:n+tail(text[n:])]
	case strings.HasPrefix(text, "||"):
		return bar, text[:2+tail(text[2:])]
	case r == '|':
		return bar, text[:1+tail(text[1:])]
	case strings.ContainsRune("([{⟨", r):
		return opening, text[:n]
	case strings.ContainsRune(")]}⟩", r):
		return closing, text[:n+tail(text[n:])]
	case r == ',' || r == ';':
		return comma, text[:n]
	case r == '.' && len(text) > 1:
		next, m := utf8.DecodeRuneInString(text[1:])
		if strings.ContainsRune("*/^⊙×÷", next) {
			return operator, text[:1+m]
		}
	case strings.ContainsRune(prefixes, r):
		return operator, text[:n+tail(text[n:])]
	}
	return operator, text[:n]
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isLetter reports whether r can begin a name: letters and numbers that are
// neither decimal digits nor sub- or superscripts.
func isLetter(r rune) bool {
	if !unicode.IsLetter(r) && !(unicode.IsNumber(r) && !unicode.Is(unicode.Nd, r)) {
		return false
	}
	return !strings.ContainsRune(superscripts+subscripts+"ᵀᴴᵎ", r)
}

// among returns the length of the prefix whose runes are all in set.
func among(text, set string) int {
	for i, r := range text {
		if !strings.ContainsRune(set, r) {
			return i
		}
	}
	return len(text)
}

func digits(text string) int { return among(text, "0123456789") }

// run returns the length of a run of subscripts, in which commas separate runs.
func run(text string) int {
	n := among(text, subscripts)
	for n > 0 && n < len(text) && text[n] == ',' {
		more := among(text[n+1:], subscripts)
		if more == 0 {
			break
		}
		n += 1 + more
	}
	return n
}

// tail returns the length of a subscript after a bar, a bracket or a sum sign.
func tail(text string) int {
	if len(text) > 1 && text[0] == '_' {
		if text[1] == '{' {
			if end := strings.IndexAny(text[2:], "{}"); end >= 0 && text[2+end] == '}' {
				return end + 3
			}
		} else if c := rune(text[1]); isDigit(c) || c < utf8.RuneSelf && unicode.IsLetter(c) {
			return 2
		}
		return 0
	}
	return run(text)
}

func numeral(text string) int {
	n := digits(text)
	if n < len(text) && text[n] == '.' {
		if f := digits(text[n+1:]); f > 0 {
			n += 1 + f
		}
	}
	if n < len(text) && (text[n] == 'e' || text[n] == 'E') {
		sign := 0
		if n+1 < len(text) && (text[n+1] == '+' || text[n+1] == '-') {
			sign = 1
		}
		if e := digits(text[min(n+1+sign, len(text)):]); e > 0 {
			n += 1 + sign + e
		}
	}
	return n + run(text[n:])
}

func identifier(text string) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if r == '_' || isDigit(r) || isLetter(r) {
			n += size
		} else if s := run(text[n:]); s > 0 {
			n += s
		} else {
			break
		}
	}
	if n < len(text) && text[n] == '{' && text[n-1] == '_' {
		if end := strings.IndexAny(text[n+1:], "{}"); end >= 0 && text[n+1+end] == '}' {
			n += end + 2
		}
	}
	for _, mark := range []string{"\u0302", "\u0304"} {
		if strings.HasPrefix(text[n:], mark) {
			return n + len(mark)
		}
	}
	return n
}
