package derive

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// A Trail is what a derivation has named on its way, so that numbers can be put in.
// Derive fills it in.
type Trail struct {
	parts     []passed // intermediates in the order of computation
	gradients []passed // derivatives by them in the order in which they are found
	function  *expr.Node
}

// A passed quantity is an intermediate, or the derivative by one.
type passed struct {
	sym   *expr.Symbol
	node  *expr.Node
	index *expr.Index
	name  func(member int) paper.Formula // member from 1; 0 where there is no family
	tool  bool                           // named by us
	of    *expr.Symbol                   // of a gradient: what it is by
	after int                            // of a gradient: how many parts are computed up to that
}

// trail notes what has a name.
func (p *deriver) trail() *Trail {
	t := &Trail{}
	place := map[*part]int{}
	for k, q := range p.parts {
		if q.sym == nil {
			t.function = q.body
			continue
		}
		place[q] = k
		t.parts = append(t.parts, passed{sym: q.sym, node: q.body, index: q.index, tool: q.tool,
			name: func(m int) paper.Formula { return nameOfMember(q.name, m) }})
	}
	for _, b := range p.blocks {
		for _, l := range b.lines {
			q := p.spelled[l.gives].part
			if l.gives == nil || p.spelled[l.gives].kind != gradientSymbol {
				if l.gives != nil { // a coefficient with a name
					t.gradients = append(t.gradients, passed{sym: l.gives, node: l.node, index: l.index, tool: true})
				}
				continue
			}
			t.gradients = append(t.gradients, passed{sym: l.gives, node: l.node, index: l.index, of: q.sym, after: place[q] + 1, tool: q.tool,
				name: func(m int) paper.Formula { return p.derivativeName(q.name, m) }})
		}
	}
	return t
}

// nameOfMember is a name, or that of a member by its number.
func nameOfMember(name string, m int) paper.Formula {
	if m > 0 {
		name += "[" + itoa(m) + "]"
	}
	return paper.Formula{Text: name, LaTeX: print.LaTeXName(name)}
}

func (p *deriver) derivativeName(name string, m int) paper.Formula {
	f := nameOfMember(p.req.Name, 0)
	x := nameOfMember(name, m)
	return paper.Formula{Text: "∂" + f.Text + "/∂" + x.Text, LaTeX: `\frac{\partial ` + f.LaTeX + `}{\partial ` + x.LaTeX + `}`}
}

// An Instance asks for a worked example with numbers.
type Instance struct {
	Builder *expr.Builder
	Name    string     // of the function
	Result  *expr.Node // the function
	Trail   *Trail
	// Variables are those that the program has, in its order.
	Variables []*expr.Symbol
	Answers   []InstanceAnswer
	// Least are lower bounds of sizes.
	Least []eval.LeastSize
}

// An InstanceAnswer is a derivative whose numbers are asked for.
type InstanceAnswer struct {
	Name    func(member int) paper.Formula // member from 1; 0 where there is no family
	Problem *eval.Problem
	// Entries are entries of the derivative, in the order of the layout, that are
	// shown by themselves.
	Entries func(b *eval.Board) []InstanceEntry
}

// An InstanceEntry is one entry of a derivative, its row and column counted from 0.
type InstanceEntry struct {
	Name     paper.Formula
	Row, Col int
	Value    float64 // by the entry's own formula
}

// NoInstance is returned where there is no example with small integers.
type NoInstance struct{ Reason string }

func (n *NoInstance) Error() string { return "no example with small numbers was found: " + n.Reason }

// exampleTolerance is the largest deviation of a derivative from differences,
// relative to its largest entry, in an example.
const exampleTolerance = 1e-6

