package latex

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A name is a letter or word with what is attached to it, on the way to a name
// of the language.
type name struct {
	base    string
	accents []string
	subs    []string
	primes  string
	index   string // the index of a member x_i, which is not among subs
	indexAt source.Span
	at      source.Span
	bold    bool
	command string        // \sigma: the command of a letter
	word    bool          // upright, of several letters
	diff    bool          // the differential of the name
	sizes   []syntax.Expr // the subscript of I_n or K_{m,n} as sizes
}

// text returns the name in the language: a letter or word, then accents and
// subscripts after underscores, then primes.
func (n *name) text() string {
	base := n.base
	if base == "Σ" && len(n.accents)+len(n.subs) > 0 {
		base = "Sigma" // Σ_i is the sign of a sum
	}
	if len(n.accents)+len(n.subs) == 0 {
		return base + n.primes
	}
	return base + "_" + strings.Join(append(slices.Clone(n.accents), n.subs...), "_") + n.primes
}

// resolve returns the name as it is declared, or else as it is written.
func (p *reader) resolve(n *name) string {
	if n.diff {
		of := *n
		of.diff = false
		return "d" + p.resolve(&of)
	}
	text := n.text()
	if k, ok := p.known[text]; ok {
		return k.name
	}
	return text
}

// wholeName reads the range as one name.
func (p *reader) wholeName() string {
	p.prescan()
	p.pos, p.end = 0, len(p.toks)-1
	p.first = 0
	n, ok := p.named()
	if !ok || p.pos < p.end {
		p.expected(say("a name"))
	}
	if n.index != "" {
		n.subs = append(n.subs, n.index)
	}
	return p.resolve(n)
}

// named reads a name with its subscripts and primes, which all belong to it.
func (p *reader) named() (*name, bool) {
	start := p.tok().start
	n, ok := p.base()
	if !ok {
		return nil, false
	}
	for {
		switch t := p.tok(); {
		case t.kind == tSub:
			p.pos++
			p.subscript(n)
		case t.sign("'"):
			p.pos++
			n.primes += "′"
		default:
			n.at = p.from(start)
			return n, true
		}
	}
}

// base reads the letter or word that a name starts with, with its accents. It
// reports false and takes nothing where no name starts.
func (p *reader) base() (*name, bool) {
	t := p.tok()
	n := &name{at: t.span(), bold: p.bold}
	switch t.kind {
	case tLetter:
		if run, k := p.declaredRun(); k > 0 {
			p.pos += k
			n.base, n.at = run, p.from(t.start)
			return n, true
		}
		p.pos++
		n.letter(t.text)
		return n, true
	case tText:
		if !isWord(t.text) {
			return nil, false
		}
		p.pos++
		n.base, n.word = t.text, utf8.RuneCountInString(t.text) > 1
		return n, true
	case tCommand:
		if g := syntax.Greek(t.text); g != "" {
			p.pos++
			n.base, n.command = g, t.text
			return n, true
		}
		if c := capitals[t.text]; c != "" {
			p.pos++
			n.base = c
			return n, true
		}
		if a, ok := accents[t.text]; ok {
			return p.accented(a)
		}
		switch t.text {
		case "mathbf", "mathrm", "mathcal", "operatorname":
			return p.fonted(t.text)
		}
	case tOpen:
		return p.braced()
	}
	return nil, false
}

// letter sets the base to a letter, with its combining marks as accents.
func (n *name) letter(s string) {
	for i, r := range s {
		switch {
		case i == 0:
			n.base = string(plainLetter(r))
		case markAccents[r] != "":
			n.accents = append(n.accents, markAccents[r])
		default:
			n.base += string(r)
		}
	}
}

// plainLetter turns the mathematical alphabets of Unicode into plain letters.
func plainLetter(r rune) rune {
	if 0x1D400 <= r && r < 0x1D6A4 {
		k := (r - 0x1D400) % 52
		if k < 26 {
			return 'A' + k
		}
		return 'a' + k - 26
	}
	return r
}

