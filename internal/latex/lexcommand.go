package latex

import (
	"strings"

	"example.com/nabla/internal/source"
)

// A delimiter is a command that is read as a sign.
type delimiter struct {
	sign string
	side side
}

var delimiters = map[string]delimiter{
	"lvert": {"|", leftSide}, "rvert": {"|", rightSide}, "vert": {"|", anySide}, "mid": {"|", anySide},
	"|": {"‖", anySide}, "lVert": {"‖", leftSide}, "rVert": {"‖", rightSide}, "Vert": {"‖", anySide}, "parallel": {"‖", anySide},
	"lbrace": {"\\{", anySide}, "rbrace": {"\\}", anySide}, "{": {"\\{", anySide}, "}": {"\\}", anySide},
	"lbrack": {"[", anySide}, "rbrack": {"]", anySide}, "lparen": {"(", anySide}, "rparen": {")", anySide},
	"langle": {"⟨", anySide}, "rangle": {"⟩", anySide}, "colon": {":", anySide}, "prime": {"'", anySide},
}

// sizing are the commands that size the delimiter after them.
var sizing = map[string]side{
	"left": leftSide, "right": rightSide, "middle": anySide,
	"big": anySide, "Big": anySide, "bigg": anySide, "Bigg": anySide,
	"bigl": leftSide, "Bigl": leftSide, "biggl": leftSide, "Biggl": leftSide,
	"bigr": rightSide, "Bigr": rightSide, "biggr": rightSide, "Biggr": rightSide,
	"bigm": anySide, "Bigm": anySide, "biggm": anySide, "Biggm": anySide,
}

// blank are the commands that print nothing that means something.
var blank = map[string]bool{
	",": true, ";": true, ":": true, "!": true, " ": true, ">": true, "/": true, "-": true, "quad": true, "qquad": true,
	"thinspace": true, "medspace": true, "thickspace": true, "negthinspace": true, "enspace": true, "enskip": true,
	"nonumber": true, "notag": true, "displaystyle": true, "textstyle": true, "scriptstyle": true, "scriptscriptstyle": true,
	"limits": true, "nolimits": true, "displaylimits": true, "centering": true, "noindent": true, "hfill": true, "par": true,
	"allowbreak": true, "nobreak": true, "relax": true, "left.": true, "right.": true, "mathstrut": true, "strut": true,
	"null": true, "allowdisplaybreaks": true, "protect": true, "ensuremath": true, "mathord": true, "mathbin": true,
	"mathrel": true, "mathopen": true, "mathclose": true, "mathinner": true, "nolinebreak": true, "smallskip": true,
	"medskip": true, "bigskip": true, "newline": true, "xspace": true, "unskip": true, "ignorespaces": true,
}

// dropped are the commands that are left out with their argument.
var dropped = map[string]bool{"label": true, "tag": true, "hspace": true, "vspace": true, "phantom": true, "hphantom": true,
	"vphantom": true, "color": true, "cite": true, "ref": true, "eqref": true, "footnote": true, "intertext": true,
	"shortintertext": true, "mspace": true, "hskip": true, "kern": true, "mkern": true, "setlength": true, "pagecolor": true}

// texts are the commands whose argument is text.
var texts = map[string]bool{"text": true, "textrm": true, "textnormal": true, "mbox": true, "hbox": true, "textsf": true,
	"texttt": true, "textup": true, "textmd": true}

// literals are environments that hold arrays.
var literals = map[string]bool{"matrix": true, "bmatrix": true, "pmatrix": true, "vmatrix": true, "Vmatrix": true, "Bmatrix": true,
	"smallmatrix": true, "array": true, "cases": true, "bsmallmatrix": true, "psmallmatrix": true, "dcases": true}

// command reads what starts with a backslash.
func (l *lexer) command() {
	rest := l.text[l.at+1:]
	if rest == "" {
		l.fail(1, say("unexpected \\ at the end"), none)
		return
	}
	n := 0
	for n < len(rest) && (rest[n] >= 'a' && rest[n] <= 'z' || rest[n] >= 'A' && rest[n] <= 'Z') {
		n++
	}
	if n == 0 {
		n = 1
		for n < len(rest) && rest[n] >= 0x80 && rest[n] < 0xC0 {
			n++
		}
	}
	name := rest[:n]
	n++ // the backslash
	if (name == "operatorname" || name == "tag" || name == "hspace" || name == "DeclareMathOperator") && strings.HasPrefix(l.text[l.at+n:], "*") {
		n++
	}
	if !l.inMath {
		l.proseCommand(name, n)
		return
	}
	switch {
	case name == "begin" || name == "end":
		l.environment(name, n)
	case name == "[" || name == "(":
		l.at += n
	case name == "]" || name == ")":
		l.emit(tBreak, n, "")
		l.inMath = !l.prose
	case name == "\\" || name == "cr":
		l.emit(tLine, n, "")
		if strings.HasPrefix(l.text[l.at:], "[") { // \\[2pt]
			if i := strings.IndexByte(l.text[l.at:], ']'); i > 0 && i < 12 && isLength(l.text[l.at+1:l.at+i]) {
				l.at += i + 1
			}
		}
		if strings.HasPrefix(l.text[l.at:], "*") {
			l.at++
		}
	case blank[name] || name == "\n" || name == "\t" || name == "\r":
		l.at += n
		l.space = true
		if name == "quad" || name == "qquad" {
			l.toks = append(l.toks, token{kind: tCommand, start: int32(l.at - n), end: int32(l.at), text: "quad"})
		}
	case dropped[name]:
		l.at += n
		l.argument()
	case texts[name]:
		at := l.at
		l.at += n
		text, ok := l.argument()
		if !ok {
			l.at = at
			l.fail(n, say("\\%s needs an argument in braces", name), none)
			return
		}
		end := l.at
		l.at = at
		l.emit(tText, end-at, strings.TrimSpace(text))
	case sizing[name] != anySide || name == "big" || name == "Big" || name == "bigg" || name == "Bigg" || name == "middle" || strings.HasSuffix(name, "m") && strings.HasPrefix(strings.ToLower(name), "big"):
		l.sized(name, n)
	default:
		if d, ok := delimiters[name]; ok {
			l.side = d.side
			l.emit(tSign, n, d.sign)
			return
		}
		if s, ok := synonyms[name]; ok {
			name = s
		}
		switch name {
		case "%", "$", "#", "&", "_":
			l.fail(n, say("unexpected \\%s", name), none)
			return
		}
		l.emit(tCommand, n, name)
	}
}

