package derive

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// tolerance of a line's value, relative to its largest entry.
const tolerance = 1e-6

// An ownDifferential is dq of a part as a symbol whose value its body gives.
type ownDifferential struct {
	sym  *expr.Symbol
	part *part
}

// verify compares every line by numbers at a random point in a random direction,
// and finds which facts each line uses.
func (p *deriver) verify() error {
	board, err := p.board(11)
	var values map[*line]pair
	if err == nil {
		values, err = p.evaluate(board)
	}
	if err != nil {
		return &Unchecked{err.Error()}
	}
	for _, b := range p.blocks {
		for _, l := range b.lines {
			if l.expect == nil {
				continue
			}
			worst := 0.0
			if n := len(values[l].got); n == 0 || n != len(values[l].want) {
				worst = math.Inf(1)
			}
			for i, v := range values[l].got {
				if i < len(values[l].want) {
					worst = math.Max(worst, eval.Deviation(v, values[l].want[i]))
				}
			}
			if !(worst < tolerance) {
				return &Mistake{fmt.Sprintf("a line of the derivation fails its check by %.1e: %s", worst, p.text(l.node))}
			}
			p.errors[l] = worst
		}
	}
	p.factsUsed(values)
	return nil
}

// A pair is the value of a line and the one it must have.
type pair struct{ got, want []expr.Dense }

// latest leaves out symbols that have the name of a later one: those of an attempt before
// this one. A point takes symbols of one name for the same.
func latest(list []*expr.Symbol) []*expr.Symbol {
	last := map[string]*expr.Symbol{}
	for _, s := range list {
		last[s.Name] = s
	}
	return slices.DeleteFunc(slices.Clone(list), func(s *expr.Symbol) bool { return last[s.Name] != s })
}

// board draws a point for all lines.
func (p *deriver) board(seed uint64) (*eval.Board, error) {
	var assigned []eval.Assignment
	for _, q := range p.parts[:len(p.parts)-1] {
		assigned = append(assigned, eval.Assignment{Sym: q.sym, Node: q.body, Index: q.index})
	}
	f := p.parts[len(p.parts)-1]
	var more []*expr.Symbol
	more = append(more, latest(p.b.Symbols()[p.before:])...)
	for _, a := range p.req.Answers {
		more = append(more, a.Wrt)
	}
	var moving []*expr.Symbol
	for _, s := range p.b.Symbols() {
		if p.moving[s] {
			moving = append(moving, s)
		}
	}
	// A line may have what the function has no longer: 0 s.
	var lines []*expr.Node
	for _, b := range p.blocks {
		for _, l := range b.lines {
			if l.expect != nil {
				lines = append(lines, l.node, l.expect)
			}
		}
	}
	board, err := eval.NewBoard(p.b, []*expr.Node{f.body}, lines, assigned, more, moving, seed)
	if err != nil {
		return nil, err
	}
	// What moves are the leaves; every other differential follows by differences.
	moved := make([]map[*expr.Symbol]*expr.Symbol, p.pass+1)
	follow := make([][]eval.Assignment, p.pass+1)
	for k := range moved {
		moved[k] = map[*expr.Symbol]*expr.Symbol{}
	}
	for _, s := range p.b.Symbols()[p.before:] {
		d := p.diffOf[s]
		switch {
		case d == nil:
		case d.leaf:
			moved[d.pass][d.of.Sym] = s
		default:
			follow[d.pass] = append(follow[d.pass], eval.Assignment{Sym: s, Node: d.of, Index: d.index})
		}
	}
	for _, o := range p.own {
		follow[0] = append(follow[0], eval.Assignment{Sym: o.sym, Node: o.part.body, Index: o.part.index})
	}
	if !p.inline {
		assigned = nil // intermediates move by themselves
	}
	for k := range moved {
		if err := board.Differences(follow[k], moved[k], assigned); err != nil {
			return nil, err
		}
	}
	return board, nil
}