// declaredRun returns the letters that stand here side by side if they are a
// declared name of several letters, and their number.
func (p *reader) declaredRun() (string, int) {
	run := ""
	k := 0
	for p.ahead(k).kind == tLetter && (k == 0 || !p.ahead(k).space) {
		run += p.ahead(k).text
		k++
		if k > 64 {
			return "", 0
		}
	}
	if k < 2 {
		return "", 0
	}
	for ; k >= 2; k-- {
		if _, ok := p.declared[run]; ok {
			return run, k
		}
		run = run[:len(run)-len(p.ahead(k-1).text)]
	}
	return "", 0
}

// argument returns the range of the argument that starts here, without its
// braces, and takes it.
func (p *reader) argument(of string) (i, k int) {
	t := p.tok()
	switch t.kind {
	case tOpen:
		i, k = p.pos+1, int(t.match)
		p.pos = k + 1
		return i, k
	case tNumber:
		if n := utf8.RuneCountInString(t.text); n > 1 {
			p.fail(t.span(), say("%s takes one digit here", of), say("write braces, as in %s{%s}", of, t.text))
		}
	case tEnd, tSub, tSup:
		p.fail(t.span(), say("%s needs an argument, found %s", of, p.describe(t)), none)
	}
	from := p.pos
	p.pos++
	if t.kind == tCommand && takesArgument(t.text) { // x_\mathrm{out}, x^\frac12
		p.enter()
		p.argument("\\" + t.text)
		if t.text == "frac" {
			p.argument("\\" + t.text)
		}
		p.leave()
	}
	return from, p.pos
}

func takesArgument(command string) bool {
	_, accent := accents[command]
	return accent || slices.Contains([]string{"mathbf", "mathrm", "mathcal", "mathbb", "operatorname", "frac", "sqrt"}, command)
}

// accented reads \hat{x}. \vec x is x, a vector.
func (p *reader) accented(accent string) (*name, bool) {
	from := p.pos
	t := p.tok()
	p.pos++
	i, k := p.argument("\\" + t.text)
	var n *name
	ok := false
	after := p.pos
	p.enter()
	defer p.leave()
	p.in(i, k, func() {
		if n, ok = p.named(); !ok || p.pos < p.end {
			ok, p.pos = false, p.end
		}
	})
	if !ok {
		p.fail(p.spanOf(from, after), say("\\%s stands over one name, found %s", t.text, clean(p.file.Slice(p.spanOf(i, k)))), none)
	}
	n.at = p.spanOf(from, after)
	switch accent {
	case "":
		n.bold = true // \underline{x}
	case "vec":
		with := *n
		with.accents = append(slices.Clone(n.accents), "vec")
		if _, known := p.known[with.text()]; known {
			n = &with
		} else {
			n.bold = true
		}
	default:
		// An accent stands before subscripts: \bar{x_1} is x̄₁.
		n.accents = append(n.accents, accent)
	}
	return n, true
}

// fonted reads \mathbf{x}, \mathrm{loss}.
func (p *reader) fonted(font string) (*name, bool) {
	from := p.pos
	t := p.tok()
	p.pos++
	if p.tok().kind == tEnd {
		p.pos = from
		return nil, false
	}
	i, k := p.argument("\\" + t.text)
	after := p.pos
	if k-i > 200 {
		p.pos = from
		return nil, false
	}
	n := &name{bold: p.bold || font == "mathbf", at: p.spanOf(from, after)}
	if font == "mathbf" {
		var inner *name
		ok := false
		p.in(i, k, func() {
			inner, ok = p.base()
			if !ok || p.pos < p.end {
				ok, p.pos = false, p.end
			}
		})
		if ok {
			inner.bold, inner.at = true, n.at
			return inner, true
		}
	}
	word, letters := "", 0
	for _, t := range p.toks[i:k] {
		switch {
		case t.kind == tLetter:
			var one name
			one.letter(t.text)
			if len(one.accents) > 0 {
				p.pos = from
				return nil, false
			}
			word += one.base
			letters++
		case t.kind == tNumber && letters > 0, t.kind == tText && isWord(t.text):
			word += t.text
			letters++
		case t.kind == tCommand && syntax.Greek(t.text) != "":
			word += syntax.Greek(t.text)
			letters++
		case t.kind == tOpen, t.kind == tClose:
		default:
			p.pos = from
			return nil, false
		}
	}
	if word == "" || font == "mathbf" && letters > 1 && p.known[word].name == "" {
		p.pos = from
		return nil, false
	}
	if font == "mathcal" && p.letters[word] {
		word += "_cal"
	}
	n.base, n.word = word, letters > 1
	if font == "mathrm" && letters == 1 && !p.letters[word] {
		n.word = false
	}
	return n, true
}

