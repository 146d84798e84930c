package nabla

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A claimKind says what the left-hand side of a claim is.
type claimKind int

const (
	derivativeClaim   claimKind = iota // ∂l/∂w = …, dl/dw = …, grad = …, or no left-hand side
	differentialClaim                  // dl = …
	vecClaim                           // vec(dF) = …
	valueClaim                         // l = …: the expression or a definition, written in another way
	definitionClaim                    // name = …: a name for later lines
)

// A claim is one right-hand side of the user's derivation with its left-hand side.
type claim struct {
	// line is that of the right-hand side, from 1; in a text of one line the number of
	// the statement.
	line int
	kind claimKind
	of   string // the name of what is differentiated; "" for the expression
	by   string // the variable, "" for the one that was asked for
	// order is that of the derivative, 0 for the one that was asked for.
	order int
	lhs   source.Span
	rhs   source.Span
	expr  syntax.Expr
}

// A claimText is the text of a claim, cut into lines.
type claimText struct {
	file   *source.File
	claims []claim
}

// A piece is a part of a line between equals signs.
type piece struct {
	span   source.Span
	equals bool // an equals sign stands before it
}

// cut splits a text into statements at line ends and semicolons outside of brackets,
// and those at their equals signs. A line goes on inside open brackets, after an
// operator at its end, and where the next one begins with an equals sign it belongs
// to the same left-hand side.
func cutClaims(text string) [][]piece {
	var out [][]piece
	var now []piece
	depth, start, equals := 0, 0, false
	last := rune(' ') // the last character that is no space
	flush := func(end int) {
		s := trim(text, source.Span{Start: start, End: end})
		if s.Start < s.End || equals {
			now = append(now, piece{s, equals})
		}
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '#' || r == '%':
			flush(i)
			for i < len(text) && text[i] != '\n' {
				i++
			}
			start, equals = i, false
			continue
		case r == '(' || r == '[' || r == '{':
			depth++
		case r == ')' || r == ']' || r == '}':
			depth = max(0, depth-1)
		case (r == '\n' || r == ';') && depth == 0:
			if r == '\n' && strings.ContainsRune("+-−*·/@⊙∘⊗⊘=", last) && strings.TrimSpace(text[start:i]) != "" {
				break
			}
			flush(i)
			if len(now) > 0 {
				out = append(out, now)
			}
			now, start, equals, last = nil, i+n, false, ' '
			i += n
			continue
		case r == '=' && depth == 0:
			end := i
			if i > 0 && text[i-1] == ':' {
				end--
			}
			s := trim(text, source.Span{Start: start, End: end})
			now = append(now, piece{s, equals})
			start, equals = i+n, true
		}
		if !unicode.IsSpace(r) {
			last = r
		}
		i += n
	}
	flush(len(text))
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

func trim(text string, s source.Span) source.Span {
	for s.Start < s.End {
		r, n := utf8.DecodeRuneInString(text[s.Start:s.End])
		if !unicode.IsSpace(r) {
			break
		}
		s.Start += n
	}
	for s.Start < s.End {
		r, n := utf8.DecodeLastRuneInString(text[s.Start:s.End])
		if !unicode.IsSpace(r) {
			break
		}
		s.End -= n
	}
	return s
}

// A claimError is a mistake at a place in the claim.
func (t *claimText) fail(at source.Span, text, hint message.Text) error {
	return inputError(t.file, source.List{{Span: at, Message: text, Hint: hint}}).within("claim")
}

