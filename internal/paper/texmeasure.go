package paper

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/source"
)

// A texScan reads LaTeX as this program writes it and estimates how wide it is. The
// unit is half the size of the type, about the width of a small letter or a digit.
type texScan struct {
	s  string
	at int
	// places are where the formula may be broken; left counts open \left, depth
	// open brackets. Only what stands outside braces and \left … \right is noted.
	places      []place
	left, depth int
	width       float64
}

// texWidth estimates the width of a formula.
func texWidth(s string) float64 {
	t := &texScan{s: s}
	t.scan()
	return t.width
}

// scan reads all of the formula.
func (t *texScan) scan() {
	operand := false // what was read last ends an operand
	for t.at < len(t.s) {
		start := t.at
		c := t.s[t.at]
		switch {
		case c == ' ':
			t.at++
			if operand && t.left == 0 && t.breakable() {
				t.places = append(t.places, place{t.at, t.width, atProduct + deep*float64(t.depth), true})
			}
			continue
		case operand && t.left == 0 && (c == '+' || c == '-'):
			t.places = append(t.places, place{start, t.width, atSum + deep*float64(t.depth), false})
		case operand && t.left == 0 && t.operator():
			t.places = append(t.places, place{start, t.width, atSign + deep*float64(t.depth), false})
		}
		infix := c == '+' || c == '-' || c == '=' || c == ':' || t.operator()
		switch c {
		case '(', '[':
			t.depth++
		case ')', ']':
			t.depth--
		}
		t.width += t.atom()
		operand = !infix && c != '(' && c != '[' && c != ',' && !strings.HasPrefix(t.s[start:], `\left`) && !t.function(start)
	}
}

// breakable reports whether what comes is an operand, so that a row may start with
// it.
func (t *texScan) breakable() bool {
	rest := t.s[t.at:]
	if rest == "" || strings.ContainsRune("+-=:,)]^_ }&", rune(rest[0])) || t.operator() {
		return false
	}
	for _, p := range []string{`\,`, `\right`, `\rVert`, `\rvert`, `\rangle`} {
		if strings.HasPrefix(rest, p) {
			return false
		}
	}
	return true
}

// infixes are the commands that stand between operands.
var infixes = []string{`\odot`, `\otimes`, `\oslash`, `\cdot`, `\ast`, `\times`, `\le`, `\ge`, `\in`, `\approx`, `\ne`}

// operator reports whether an infix command comes.
func (t *texScan) operator() bool {
	return slices.Contains(infixes, t.command(t.at))
}

// functions are commands that are written by their name, with an operand after them;
// openers are others that have an operand after them.
var (
	functions = []string{`\log`, `\exp`, `\det`, `\max`, `\min`, `\sin`, `\cos`, `\tan`, `\sinh`, `\cosh`, `\tanh`, `\arcsin`,
		`\arccos`, `\arctan`}
	openers = []string{`\sum`, `\prod`, `\operatorname`, `\lVert`, `\lvert`, `\langle`, `\partial`, `\,`}
)

// function reports whether the command at a place has an operand after it.
func (t *texScan) function(at int) bool {
	name := t.command(at)
	return slices.Contains(functions, name) || slices.Contains(openers, name)
}

// command returns the command that stands at a place, or "".
func (t *texScan) command(at int) string {
	if at >= len(t.s) || t.s[at] != '\\' {
		return ""
	}
	end := at + 1
	for end < len(t.s) && ('a' <= t.s[end] && t.s[end] <= 'z' || 'A' <= t.s[end] && t.s[end] <= 'Z') {
		end++
	}
	if end == at+1 && end < len(t.s) {
		_, size := utf8.DecodeRuneInString(t.s[end:])
		end += size
	}
	return t.s[at:end]
}

// group reads an operand, in braces or not, and returns its width.
func (t *texScan) group() float64 {
	for t.at < len(t.s) && t.s[t.at] == ' ' {
		t.at++
	}
	if t.at < len(t.s) && t.s[t.at] == '{' {
		end := closing(t.s, t.at)
		w := texWidth(t.s[t.at+1 : end])
		t.at = min(end+1, len(t.s))
		return w
	}
	if t.at < len(t.s) {
		return t.atom()
	}
	return 0
}