// braced reads {x} and {\bf x} as names.
func (p *reader) braced() (*name, bool) {
	from := p.pos
	open := p.tok()
	i, k := p.pos+1, int(open.match)
	after := k + 1
	if i == k || k-i > 200 {
		return nil, false
	}
	bold := p.bold
	if t := &p.toks[i]; t.kind == tCommand {
		switch t.text {
		case "bf":
			i, bold = i+1, true
		case "rm", "it", "cal", "sf", "tt", "mit":
			i++
			word := ""
			for _, t := range p.toks[i:k] {
				if t.kind != tLetter {
					return nil, false
				}
				word += t.text
			}
			if word == "" {
				return nil, false
			}
			p.pos = after
			return &name{base: word, bold: bold, word: utf8.RuneCountInString(word) > 1, at: p.spanOf(from, after)}, true
		}
	}
	if i == k || p.toks[i].kind == tOpen && p.depth > 100 {
		return nil, false
	}
	var n *name
	ok := false
	outer := p.bold
	p.bold = bold
	p.depth++
	p.in(i, k, func() {
		if n, ok = p.base(); !ok || p.pos < p.end {
			ok, p.pos = false, p.end
		}
	})
	p.depth--
	p.bold = outer
	if !ok {
		p.pos = from
		return nil, false
	}
	p.pos = after
	n.at = p.spanOf(from, after)
	return n, true
}

// isWord reports whether s can be a name: letters, then also digits.
func isWord(s string) bool {
	for i, r := range s {
		if !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && r != '_') {
			return false
		}
	}
	return s != "" && syntax.IsName(s)
}

// subscript reads the subscript of a name, of which _ is taken.
func (p *reader) subscript(n *name) {
	i, k := p.argument("_")
	at := p.spanOf(i, k)
	p.subscriptOf(n, i, k, at)
}

func (p *reader) subscriptOf(n *name, i, k int, at source.Span) {
	i, k = p.unwrap(i, k)
	if i == k {
		return
	}
	var parts []string
	part := ""
	upright := false
	letters := 0
	flush := func() {
		if part != "" {
			parts = append(parts, part)
		}
		part, letters, upright = "", 0, false
	}
	for j := i; j < k; j++ {
		t := &p.toks[j]
		switch {
		case t.kind == tLetter:
			var one name
			one.letter(t.text)
			part += one.text()
			letters++
		case t.kind == tNumber && allDigits(t.text):
			part += t.text
		case t.kind == tText && isWord(strings.ReplaceAll(t.text, "-", "")):
			part += strings.ReplaceAll(t.text, "-", "")
			upright = true
		case t.kind == tCommand && syntax.Greek(t.text) != "":
			part += syntax.Greek(t.text)
			letters++
		case t.kind == tCommand && (t.text == "mathrm" || t.text == "mathbf" || t.text == "operatorname" || t.text == "mathcal"):
			upright = true
		case t.kind == tCommand && (t.text == "max" || t.text == "min" || t.text == "star"):
			part += t.text
			upright = true
		case t.kind == tCommand && t.text == "rm":
			upright = true
		case t.kind == tOpen, t.kind == tClose:
		case t.sign("*"):
			part += "star"
		case t.sign(","):
			flush()
		case (t.sign("(") || t.sign(")") || t.sign("[") || t.sign("]")) && k-i > 2:
		default:
			p.fail(at, say("the subscript %s is no name, number or index", clean(p.file.Slice(at))), none)
		}
		if letters > 1 && !upright && part != "" && j+1 == k && len(parts) == 0 {
			p.twoIndices(n, part, at)
		}
	}
	flush()
	for j, s := range parts {
		if !slices.Contains(p.bound, s) || upright {
			if utf8.RuneCountInString(s) == 1 && p.indices[s] && n.index == "" && !upright {
				// It is an index elsewhere: a member of a family if it is declared so.
				with := *n
				if k, ok := p.known[with.text()]; ok && k.family != "" {
					n.index, n.indexAt = s, at
					continue
				}
			}
			n.subs = append(n.subs, s)
			continue
		}
		if n.index != "" || j < len(parts)-1 && slices.Contains(p.bound, parts[len(parts)-1]) {
			p.fail(at, say("entries with two indices are not read: %s_{%s}", n.base, clean(p.file.Slice(at))), say("write the formula with vectors and matrices"))
		}
		n.index, n.indexAt = s, at
	}
}