// Work returns the example as a block of a paper: sizes and variables, the function
// and what is named on the way, and each derivative by its formula beside what
// differences of the function give. inline gets the plain text of formulas in words.
// It returns a *NoInstance where there is none, and a *Mistake where a derivative and
// the differences do not agree.
func (q *Instance) Work(inline map[string]string) (*paper.Block, error) {
	w := &worker{Instance: q, inline: inline}
	ex := &eval.Example{Reg: q.Builder, Domain: []*expr.Node{q.Result}, Cost: w.cost, Least: q.Least}
	if q.Trail.function != nil {
		ex.Domain = append(ex.Domain, q.Trail.function)
	}
	for _, s := range q.Trail.parts {
		ex.Assigned = append(ex.Assigned, eval.Assignment{Sym: s.sym, Node: s.node, Index: s.index})
		ex.Moved = append(ex.Moved, s.sym)
	}
	for _, s := range q.Trail.gradients {
		ex.More = append(ex.More, s.sym)
	}
	for _, a := range q.Answers {
		ex.Moved = append(ex.Moved, a.Problem.X)
	}
	var err error
	for range 4 { // differences may not settle at a point
		if w.board, err = ex.Board(); err != nil {
			return nil, &NoInstance{err.Error()}
		}
		w.block = &paper.Block{ID: "instance"}
		w.given()
		w.values()
		err = w.derivatives()
		var none *NoInstance
		if !errors.As(err, &none) {
			break
		}
		ex.Seed += 100
	}
	if err != nil {
		return nil, err
	}
	return w.block, nil
}

type worker struct {
	*Instance
	board  *eval.Board
	inline map[string]string
	block  *paper.Block
}

// largestEntry is that of what an example shows.
const largestEntry = 1e5

// cost is the number of characters that the numbers need, with a penalty for rounded
// ones and for derivatives that vanish.
func (w *worker) cost(b *eval.Board) (float64, bool) {
	total := 0.0
	see := func(list []expr.Dense) bool {
		for _, d := range list {
			if eval.Magnitude(d) > largestEntry {
				return false
			}
			sum := 0.0
			scale := scaleOf(d)
			for _, v := range d.Data {
				w.Builder.Limit.Step(numberWork)
				f, exact := number(v, scale)
				sum += float64(utf8.RuneCountInString(f.Text))
				if !exact {
					sum += 2
				}
			}
			total += sum / float64(len(d.Data))
			if n := len(d.Data); n > 1 && !slices.ContainsFunc(d.Data, func(v float64) bool { return math.Abs(v-d.Data[0]) > 1e-9 }) {
				total += 15 // all alike
			}
		}
		return true
	}
	f, err := b.Values(w.Result, nil)
	if err != nil || !see(f) {
		return 0, false
	}
	if eval.Magnitude(f[0]) < 1e-9 {
		total += 4
	}
	for _, s := range w.Trail.parts {
		if s.tool {
			continue
		}
		if v, err := b.Values(s.node, s.index); err != nil || !see(v) {
			return 0, false
		}
	}
	for _, a := range w.Answers {
		v, err := b.Answer(a.Problem)
		if err != nil || !see(v) {
			return 0, false
		}
		largest, zeros, n := 0.0, 0, 0
		for _, d := range v {
			largest = math.Max(largest, eval.Magnitude(d))
			n += len(d.Data)
			for _, x := range d.Data {
				if math.Abs(x) < 1e-9 {
					zeros++
				}
			}
		}
		if largest < 1e-3 {
			total += 30
		}
		if a.Problem.F.Shape.IsScalar() && a.Problem.FView == nil {
			total += 4 * float64(zeros) / float64(n)
		}
	}
	return total, true
}

// numberWork is the work of writing a number.
const numberWork = 40

// scaleOf is the size of a value's entries.
func scaleOf(d expr.Dense) float64 { return math.Max(eval.Magnitude(d), 1e-3) }

// number writes an entry of a value of a scale: exactly if it can be, else rounded.
func number(v, scale float64) (f paper.Formula, exact bool) {
	if f, ok := paper.Exact(v, 1e-12*scale); ok {
		return f, true
	}
	return paper.Rounded(v, 1e-12*scale), false
}

// matrix writes a value, and the sign that stands before it.
func (w *worker) matrix(d expr.Dense) (f paper.Formula, sign string) {
	sign = "="
	scale := scaleOf(d)
	return w.cells(d, func(v float64) paper.Formula {
		f, exact := number(v, scale)
		if !exact {
			sign = "≈"
		}
		return f
	}), sign
}

// rounded writes a value that differences have given.
func (w *worker) rounded(d expr.Dense, scale float64) paper.Formula {
	return w.cells(d, func(v float64) paper.Formula { return paper.Rounded(v, 1e-8*math.Max(scale, 1e-3)) })
}

func (w *worker) cells(d expr.Dense, write func(float64) paper.Formula) paper.Formula {
	rows := make([][]paper.Formula, d.Rows)
	for i := range rows {
		for j := range d.Cols {
			w.Builder.Limit.Step(numberWork)
			rows[i] = append(rows[i], write(d.At(i, j)))
		}
	}
	return paper.Matrix(rows)
}

