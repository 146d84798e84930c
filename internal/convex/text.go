package convex

import (
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/source"
)

// A Line is one line of a certificate as written.
type Line struct {
	Rule             string
	English, Chinese string
	// EnglishTeX and ChineseTeX are the same with formulas as $LaTeX$; "" where there are none.
	EnglishTeX, ChineseTeX string
	// Formula is what the line is about, Args what it follows from.
	Formula Formula
	Args    []Formula
}

// A Formula is an expression in Unicode and in LaTeX notation.
type Formula struct{ Text, LaTeX string }

// Of a formula that is wider than a limit the beginning stands in a line of text, so
// that the line is not wider than maxLine; the limits are tried in turn.
const maxLine = 140

var limits = []int{48, 36, 26, 18, 12}

// node returns a sum in matrix notation, or nil.
func (p *Problem) node(s *index.Sum, ax *raise.Axes) *expr.Node {
	if ax == nil {
		switch len(s.Slots) {
		case 0:
			ax = &raise.Axes{}
		case 1:
			ax = &raise.Axes{Rows: []int{0}}
		case 2:
			ax = &raise.Axes{Rows: []int{0}, Cols: []int{1}}
		default:
			return nil
		}
	}
	n, form := p.Raiser.Raise(s, *ax)
	if form == raise.Index {
		return nil
	}
	return n
}

func (p *Problem) text(n *expr.Node) string { return p.formula(n).Text }

func (p *Problem) formula(n *expr.Node) Formula {
	if n == nil {
		return Formula{"…", `\dots`}
	}
	o := *p.Print
	o.MaxTokens, o.MaxWidth = -1, 0
	// For people: products stand side by side.
	o.Spell = func(*expr.Symbol, *expr.Index, bool) (text string, tight, ok bool) { return "", false, false }
	return Formula{print.Text(n, &o).Result, print.LaTeX(n, &o).Result}
}

// indexed writes a sum that has no matrix notation by its entry.
func (p *Problem) indexed(s *index.Sum, ax *raise.Axes) Formula {
	x := &print.IndexForm{Sizes: slices.Clone(s.Slots)}
	if ax != nil {
		x.Rows, x.Cols = ax.Rows, ax.Cols
	} else {
		for k := range s.Slots {
			x.Rows = append(x.Rows, k)
		}
	}
	for i := range s.Terms {
		t := &s.Terms[i]
		out, at := print.StartTerm(x, t.Coef, t.Slot, t.Dims)
		for k := range t.Factors {
			f := &t.Factors[k]
			if len(f.Atom.Slots) > 2 {
				return p.formula(nil)
			}
			idx := make([]int, len(f.Atom.Slots))
			for i := range idx {
				idx[i] = i
			}
			n := p.node(p.Low.St.AtomSum(f.Atom, f.Atom.Slots, idx), nil)
			if n == nil {
				return p.formula(nil)
			}
			y := print.IndexFactor{Node: n, Exp: f.Exp}
			for _, c := range f.Idx {
				y.Indices = append(y.Indices, at[c])
			}
			out.Factors = append(out.Factors, y)
		}
		x.Terms = append(x.Terms, out)
	}
	return Formula{print.IndexText(x, p.Print), print.IndexLaTeX(x, p.Print)}
}

func (p *Problem) write(s *index.Sum, ax *raise.Axes) Formula {
	if ax == nil {
		if n := p.member(s); n != nil {
			return p.formula(n)
		}
	}
	if n := p.node(s, ax); n != nil {
		return p.formula(n)
	}
	return p.indexed(s, ax)
}

