package syntax

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/source"
)

// A LetterRule says when a name of several letters that nothing declares is the product of
// its letters, as Xw in ‖Xw − y‖².
type LetterRule uint8

// The rules. None of them takes apart a name that is declared, asked for, a function, a Greek
// letter that is spelled, or has a digit outside a subscript.
const (
	// WholeNames takes no name apart.
	WholeNames LetterRule = iota
	// PaperProducts takes names apart in paper notation, as papers are read; see
	// letters.product.
	PaperProducts
	// KnownProducts takes names apart all of whose letters are declared outside the text.
	KnownProducts
)

// A Reading is a name of several letters that is the product of its letters, or looks as if
// it was meant so.
type Reading struct {
	Name    string
	Factors []string
	// Product: it was taken for the product. Otherwise it is one name, which a text has to
	// be in which products are written with an operator.
	Product bool
	At      source.Span // of the first
}

// maxLetters is the most letters that are factors: longer names are words.
const maxLetters = 4

// letters decides which names of a text are products of letters.
type letters struct {
	p     *parser
	words map[string]bool // names that the text has as they stand
	// declaring are the names in declarations, those of sizes among them.
	declaring map[string]bool
	heads     map[string]int // of names of a capital and a letter: how many have that capital
}

// findTransposes sees that a text with ^T is in paper notation, and cuts T off from the
// letters after it, as in x^TAx.
func (p *parser) findTransposes() {
	for i := 1; i < len(p.toks); i++ {
		t := p.toks[i]
		if t.kind != tName || p.text[t.start] != 'T' {
			continue
		}
		name, k := p.word(t), i-1
		if b := p.toks[k].kind; b == tLBrace || b == tLParen {
			k--
		}
		if k < 0 || p.toks[k].kind != tOp || p.toks[k].op != Pow || p.known(name) {
			continue
		}
		if name == "T" {
			p.paper = true
		} else if n := len(lettersOf(name)); p.opts.Letters == PaperProducts && n > 1 && n <= maxLetters+1 && Greek(name) == "" {
			p.paper = true
			rest := t
			rest.start, rest.space = t.start+1, false
			p.toks[i].end = rest.start
			p.toks = slices.Insert(p.toks, i+1, rest)
		}
	}
}

// splitNames puts the factors in place of the names that are products of their letters.
func (p *parser) splitNames() {
	if p.opts.Letters == WholeNames {
		return
	}
	l := letters{p: p}
	var out []token // nil until a name is taken apart
	var read map[string]*Reading
	for i, t := range p.toks {
		if t.kind == tName && t.end-t.start > 1 {
			name := p.word(t)
			r, seen := read[name]
			if !seen {
				if read == nil {
					read = map[string]*Reading{}
				}
				r = l.reading(name, p.span(t))
				read[name] = r
				if r != nil && !isSum(r.Factors[0]) {
					p.readings = append(p.readings, *r)
				}
			}
			if r != nil && r.Product && l.factorAt(i, r.Factors) {
				if out == nil {
					out = append(make([]token, 0, len(p.toks)+8), p.toks[:i]...)
				}
				at, space := t.start, t.space
				for _, f := range r.Factors {
					end := at + int32(len(f))
					out = append(out, token{kind: tName, space: space, start: at, end: end})
					at, space = end, false
				}
				continue
			}
		}
		if out != nil {
			out = append(out, t)
		}
	}
	if out != nil {
		p.toks = out
		p.slabs = newSlabs(out)
	}
}

// factorAt reports whether the name at a token can be a product there: it is no call, no
// family, and stands in no declaration.
func (l *letters) factorAt(i int, factors []string) bool {
	toks := l.p.toks
	switch next := toks[i+1]; next.kind {
	case tLBracket:
		return false
	case tLParen:
		if !next.space && !l.p.isOperand(factors[len(factors)-1]) {
			return false
		}
	}
	return !l.inDeclaration(i)
}

func (l *letters) inDeclaration(i int) bool {
	for ; i >= 0 && l.p.toks[i].kind != tSep; i-- {
		if l.p.toks[i].kind == tColon {
			return true
		}
	}
	return false
}

// reading returns how a name may be read besides as it stands, or nil.
func (l *letters) reading(name string, at source.Span) *Reading {
	p := l.p
	if p.known(name) || p.isFunction(name) || p.isFunction(strings.ToLower(name)) || Greek(name) != "" {
		return nil
	}
	factors := lettersOf(name)
	if len(factors) < 2 || len(factors) > maxLetters {
		return nil
	}
	if p.opts.Letters == KnownProducts {
		for _, f := range factors {
			if !p.known(f) {
				return nil
			}
		}
		return &Reading{Name: name, Factors: factors, Product: true, At: at}
	}
	l.collect()
	if l.declaring[name] {
		return nil
	}
	product := l.product(factors)
	if p.paper && product || product && slices.ContainsFunc(factors, l.alone) || slices.ContainsFunc(factors, l.missed) {
		return &Reading{Name: name, Factors: factors, Product: p.paper && product, At: at}
	}
	return nil
}