// twoIndices refuses X_{ij}: the letters are indices, not a name.
func (p *reader) twoIndices(n *name, sub string, at source.Span) {
	with := *n
	with.subs = append(slices.Clone(n.subs), sub)
	if _, ok := p.known[with.text()]; ok {
		return
	}
	for _, r := range sub {
		s := string(r)
		if !slices.Contains(p.bound, s) && !p.indices[s] && !strings.Contains("ijkl", s) {
			return
		}
	}
	p.fail(at, say("entries with two indices are not read: %s_{%s}", n.base, clean(p.file.Slice(at))), say("write the formula with vectors and matrices; a name is written %s_{\\mathrm{%s}}", n.base, sub))
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// unwrap takes fonts and braces that hold all of a range from it.
func (p *reader) unwrap(i, k int) (int, int) {
	for i < k {
		t := &p.toks[i]
		switch {
		case t.kind == tOpen && int(t.match) == k-1:
			i, k = i+1, k-1
		case t.kind == tCommand && (t.text == "mathrm" || t.text == "mathbf" || t.text == "operatorname") && i+1 < k && (k-i == 2 && p.toks[i+1].kind != tOpen || p.toks[i+1].kind == tOpen && int(p.toks[i+1].match) == k-1):
			i++
		case t.is("rm"), t.is("sf"), t.is("bf"), t.is("it"):
			i++
		default:
			return i, k
		}
	}
	return i, k
}

// value returns a name as an expression: a member of a family where it has an
// index.
func (p *reader) value(n *name) syntax.Expr {
	text := p.resolve(n)
	if n.index != "" {
		return &syntax.Index{At: n.at, Family: syntax.Ident{Name: text, At: n.at}, Sub: &syntax.Name{At: n.indexAt, Name: n.index}}
	}
	p.dangling(n, text)
	if n.bold && utf8.RuneCountInString(n.base) == 1 {
		p.fonts[text] = true
	}
	return &syntax.Name{At: n.at, Name: text}
}

// dangling refuses x_i outside of the sum over i, since x_i inside it is a
// member of a family.
func (p *reader) dangling(n *name, text string) {
	if len(n.subs) == 0 {
		return
	}
	sub := n.subs[len(n.subs)-1]
	if _, ok := p.known[text]; ok || !p.indices[sub] || p.isDefined(text) {
		return
	}
	p.fail(n.at, say("%s stands outside of the sum over %s", clean(p.file.Slice(n.at)), sub), say("put brackets around what the sum adds up, as in \\sum_%s (a_%s + b_%s)", sub, sub, sub))
}

func (p *reader) isDefined(text string) bool {
	_, ok := p.defined[text]
	return ok
}