// member returns a sum with a slot for the index of a family as an expression in the
// members x[i], or nil. An unknown function keeps the sum over the members, in which
// raise writes them, from being taken apart.
func (p *Problem) member(s *index.Sum) *expr.Node {
	slot := -1
	for i := range s.Terms {
		t := &s.Terms[i]
		for k := range t.Factors {
			f := &t.Factors[k]
			if f.Atom.Kind == index.VarAtom && f.Atom.Sym.Family != nil {
				slot = slices.Index(t.Slot, f.Idx[len(f.Idx)-1])
			}
			if f.Atom.Kind != index.VarAtom && slot < 0 && p.holdsMember(f.Atom) && len(f.Idx) > 0 {
				slot = slices.Index(t.Slot, f.Idx[len(f.Idx)-1])
			}
		}
	}
	if slot < 0 || len(s.Slots) > 2 {
		return nil
	}
	st := p.Low.St
	value := st.Apply(index.Application{Fn: p.unknown(), Args: []*index.Sum{s}})
	rest := slices.Delete(slices.Clone(s.Slots), slot, slot+1)
	b := st.Build(rest)
	for i := range value.Terms {
		r := st.Raw(rest)
		idx := slices.Insert(slices.Clone(r.Slot), slot, r.Class(s.Slots[slot]))
		r.MulTerm(&value.Terms[i], idx)
		b.Add(r)
	}
	ax := raise.Axes{}
	if len(rest) == 1 {
		ax.Rows = []int{0}
	}
	n, form := p.Raiser.Raise(b.Sum(), ax)
	if form == raise.Index || n.Op.Name != expr.OpSumOver || n.Args[0].Op.Name != expr.OpApply {
		return nil
	}
	return n.Args[0].Args[0]
}

func (p *Problem) holdsMember(at *index.Atom) bool {
	return holdsMember(at, map[*index.Atom]bool{})
}

// holdsMember does not look twice at the atoms in seen.
func holdsMember(at *index.Atom, seen map[*index.Atom]bool) bool {
	if seen[at] {
		return false
	}
	seen[at] = true
	if at.Kind == index.VarAtom {
		return at.Sym.Family != nil
	}
	for _, s := range at.Args {
		for i := range s.Terms {
			if slices.ContainsFunc(s.Terms[i].Factors, func(f index.Factor) bool { return holdsMember(f.Atom, seen) }) {
				return true
			}
		}
	}
	return false
}

// unknown is a function that no program has.
func (p *Problem) unknown() *expr.Symbol {
	if p.function == nil {
		p.function = &expr.Symbol{Name: "φ", Kind: expr.Function, Ordinal: 1 << 20}
	}
	return p.function
}

// describe fills in the texts of a condition.
func (p *Problem) describe(c *Condition) {
	var ax *raise.Axes
	if c.form != nil {
		ax = &c.form.axes
	}
	if p.describeMembers(c) {
		return
	}
	c.Node = p.node(c.Operand, ax)
	if _, entrywise := c.Relation.interval(); (entrywise || c.Relation == NonZero) && len(c.Operand.Slots) == 2 && ax == nil {
		turned := &raise.Axes{Rows: []int{1}, Cols: []int{0}}
		if n := p.node(c.Operand, turned); n != nil && (c.Node == nil || p.Raiser.Cost(n) < p.Raiser.Cost(c.Node)) {
			c.Node, ax = n, turned
		}
	}
	f := p.write(c.Operand, ax)
	symmetric, zh := "", ""
	if len(c.Operand.Slots) == 2 && p.Low.St.Transpose(c.Operand) != c.Operand {
		symmetric, zh = "symmetric ", "对称且"
	}
	many := len(c.Operand.Slots) > 0
	switch c.Relation {
	case PSD, NSD, PD, ND:
		kind, kindZh := "positive semidefinite", "半正定"
		op := `\succeq`
		switch c.Relation {
		case NSD:
			kind, kindZh, op = "negative semidefinite", "半负定", `\preceq`
		case PD:
			kind, kindZh, op = "positive definite", "正定", `\succ`
		case ND:
			kind, kindZh, op = "negative definite", "负定", `\prec`
		}
		c.Text, c.Chinese, c.LaTeX = f.Text+" is "+symmetric+kind, f.Text+" "+zh+kindZh, f.LaTeX+" "+op+" 0"
	case FullColumnRank:
		c.Text, c.Chinese, c.LaTeX = f.Text+" has full column rank", f.Text+" 列满秩", f.LaTeX+` \text{ has full column rank}`
	case FullRowRank:
		c.Text, c.Chinese, c.LaTeX = f.Text+" has full row rank", f.Text+" 行满秩", f.LaTeX+` \text{ has full row rank}`
	case InUnit:
		c.Text, c.LaTeX = "−1 < "+f.Text+" < 1", "-1 < "+f.LaTeX+" < 1"
	default:
		c.Text = f.Text + " " + string(c.Relation)
		c.LaTeX = f.LaTeX + " " + strings.NewReplacer("≥", `\ge`, "≤", `\le`, "≠", `\ne`).Replace(string(c.Relation))
	}
	if c.Chinese == "" {
		c.Chinese = c.Text
		if many {
			c.Text += " in each entry"
			c.Chinese += "（逐元素）"
		}
	}
}

