package print

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/syntax"
)

// capitals are Greek names whose letter looks Latin.
var capitals = map[string]string{"Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I",
	"Kappa": "K", "Mu": "M", "Nu": "N", "Omicron": "O", "omicron": "o", "Rho": "P", "Tau": "T", "Chi": "X"}

// letterCommand maps a letter to its command.
var letterCommand = func() map[rune]string {
	m := map[rune]string{'µ': `\mu`, '∂': `\partial`}
	for _, name := range syntax.GreekCommands() {
		s := syntax.Greek(name)
		r, _ := utf8.DecodeRuneInString(s)
		m[r] = `\` + name
	}
	for name, latin := range capitals {
		m[[]rune(greekCapital[name])[0]] = `\mathrm{` + latin + `}`
	}
	return m
}()

var greekCapital = map[string]string{"Alpha": "Α", "Beta": "Β", "Epsilon": "Ε", "Zeta": "Ζ", "Eta": "Η", "Iota": "Ι",
	"Kappa": "Κ", "Mu": "Μ", "Nu": "Ν", "Omicron": "Ο", "omicron": "ο", "Rho": "Ρ", "Tau": "Τ", "Chi": "Χ"}

// accents are the words after _ that mean an accent.
var accents = map[string]string{"bar": `\bar`, "hat": `\hat`, "tilde": `\tilde`, "dot": `\dot`, "ddot": `\ddot`,
	"vec": `\vec`, "check": `\check`, "breve": `\breve`}

// marks are combining marks and their accents.
var marks = map[rune]string{0x300: `\grave`, 0x301: `\acute`, 0x302: `\hat`, 0x303: `\tilde`, 0x304: `\bar`, 0x305: `\bar`,
	0x306: `\breve`, 0x307: `\dot`, 0x308: `\ddot`, 0x30C: `\check`, 0x20D7: `\vec`}

// accented takes letters apart that Unicode has with an accent.
var accented = func() map[rune][2]rune {
	m := map[rune][2]rune{}
	for mark, pairs := range map[rune]string{
		0x302: "âaêeîiôoûuĉcĝgĥhĵjŝsŵwŷyẑzÂAÊEÎIÔOÛUĈCĜGĤHĴJŜSŴWŶYẐZ",
		0x303: "ãañnõoĩiũuẽeỹyṽvÃAÑNÕOĨIŨUẼEỸYṼV",
		0x304: "āaēeīiōoūuȳyḡgĀAĒEĪIŌOŪUȲYḠG",
		0x307: "ȧaḃbċcḋdėeḟfġgḣhṁmṅnȯoṗpṙrṡsṫtẇwẋxẏyżzȦAḂBĊCḊDĖEḞFĠGḢHṀMṄNȮOṖPṘRṠSṪTẆWẊXẎYŻZ",
		0x308: "äaëeïiöoüuÿyẅwẍxẗtÄAËEÏIÖOÜUŸYẄWẌX",
	} {
		r := []rune(pairs)
		for i := 0; i+1 < len(r); i += 2 {
			m[r[i]] = [2]rune{r[i+1], mark}
		}
	}
	return m
}()

// latexName writes a variable's name: W1 is W_1, x_bar is \bar{x}, Sigma is
// \Sigma, a name of several letters is upright.
func latexName(name string) string {
	if len(name) == 1 {
		return name
	}
	return latexParts(name, "")
}

// LaTeXName writes the name of a variable, or of a member x[i] of a family, as
// LaTeX does in formulas.
func LaTeXName(name string) string {
	if base, index, ok := strings.Cut(strings.TrimSuffix(name, "]"), "["); ok {
		return indexedName(base, index)
	}
	return latexName(name)
}

// indexedName writes a member x_i of a family.
func indexedName(name, index string) string { return latexParts(name, latexName(index)) }

func latexParts(name, index string) string {
	base := strings.TrimRight(name, "′")
	primes := strings.Repeat("'", (len(name)-len(base))/len("′"))
	base, sub, cut := syntax.SplitSubscript(base)
	if !cut {
		sub = ""
	}
	var wrap []string
	for cut && sub != "" { // x_bar, x_bar_1
		head, tail, _ := strings.Cut(sub, "_")
		a := accents[head]
		if a == "" {
			break
		}
		wrap, sub = append(wrap, a), tail
	}
	if sub == "" {
		// W1: a number at the end of letters is a subscript.
		if i := strings.IndexFunc(base, unicode.IsDigit); i > 0 && strings.IndexFunc(base[i:], notDigit) < 0 {
			base, sub = base[:i], base[i:]
		}
	}
	out := latexWord(base)
	for _, a := range wrap {
		out = a + "{" + out + "}"
	}
	var subs []string
	if sub != "" {
		for _, s := range strings.Split(sub, "_") {
			if s != "" {
				subs = append(subs, latexSub(s))
			}
		}
	}
	if index != "" {
		subs = append(subs, index)
	}
	if len(subs) > 0 {
		s := strings.Join(subs, ",")
		if len(s) > 1 {
			s = "{" + s + "}"
		}
		out += "_" + s
	}
	if primes != "" {
		out = "{" + out + primes + "}"
	}
	return out
}

func notDigit(r rune) bool { return !unicode.IsDigit(r) }

// latexSub writes one subscript: digits, a letter, a Greek name or a word.
func latexSub(s string) string {
	if strings.IndexFunc(s, notDigit) < 0 {
		return latexLetters(s)
	}
	return latexWord(s)
}

// latexWord writes a name without subscripts.
func latexWord(s string) string {
	if syntax.Greek(s) != "" {
		return `\` + s
	}
	if c := capitals[s]; c != "" {
		return `\mathrm{` + c + "}"
	}
	letters := 0
	for _, r := range s {
		if p, ok := accented[r]; ok {
			r = p[0]
		}
		if !unicode.Is(unicode.M, r) {
			letters++
		}
	}
	if letters <= 1 {
		return latexLetters(s)
	}
	return `\mathrm{` + latexLetters(s) + "}"
}

// latexLetters writes letters, digits and combining marks one by one; what LaTeX
// has no command for goes into \text.
func latexLetters(s string) string {
	var out, over []string // over: the marks over the last letter, innermost first
	mark := func() {
		if len(over) > 0 {
			var b strings.Builder
			for _, m := range slices.Backward(over) {
				b.WriteString(m + "{")
			}
			out[len(out)-1] = b.String() + out[len(out)-1] + strings.Repeat("}", len(over))
			over = over[:0]
		}
	}
	for _, r := range s {
		if m, ok := marks[r]; ok && len(out) > 0 {
			over = append(over, m)
			continue
		}
		mark()
		if p, ok := accented[r]; ok {
			out = append(out, marks[p[1]]+"{"+string(p[0])+"}")
			continue
		}
		switch c := letterCommand[r]; {
		case c != "":
			out = append(out, c+" ")
		case r == '_':
			out = append(out, `\_`)
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(",+-=()", r)):
			out = append(out, string(r))
		case r < 0x80: // not a letter of any name: keep the source balanced
			out = append(out, `\text{\char`+string(appendInt(nil, int(r)))+"}")
		default:
			out = append(out, `\text{`+string(r)+"}")
		}
	}
	mark()
	for i, s := range out {
		if len(out) == 1 || i == len(out)-1 || out[i+1] == "" {
			out[i] = strings.TrimRight(s, " ")
		}
	}
	return strings.Join(out, "")
}
