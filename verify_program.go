package nabla

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// program takes the declarations and definitions from the program as it was understood.
func (v *verifier) program() {
	p := v.first
	for _, x := range p.prog.Vars {
		if v.defines(x.Symbol.Name) {
			continue
		}
		d, list := syntax.ParseDecl(x.Declaration(), syntax.Options{})
		if len(list) > 0 {
			panic(fmt.Sprintf("declaration %s: %v", x.Declaration(), list))
		}
		v.decls = append(v.decls, d)
	}
	for _, s := range p.tree.Stmts {
		switch s := s.(type) {
		case *syntax.ExprStmt:
			v.result = s.X
		case *syntax.Definition:
			v.defs = append(v.defs, s)
		}
	}
	if v.result == nil {
		v.result = &syntax.Name{Name: p.prog.ResultName}
	}
}

// isDifferential returns the name X of dX, where X has a differential and dX no other
// meaning.
func (v *verifier) isDifferential(name string) (of string, ok bool) {
	of, ok = strings.CutPrefix(name, "d")
	if !ok || v.quantity(name) {
		return "", false
	}
	if v.defines(of) {
		return of, true
	}
	s := v.first.prog.Lookup(of)
	return of, s != nil && s.Kind != expr.Function && !s.Facts.Has(expr.Constant)
}

