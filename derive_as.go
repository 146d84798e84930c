package nabla

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// A SampleForm says how a program with many samples is written.
type SampleForm string

const (
	// AsSum writes samples x[i] and sums over them.
	AsSum SampleForm = "sum"
	// AsMatrix writes the samples as the columns of matrices.
	AsMatrix SampleForm = "matrix"
)

// A conversion rewrites a program from one sample form into the other: every
// definition and the expression are lowered, the samples' variables exchanged in
// index form, where both forms are one, and raised again.
type conversion struct {
	p    *problem
	form SampleForm
	size *expr.Dim   // number of samples, for AsSum
	idx  *expr.Index // the samples' index, for AsSum

	nodes  map[*expr.Node]*expr.Node   // definitions, as symbols
	family map[*expr.Symbol]*sampleSet // variables and definitions that are converted
	order  []*sampleSet
	text   strings.Builder
	used   []string
}

// A sampleSet is one variable in both forms.
type sampleSet struct {
	from, to *expr.Symbol
	name     string // in the new form
	rows     bool   // the samples are the rows of the matrix
	given    bool   // a variable, not a definition
}

// converted returns the request in the other sample form, and what the new names
// stand for. A program that has that form already is left as it is.
func (p *problem) converted(req *DeriveRequest) (*DeriveRequest, []paper.Given, error) {
	families := slices.ContainsFunc(p.prog.Vars, func(v check.Var) bool { return v.Occurs && v.Symbol.Family != nil })
	if families == (req.As == AsSum) {
		return req, nil, nil
	}
	sizes := []*expr.Dim{nil}
	if !families {
		if sizes = p.sampleSizes(); len(sizes) == 0 {
			return nil, nil, plainError(say("no size counts samples: each is a size of a variable to differentiate by, or of a square matrix"))
		}
	}
	// Whether a size counts samples shows when the program is written with them.
	var first error
	for _, size := range sizes {
		c := &conversion{p: p, form: req.As, size: size, nodes: map[*expr.Node]*expr.Node{}, family: map[*expr.Symbol]*sampleSet{}}
		out, err := c.request(req)
		if err == nil {
			return out, c.given(), nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, nil, first
}

// request returns the request in the other form.
func (c *conversion) request(req *DeriveRequest) (*DeriveRequest, error) {
	p := c.p
	if c.size != nil {
		name := "i"
		for p.prog.Lookup(name) != nil || p.b.LookupSize(name) != nil || c.defined(name) {
			name = string(name[0]+1) + name[1:]
		}
		c.idx = p.b.NewIndex(name, c.size)
	}
	if err := c.program(); err != nil {
		return nil, err
	}
	out := *req
	out.As, out.Program, out.File, out.Vars, out.Closed = "", c.text.String(), "", nil, true
	out.Wrt = slices.Clone(req.Wrt)
	for i, s := range p.prog.Wrt {
		if set := c.family[s]; set != nil {
			out.Wrt[i] = set.name
		}
	}
	if err := c.verify(&out); err != nil {
		return nil, err
	}
	return &out, nil
}

// verify compares the values of the program in both forms at a random point.
func (c *conversion) verify(out *DeriveRequest) error {
	other, err := open(&out.Request)
	if err != nil {
		if c.form == AsMatrix {
			return plainError(say("the program cannot be written with matrices of its samples"))
		}
		return plainError(say("the program cannot be written as a sum over samples: one would stand outside the sum"))
	}
	sizes := map[string]int{}
	var names []*expr.SizeName
	for _, d := range c.p.b.Dims() {
		names = d.Names(names)
	}
	for _, n := range names {
		sizes[n.Name] = 2 + n.Ordinal%4
	}
	f := c.p.prog.Result
	env, values, err := eval.Draw(c.p.b, []*expr.Node{f}, sizes, 5)
	if err != nil {
		return plainError(say("the other form could not be compared with numbers: %s", message.Of(err)))
	}
	for _, set := range c.order {
		if !set.given {
			continue
		}
		if c.form == AsMatrix {
			if members := env.Families[set.from.Name]; len(members) > 0 { // it occurs in the function
				env.Vars[set.name] = beside(members)
			}
			continue
		}
		var members []expr.Dense
		x := env.Vars[set.from.Name]
		if !set.rows {
			x = dense.Transpose(x)
		}
		for i := range x.Rows {
			d := expr.NewDense(x.Cols, 1)
			copy(d.Data, x.Data[i*x.Cols:(i+1)*x.Cols])
			members = append(members, d)
		}
		env.Families[set.name] = members
	}
	v, err := eval.Evaluate(other.b, other.prog.Result, env)
	if err != nil {
		return &InternalError{"the other form has no value: " + err.Error()}
	}
	if d := eval.Deviation(v, values[0]); !(d < 1e-9) {
		return &InternalError{fmt.Sprintf("the other form has another value: it deviates by %.1e", d)}
	}
	return nil
}

// beside puts vectors, columns or rows, side by side as columns, scalars into a vector.
func beside(list []expr.Dense) expr.Dense {
	n := list[0].Rows * list[0].Cols
	if n == 1 {
		d := expr.NewDense(len(list), 1)
		for i, x := range list {
			d.Data[i] = x.Data[0]
		}
		return d
	}
	d := expr.NewDense(n, len(list))
	for j, x := range list {
		for i := range n {
			d.Set(i, j, x.Data[i])
		}
	}
	return d
}

// sampleSizes lists the sizes that may count samples: those that no variable to
// differentiate by has and no square matrix, most frequent first.
func (p *problem) sampleSizes() []*expr.Dim {
	has := func(s *expr.Symbol, d *expr.Dim) bool { return s.Shape.Rows == d || s.Shape.Cols == d }
	var out []*expr.Dim
	count := map[*expr.Dim]int{}
	for _, v := range p.prog.Vars {
		for _, d := range []*expr.Dim{v.Symbol.Shape.Rows, v.Symbol.Shape.Cols} {
			names := d.Names(nil)
			if slices.Contains(out, d) || len(names) != 1 || d != p.b.Sizes.Size(names[0].Name) ||
				slices.ContainsFunc(p.prog.Wrt, func(s *expr.Symbol) bool { return has(s, d) }) {
				continue
			}
			n, square := 0, false
			for _, w := range p.prog.Vars {
				s := w.Symbol
				square = square || s.Shape.Rows == d && s.Shape.Cols == d
				if w.Occurs && has(s, d) {
					n++
				}
			}
			if n > 0 && !square {
				out = append(out, d)
				count[d] = n
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *expr.Dim) int { return count[b] - count[a] })
	return out
}

func (c *conversion) defined(name string) bool {
	return slices.ContainsFunc(c.p.prog.Defs, func(d check.Def) bool { return d.Name == name })
}

// rename gives a converted variable its name: a small letter for a sample, a
// capital for the matrix of samples.
func (c *conversion) rename(name string, matrix bool) string {
	out := strings.ToLower(name[:1]) + name[1:]
	if matrix {
		out = strings.ToUpper(name[:1]) + name[1:]
	}
	for out != name && (c.p.prog.Lookup(out) != nil || c.p.b.LookupSize(out) != nil || c.defined(out)) || slices.Contains(c.used, out) {
		out += "_"
	}
	c.used = append(c.used, out)
	return out
}

// convert prepares the other form of a symbol, if it has samples.
func (c *conversion) convert(s *expr.Symbol, given bool) error {
	p := c.p
	set := &sampleSet{from: s, given: given}
	switch {
	case c.form == AsMatrix && s.Family != nil:
		if s.Shape.IsMatrix() {
			return plainError(say("%s[%s] is a matrix: the samples of a matrix form are vectors or scalars", s.Name, s.Family.Name))
		}
		set.name = c.rename(s.Name, !s.Shape.IsScalar())
	case c.form == AsSum && (s.Shape.Rows == c.size || s.Shape.Cols == c.size):
		set.rows = s.Shape.Rows == c.size
		shape := expr.Shape{Rows: s.Shape.Rows, Cols: p.b.One()}
		if set.rows {
			shape.Rows = s.Shape.Cols
		}
		facts := s.Facts & (expr.Positive | expr.Onehot | expr.Simplex)
		if set.rows || !s.Shape.IsMatrix() {
			facts = s.Facts & expr.Positive
		}
		set.to = p.b.NewSymbol(s.Name, expr.Vector, shape, facts)
		set.to.Family = c.idx
		set.name = c.rename(s.Name, false)
	default:
		c.used = append(c.used, s.Name)
		return nil
	}
	c.family[s] = set
	c.order = append(c.order, set)
	return nil
}

// program writes the program in the other form.
func (c *conversion) program() error {
	p := c.p
	for _, v := range p.prog.Vars {
		if !v.Occurs {
			continue
		}
		if err := c.convert(v.Symbol, true); err != nil {
			return err
		}
	}
	for _, v := range p.prog.Vars {
		if v.Occurs {
			c.declare(v)
		}
	}
	type body struct {
		name  string
		node  *expr.Node
		index *expr.Index
	}
	var defs []body
	for _, d := range p.prog.Defs {
		if d.Node != nil {
			defs = append(defs, body{d.Name, d.Node, nil})
		}
		if len(d.Members) > 1 {
			return plainError(say("the family %s is used with several indices: the other form is known for one", d.Name))
		}
		for _, m := range d.Members {
			defs = append(defs, body{d.Name, m.Node, m.Index})
		}
	}
	slices.SortStableFunc(defs, func(a, b body) int { return a.node.ID - b.node.ID })
	occurs := map[*expr.Node]bool{}
	expr.Walk(p.prog.Result, func(n *expr.Node) { occurs[n] = true })
	for _, d := range defs {
		if d.node == p.prog.Result || !occurs[d.node] || len(d.node.Args) == 0 || !c.nameable(d.node.Shape, d.index) {
			continue
		}
		n := p.b.Replace(d.node, c.nodes)
		s := p.b.NewSymbol(d.name, expr.Matrix, d.node.Shape, 0)
		s.Family = d.index
		if err := c.convert(s, false); err != nil {
			return err
		}
		text, err := c.body(n, c.family[s])
		if err != nil {
			return err
		}
		name := d.name
		if set := c.family[s]; set != nil {
			name = set.name
			if c.form == AsSum {
				name += "[" + c.idx.Name + "]"
			}
		}
		c.text.WriteString(name + " = " + text + "\n")
		if d.index != nil {
			c.nodes[d.node] = p.b.Member(s, d.index)
		} else {
			c.nodes[d.node] = p.b.Var(s)
		}
	}
	text, err := c.body(p.b.Replace(p.prog.Result, c.nodes), nil)
	if err != nil {
		return err
	}
	c.text.WriteString(p.res.Name + " = " + text + "\n")
	return nil
}

// nameable reports whether a definition can have its name in the other form. A matrix for
// each sample, or one with the samples along both sides, has none there: it is written out
// where it is used.
func (c *conversion) nameable(s expr.Shape, member *expr.Index) bool {
	if c.form == AsMatrix {
		return member == nil || !s.IsMatrix()
	}
	return s.Rows != c.size || s.Cols != c.size
}

// declare writes a variable's declaration in the new form.
func (c *conversion) declare(v check.Var) {
	s := v.Symbol
	set := c.family[s]
	if set == nil {
		c.text.WriteString(v.Declaration() + "\n")
		return
	}
	facts := func(f expr.Fact) string {
		if names := f.Names(); len(names) > 0 {
			return " " + strings.Join(names, " ")
		}
		return ""
	}
	switch {
	case c.form == AsSum:
		c.text.WriteString(set.name + "[" + c.idx.Name + "]: " + shapeString(set.to.Shape) + facts(set.to.Facts) +
			", " + c.idx.Name + " = 1.." + c.size.String() + "\n")
	case s.Shape.IsScalar():
		c.text.WriteString(set.name + ": vector(" + s.Family.Size.String() + ")" + facts(v.Facts&expr.Positive) + "\n")
	default:
		entries := s.Shape.Rows
		if s.Shape.IsRow() {
			entries = s.Shape.Cols
		}
		c.text.WriteString(set.name + ": matrix(" + entries.String() + ", " + s.Family.Size.String() + ")" +
			facts(v.Facts&(expr.Positive|expr.Onehot|expr.Simplex)) + "\n")
	}
}

// body lowers a body, exchanges the samples, raises it and writes it.
func (c *conversion) body(n *expr.Node, set *sampleSet) (text string, err error) {
	p := c.p
	st := index.NewStore(p.b, nil) // no rules: as the user wrote it
	low, err := lower.New(st, p.eng.templates, nil, n)
	if err != nil {
		return "", plainError(message.Of(err))
	}
	v := low.Lower(n)
	ax := raise.Axes{Rows: slices.Clone(v.Rows), Cols: slices.Clone(v.Cols)}
	sum := v.S
	mode := raise.FamilyMatrix
	if c.form == AsSum {
		mode = raise.FamilySum
		sum = st.Substitute(sum, func(a *index.Atom) *index.Sum {
			if a.Kind != index.VarAtom {
				return nil
			}
			set := c.family[a.Sym]
			if set == nil {
				return nil
			}
			to := st.Var(set.to, false)
			idx := seq(len(a.Slots))
			if set.rows && len(idx) == 2 {
				idx = []int{1, 0}
			}
			return st.AtomSum(to, a.Slots, idx)
		})
		if set != nil { // the member: the samples' axis stays open
			if set.rows {
				ax = raise.Axes{Rows: ax.Cols}
			} else {
				ax = raise.Axes{Rows: ax.Rows}
			}
		}
	} else if len(v.Batch) > 0 {
		slot := v.Batch[0].Slot
		if len(ax.Cols) > 0 {
			ax = raise.Axes{Rows: ax.Cols} // a row of each sample
		}
		if len(ax.Rows) == 0 {
			ax.Rows = []int{slot}
		} else {
			ax.Cols = []int{slot}
		}
	}
	names := map[*expr.Symbol]string{}
	defer func() {
		for s, name := range names {
			s.Name = name
		}
	}()
	for _, s := range c.order {
		for _, x := range []*expr.Symbol{s.from, s.to} {
			if x != nil {
				names[x] = x.Name
				x.Name = s.name
			}
		}
	}
	m, form := raise.New(p.b, raise.Options{Family: mode}).Raise(sum, ax)
	if form == raise.Index {
		return "", plainError(say("the program has no %s form in matrix notation", string(c.form)))
	}
	if c.form == AsSum && n.Shape.IsScalar() && set == nil && !c.isSum(m) {
		return "", plainError(say("the expression is no sum over samples"))
	}
	return print.Language(m, &print.Options{Builder: p.b, MaxTokens: -1}).Result, nil
}

// isSum reports whether n is a sum over the samples but for a factor, or has such a
// term.
func (c *conversion) isSum(n *expr.Node) bool {
	switch n.Op.Name {
	case expr.OpSumOver:
		return n.Index.Size == c.size
	case expr.OpAdd, expr.OpNeg, expr.OpMul, expr.OpDiv:
		return slices.ContainsFunc(n.Args, c.isSum)
	}
	return false
}

// given says what the new names stand for.
func (c *conversion) given() []paper.Given {
	var out []paper.Given
	for _, s := range c.order {
		if !s.given {
			continue
		}
		matrix, member := s.name, s.from.Name
		size := ""
		if c.form == AsSum {
			matrix, member, size = s.from.Name, s.name, c.size.String()
		} else {
			size = s.from.Family.Size.String()
		}
		first, last := entryOf(member, "1"), entryOf(member, size)
		sep, sepTeX := ", …, ", ` & \cdots & `
		t, tTeX := "", ""
		shape := s.from.Shape
		if c.form == AsMatrix && shape.IsScalar() || c.form == AsSum && s.rows {
			sep, sepTeX = "; …; ", ` \\ \vdots \\ `
			if c.form == AsSum && shape.IsMatrix() {
				t, tTeX = "ᵀ", `^\top`
			}
		} else if shape.IsRow() {
			t, tTeX = "ᵀ", `^\top`
		}
		out = append(out, paper.Given{Formula: paper.Formula{
			Text: matrix + " = [" + first + t + sep + last + t + "]",
			LaTeX: print.LaTeXName(matrix) + ` = \begin{bmatrix} ` + print.LaTeXName(first) + tTeX + sepTeX +
				print.LaTeXName(last) + tTeX + ` \end{bmatrix}`,
		}, Words: paper.Words{En: "the samples", Zh: "全体样本"}})
	}
	return out
}