// closing returns where the brace closes that opens at s[at].
func closing(s string, at int) int {
	depth := 0
	for i := at; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// atom reads one token with its operands and returns its width.
func (t *texScan) atom() float64 {
	r, size := utf8.DecodeRuneInString(t.s[t.at:])
	switch {
	case r == '{':
		return t.group()
	case r == '^' || r == '_':
		return t.scripts(0)
	case r == '\\':
		return t.commandWidth()
	}
	t.at += size
	switch {
	case strings.ContainsRune("+-=:", r):
		return 2.6
	case strings.ContainsRune(" &~", r):
		return 0
	case strings.ContainsRune("()[],.;|'!", r):
		return 0.8
	case unicode.IsUpper(r):
		return 1.5
	}
	return float64(source.Width(string(r)))
}

// matrix reads a matrix, in which no row of a formula ends, and returns its width.
func (t *texScan) matrix() float64 {
	const end = `\end{bmatrix}`
	body := strings.TrimPrefix(t.s[t.at:], "{bmatrix}")
	body, rest, _ := strings.Cut(body, end)
	t.at = len(t.s) - len(rest)
	var widths []float64
	for _, row := range strings.Split(body, `\\`) {
		for j, c := range strings.Split(row, "&") {
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], texWidth(c))
		}
	}
	total := 2.0
	for _, w := range widths {
		total += w + 2
	}
	return total
}

// scripts reads what stands above and below a place, one over the other, and returns
// its width, which is at least that of the base under it.
func (t *texScan) scripts(base float64) float64 {
	w := base
	for t.at < len(t.s) && (t.s[t.at] == '^' || t.s[t.at] == '_') {
		t.at++
		w = max(w, 0.7*t.group())
	}
	return w
}

// commandWidth reads a command with its operands and returns its width.
func (t *texScan) commandWidth() float64 {
	name := t.command(t.at)
	operator := t.operator()
	t.at += len(name)
	switch name {
	case `\frac`, `\tfrac`, `\dfrac`:
		return max(t.group(), t.group()) + 0.6
	case `\underset`, `\overset`:
		return max(0.7*t.group(), t.group())
	case `\sqrt`:
		return t.group() + 1.7
	case `\operatorname`:
		return t.group() + 0.4
	case `\left`:
		t.left++
		return t.group()
	case `\right`:
		t.left--
		return t.group()
	case `\begin`:
		if strings.HasPrefix(t.s[t.at:], "{bmatrix}") {
			return t.matrix()
		}
		t.group()
		return 0
	case `\end`:
		t.group()
		return 0
	case `\char`:
		for t.at < len(t.s) && '0' <= t.s[t.at] && t.s[t.at] <= '9' {
			t.at++
		}
		return 1
	case `\,`, `\;`, `\!`, `\quad`, `\qquad`:
		return float64(len(name)-1) * 0.4
	case `\sum`, `\prod`:
		return t.scripts(2.6)
	case `\top`:
		return 1.2
	}
	if operator {
		return 2.6
	}
	if len(name) > 1 && unicode.IsLetter(rune(name[1])) {
		switch {
		case t.at < len(t.s) && t.s[t.at] == '{': // \mathrm{…}, \bar{…}, \text{…}
			return t.group()
		case slices.Contains(functions, name):
			return float64(len(name)-1) + 0.4
		}
	}
	return 1.2
}

// breakTeX breaks LaTeX into rows that are at most limit wide by estimate: before a
// sign, else before a factor. A formula without such a place stays whole.
func breakTeX(s string, limit float64) []string {
	t := &texScan{s: s}
	t.scan()
	var rows []string
	at, from := 0, 0.0
	for t.width-from > limit {
		p := choose(t.places, from, limit)
		if p == nil {
			break
		}
		rows = append(rows, strings.TrimRight(s[at:p.at], " "))
		at, from, limit = p.at, p.width, limit-4*boolFloat(at == 0)
	}
	return append(rows, s[at:])
}

func boolFloat(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// phoneRun is the estimated width up to which a part of a formula without a sign in
// it fits on a phone.
const phoneRun = 30

// Breakable returns LaTeX for KaTeX, which ends rows at signs only, with breaks
// allowed between factors where a run of them is too wide for a phone.
func Breakable(latex string) string {
	t := &texScan{s: latex}
	t.scan()
	var b strings.Builder
	at, from := 0, 0.0 // written up to at; the run starts at the width from
	var run []place
	flush := func(end float64) {
		if end-from > phoneRun {
			for _, p := range run {
				b.WriteString(latex[at:p.at] + `\allowbreak `)
				at = p.at
			}
		}
		run, from = run[:0], end
	}
	for _, p := range t.places {
		if p.product {
			run = append(run, p)
		} else {
			flush(p.width)
		}
	}
	flush(t.width)
	return b.String() + latex[at:]
}