// missed reports whether a letter is asked for and does not stand in the text otherwise.
func (l *letters) missed(letter string) bool {
	return l.p.opts.Asked != nil && l.p.opts.Asked(letter) && !l.words[letter]
}

// product reports whether papers mean a product by these letters: capitals with at most one
// small letter after them, as in AXB or Xw, lower-case Greek letters before, and anything all
// of whose small letters stand elsewhere, as in uvᵀ. Against it is that
//
//   - the capital stands alone but the small letter does not, or several small letters go
//     with the capital and none of them stands alone: Wq and Wk are names;
//   - it begins with d, δ or Δ: dX is a differential.
func (l *letters) product(factors []string) bool {
	if d := factors[0]; d == "d" || d == "δ" || d == "Δ" {
		return l.all(factors)
	}
	if isSum(factors[0]) {
		factors = factors[1:] // Σᵢxᵢ
	}
	for _, f := range factors[:len(factors)-1] {
		if _, _, ok := SplitSubscript(f); ok {
			return true // yᵢw: a subscript ends a name
		}
	}
	if base, _, ok := SplitSubscript(factors[len(factors)-1]); ok && base == "I" {
		factors = factors[:len(factors)-1] // aI_n
	}
	for len(factors) > 0 && isSmall(factors[0]) && isGreek(factors[0]) {
		factors = factors[1:]
	}
	if len(factors) <= 1 {
		return true
	}
	small, unknown := 0, 0
	for _, f := range factors {
		if isSmall(f) {
			small++
			if !l.alone(f) {
				unknown++
			}
		}
	}
	switch {
	case unknown == 0:
		return small < len(factors) || l.all(factors)
	case small > 1 || isSmall(factors[0]):
		return false
	}
	head := factors[len(factors)-2]
	return l.heads[head] < 2 && !l.words[head]
}

// all reports whether each letter is known by itself.
func (l *letters) all(factors []string) bool {
	return !slices.ContainsFunc(factors, func(f string) bool { return !l.alone(f) })
}

// alone reports whether a letter is a name of its own in the text or beside it.
func (l *letters) alone(letter string) bool { return l.words[letter] || l.p.known(letter) }

// known reports whether a name is declared or asked for.
func (p *parser) known(name string) bool {
	return p.isVariable(name) || p.opts.Asked != nil && p.opts.Asked(name)
}

// isOperand reports whether a name that is not declared stands for a value, as X in
// X(XᵀX)⁻¹: it is asked for, or stands elsewhere in the text without a bracket.
func (p *parser) isOperand(name string) bool {
	if p.opts.Letters != PaperProducts {
		return false
	}
	if p.operands == nil {
		p.operands = map[string]bool{}
		for i, t := range p.toks {
			if t.kind == tName && (p.toks[i+1].kind != tLParen || p.toks[i+1].space) {
				p.operands[p.word(t)] = true
			}
		}
	}
	return p.operands[name] || p.known(name)
}

// collect notes the names of the text, once.
func (l *letters) collect() {
	if l.words != nil {
		return
	}
	l.words, l.declaring, l.heads = map[string]bool{}, map[string]bool{}, map[string]int{}
	for i, t := range l.p.toks {
		if t.kind != tName {
			continue
		}
		name := l.p.word(t)
		if l.p.declared != nil && l.inDeclaration(i) {
			l.declaring[name] = true
		}
		l.words[name] = true
		if base, _, ok := SplitSubscript(name); ok {
			l.words[base] = true // x_i is a member of x
		}
	}
	seen := map[string]bool{} // not words: Xw_1 is one name of that capital, its base none
	for _, t := range l.p.toks {
		name := l.p.word(t)
		if t.kind != tName || seen[name] {
			continue
		}
		seen[name] = true
		if f := lettersOf(name); len(f) == 2 && isSmall(f[1]) && !isSmall(f[0]) && !l.alone(f[1]) {
			l.heads[f[0]]++
		}
	}
}

// lettersOf returns the letters of a name, Latin or Greek, each with what belongs to it: a
// subscript, marks and primes. It is nil for a name with anything else.
func lettersOf(name string) []string {
	var out []string
	start := 0
	for i, r := range name {
		switch {
		case r == '_' && i > 0: // the rest is a subscript
			return append(out, name[start:])
		case unicode.IsLetter(r) && (unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Greek, r)) && !isSubscript(r):
			if i > 0 {
				out = append(out, name[start:i])
			}
			start = i
		case i == 0 || !isSubscript(r) && r != '′' && !unicode.Is(unicode.M, r):
			return nil
		}
	}
	return append(out, name[start:])
}

// isSum reports whether a letter is the sign of a sum with its index.
func isSum(letter string) bool { return strings.HasPrefix(letter, "Σ") && letter != "Σ" }

func isSmall(letter string) bool {
	r, _ := utf8.DecodeRuneInString(letter)
	return !unicode.IsUpper(r)
}

func isGreek(letter string) bool {
	r, _ := utf8.DecodeRuneInString(letter)
	return unicode.Is(unicode.Greek, r)
}
