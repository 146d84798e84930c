package nabla

import (
	"errors"
	"slices"
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/latex"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A Notation is what a program is written in.
type Notation string

// Notations.
const (
	// LanguageNotation is nabla's own language.
	LanguageNotation Notation = ""
	// LaTeXNotation is mathematics in LaTeX, as people write it: docs/latex.md.
	LaTeXNotation Notation = "latex"
)

// A Reading is LaTeX as understood.
type Reading struct {
	// Program is the same in the language, one statement a line. What the letters of the
	// names do not tell is declared.
	Program string
	// Wrt are the variables that the text itself differentiates by, as in \nabla_w or
	// \frac{\partial}{\partial w}; Order is the order, 0 where it names none.
	Wrt   []string
	Order int
	// Variables are the names as understood.
	Variables []Variable
	// Notes say how the text was understood where it could mean something else, such as
	// σ as sigmoid.
	Notes   []string
	NotesZH []string // the same in Chinese
}

// ReadLaTeX reads formulas in LaTeX. The declarations are in the language and for names
// that are written there: {"beta", "vector(n)"} declares \beta. An error that the text is
// to blame for is an *InputError that points into it.
func ReadLaTeX(text string, vars ...Declaration) (*Reading, error) {
	req := Request{Program: text, Vars: vars, Notation: LaTeXNotation, equations: true}
	r, err := req.translate()
	if err != nil {
		return nil, err
	}
	return &Reading{Program: r.program.text, Wrt: r.wrt, Order: r.order, Variables: r.variables, Notes: message.English(r.notes), NotesZH: message.Chinese(r.notes)}, nil
}

// A translated text is LaTeX with the text in the language that takes its place.
type translatedText struct {
	file  *source.File // the LaTeX
	text  string
	marks []syntax.Mark
}

// A translation is a request whose texts were LaTeX.
type translation struct {
	program   translatedText
	sides     []translatedText
	wrt       []string
	order     int
	variables []Variable
	notes     []message.Text
	decls     []*syntax.Decl
}

// translate reads the texts of a request in LaTeX and puts programs of the language in
// their place, with the variables that the text names where the request names none.
func (req *Request) translate() (t *translation, err error) {
	if req.Notation != LaTeXNotation {
		return nil, plainError(say("unknown notation %s: it is \"\" or \"latex\"", string(req.Notation)))
	}
	part := req.Limits.budget != nil
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(any) error { return nil })
		}
		if !part {
			req.Limits.budget = nil // the request itself begins anew
		}
	}()
	req.Limits.begin()
	p := &problem{req: req, eng: theEngine()}
	p.b = expr.NewBuilder(p.eng.reg)
	p.b.Limit = req.Limits.budget
	defer p.b.Release()
	decls, err := p.declarations()
	if err != nil {
		return nil, err
	}
	t = &translation{decls: decls}
	opts := latex.Options{Name: req.File, Decls: decls, Wrt: req.Wrt, Equations: req.equations,
		IsFunction: p.eng.isFunction}
	r, list := latex.Read(req.Program, opts)
	if len(list) > 0 {
		return nil, inputError(opts.File(req.Program), list)
	}
	sides, err := readSides(req.side, r, opts)
	if err != nil {
		return nil, err
	}
	if err := t.settle(p, r, sides); err != nil {
		return nil, err
	}
	t.wrt, t.order = r.Wrt, r.Order
	for _, n := range r.Notes {
		t.notes = append(t.notes, n.Text)
	}
	for i, name := range req.Wrt {
		if n, ok := latex.ReadName(name, decls); ok && !t.has(name) {
			if len(decls) == 0 || t.has(n) || strings.ContainsAny(name, `\{^`) {
				req.Wrt = slices.Clone(req.Wrt)
				req.Wrt[i] = t.greek(n)
			}
		} else if !ok {
			continue
		}
	}
	for i := range req.Wrt {
		if g := t.greek(req.Wrt[i]); g != req.Wrt[i] {
			req.Wrt = slices.Clone(req.Wrt)
			req.Wrt[i] = g
		}
	}
	if len(req.Wrt) == 0 {
		req.Wrt = t.wrt
	}
	if req.Order == 0 {
		req.Order = t.order
	}
	req.Notation, req.Program = LanguageNotation, t.program.text
	req.side = nil
	for _, s := range t.sides {
		req.side = append(req.side, s.text)
	}
	return t, nil
}