// readClaims cuts the text of a claim into claims and reads their left-hand sides.
func (v *verifier) readClaims() error {
	text := v.text.file.Text
	if len(text) > maxClaim {
		return v.text.fail(source.Span{}, say("the claim has %d bytes, the limit is %d", len(text), maxClaim), none)
	}
	if !utf8.ValidString(text) {
		return v.text.fail(source.Span{}, say("the claim is not valid UTF-8"), none)
	}
	var lhs *claim
	names := map[string]bool{}
	oneLine := !strings.Contains(strings.TrimSpace(text), "\n")
	add := func(c claim, statement int) {
		if c.line, _ = v.text.file.Position(c.rhs.Start); oneLine {
			c.line = statement + 1
		}
		v.text.claims = append(v.text.claims, c)
	}
	for n, pieces := range cutClaims(text) {
		first := pieces[0]
		switch {
		case len(pieces) == 1 && !first.equals:
			add(claim{kind: derivativeClaim, rhs: first.span}, n)
			continue
		case first.span.Start == first.span.End && lhs == nil:
			return v.text.fail(pieces[1].span, say("there is no left-hand side that = goes on from"), say("begin with a line such as d%s = …", v.name()))
		case first.span.Start < first.span.End:
			c, err := v.leftSide(first.span, names)
			if err != nil {
				return err
			}
			lhs = &c
		}
		for k, p := range pieces[1:] {
			if p.span.Start == p.span.End {
				at := source.Span{Start: p.span.Start, End: p.span.End}
				return v.text.fail(at, say("an expression is required after ="), none)
			}
			c := *lhs
			c.rhs = p.span
			if c.kind == definitionClaim && (k > 0 || first.span.Start == first.span.End) {
				c.kind = valueClaim // the same quantity, written in another way
			}
			add(c, n)
		}
	}
	if len(v.text.claims) == 0 {
		return v.text.fail(source.Span{}, say("a claim is required: the derivative as you have it"), none)
	}
	if len(v.text.claims) > maxClaims {
		return v.text.fail(v.text.claims[maxClaims].rhs, say("the claim has more than %d lines", maxClaims), none)
	}
	return nil
}

// Limits of a claim.
const (
	maxClaim  = 64 << 10
	maxClaims = 200
)

// leftSide reads what stands before an equals sign.
func (v *verifier) leftSide(at source.Span, defined map[string]bool) (claim, error) {
	s := v.text.file.Slice(at)
	c := claim{lhs: at}
	if isName(s) && (v.quantity(s) || defined[s]) {
		c.kind, c.of = valueClaim, s
		if v.first.prog.Lookup(s) != nil && !v.defines(s) {
			return c, v.text.fail(at, say("%s is a variable and cannot be defined", s), none)
		}
		return c, nil
	}
	if of, by, order, ok := quotient(s); ok {
		c.kind, c.of, c.by, c.order = derivativeClaim, of, by, order
		if !v.isResult(of) && !v.defines(of) {
			return c, v.text.fail(at, say("unknown quantity %s is differentiated", of), say("the expression is called %s", v.name()))
		}
		if v.isResult(of) {
			c.of = ""
		}
		return c, nil
	}
	if of, by, order, ok := nablaSign(s); ok {
		c.kind, c.by, c.order = derivativeClaim, by, order
		if of != "" && !v.isResult(of) {
			if !v.defines(of) {
				return c, v.text.fail(at, say("unknown quantity %s is differentiated", of), say("the expression is called %s", v.name()))
			}
			c.of = of
		}
		return c, nil
	}
	if inner, ok := strings.CutPrefix(s, "vec("); ok && strings.HasSuffix(inner, ")") {
		if of, ok := v.differentialOf(strings.TrimSpace(inner[:len(inner)-1])); ok {
			c.kind, c.of = vecClaim, of
			return c, nil
		}
	}
	if of, ok := v.differentialOf(s); ok {
		c.kind, c.of = differentialClaim, of
		return c, nil
	}
	if strings.HasPrefix(s, "d²") || strings.HasPrefix(s, "d^2") {
		return c, v.text.fail(at, say("second differentials are not verified"), say("claim the second derivative, as in ∂²%s/∂%s² = …", v.name(), v.req.Wrt))
	}
	if isName(s) {
		c.kind, c.of = definitionClaim, s
		defined[s] = true
		return c, nil
	}
	return c, v.text.fail(at, say("an equation is no claim of a derivative"), say("claim what a derivative, a differential or a name is, as in ∂%s/∂%s = …", v.name(), v.req.Wrt))
}

// name is what the differentiated expression is called.
func (v *verifier) name() string { return v.first.resultName() }

// defines reports whether the program has a definition of that name.
func (v *verifier) defines(name string) bool {
	for _, d := range v.first.prog.Defs {
		if d.Name == name {
			return true
		}
	}
	return false
}

// isResult reports whether a name stands for the differentiated expression: its own
// name, or any name that has no other meaning where it has none.
func (v *verifier) isResult(name string) bool {
	if n := v.first.prog.ResultName; n != "" {
		return name == n
	}
	return v.first.prog.Lookup(name) == nil && !v.defines(name) && isName(name)
}

// quantity reports whether a name is the expression, a definition or a variable.
func (v *verifier) quantity(name string) bool {
	return name == v.first.prog.ResultName || v.first.prog.Lookup(name) != nil || v.defines(name)
}

