package syntax

import (
	"io"
	"strconv"
	"strings"
)

// WriteTree writes a program as an indented tree, one node a line with its
// place in the text, for looking at what the parser understood.
func WriteTree(w io.Writer, p *Program) error {
	t := treeWriter{p: p}
	for _, s := range p.Stmts {
		t.stmt(s)
	}
	_, err := io.WriteString(w, t.b.String())
	return err
}

type treeWriter struct {
	p *Program
	b strings.Builder
}

func (t *treeWriter) line(depth int, head string, at int) {
	for ; depth > 0; depth-- {
		t.b.WriteString("  ")
	}
	t.b.WriteString(head)
	line, column := t.p.File.Position(at)
	t.b.WriteString("  " + strconv.Itoa(line) + ":" + strconv.Itoa(column) + "\n")
}

func (t *treeWriter) stmt(s Stmt) {
	switch s := s.(type) {
	case *Decl:
		head := "declaration"
		for _, n := range s.Names {
			head += " " + n.Name
		}
		if s.Index.Name != "" {
			head += "[" + s.Index.Name + "]"
		}
		head += ": " + s.Type.Kind.String()
		for _, f := range s.Facts {
			head += " " + f.Name
		}
		t.line(0, head, s.At.Start)
		for _, x := range s.Type.Sizes {
			t.expr(1, x)
		}
		if s.Range != nil {
			t.line(1, "range "+s.Range.Index.Name, s.Range.Index.At.Start)
			t.expr(2, s.Range.From)
			t.expr(2, s.Range.To)
		}
	case *Definition:
		head := "definition " + s.Name.Name
		if s.Index.Name != "" {
			head += "[" + s.Index.Name + "]"
		}
		t.line(0, head, s.At.Start)
		t.expr(1, s.Body)
	case *ExprStmt:
		t.expr(0, s.X)
	case *Equation:
		t.line(0, "equation", s.Equal.Start)
		t.expr(1, s.X)
		t.expr(1, s.Y)
	}
}

func (t *treeWriter) expr(depth int, x Expr) {
	head, kids := describeNode(x)
	at := x.Span().Start
	switch x := x.(type) {
	case *Unary:
		at = x.OpAt.Start
	case *Binary:
		at = x.OpAt.Start
	}
	t.line(depth, head, at)
	for _, k := range kids {
		t.expr(depth+1, k)
	}
}

// describeNode returns the head of a node and its operands.
func describeNode(x Expr) (string, []Expr) {
	switch x := x.(type) {
	case *Number:
		return "number " + x.Text, nil
	case *Name:
		return "name " + x.Name, nil
	case *Call:
		return "call " + x.Func.Name, x.Args
	case *Index:
		return "member of " + x.Family.Name, []Expr{x.Sub}
	case *Unary:
		return x.Op.Symbol().Name, []Expr{x.X}
	case *Binary:
		return x.Op.Symbol().Name, []Expr{x.X, x.Y}
	case *Norm:
		return "norm" + x.Kind.String(), []Expr{x.X}
	case *Bars:
		return "bars", []Expr{x.X}
	case *SumOver:
		if x.From != nil {
			return "sum over " + x.Index.Name, []Expr{x.From, x.To, x.Body}
		}
		return "sum over " + x.Index.Name, []Expr{x.Body}
	case *Fill:
		if x.One {
			return "ones", x.Sizes
		}
		return "zeros", x.Sizes
	}
	panic("syntax: unknown expression")
}