// describeMembers is describe for the members of a family as columns of a matrix.
func (p *Problem) describeMembers(c *Condition) bool {
	if len(c.Operand.Terms) != 1 || len(c.Operand.Terms[0].Factors) != 1 {
		return false
	}
	at := c.Operand.Terms[0].Factors[0].Atom
	if at.Kind != index.VarAtom || at.Sym.Family == nil || !isAtom(c.Operand, at) {
		return false
	}
	name := memberName(at.Sym)
	latex := print.LaTeXName(name)
	c.Members = at.Sym
	switch c.Relation {
	case FullRowRank:
		c.Text, c.Chinese, c.LaTeX = "the "+name+" span the space", name+" 张成全空间", latex+` \text{ span the space}`
	case FullColumnRank:
		c.Text, c.Chinese, c.LaTeX = "the "+name+" are linearly independent", name+" 线性无关", latex+` \text{ are linearly independent}`
	default:
		c.Text = name + " " + string(c.Relation)
		c.LaTeX = latex + " " + strings.NewReplacer("≥", `\ge`, "≤", `\le`, "≠", `\ne`).Replace(string(c.Relation))
		c.Chinese = c.Text
		if len(c.Operand.Slots) > 1 {
			c.Text += " in each entry"
			c.Chinese += "（逐元素）"
		}
	}
	return true
}

func width(s string) int { return source.Width(s) }

func shorten(s string, limit int) string {
	if width(s) <= limit {
		return s
	}
	end, w := len(s), 0
	for i, r := range s {
		if w += width(string(r)); w > limit-2 {
			end = i
			break
		}
	}
	return strings.TrimRight(s[:end], " ") + " …"
}

// lines writes a certificate. A line that says what one before it says is left out.
func (p *Problem) lines(steps []Step) []Line {
	var out []Line
	for i := range steps {
		l := p.line(&steps[i])
		if !slices.ContainsFunc(out, func(o Line) bool { return o.Rule == l.Rule && o.English == l.English }) {
			out = append(out, l)
		}
	}
	return out
}

var curvatures = map[goal][2]string{convex: {"convex", "凸"}, concave: {"concave", "凹"}}

func (p *Problem) line(s *Step) Line {
	l := Line{Rule: s.Rule, Formula: p.write(s.Sum, s.Axes)}
	for _, x := range s.Args {
		l.Args = append(l.Args, p.write(x, nil))
	}
	for _, limit := range limits {
		en, zh := p.phrase(s, &l, 0, limit), p.phrase(s, &l, 1, limit)
		l.English, l.Chinese = message.Plain(en), message.Plain(zh)
		l.EnglishTeX, l.ChineseTeX = message.TeX(en), message.TeX(zh)
		if max(width(l.English), width(l.Chinese)) <= maxLine {
			break
		}
	}
	return l
}

// inline is a formula in a line, marked as one unless it is cut.
func inline(f Formula, limit int) string {
	if text := shorten(f.Text, limit); text != f.Text {
		return text
	}
	return message.Formula(f.Text, f.LaTeX)
}