// statementWidth is the number of columns that quantities side by side take.
const statementWidth = 64

// given writes the sizes into the heading and the variables side by side.
func (w *worker) given() {
	var sizes, sizesTeX []string
	for _, s := range w.board.Sizes() {
		if slices.ContainsFunc(w.Variables, func(v *expr.Symbol) bool { return v.Name == s.Name }) {
			continue // an integer that is a variable
		}
		sizes = append(sizes, s.Name+" = "+itoa(s.Value))
		sizesTeX = append(sizesTeX, print.LaTeXName(s.Name)+" = "+itoa(s.Value))
	}
	w.block.Heading = paper.Words{En: "An example with numbers", Zh: "数值例子"}
	if len(sizes) > 0 {
		latex := strings.Join(sizesTeX, `,\ `)
		w.inline[latex] = strings.Join(sizes, ", ")
		w.block.Heading = paper.Words{En: "An example with $" + latex + "$", Zh: "数值例子：$" + latex + "$"}
	}
	var row statement
	for _, f := range w.board.Functions() {
		x := "t"
		c := paper.Formula{Text: itoa(f.Linear), LaTeX: itoa(f.Linear)}
		if f.Linear == 1 {
			c = paper.Formula{}
		}
		for slices.ContainsFunc(w.Builder.Symbols(), func(s *expr.Symbol) bool { return s.Name == x }) {
			x += "'"
		}
		row.add(w.block, paper.Formula{Text: f.Symbol.Name + "(" + x + ") = " + x + "² + " + c.Text + x,
			LaTeX: print.LaTeXName(f.Symbol.Name) + "(" + x + ") = {" + x + "}^2 + " + c.LaTeX + x})
	}
	for _, v := range w.board.Named() {
		if !slices.Contains(w.Variables, v.Symbol) || v.Symbol.Kind == expr.Function {
			continue
		}
		for k, d := range v.Values {
			m := 0
			if v.Symbol.Family != nil {
				m = k + 1
			}
			value, sign := w.matrix(d)
			row.add(w.block, paper.Beside(equals(nameOfMember(v.Symbol.Name, m), sign), value))
		}
	}
	row.end(w.block)
}

// A statement is a line of equations side by side.
type statement struct {
	list  []paper.Formula
	width int
}

// add puts an equation on the line, or on the next one where it is full.
func (s *statement) add(b *paper.Block, f paper.Formula) {
	n := breadth(f)
	if s.width+n > statementWidth {
		s.end(b)
	}
	if len(s.list) > 0 {
		s.list = append(s.list, paper.Formula{Text: ",   ", LaTeX: `,\quad `})
	}
	s.list = append(s.list, f)
	s.width += n + 4
}

func (s *statement) end(b *paper.Block) {
	if len(s.list) > 0 {
		b.Lines = append(b.Lines, paper.Line{Lhs: paper.Beside(s.list...)})
	}
	*s = statement{}
}

// equals is the beginning of an equation.
func equals(name paper.Formula, sign string) paper.Formula {
	latex := sign
	if sign == "≈" {
		latex = `\approx`
	}
	return paper.Formula{Text: name.Text + " " + sign + " ", LaTeX: name.LaTeX + " " + latex + " "}
}

// breadth is the number of columns of a formula in text.
func breadth(f paper.Formula) int {
	if len(f.Pieces) == 0 {
		return utf8.RuneCountInString(f.Text)
	}
	n := 0
	for _, p := range f.Pieces {
		n += utf8.RuneCountInString(p.Text)
		if len(p.Rows) == 0 {
			continue
		}
		widths := make([]int, len(p.Rows[0]))
		for _, r := range p.Rows {
			for j, c := range r {
				widths[j] = max(widths[j], utf8.RuneCountInString(c))
			}
		}
		for _, k := range widths {
			n += k + 2
		}
	}
	return n
}

// values writes the function and the intermediates.
func (w *worker) values() {
	for _, s := range w.Trail.parts {
		list, err := w.board.Values(s.node, s.index)
		if err != nil {
			continue
		}
		if s.index == nil {
			w.line(s.name(0), list[0])
			continue
		}
		var row statement
		for k, d := range list {
			value, sign := w.matrix(d)
			row.add(w.block, paper.Beside(equals(s.name(k+1), sign), value))
		}
		row.end(w.block)
	}
	if list, err := w.board.Values(w.Result, nil); err == nil {
		w.line(nameOfMember(w.Name, 0), list[0])
	}
}

