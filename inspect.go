package nabla

import (
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
)

// An Inspection says how a program is understood, without differentiating anything.
type Inspection struct {
	// Program is the program in the language, where it came in another notation.
	Program string
	// Expression is what would be differentiated. Its Symbol is the name that the program
	// gives it, empty if it gives none. It may be an equation.
	Expression Formula
	// Definitions are all of the program, in order, each in terms of those before.
	Definitions []Formula
	Variables   []Variable
	Notes       []string
	NotesZH     []string // the same in Chinese
	// Wrt is the variable to differentiate by where there is only one, or those asked for.
	Wrt []string
}

// Inspect reads and types a program. It looks at the text, the declarations and Wrt of
// the request alone; a variable is not required.
func Inspect(req Request) (out *Inspection, err error) {
	if req.Notation != LanguageNotation {
		req.equations = true
		t, err := req.translate()
		if err != nil {
			return nil, err
		}
		if out, err = Inspect(req); err != nil {
			return nil, t.place(err)
		}
		out.Program = t.program.text
		out.Notes, out.NotesZH = t.remarks(out.Notes, out.NotesZH)
		return out, nil
	}
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(r any) error { return p.fault(r) })
		}
	}()
	req.defaults()
	req.equations = true
	if p, err = open(&req); err != nil {
		return nil, err
	}
	defer p.release()
	out = &Inspection{Notes: message.English(p.prog.Notes), NotesZH: message.Chinese(p.prog.Notes), Wrt: req.Wrt}
	if len(out.Wrt) == 0 {
		if one, err := p.onlyVariable("differentiate by"); err == nil {
			out.Wrt = one
		}
	}
	for _, v := range p.prog.Vars {
		out.Variables = append(out.Variables, variable(v))
	}
	po := &print.Options{Builder: p.b, Names: map[*expr.Node]string{}, Expand: true}
	for _, d := range p.prog.Defs {
		if d.Node == nil {
			for _, m := range d.Members {
				f := written(m.Node, po)
				f.Symbol = d.Name + "[" + m.Index.Name + "]"
				f.SymbolLaTeX = print.LaTeXName(f.Symbol)
				out.Definitions = append(out.Definitions, f)
			}
			continue
		}
		if d.Node == p.prog.Result && d.Name == p.prog.ResultName {
			continue
		}
		f := written(d.Node, po)
		f.Symbol, f.SymbolLaTeX = d.Name, print.LaTeXName(d.Name)
		out.Definitions = append(out.Definitions, f)
		if len(d.Node.Args) > 0 && po.Names[d.Node] == "" {
			po.Names[d.Node] = d.Name
		}
	}
	f := written(p.prog.Result, po)
	if eq := p.prog.Equation; eq != nil {
		left, right := written(eq.Left, po), written(eq.Right, po)
		f.Text, f.Language, f.LaTeX = left.Text+" = "+right.Text, left.Language+" = "+right.Language, left.LaTeX+" = "+right.LaTeX
	}
	if name := p.prog.ResultName; name != "" {
		f.Symbol, f.SymbolLaTeX = name, print.LaTeXName(name)
	}
	out.Expression = f
	return out, nil
}

// written is a node in all notations, without a symbol.
func written(n *expr.Node, po *print.Options) Formula {
	return Formula{
		Text: print.Text(n, po).String(), Language: print.Language(n, po).String(), LaTeX: print.LaTeX(n, po).String(),
		Shape: shapeString(n.Shape),
	}
}

// variable describes a checked variable.
func variable(v check.Var) Variable {
	name, decl, _ := strings.Cut(v.Declaration(), ": ")
	s := v.Symbol
	out := Variable{Name: name, Decl: decl, Inferred: v.Inferred, Unused: !v.Occurs, Kind: "matrix", Facts: v.Facts.Names()}
	switch s.Kind {
	case expr.Function:
		out.Kind = "function"
	case expr.Scalar:
		out.Kind = "scalar"
	case expr.Vector:
		out.Kind, out.Sizes = "vector", []string{s.Shape.Rows.String()}
	default:
		out.Sizes = []string{s.Shape.Rows.String(), s.Shape.Cols.String()}
	}
	if s.Family != nil {
		out.Range = s.Family.Name + " = 1.." + s.Family.Size.String()
	}
	return out
}
