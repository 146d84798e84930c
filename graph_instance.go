package nabla

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// largestNumber is that of what an instance shows.
const largestNumber = 1e5

// instanceTolerance is the largest deviation of an adjoint from differences, relative to
// its largest entry.
const instanceTolerance = 1e-6

// instance puts small numbers in: those of a point at which everything on the graph has
// a value and the numbers are short.
func (g *grapher) instance(eg *ExpressionGraph) error {
	b := g.p.b
	inst := &GraphInstance{Sizes: []GraphSize{}}
	eg.Instance = inst
	if g.operations() > instanceOperations {
		inst.Reason = paper.Words{En: "the graph is too large", Zh: "图太大"}
		return nil
	}
	ex := &eval.Example{Reg: b, Domain: []*expr.Node{g.p.prog.Result}, Cost: g.cost}
	ex.Assigned, ex.Moved = g.assignments()
	for _, n := range g.nodes {
		if n.adj != nil {
			ex.More = append(ex.More, n.adj)
		}
	}
	board, err := ex.Board()
	if err != nil {
		inst.Reason = paper.Words{En: "no point of small numbers was found at which all of this has a value", Zh: "没有找到使图上各量都有值的小数字"}
		return nil
	}
	for _, s := range board.Sizes() {
		if g.p.prog.Lookup(s.Name) == nil { // an integer that is a variable is there already
			inst.Sizes = append(inst.Sizes, GraphSize(s))
		}
	}
	for _, f := range board.Functions() {
		k, times := "", ""
		if f.Linear > 1 {
			k, times = strconv.Itoa(f.Linear), "*"
		}
		name := f.Symbol.Name
		inst.Functions = append(inst.Functions, GraphFormula{name + "(t) = t² + " + k + "t",
			print.LaTeXName(name) + "(t) = t^2 + " + k + "t", name + "(t) = t^2 + " + k + times + "t"})
	}
	g.flowValues(board)
	for i, n := range g.nodes {
		out := &eg.Nodes[i]
		out.Value = writeValues(board.Members(n.sym))
		if n.answer == nil {
			continue
		}
		d, err := board.Answer(g.problem(n))
		if err != nil {
			continue
		}
		out.Adjoint.Value = writeValues(d)
		if g.p.req.NoCheck {
			continue
		}
		if err := g.compare(board, n, d); err != nil {
			return err
		}
	}
	return nil
}

// instanceOperations is the number of operations up to which numbers are put in.
const instanceOperations = 300

// flowValues computes the adjoints by their consumers, from the result down.
func (g *grapher) flowValues(board *eval.Board) {
	known := map[*gnode]bool{}
	for _, n := range slices.Backward(g.nodes) {
		switch {
		case n.out.Adjoint == nil:
			continue
		case n.users == nil:
			n.out.Adjoint.Value = []GraphValue{{Rows: [][]string{{"1"}}, LaTeX: "1", Exact: true}}
			known[n] = true
			continue
		case n.local == nil || slices.ContainsFunc(n.users, func(c *gnode) bool { return !known[c] }):
			continue
		}
		d, err := board.Values(n.local, n.index)
		if err != nil {
			continue
		}
		n.out.Adjoint.Value, known[n] = writeValues(d), true
		if n.adj != nil {
			known[n] = board.Assign([]eval.Assignment{{Sym: n.adj, Node: n.local, Index: n.index}}) == nil
		}
	}
}

// cost is the number of characters that all numbers need, with a penalty for rounded
// ones and for adjoints that vanish.
func (g *grapher) cost(b *eval.Board) (float64, bool) {
	total := 0.0
	see := func(list []expr.Dense) bool {
		for _, d := range list {
			if !(eval.Magnitude(d) <= largestNumber) {
				return false
			}
			sum, scale := 0.0, eval.Magnitude(d)
			for _, v := range d.Data {
				g.p.b.Limit.Step(numberWork)
				f, exact := number(v, scale)
				sum += float64(utf8.RuneCountInString(f.Text))
				if !exact {
					sum += 2
				}
			}
			zeros := 0
			for _, v := range d.Data {
				if math.Abs(v) < 1e-9 {
					zeros++
				}
			}
			total += (sum + 2*float64(zeros)) / float64(len(d.Data))
			if n := len(d.Data); n > 1 && !slices.ContainsFunc(d.Data, func(v float64) bool { return math.Abs(v-d.Data[0]) > 1e-9 }) {
				total += 5 // all alike
			}
		}
		return true
	}
	for _, n := range g.nodes {
		if !see(b.Members(n.sym)) {
			return 0, false
		}
		if n.answer == nil || n.node != nil {
			continue
		}
		d, err := b.Answer(g.problem(n))
		if err != nil || !see(d) {
			return 0, false
		}
		if !slices.ContainsFunc(d, func(d expr.Dense) bool { return eval.Magnitude(d) > 1e-3 }) {
			total += 30
		}
	}
	return total, true
}

// numberWork is the work of writing a number.
const numberWork = 40

// number writes an entry of a value whose largest is scale: exactly if it can be, else
// rounded.
func number(v, scale float64) (f paper.Formula, exact bool) {
	slack := 1e-12 * math.Max(scale, 1e-3)
	if f, ok := paper.Exact(v, slack); ok {
		return f, true
	}
	return paper.Rounded(v, slack), false
}

func writeValues(list []expr.Dense) []GraphValue {
	var out []GraphValue
	for _, d := range list {
		v, scale := GraphValue{Exact: true}, eval.Magnitude(d)
		cells := make([][]paper.Formula, d.Rows)
		for i := range d.Rows {
			row := []string{}
			for j := range d.Cols {
				f, exact := number(d.At(i, j), scale)
				v.Exact = v.Exact && exact
				cells[i] = append(cells[i], f)
				row = append(row, f.Text)
			}
			v.Rows = append(v.Rows, row)
		}
		v.LaTeX = paper.Matrix(cells).LaTeX
		out = append(out, v)
	}
	return out
}