// evaluate returns the values of all lines; gradients get theirs on the way.
func (p *deriver) evaluate(board *eval.Board) (map[*line]pair, error) {
	out := map[*line]pair{}
	for _, b := range p.blocks {
		for _, l := range b.lines {
			var v pair
			var err error
			if l.expect != nil {
				if v.got, err = board.Values(l.node, l.index); err != nil {
					return nil, err
				}
				if v.want, err = board.Values(l.expect, l.index); err != nil {
					return nil, err
				}
			}
			out[l] = v
			if l.gives != nil {
				if err := board.Assign([]eval.Assignment{{Sym: l.gives, Node: l.node, Index: l.index}}); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// factsUsed finds the lines that hold only because of a declared fact: at a point
// where the variable lacks it, the line differs from the one before.
func (p *deriver) factsUsed(values map[*line]pair) {
	const structural = expr.Symmetric | expr.Posdef | expr.Diagonal | expr.Orthogonal | expr.Onehot | expr.Simplex | expr.Toeplitz
	for _, s := range p.b.Symbols() {
		if s.Facts&structural == 0 || s.Ordinal >= p.before && p.partOf(s) == nil {
			continue
		}
		if q := p.partOf(s); q != nil {
			continue // its value is computed
		}
		facts := s.Facts
		s.Facts &^= structural
		board, err := p.board(29)
		var bare map[*line]pair
		if err == nil {
			bare, err = p.evaluate(board)
		}
		s.Facts = facts
		if err != nil {
			continue
		}
		for _, b := range p.blocks {
			wrong := false
			for k, l := range b.lines {
				if l.lhs.Text != "" {
					wrong = false
				}
				goesOn := k+1 < len(b.lines) && b.lines[k+1].lhs.Text == "" && b.lines[k+1].expect != nil
				if l.expect == nil || len(values[l].got) == 0 || l.reads && goesOn {
					continue // what is read off is compared with the end of its chain
				}
				was := wrong
				wrong = false
				for i, v := range bare[l].got {
					wrong = wrong || !(eval.Deviation(v, bare[l].want[i]) < tolerance)
				}
				if wrong && !was && len(l.notes) > 0 {
					n := &l.notes[len(l.notes)-1]
					n.Needs = appendFact(slices.Clone(n.Needs), p.factOf(p.anyOperand(s), s))
				}
			}
		}
	}
}

// anyOperand is a variable as it is written; of a family, a member.
func (p *deriver) anyOperand(s *expr.Symbol) *expr.Node {
	if s.Family != nil {
		return p.b.Member(s, s.Family)
	}
	return p.b.Var(s)
}

// finish makes the paper.
func (p *deriver) finish() (*paper.Paper, error) {
	f := p.parts[len(p.parts)-1]
	for _, q := range p.parts {
		if q == f {
			continue
		}
		p.paper.Taken = append(p.paper.Taken, q.name)
		p.paper.Given = append(p.paper.Given, paper.Given{Formula: p.equation(p.operand(q), q.written)})
	}
	for _, b := range p.blocks {
		blk := paper.Block{ID: b.id, Heading: b.heading, Intro: b.intro}
		for _, l := range b.lines {
			out := paper.Line{Lhs: l.lhs, Notes: l.notes, Result: l.result}
			if l.as != nil {
				out.Rhs = *l.as
			} else {
				out.Rhs = p.formulaOf(l.node)
			}
			if l.expect != nil {
				out.Checked, out.Error = true, p.errors[l]
			}
			for _, n := range l.notes {
				for latex, text := range inNames {
					if strings.Contains(n.Name.En, "$"+latex+"$") {
						p.paper.Inline[latex] = text
					}
				}
			}
			blk.Lines = append(blk.Lines, out)
		}
		if len(blk.Lines) > 0 {
			p.paper.Blocks = append(p.paper.Blocks, blk)
		}
	}
	return p.paper, nil
}

func (p *deriver) equation(l, r *expr.Node) paper.Formula {
	a, b := p.formulaOf(l), p.formulaOf(r)
	return paper.Formula{Text: a.Text + " = " + b.Text, LaTeX: a.LaTeX + " = " + b.LaTeX}
}