// readSides reads the equations beside a program, with its names; what they add is put
// into r.
func readSides(texts []string, r *latex.Reading, opts latex.Options) ([]*syntax.Equation, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	opts.Name, opts.OnlyEquations = "", true
	for _, s := range r.Program.Stmts {
		if d, ok := s.(*syntax.Decl); ok {
			opts.Decls = append(opts.Decls, d)
		}
	}
	var out []*syntax.Equation
	for _, text := range texts {
		for _, k := range r.Kinds {
			opts.Decls = append(opts.Decls, &syntax.Decl{Names: []syntax.Ident{{Name: k.Name}}, Type: syntax.Type{Kind: k.Kind}})
		}
		opts.Opened = len(r.Free)
		q, list := latex.Read(text, opts)
		if len(list) == 0 && (len(q.Program.Stmts) != 1 || !isEquation(q.Program.Stmts[0])) {
			list.Add(source.Span{Start: 0, End: len(text)}, say("expected one equation"))
		}
		if len(list) > 0 {
			return nil, inputError(opts.File(text), list)
		}
		out = append(out, q.Program.Stmts[0].(*syntax.Equation))
		r.Kinds = append(r.Kinds, q.Kinds...)
		r.Free = append(r.Free, q.Free...)
		r.Notes = append(r.Notes, q.Notes...)
	}
	return out, nil
}

func isEquation(s syntax.Stmt) bool {
	_, ok := s.(*syntax.Equation)
	return ok
}

// settle finds the sizes that the text leaves open, writes the program in the language,
// and sees that it is read there as what was meant. Names whose letter does not tell what
// they are get a declaration.
func (t *translation) settle(p *problem, r *latex.Reading, sides []*syntax.Equation) error {
	opts := check.Options{Decls: t.decls, Closed: p.req.Closed, Free: r.Free, Side: sides}
	for _, k := range r.Kinds {
		opts.Kinds = append(opts.Kinds, check.NameKind(k))
	}
	prog, list := check.Check(p.b, r.Program, opts)
	if len(list) > 0 {
		asProgram(list)
		return inputError(r.Program.File, list).of(list, t.decls)
	}
	var sizes []syntax.Expr
	for _, d := range prog.Free {
		x, _, list := syntax.ParseExpr(d.String(), syntax.Options{})
		if len(list) > 0 {
			return &InternalError{Message: "the size " + d.String() + " is not read back"}
		}
		sizes = append(sizes, x)
	}
	latex.Resolve(r.Program, r.Free, sizes)
	for _, e := range sides {
		latex.Resolve(&syntax.Program{Stmts: []syntax.Stmt{e}}, r.Free, sizes)
		text, marks := syntax.ProgramText([]syntax.Stmt{e})
		t.sides = append(t.sides, translatedText{e.File, text, marks})
	}
	for _, v := range prog.Vars {
		t.variables = append(t.variables, variable(v))
	}
	stmts := r.Program.Stmts
	for attempt := range 3 {
		switch attempt {
		case 1: // with declarations
			var more []syntax.Stmt
			for _, v := range prog.Vars {
				if !v.Inferred {
					continue
				}
				d, list := syntax.ParseDecl(v.Declaration(), syntax.Options{})
				if len(list) > 0 {
					return &InternalError{Message: "the declaration " + v.Declaration() + " is not read back"}
				}
				latex.Unplaced(d)
				more = append(more, d)
			}
			stmts = append(more, stmts...)
		case 2: // with the ranges of indices that run differently in different sums
			ranges := map[string]syntax.Expr{}
			for _, v := range prog.Vars {
				if s := v.Symbol; s.Family != nil {
					if to, _, list := syntax.ParseExpr(s.Family.Size.String(), syntax.Options{}); len(list) == 0 {
						ranges[s.Name] = to
					}
				}
			}
			latex.Range(r.Program, ranges)
		}
		text, marks := syntax.ProgramText(stmts)
		if t.reads(p, text, prog, r.Program.File.Name) {
			t.program = translatedText{r.Program.File, text, marks}
			return nil
		}
	}
	return inputError(r.Program.File, source.List{{Span: source.Span{End: len(r.Program.File.Text)},
		Message: say("the text has no form in the language that says the same"),
		Hint:    say("declare the variables, as in x \\in \\mathbb{R}^n, and give different names to what differs")}})
}

