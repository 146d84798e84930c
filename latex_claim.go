package nabla

import (
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/latex"
	"example.com/nabla/internal/syntax"
)

// verifyLaTeX answers a request whose claim is LaTeX, and its program may be.
func verifyLaTeX(req VerifyRequest) (*Verdict, error) {
	switch n := req.ClaimNotation; {
	case n != LanguageNotation && n != LaTeXNotation:
		return nil, plainError(say("unknown notation %s: it is \"\" or \"latex\"", string(n)))
	case req.Notation == LanguageNotation:
		return verifyClaim(req, &translation{})
	}
	r := Request{Program: req.Program, File: req.File, Notation: req.Notation, Vars: req.Vars, Closed: req.Closed, Limits: req.Limits}
	if req.Wrt != "" {
		r.Wrt = []string{req.Wrt}
	}
	t, err := r.translate()
	if err != nil {
		return nil, err
	}
	req.Notation, req.Program = LanguageNotation, r.Program
	if len(r.Wrt) > 0 {
		req.Wrt = r.Wrt[0]
	}
	if req.Order == 0 {
		req.Order = t.order
	}
	return verifyClaim(req, t)
}

// verifyClaim answers a request whose claim is LaTeX, the program being in the language by
// now.
func verifyClaim(req VerifyRequest, t *translation) (*Verdict, error) {
	req.ClaimNotation = LanguageNotation
	file := req.Claim
	lines, err := t.claims(&req)
	if err != nil {
		return nil, err
	}
	v, err := Verify(req)
	if err != nil {
		return nil, t.place(err)
	}
	// Lines are counted in the LaTeX, or as equals signs where that is one line.
	if strings.Contains(strings.TrimSpace(file), "\n") {
		line := func(n int) int {
			if n > 0 && n <= len(lines) {
				return lines[n-1]
			}
			return n
		}
		v.Line = line(v.Line)
		for i := range v.Lines {
			v.Lines[i].Line = line(v.Lines[i].Line)
		}
	}
	if v.Result != nil {
		v.Result.Notes, v.Result.NotesZH = t.remarks(v.Result.Notes, v.Result.NotesZH)
	}
	return v, nil
}

// undifferenced writes x for each d(x), which has its shape.
func undifferenced(x syntax.Expr) syntax.Expr {
	if c, ok := x.(*syntax.Call); ok && c.Func.Name == "d" && len(c.Args) == 1 {
		return undifferenced(c.Args[0])
	}
	return syntax.Map(x, undifferenced)
}

// claims turns the claim of a request into the language, and returns the line of each
// right-hand side in the LaTeX.
func (t *translation) claims(req *VerifyRequest) ([]int, error) {
	p, err := open(&Request{Program: req.Program, Vars: req.Vars, Closed: req.Closed})
	if err != nil {
		return nil, t.place(err)
	}
	defer p.b.Release()
	var decls []*syntax.Decl
	declare := func(name string, kind syntax.Kind, s expr.Shape) {
		d := &syntax.Decl{File: p.tree.File, Names: []syntax.Ident{{Name: name}}, Type: syntax.Type{Kind: kind}}
		sizes := []*expr.Dim{s.Rows, s.Cols}
		for _, n := range sizes[:map[syntax.Kind]int{syntax.VectorKind: 1, syntax.MatrixKind: 2}[kind]] {
			x, _, list := syntax.ParseExpr(n.String(), syntax.Options{})
			if len(list) > 0 {
				continue
			}
			d.Type.Sizes = append(d.Type.Sizes, x)
		}
		decls = append(decls, d)
	}
	kindOf := func(s expr.Shape) syntax.Kind {
		switch {
		case s.IsScalar():
			return syntax.ScalarKind
		case s.IsVector():
			return syntax.VectorKind
		}
		return syntax.MatrixKind
	}
	known := 0
	for _, v := range p.prog.Vars {
		d, list := syntax.ParseDecl(v.Declaration(), syntax.Options{})
		if len(list) == 0 {
			decls = append(decls, d)
		}
	}
	for _, d := range p.prog.Defs {
		if d.Node != nil {
			declare(d.Name, kindOf(d.Node.Shape), d.Node.Shape)
		}
	}
	known = len(decls)
	for _, v := range p.prog.Vars {
		if s := v.Symbol; s.Kind != expr.Function && s.Family == nil && p.prog.Lookup("d"+s.Name) == nil {
			declare("d"+s.Name, kindOf(s.Shape), s.Shape)
		}
	}
	opts := latex.Options{Name: req.ClaimFile, Decls: decls[:known], IsFunction: p.eng.isFunction}
	claims, free, notes, list := latex.ReadClaims(req.Claim, opts)
	if len(list) > 0 {
		return nil, inputError(opts.File(req.Claim), list).within("claim")
	}
	file := opts.File(req.Claim)
	if len(free) > 0 {
		prog, typed := &syntax.Program{File: file}, &syntax.Program{File: file}
		for i := range claims {
			// A definition for each, so that all are typed together.
			name := syntax.Ident{Name: "claim′" + strings.Repeat("′", i)}
			prog.Stmts = append(prog.Stmts, &syntax.Definition{Name: name, Body: claims[i].X})
			typed.Stmts = append(typed.Stmts, &syntax.Definition{Name: name, Body: undifferenced(claims[i].X)})
		}
		found, list := check.Check(p.b, typed, check.Options{Decls: decls, Free: free})
		if len(list) > 0 {
			list[0].Hint = say("the sizes of I and 𝟏 follow from what stands around them, or are written, as in I_n")
			return nil, inputError(file, list).within("claim")
		}
		var sizes []syntax.Expr
		for _, d := range found.Free {
			x, _, list := syntax.ParseExpr(d.String(), syntax.Options{})
			if len(list) > 0 {
				return nil, &InternalError{Message: "the size " + d.String() + " is not read back"}
			}
			sizes = append(sizes, x)
		}
		latex.Resolve(prog, free, sizes)
	}
	text, marks := latex.ClaimText(claims)
	for _, n := range notes {
		t.notes = append(t.notes, n.Text)
	}
	var lines []int
	for _, c := range claims {
		line, _ := file.Position(c.X.Span().Start)
		lines = append(lines, line)
	}
	req.Claim = text
	t.sides = append(t.sides, translatedText{file, text, marks})
	return lines, nil
}