// parseAll reads the right-hand sides and finds the differentials in them.
func (v *verifier) parseAll() error {
	own := map[string]bool{}
	for _, c := range v.text.claims {
		if c.kind == definitionClaim {
			own[c.of] = true
		}
	}
	isVariable := func(name string) bool {
		if s := v.first.prog.Lookup(name); s != nil && s.Kind == expr.Function {
			return false
		}
		_, d := v.isDifferential(name)
		return d || own[name] || v.quantity(name)
	}
	wanted := []string{"d" + v.first.prog.Wrt[0].Name}
	var list []error
	for i := range v.text.claims {
		c := &v.text.claims[i]
		if err := v.parse(c, isVariable); err != nil {
			list = append(list, err)
			continue
		}
		for _, n := range mentioned(c.expr, nil) {
			if _, ok := v.isDifferential(n); ok && !own[n] && !slices.Contains(wanted, n) {
				wanted = append(wanted, n)
			}
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	if !v.quantity("d") && !own["d"] {
		e := &expansion{v, func(name string) bool {
			if v.defines(name) && !own["d"+name] {
				if !slices.Contains(wanted, "d"+name) {
					wanted = append(wanted, "d"+name)
				}
				return true
			}
			return slices.Contains(wanted, "d"+name)
		}}
		for i := range v.text.claims {
			c := &v.text.claims[i]
			var err error
			if c.expr, err = e.differentials(c.expr); err != nil {
				return err
			}
		}
	}
	for _, name := range wanted {
		of := name[1:]
		d := differential{of: of}
		shape, kind, family := expr.Shape{}, expr.Matrix, (*expr.Index)(nil)
		if s := v.first.prog.Lookup(of); s != nil {
			shape, kind, family = s.Shape, s.Kind, s.Family
		}
		for _, def := range v.first.prog.Defs {
			if def.Name == of && def.Cut == nil {
				if def.Node == nil {
					continue
				}
				shape, d.def = def.Node.Shape, true
			}
		}
		if shape.Rows == nil || v.quantity(name) {
			continue
		}
		text := name
		if family != nil {
			text += "[" + family.Name + "]"
		}
		text += ": " + declShape(shape, kind)
		if family != nil {
			text += ", " + family.Name + " = 1.." + family.Size.String()
		}
		decl, diags := syntax.ParseDecl(text, syntax.Options{})
		if len(diags) > 0 {
			continue // such as d𝒳: the name cannot be written
		}
		d.decl = decl
		v.moving = append(v.moving, d)
	}
	return nil
}

func declShape(s expr.Shape, kind expr.Kind) string {
	switch {
	case kind == expr.Scalar || s.IsScalar():
		return "scalar"
	case s.IsVector() && kind != expr.Matrix, s.IsVector():
		return "vector(" + s.Rows.String() + ")"
	}
	return "matrix(" + s.Rows.String() + ", " + s.Cols.String() + ")"
}

// hidden names are written as no user can.
const hiddenClaim = "claim!"

// open checks the program together with a claim about the quantity of, the variable by,
// so that both are nodes of one builder. The claim is nil for what is only looked at.
func (v *verifier) open(c *claim, of, by string, order int, target syntax.Expr) (*problem, *expr.Node, error) {
	req := v.request()
	req.Wrt, req.Order = []string{by}, order
	p := &problem{req: req, eng: v.first.eng, res: &Result{Stages: map[string]string{}}, moving: v.moving}
	p.b = expr.NewBuilder(p.eng.reg)
	p.b.Limit = req.Limits.budget
	tree := &syntax.Program{File: v.text.file}
	for _, d := range v.defs {
		tree.Stmts = append(tree.Stmts, d)
	}
	for _, d := range v.partials {
		tree.Stmts = append(tree.Stmts, d)
	}
	for _, d := range v.own {
		tree.Stmts = append(tree.Stmts, d)
	}
	if target == nil {
		if target = v.result; of != "" && of != v.first.prog.ResultName {
			target = &syntax.Name{Name: of}
		}
	}
	var family *expr.Index
	if c != nil && c.expr != nil {
		body := c.expr
		if s := v.first.prog.Lookup(by); s != nil && s.Family != nil && c.kind == derivativeClaim {
			family = s.Family
			body = &syntax.SumOver{At: c.rhs, Index: syntax.Ident{Name: family.Name, At: c.rhs}, Body: body}
		}
		tree.Stmts = append(tree.Stmts, &syntax.Definition{Name: syntax.Ident{Name: hiddenClaim, At: c.rhs}, Body: body, At: c.rhs})
	}
	tree.Stmts = append(tree.Stmts, &syntax.ExprStmt{X: target})
	decls := v.decls
	for _, d := range v.moving {
		decls = append(slices.Clip(decls), d.decl)
	}
	p.tree = tree
	var list source.List
	p.prog, list = check.Check(p.b, tree, check.Options{Decls: decls, Wrt: req.Wrt, Closed: true})
	if len(list) > 0 {
		return nil, nil, inputError(v.text.file, list).within("claim")
	}
	p.prog.File = v.first.prog.File
	p.prog.ResultName = of
	if of == "" {
		p.prog.ResultName = v.first.prog.ResultName
	}
	var node *expr.Node
	p.prog.Defs = slices.DeleteFunc(p.prog.Defs, func(d check.Def) bool {
		if d.Name == hiddenClaim {
			node = d.Node
		}
		return d.Name == hiddenClaim || strings.HasPrefix(d.Name, "∂")
	})
	if node != nil && family != nil {
		node = node.Args[0]
	}
	if node != nil {
		p.beside = []*expr.Node{node}
	}
	v.now = p
	return p, node, nil
}

// definition takes over a name for later lines.
func (v *verifier) definition(c *claim) error {
	d := &syntax.Definition{Name: syntax.Ident{Name: c.of, At: c.lhs}, Body: c.expr, At: c.lhs.Join(c.rhs)}
	v.own = append(v.own, d)
	p, _, err := v.open(nil, c.of, v.req.by(), 1, nil)
	if err != nil {
		return err
	}
	p.po = &print.Options{Builder: p.b}
	line := VerifiedLine{Line: c.line, Equal: true, Defines: true}
	line.Claimed = p.formula(p.prog.Result, c.of)
	v.out.Lines = append(v.out.Lines, line)
	return nil
}

// by is the name of the variable without the index of a family.
func (r *VerifyRequest) by() string {
	name, _, _ := strings.Cut(r.Wrt, "[")
	return name
}
