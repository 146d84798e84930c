package code

import (
	"fmt"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// writeMATLAB writes a file with the function and one with the function that compares it
// with differences, as MATLAB calls only the first function of a file from outside.
func writeMATLAB(p *plan.Program) []File {
	var helpers []string
	function := matlabFunction(p, p.Name, &helpers, true)
	files := []File{{p.Name + ".m", matlabSource(function, helpers)}}
	if p.Check != nil {
		helpers = nil
		check := matlabCheck(p, &helpers)
		files = append(files, File{p.Name + "_check.m", matlabSource(check, helpers)})
	}
	return files
}

// matlabSource is a file of functions, helpers last.
func matlabSource(lines, helpers []string) string {
	return strings.Join(lines, "\n") + "\n" + strings.Join(append([]string{""}, helpers...), "\n")
}

// matlabFunction writes a program as a function. Only the one for users checks its
// arguments, and returns before it computes what is not asked for.
func matlabFunction(p *plan.Program, name string, helpers *[]string, public bool) []string {
	p = named(p, name)
	l := matlabLanguage(p)
	if public {
		l.After = func(k int) []string { return []string{"if nargout < " + itoa(k+1), l.Indent + "return", "end"} }
	}
	w := NewWriter(l, p)
	body, values := w.Results(resultName(asciiIdentifier))
	for i, r := range p.Results {
		if like := w.likeArgument(); like != "" && constant(r.Value) {
			body = append(body, values[i]+" = cast("+values[i]+", class("+like+"));")
		}
	}
	params := parameters(p, w.Names, func(a plan.Parameter) string { return w.Names.Symbol(a.Sym) })
	outputs := values[0]
	if len(values) > 1 {
		outputs = "[" + strings.Join(values, ", ") + "]"
	}
	head := outputs + " = " + name + "(" + strings.Join(params, ", ") + ")"
	out := []string{"function " + head}
	if public {
		out = append(out, "%"+strings.ToUpper(name)+"  "+head)
		for _, line := range docLines(p) {
			out = append(out, strings.TrimRight("%   "+line, " "))
		}
	}
	var header []string
	if public {
		for _, s := range arraysOf(p) {
			merge(helpers, []string{mArgument})
			x := w.Names.Symbol(s)
			what := []string{"a scalar", "a column vector", "a matrix", "a stack of matrices"}[plan.ArgumentRank(s)]
			header = append(header, "argument("+x+", '"+x+"', '"+what+"');")
		}
	}
	header = append(header, matlabSizes(w, public)...)
	merge(helpers, w.Helpers)
	out = append(out, w.IndentLines(append(header, body...))...)
	return append(out, "end")
}

// matlabLength is the length of an axis of an argument.
func matlabLength(w *Writer, at plan.AxisOf) string {
	x, axis := w.Names.Symbol(at.Sym), at.Axis
	switch plan.ArgumentRank(at.Sym) {
	case 1:
		return "numel(" + x + ")"
	case 3: // the members are along the last axis
		axis = (axis + 2) % 3
	}
	return "size(" + x + ", " + itoa(axis+1) + ")"
}

// matlabSizes writes where sizes come from, and the comparison of the others with them.
func matlabSizes(w *Writer, checks bool) []string {
	var out []string
	list := w.neededSizes(checks)
	for i := 0; i < len(list); i++ {
		s := &list[i]
		if pairOf(list, i) {
			out = append(out, "["+w.Names.Size(s.Size)+", "+w.Names.Size(list[i+1].Size)+"] = size("+w.Names.Symbol(s.From.Sym)+");")
			i++
			continue
		}
		text := matlabLength(w, s.From)
		if s.Minus != nil {
			text += " - " + w.Size(s.Minus, mProduct)
		}
		if s.Negate {
			text = "-(" + text + ")"
		}
		if s.Over != nil {
			if s.Minus != nil && !s.Negate {
				text = "(" + text + ")"
			}
			text = "floor(" + text + " / " + w.Size(s.Over, mAtom) + ")"
		}
		if s.Root > 1 {
			text = fmt.Sprintf("round((%s) ^ (1 / %d))", text, s.Root)
		}
		out = append(out, w.Names.Size(s.Size)+" = "+text+";")
	}
	if checks {
		quote := strings.NewReplacer("'", "''", "%", "%%").Replace
		for _, c := range w.Prog.Checks {
			t := message(c, w.Names.Symbol)
			got, want := matlabLength(w, c.At), w.Size(c.Want, mSum)
			out = append(out, "if "+got+" ~= "+want,
				w.Indent+"error('nabla:size', '"+quote(t.Before)+"%d"+quote(t.Between)+"%d"+quote(t.After)+"', "+got+", "+want+");", "end")
		}
	}
	return out
}

// matlabCheck writes the function that compares the results with differences.
func matlabCheck(p *plan.Program, helpers *[]string) []string {
	l := matlabLanguage(p)
	c := newChecker(l, p, "d_")
	var results []string
	for _, r := range p.Results {
		results = append(results, c.names.Fresh(resultName(asciiIdentifier)(r)))
	}
	params := append(c.arguments(p, c.self), "trials", "tolerance")
	var out []string
	line := func(depth int, s string) { out = append(out, strings.Repeat("  ", depth)+s) }
	name := p.Name + "_check"
	head := "worst = " + name + "(" + strings.Join(params, ", ") + ")"
	line(0, "function "+head)
	line(0, "%"+strings.ToUpper(name)+"  "+head)
	line(0, "%   Compares the derivatives with central differences in random directions: 3 trials")
	line(0, "%   and a tolerance of 1e-5 unless given.")
	if c.given() {
		line(0, "%   Directions are drawn, those given are not looked at.")
	}
	line(0, "%   Returns the largest relative deviation; raises an error above the tolerance.")
	for i, def := range []string{"trials = 3;", "tolerance = 1e-5;"} {
		line(1, "if nargin < "+itoa(len(params)-1+i))
		line(2, def)
		line(1, "end")
	}
	for _, s := range c.arrays() {
		x := c.names.Symbol(s)
		line(1, x+" = double("+x+");")
	}
	line(1, "worst = 0;")
	line(1, "for trial = 1:trials")
	for _, s := range directions(p) {
		d := c.direction[s]
		line(2, d+" = randn(size("+c.names.Symbol(s)+"));")
		switch {
		case s.Facts.Has(expr.Diagonal) && s.Family != nil:
			line(2, d+" = "+d+" .* eye(size("+d+", 1));")
		case s.Facts.Has(expr.Diagonal):
			line(2, d+" = "+d+" .* eye(size("+d+"));")
		case s.Facts.Has(expr.Symmetric) && s.Family != nil:
			line(2, d+" = "+d+" + permute("+d+", [2, 1, 3]);")
		case s.Facts.Has(expr.Symmetric):
			line(2, d+" = "+d+" + "+d+"';")
		}
	}
	outputs := results[0]
	if len(results) > 1 {
		used := make([]string, len(results))
		for k := range results {
			if used[k] = results[k]; p.Check.Base[k] == nil {
				used[k] = "~"
			}
		}
		outputs = "[" + strings.Join(used, ", ") + "]"
	}
	line(2, outputs+" = "+p.Name+"("+strings.Join(c.arguments(p, c.self), ", ")+");")
	var parts []string
	for k, q := range c.bases {
		parts = append(append(parts, ""), matlabFunction(q, "base"+itoa(k+1), helpers, false)...)
	}
	for k, r := range p.Results {
		q := p.Check.Base[k]
		if q == nil {
			continue
		}
		x, d := c.names.Symbol(r.Wrt), c.direction[r.Wrt]
		at := func(sign string) string {
			return "base" + itoa(c.base(q)) + "(" + strings.Join(c.arguments(q, c.moved(r.Wrt, x+" "+sign+" step * "+d)), ", ") + ")"
		}
		along := p.Check.Along[k]
		parts = append(append(parts, ""), matlabFunction(along, "along"+itoa(k+1), helpers, false)...)
		line(2, "step = 1e-6 * (1 + max([0; abs("+x+"(:))]));")
		line(2, "difference = ("+at("+")+" - "+at("-")+") / (2 * step);")
		predicted := "along" + itoa(k+1) + "(" + strings.Join(c.arguments(along, c.along(k, results[k])), ", ") + ")"
		line(2, "worst = max(worst, deviation("+predicted+", difference));")
	}
	line(1, "end")
	line(1, "if ~(worst <= tolerance)")
	line(2, "error('nabla:check', 'the derivatives deviate from differences by %.1e', worst);")
	line(1, "end")
	line(0, "end")
	merge(helpers, []string{mDeviation})
	return append(out, parts...)
}
