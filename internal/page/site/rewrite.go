package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// unwindPath is the package that stands in for defer, panic and recover.
const unwindPath = "example.com/nabla/internal/page/site/unwind"

// rewrite returns the source of a file with package unwind in place of defer, panic and
// recover. Lines keep their numbers. What it puts in has names that begin with unwind.
func rewrite(name string, src []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	r := &rewriter{fset: fset, src: src}
	ast.Inspect(file, r.visit)
	if r.err != nil {
		return nil, r.err
	}
	if len(r.edits) == 0 {
		return src, nil
	}
	r.insert(file.Name.End(), fmt.Sprintf("; import unwind %q", unwindPath))
	return r.apply(), nil
}

// A rewriter collects what is to be changed in one file.
type rewriter struct {
	fset  *token.FileSet
	src   []byte
	edits []edit
	err   error
}

// An edit replaces src[from:to] by text.
type edit struct {
	from, to int
	text     string
}

func (r *rewriter) offset(p token.Pos) int { return r.fset.Position(p).Offset }

func (r *rewriter) replace(from, to token.Pos, text string) {
	r.edits = append(r.edits, edit{r.offset(from), r.offset(to), text})
}

func (r *rewriter) insert(at token.Pos, text string) { r.replace(at, at, text) }

func (r *rewriter) apply() []byte {
	slices.SortStableFunc(r.edits, func(a, b edit) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.to - b.to
	})
	var out []byte
	at := 0
	for _, e := range r.edits {
		out = append(out, r.src[at:e.from]...)
		out = append(out, e.text...)
		at = e.to
	}
	return append(out, r.src[at:]...)
}

func (r *rewriter) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Body != nil {
			r.function(n.Type, n.Body)
		}
	case *ast.FuncLit:
		r.function(n.Type, n.Body)
	case *ast.CallExpr:
		switch fn, _ := n.Fun.(*ast.Ident); {
		case fn == nil:
		case fn.Name == "panic":
			r.insert(n.Lparen+1, "unwind.Throw(")
			r.insert(n.Rparen, ")")
		case fn.Name == "recover":
			r.replace(fn.Pos(), fn.End(), "unwind.Recover")
		}
	}
	return r.err == nil
}

// function gives a function that defers its frame.
func (r *rewriter) function(typ *ast.FuncType, body *ast.BlockStmt) {
	var defers []*ast.DeferStmt
	var returns []*ast.ReturnStmt
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // a function of its own
		case *ast.DeferStmt:
			defers = append(defers, n)
		case *ast.ReturnStmt:
			returns = append(returns, n)
		}
		return true
	})
	if len(defers) == 0 {
		return
	}
	results := r.results(typ)
	open := " var unwindFrame unwind.Frame; "
	var targets []string
	for i, name := range results {
		// By a pointer, since the name may mean something else where return stands.
		open += fmt.Sprintf("unwindTo%d := &%s; ", i, name)
		targets = append(targets, fmt.Sprintf("*unwindTo%d", i))
	}
	r.insert(body.Lbrace+1, open+"unwindFrame.Run(func() { ")
	r.insert(body.Rbrace, "}); return ")
	for i := range results {
		r.insert(body.Lbrace+1, fmt.Sprintf("_ = unwindTo%d; ", i)) // every return may be bare
	}
	for _, s := range returns {
		if len(s.Results) > 0 {
			r.replace(s.Pos(), s.Results[0].Pos(), "{ "+strings.Join(targets, ", ")+" = ")
			r.insert(s.End(), "; return }")
		}
	}
	for _, s := range defers {
		r.deferred(s)
	}
}

// results returns the names of a function's results, which it gives to those that have none.
func (r *rewriter) results(typ *ast.FuncType) []string {
	if typ.Results == nil {
		return nil
	}
	var names []string
	for _, field := range typ.Results.List {
		for _, id := range field.Names {
			if id.Name == "_" {
				r.err = fmt.Errorf("%s: a result that is called _ in a function that defers", r.fset.Position(id.Pos()))
			}
			names = append(names, id.Name)
		}
	}
	if names != nil {
		return names
	}
	for i, field := range typ.Results.List {
		name := fmt.Sprintf("unwindResult%d", i)
		names = append(names, name)
		r.insert(field.Type.Pos(), name+" ")
	}
	if typ.Results.Opening == token.NoPos {
		r.edits[len(r.edits)-1].text = "(" + r.edits[len(r.edits)-1].text
		r.insert(typ.Results.End(), ")")
	}
	return names
}

// builtins are functions that are no values.
var builtins = []string{"clear", "close", "copy", "delete", "panic", "print", "println"}

// deferred hands what is deferred to the frame; the function and its arguments are evaluated
// where defer stands.
func (r *rewriter) deferred(s *ast.DeferStmt) {
	call := s.Call
	if lit, ok := call.Fun.(*ast.FuncLit); ok && len(call.Args) == 0 {
		r.replace(s.Pos(), lit.Pos(), "unwindFrame.Defer(")
		r.replace(lit.End(), call.End(), ")")
		return
	}
	var args []string
	for i := range call.Args {
		args = append(args, fmt.Sprintf("unwindArg%d", i))
	}
	list := strings.Join(args, ", ")
	assign := list
	if assign != "" {
		assign += " := "
	}
	if call.Ellipsis.IsValid() {
		r.err = fmt.Errorf("%s: ... in what is deferred", r.fset.Position(call.Ellipsis))
	}
	fn := "unwindFn"
	if id, ok := call.Fun.(*ast.Ident); ok && slices.Contains(builtins, id.Name) {
		fn = id.Name
		r.replace(s.Pos(), call.Lparen+1, "{ "+assign)
	} else {
		r.replace(s.Pos(), call.Fun.Pos(), "{ unwindFn := ")
		r.replace(call.Lparen, call.Lparen+1, "; "+assign)
	}
	r.replace(call.Rparen, call.Rparen+1, "; unwindFrame.Defer(func() { "+fn+"("+list+") }) }")
}