// asProgram says of hints, which are in the language, that they are.
func asProgram(list source.List) {
	for _, d := range list {
		d.Hint = programHint(d.Hint)
	}
}

// programHint says of a hint that it is in the language, unless LaTeX has the same.
func programHint(hint message.Text) message.Text {
	if hint.IsZero() {
		return hint
	}
	if strings.HasPrefix(hint.En, "declare the variables") {
		return say("declare the variables, as in X \\in \\mathbb{R}^{m \\times n}")
	}
	return say("as a program, %s", hint)
}

// reads reports whether a program in the language is read with the shapes that the LaTeX
// has.
func (t *translation) reads(p *problem, text string, want *check.Program, file string) bool {
	q := &problem{req: &Request{Program: text, File: file, Vars: p.req.Vars, Closed: p.req.Closed, Limits: p.req.Limits, equations: true}, eng: p.eng, res: &Result{}}
	for _, s := range t.sides {
		q.req.side = append(q.req.side, s.text)
	}
	other, err := open(q.req)
	if err != nil {
		return false
	}
	defer other.b.Release()
	again, _ := syntax.ProgramText(other.tree.Stmts)
	return again == text && other.prog.Understood() == want.Understood() && shapeString(other.prog.Result.Shape) == shapeString(want.Result.Shape)
}

// has reports whether the program has a variable or definition of that name.
func (t *translation) has(name string) bool {
	return slices.ContainsFunc(t.variables, func(v Variable) bool { return v.Name == name || strings.HasPrefix(v.Name, name+"[") }) ||
		strings.Contains("\n"+t.program.text, "\n"+name+" = ")
}

// greek returns the name that the text has for a Greek letter that is given by its word.
func (t *translation) greek(name string) string {
	if t.has(name) {
		return name
	}
	if n, ok := latex.ReadName(`\`+name, nil); ok && t.has(n) {
		return n
	}
	return name
}

// place makes an error of the program point into the LaTeX.
func (t *translation) place(err error) error {
	var e *InputError
	if !errors.As(err, &e) || e.file == nil {
		return err
	}
	texts := t.sides
	if t.program.file != nil {
		texts = append([]translatedText{t.program}, texts...)
	}
	of := func(f *source.File) *translatedText {
		for i := range texts {
			if texts[i].text == f.Text {
				return &texts[i]
			}
		}
		return nil
	}
	main := of(e.file)
	file := e.file
	if main != nil {
		file = main.file
	}
	var list source.List
	for _, d := range e.list {
		moved := *d
		if d.File == nil {
			moved.Hint = programHint(d.Hint)
		}
		from := main
		if d.File != nil {
			from = of(d.File)
		}
		if from != nil {
			moved.Span, moved.Context = from.span(d.Span), source.Span{}
			if moved.File = from.file; from == main {
				moved.File = nil
			}
		}
		list = append(list, &moved)
	}
	out := inputError(file, list)
	for i := range out.Diagnostics {
		out.Diagnostics[i].In = e.Diagnostics[i].In
	}
	return out
}

// span returns the place in the LaTeX of a range of the program: that of the smallest
// part around it.
func (t *translatedText) span(s source.Span) source.Span {
	best, size := source.Span{}, len(t.text)+1
	for _, m := range t.marks {
		if m.At.Start <= s.Start && s.End <= m.At.End && m.At.End-m.At.Start < size && !m.Of.IsZero() {
			best, size = m.Of, m.At.End-m.At.Start
		}
	}
	return best
}

// remarks puts the notes of the reading before others.
func (t *translation) remarks(notes, chinese []string) (en, zh []string) {
	return append(message.English(t.notes), notes...), append(message.Chinese(t.notes), chinese...)
}