// isLength reports whether s is a length such as 2pt or -0.5ex.
func isLength(s string) bool {
	return s != "" && strings.Trim(s, "-+.0123456789abcdefghijklmnopqrstuvwxyz ") == "" && strings.ContainsAny(s, "0123456789")
}

// sized reads the delimiter after \left, \right, \big and the like.
func (l *lexer) sized(name string, n int) {
	from := l.at
	l.at += n
	for l.at < len(l.text) && (l.text[l.at] == ' ' || l.text[l.at] == '\n' || l.text[l.at] == '\t' || l.text[l.at] == '\r') {
		l.at++
	}
	before := len(l.toks)
	if l.at < len(l.text) && l.text[l.at] == '.' && (name == "left" || name == "right") {
		l.at++
		return // an empty delimiter
	}
	if l.at < len(l.text) && l.text[l.at] != '%' && l.text[l.at] != '$' {
		s := sizing[name]
		l.next()
		if len(l.toks) == before+1 && l.toks[before].kind == tSign && strings.Contains("()[]|‖\\{\\}⟨⟩/", l.toks[before].text) {
			t := &l.toks[before]
			t.start = int32(from)
			if s != anySide {
				t.side = s
			}
			if t.text == "<" || t.text == ">" {
				t.text = map[string]string{"<": "⟨", ">": "⟩"}[t.text]
			}
			return
		}
	}
	if len(l.diags) == 0 {
		l.diags.Add(source.Span{Start: from, End: from + n}, say("\\%s needs a bracket after it", name))
	}
}

// argument skips an argument in braces and returns what it holds.
func (l *lexer) argument() (string, bool) {
	at := l.at
	for at < len(l.text) && (l.text[at] == ' ' || l.text[at] == '\n') {
		at++
	}
	if at >= len(l.text) || l.text[at] != '{' {
		return "", false
	}
	depth := 0
	for i := at; i < len(l.text); i++ {
		switch l.text[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				l.at = i + 1
				return l.text[at+1 : i], true
			}
		}
	}
	return "", false
}

// environment reads \begin{…} and \end{…}.
func (l *lexer) environment(word string, n int) {
	from := l.at
	l.at += n
	name, ok := l.argument()
	if !ok {
		l.at = from
		l.fail(n, say("\\%s needs the name of an environment", word), none)
		return
	}
	plain := strings.TrimSuffix(strings.TrimSpace(name), "*")
	switch {
	case literals[plain]:
		end := l.at
		l.at = from
		what := say("arrays are not read: {%s}", name)
		hint := say("give the matrix a name, as in A x")
		if strings.HasSuffix(plain, "cases") {
			what, hint = say("definitions by cases are not read: {%s}", name), say("functions with a kink are written \\max(0, x) or \\lvert x \\rvert")
		}
		l.fail(end-from, what, hint)
	case mathEnvironments[plain]:
		l.toks = append(l.toks, token{kind: tBreak, start: int32(from), end: int32(l.at)})
		if strings.HasPrefix(plain, "alignat") || strings.HasPrefix(plain, "alignedat") {
			if word == "begin" {
				l.argument()
			}
		}
		if word == "begin" {
			l.inMath = true
		} else if l.prose && !strings.HasSuffix(plain, "ed") && plain != "split" {
			l.inMath = false
		}
	case l.prose:
	default:
		end := l.at
		l.at = from
		l.fail(end-from, say("the environment %s is not read", name), none)
	}
}

// proseCommand reads a command between formulas.
func (l *lexer) proseCommand(name string, n int) {
	switch name {
	case "[", "(":
		l.at += n
		l.inMath = true
	case "begin":
		from := l.at
		l.at += n
		if env, ok := l.argument(); ok && mathEnvironments[strings.TrimSuffix(env, "*")] {
			l.at = from
			l.environment(name, n)
		}
	default:
		l.at += n
	}
}