// member is the number of a member, 0 where there is no family.
func member(index *expr.Index, k int) int {
	if index == nil {
		return 0
	}
	return k + 1
}

func (w *worker) line(name paper.Formula, d expr.Dense) *paper.Line {
	value, sign := w.matrix(d)
	w.block.Lines = append(w.block.Lines, paper.Line{Lhs: name, Sign: sign, Rhs: value})
	return &w.block.Lines[len(w.block.Lines)-1]
}

// derivatives writes each derivative, on the way and asked for, beside what differences
// give.
func (w *worker) derivatives() error {
	t := w.Trail
	for _, g := range t.gradients {
		list, err := w.board.Values(g.node, g.index)
		if err != nil {
			return &NoInstance{err.Error()}
		}
		if err := w.board.Assign([]eval.Assignment{{Sym: g.sym, Node: g.node, Index: g.index}}); err != nil {
			return &NoInstance{err.Error()}
		}
		if g.of == nil {
			continue
		}
		var follow []eval.Assignment
		for _, s := range t.parts[g.after:] {
			follow = append(follow, eval.Assignment{Sym: s.sym, Node: s.node, Index: s.index})
		}
		pr := &eval.Problem{Reg: w.Builder, F: t.function, X: g.of, Index: g.index}
		if err := w.compare(list, pr, follow, func(k int) paper.Formula { return g.name(member(g.index, k)) }, nil); err != nil {
			return err
		}
	}
	for _, a := range w.Answers {
		list, err := w.board.Answer(a.Problem)
		if err != nil {
			return &NoInstance{err.Error()}
		}
		var entries []InstanceEntry
		if a.Entries != nil {
			entries = a.Entries(w.board)
		}
		if err := w.compare(list, a.Problem, nil, func(k int) paper.Formula { return a.Name(member(a.Problem.Index, k)) }, entries); err != nil {
			return err
		}
	}
	return nil
}

// compare writes values of one derivative, and entries of its first one.
func (w *worker) compare(list []expr.Dense, pr *eval.Problem, follow []eval.Assignment, name func(k int) paper.Formula, entries []InstanceEntry) error {
	want, slack, err := w.board.ByDifferences(pr, follow)
	if err != nil {
		return &NoInstance{err.Error()}
	}
	if len(want) != len(list) {
		return &Mistake{fmt.Sprintf("%d values of a derivative, differences give %d", len(list), len(want))}
	}
	scale := slack / exampleTolerance
	for k := range list {
		scale = math.Max(scale, math.Max(1e-3, math.Max(eval.Magnitude(want[k]), eval.Magnitude(list[k]))))
	}
	off := func(got, want float64) float64 { return math.Abs(got-want) / scale }
	for k, d := range list {
		if d.Rows != want[k].Rows || d.Cols != want[k].Cols {
			return &Mistake{fmt.Sprintf("%s is %d × %d in the example, differences give %d × %d", name(k).Text, d.Rows, d.Cols, want[k].Rows, want[k].Cols)}
		}
		worst := 0.0
		for i, v := range d.Data {
			worst = math.Max(worst, off(v, want[k].Data[i]))
		}
		if !(worst < exampleTolerance) {
			return &Mistake{fmt.Sprintf("%s differs from differences by %.1e in the example", name(k).Text, worst)}
		}
		l := w.line(name(k), d)
		l.Checked, l.Error = true, worst
		l.Notes = []paper.Note{byDifferences(w.rounded(want[k], scale))}
	}
	for _, e := range entries {
		d, v := want[0], expr.Dense{Rows: 1, Cols: 1, Data: []float64{e.Value}}
		worst := off(e.Value, d.At(e.Row, e.Col))
		if !(worst < exampleTolerance) {
			return &Mistake{fmt.Sprintf("%s differs from differences by %.1e in the example", e.Name.Text, worst)}
		}
		l := w.line(e.Name, v)
		l.Checked, l.Error = true, worst
		v.Data = []float64{d.At(e.Row, e.Col)}
		l.Notes = []paper.Note{byDifferences(w.rounded(v, scale))}
	}
	return nil
}

// byDifferences is the note beside a derivative in an example.
func byDifferences(f paper.Formula) paper.Note {
	return paper.Note{ID: "differences", Name: paper.Words{En: "by differences", Zh: "用差分计算"}, Value: f}
}