// differentialOf reads dl as the differential of l. Where the expression has no name,
// dl is its differential whatever l is, unless l has another meaning.
func (v *verifier) differentialOf(s string) (of string, ok bool) {
	name, ok := strings.CutPrefix(s, "d")
	if !ok || !isName(name) {
		return "", false
	}
	switch {
	case v.defines(name) && name != v.first.prog.ResultName:
		return name, true
	case name == v.first.prog.ResultName, v.isResult(name) && utf8.RuneCountInString(name) == 1:
		return "", true
	case v.first.prog.Lookup(name) != nil:
		return "", false
	}
	return "", false
}

// isName reports whether s can be a name of the language.
func isName(s string) bool {
	for i, r := range s {
		letter := unicode.IsLetter(r) || r == '_' && i > 0 || i > 0 && unicode.In(r, unicode.Mn, unicode.Nd)
		if !letter && !(i > 0 && ('₀' <= r && r <= '₎' || r == '′')) {
			return false
		}
	}
	return s != ""
}

// orders are the ways to write the order of a derivative.
var orders = []struct {
	mark  string
	order int
}{{"²", 2}, {"³", 3}, {"^2", 2}, {"^3", 3}, {"^{2}", 2}, {"^{3}", 3}}

func cutOrder(s string) (rest string, order int) {
	for _, o := range orders {
		if t, ok := strings.CutPrefix(s, o.mark); ok {
			return strings.TrimSpace(t), o.order
		}
	}
	return s, 1
}

// quotient reads ∂l/∂w, dl/dw, ∂²l/∂w∂wᵀ, ∂²l/∂t², ∂F/∂vec(X).
func quotient(s string) (of, by string, order int, ok bool) {
	s = strings.Join(strings.Fields(s), "")
	sign := "∂"
	rest, ok := strings.CutPrefix(s, sign)
	if !ok {
		sign = "d"
		if rest, ok = strings.CutPrefix(s, sign); !ok {
			return
		}
	}
	top, bottom, ok := strings.Cut(rest, "/")
	if !ok {
		return
	}
	top, order = cutOrder(top)
	of = unwrap(top)
	if bottom, ok = strings.CutPrefix(bottom, sign); !ok {
		return
	}
	parts := []string{bottom}
	if sign == "∂" {
		parts = strings.Split(bottom, sign)
	}
	for _, p := range parts {
		p = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(p, "ᵀ"), "⊤"), "'")
		p = strings.TrimSuffix(p, "^T")
		for _, o := range orders {
			p = strings.TrimSuffix(p, o.mark)
		}
		p = unwrap(p)
		if by != "" && by != p {
			return "", "", 0, false
		}
		by = p
	}
	member, _, _ := strings.Cut(by, "[")
	if order == 1 {
		order = 0
		if len(parts) > 1 {
			order = len(parts)
		}
	}
	return of, member, order, isName(of) && isName(member)
}

// unwrap takes vec(…) or brackets from a name.
func unwrap(s string) string {
	if t, ok := strings.CutPrefix(s, "vec("); ok && strings.HasSuffix(t, ")") {
		return t[:len(t)-1]
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		return s[1 : len(s)-1]
	}
	return s
}

// nablaSign reads grad, gradient, ∇, ∇l, ∇_w l, ∇²l, hessian.
func nablaSign(s string) (of, by string, order int, ok bool) {
	var rest string
	for _, word := range []struct {
		text  string
		order int
	}{{"gradient", 0}, {"grad", 0}, {"hessian", 2}, {"hess", 2}, {"∇", 0}, {"梯度", 0}} {
		if rest, ok = strings.CutPrefix(s, word.text); ok {
			order = word.order
			break
		}
	}
	if !ok {
		return
	}
	if t, k := cutOrder(rest); k > 1 {
		rest, order = t, k
	}
	if t, found := strings.CutPrefix(rest, "_"); found {
		by, rest, _ = strings.Cut(t, " ")
		by = strings.Trim(by, "{}")
	} else {
		r, n := utf8.DecodeRuneInString(rest)
		if base, sub, found := syntax.SplitSubscript("x" + rest); found && base == "x" && n > 0 && !unicode.IsLetter(r) {
			by, rest = sub, ""
		}
	}
	of = unwrap(strings.TrimSpace(rest))
	return of, by, order, (of == "" || isName(of)) && (by == "" || isName(by))
}