// phrase writes a line in English (0) or Chinese (1) with formulas up to a width, marked.
func (p *Problem) phrase(s *Step, l *Line, lang, limit int) string {
	x := phrases[slices.IndexFunc(phrases, func(x Phrase) bool { return x.Rule == s.Rule })]
	text := [2]string{x.English, x.Chinese}[lang]
	g := s.Goal
	if g == 0 {
		g = convex
	}
	under, weigh, order, compare, minus := g, "≥", "⪰", "≥", ""
	if s.Negative {
		under, weigh = -g, "≤"
	}
	if g == concave {
		order, compare, minus = "⪯", "≤", "−"
	}
	var vars []string
	for _, v := range p.Wrt {
		if s.Var == nil || s.Var == v {
			vars = append(vars, message.Formula(memberName(v), print.LaTeXName(memberName(v))))
		}
	}
	formula := inline(l.Formula, limit)
	if s.Whole {
		formula = message.Formula("H", "H")
	}
	pairs := []string{"$f", formula, "$g", curvatures[g][lang], "$h", curvatures[-g][lang],
		"$k", curvatures[under][lang], "$s", order, "$r", compare, "$w", weigh, "$q", minus, "$v", strings.Join(vars, ", ")}
	var all, texts []string
	for k, x := range l.Args {
		one := inline(x, limit)
		all, texts = append(all, one), append(texts, shorten(x.Text, limit))
		pairs = append(pairs, "$"+strconv.Itoa(k+1), one)
	}
	list := strings.Join(texts, ", ")
	if cut := shorten(list, limit); cut != list {
		pairs = append(pairs, "$*", cut)
	} else {
		pairs = append(pairs, "$*", strings.Join(all, ", "))
	}
	if s.Piece != nil {
		pairs = append(pairs, "$n", outer(s, lang), "$m", moves(s.Piece.Trend, lang))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func memberName(s *expr.Symbol) string {
	if s.Family == nil {
		return s.Name
	}
	return s.Name + "[" + s.Family.Name + "]"
}

func moves(t expr.Trend, lang int) string {
	switch {
	case t == expr.Rising && lang == 0:
		return "nondecreasing"
	case t == expr.Rising:
		return "单调不减"
	case t == expr.Falling && lang == 0:
		return "nonincreasing"
	case t == expr.Falling:
		return "单调不增"
	}
	return ""
}

// outer names the outer function of a composition with the part of its domain that
// counts.
func outer(s *Step, lang int) string {
	f := &s.Sum.Terms[0].Factors[0]
	name := ""
	switch {
	case len(s.Sum.Terms) == 1 && len(s.Sum.Terms[0].Factors) == 1 && f.Atom.Kind == index.OpAtom && f.Exp.IsOne():
		name = f.Atom.Op.Name + "(t)"
		if f.Atom.Op.Name == expr.OpElPow {
			name = "tᵖ"
		}
	default:
		name = powerName(f.Exp)
	}
	on := ""
	switch rel, ok := relationFor(s.Piece.On); {
	case s.Piece.On == expr.Reals:
	case !ok:
		bracket := func(open bool, a, b string) string {
			if open {
				return a
			}
			return b
		}
		number := func(x float64) string {
			return strings.Replace(strings.Replace(strconv.FormatFloat(x, 'g', -1, 64), "+Inf", "∞", 1), "-", "−", 1)
		}
		on = " on " + bracket(s.Piece.On.LoOpen, "(", "[") + number(s.Piece.On.Lo) + ", " + number(s.Piece.On.Hi) + bracket(s.Piece.On.HiOpen, ")", "]")
	default:
		on = " on t " + string(rel)
	}
	if lang == 1 {
		on = strings.Replace(on, " on ", " 在 ", 1)
		if on != "" {
			on += " 上"
		}
	}
	return name + on
}

func powerName(e rat.Rat) string {
	switch {
	case e.Equal(rat.Half):
		return "√t"
	case e.Equal(rat.MinusOne):
		return "1/t"
	case e.Equal(rat.Int(2)):
		return "t²"
	case e.Equal(rat.Int(3)):
		return "t³"
	case e.IsInt() && e.Sign() > 0:
		return "t^" + e.String()
	case e.Equal(rat.New(-1, 2)):
		return "1/√t"
	}
	return "t^(" + strings.Replace(e.String(), "-", "−", 1) + ")"
}