// parse reads the right-hand side of a claim; its places are those in the whole text.
func (v *verifier) parse(c *claim, isVariable func(string) bool) error {
	// What comes before is blank, so that places are right; what comes after is cut.
	var b strings.Builder
	for range c.rhs.Start {
		b.WriteByte(' ')
	}
	partials, err := v.partialsIn(c, &b)
	if err != nil {
		return err
	}
	x, _, list := syntax.ParseExpr(b.String(), syntax.Options{
		Juxtapose: true, MaxBytes: 2 * maxClaim, IsVariable: isVariable,
		IsFunction: v.first.eng.isFunction, Letters: syntax.KnownProducts,
	})
	if len(list) > 0 {
		return inputError(v.text.file, list).within("claim")
	}
	syntax.Walk(x, func(x syntax.Expr) {
		if n, ok := x.(*syntax.Name); ok && partials[n.Name] != "" {
			n.Name = partials[n.Name]
		}
	})
	c.expr = x
	return nil
}

// partialsIn copies a right-hand side and puts a name of the same length in the place
// of each derivative such as ∂l/∂a; it returns what the names stand for.
func (v *verifier) partialsIn(c *claim, b *strings.Builder) (map[string]string, error) {
	text := v.text.file.Slice(c.rhs)
	var out map[string]string
	for at := 0; at < len(text); {
		next := strings.Index(text[at:], "∂")
		if next < 0 {
			b.WriteString(text[at:])
			break
		}
		b.WriteString(text[at : at+next])
		at += next
		end := at + len("∂") + nameLength(text[at+len("∂"):])
		rest, ok := strings.CutPrefix(text[end:], "/∂")
		if !ok {
			b.WriteString("∂") // the parser says that this is no operator
			at += len("∂")
			continue
		}
		end += len("/∂") + nameLength(rest)
		symbol := text[at:end]
		of, by, _, ok := quotient(symbol)
		span := source.Span{Start: c.rhs.Start + at, End: c.rhs.Start + end}
		if !ok || !v.isResult(of) && !v.defines(of) {
			return nil, v.text.fail(span, say("unknown derivative %s", symbol), say("the expression is called %s", v.name()))
		}
		if err := v.partial(symbol, of, by, span); err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]string{}
		}
		name := "q" + strings.Repeat("0", len(symbol))
		number := strconv.Itoa(len(out) + 1)
		name = name[:len(symbol)-len(number)] + number
		out[name] = symbol
		b.WriteString(name)
		at = end
	}
	return out, nil
}

// nameLength is the length of the name at the start of a text.
func nameLength(s string) int {
	n := 0
	for i, r := range s {
		if !isName(s[:i] + string(r)) {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	return n
}

// partial makes the derivative of a quantity by another one a definition.
func (v *verifier) partial(symbol, of, by string, at source.Span) error {
	for _, d := range v.partials {
		if d.Name.Name == symbol {
			return nil
		}
	}
	if v.first.prog.Lookup(by) == nil && !v.defines(by) {
		return v.text.fail(at, say("unknown name %s", by), none)
	}
	req := *v.request()
	req.Wrt, req.Order, req.Structured = []string{by}, 1, false
	if v.defines(of) && of != v.first.prog.ResultName {
		return v.text.fail(at, say("on the right-hand side the derivatives of %s alone are known, found %s", v.name(), symbol), none)
	}
	res, err := Differentiate(req)
	if err != nil {
		return err
	}
	d := res.Derivatives[0]
	x, _, list := syntax.ParseExpr(d.Language, syntax.Options{
		Juxtapose:  true,
		IsVariable: v.quantity,
		IsFunction: v.first.eng.isFunction,
	})
	if len(list) > 0 {
		return v.text.fail(at, say("%s is too long to stand in a claim", symbol), none)
	}
	v.partials = append(v.partials, &syntax.Definition{Name: syntax.Ident{Name: symbol, At: at}, Body: x, At: at})
	return nil
}

// mentioned lists the names and families in an expression, each once.
func mentioned(x syntax.Expr, list []string) []string {
	syntax.Walk(x, func(x syntax.Expr) {
		name := ""
		switch x := x.(type) {
		case *syntax.Name:
			name = x.Name
		case *syntax.Index:
			name = x.Family.Name
		}
		if name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	})
	return list
}
