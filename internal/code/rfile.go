package code

import (
	"fmt"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// writeR writes a file with the function and the one that compares it with differences.
func writeR(p *plan.Program) []File {
	var helpers []string
	function := append(rDoc(p), rFunction(p, p.Name, &helpers, true)...)
	if p.Check != nil {
		function = append(append(function, ""), rCheck(p, &helpers)...)
	}
	var b strings.Builder
	b.WriteString(strings.Join(function, "\n") + "\n")
	for _, h := range helpers {
		b.WriteString("\n" + h)
	}
	return []File{{p.Name + ".R", b.String()}}
}

// rDoc writes the documentation as roxygen reads it.
func rDoc(p *plan.Program) []string {
	var out []string
	for _, line := range docLines(p) {
		out = append(out, strings.TrimRight("#' "+line, " "))
	}
	return out
}

// rFunction writes a program as a function. Only the one for users checks its arguments.
func rFunction(p *plan.Program, name string, helpers *[]string, public bool) []string {
	p = named(p, name)
	w := NewWriter(rLanguage(p), p)
	body, values := w.Results(resultName(asciiIdentifier))
	var header []string
	if public {
		for _, s := range arraysOf(p) {
			merge(helpers, []string{rArgument})
			x := w.Names.Symbol(s)
			header = append(header, fmt.Sprintf(".argument(%s, %q, %d)", x, x, plan.ArgumentRank(s)))
		}
	}
	header = append(header, rSizes(w, public)...)
	merge(helpers, w.Helpers)
	params := parameters(p, w.Names, func(a plan.Parameter) string { return w.Names.Symbol(a.Sym) })
	out := []string{name + " <- function(" + strings.Join(params, ", ") + ") {"}
	out = append(out, w.IndentLines(append(header, body...))...)
	result := values[0]
	if len(values) > 1 {
		named := make([]string, len(values))
		for i, r := range p.Results {
			named[i] = resultName(asciiIdentifier)(r) + " = " + values[i]
		}
		result = "list(" + strings.Join(named, ", ") + ")"
	}
	return append(out, w.Indent+result, "}")
}

// rLength is the length of an axis of an argument.
func rLength(w *Writer, at plan.AxisOf) string {
	x, axis := w.Names.Symbol(at.Sym), at.Axis
	switch rank := plan.ArgumentRank(at.Sym); {
	case rank == 1, rank == 3 && axis == 0:
		return "length(" + x + ")"
	case rank == 3:
		x, axis = x+"[[1]]", axis-1
	}
	return []string{"nrow(", "ncol("}[axis] + x + ")"
}

// rSizes writes where sizes come from, and the comparison of the others with them.
func rSizes(w *Writer, checks bool) []string {
	var out []string
	list := w.neededSizes(checks)
	for i := range list {
		s := &list[i]
		text := rLength(w, s.From)
		if s.Minus != nil {
			text += " - " + w.Size(s.Minus, rProduct)
		}
		if s.Negate {
			text = "-(" + text + ")"
		}
		if s.Over != nil {
			if s.Minus != nil && !s.Negate {
				text = "(" + text + ")"
			}
			text += " %/% " + w.Size(s.Over, rAtom)
		}
		if s.Root > 1 {
			text = fmt.Sprintf("round((%s)^(1 / %d))", text, s.Root)
		}
		if w.long[s.Size] { // whole numbers of R end at 2^31
			text = "as.numeric(" + text + ")"
		}
		out = append(out, w.Names.Size(s.Size)+" <- "+text)
	}
	if checks {
		for _, c := range w.Prog.Checks {
			t := message(c, w.Names.Symbol)
			got, want := rLength(w, c.At), w.Size(c.Want, rSum)
			text := fmt.Sprintf("stop(%q, %s, %q, %s", t.Before, got, t.Between, want)
			if t.After != "" {
				text += fmt.Sprintf(", %q", t.After)
			}
			out = append(out, "if ("+got+" != "+want+") {", w.Indent+text+")", "}")
		}
	}
	return out
}

// rCheck writes the function that compares the results with differences.
func rCheck(p *plan.Program, helpers *[]string) []string {
	l := rLanguage(p)
	c := newChecker(l, p, "d_")
	var body []string
	line := func(depth int, s string) { body = append(body, strings.Repeat("  ", depth)+s) }
	for k, q := range c.bases {
		body = append(body, rFunction(q, "base"+itoa(k+1), helpers, false)...)
	}
	for k, q := range p.Check.Along {
		if q != nil {
			body = append(body, rFunction(q, "along"+itoa(k+1), helpers, false)...)
		}
	}
	line(0, "worst <- 0")
	line(0, "for (trial in seq_len(trials)) {")
	for _, s := range directions(p) {
		d := c.direction[s]
		line(1, d+" <- "+rRandom(s, c.names.Symbol(s)))
		switch {
		case s.Facts.Has(expr.Diagonal) && s.Family != nil:
			line(1, d+" <- lapply("+d+", function(m) m * diag(nrow(m)))")
		case s.Facts.Has(expr.Diagonal):
			line(1, d+" <- "+d+" * diag(nrow("+d+"))")
		case s.Facts.Has(expr.Symmetric) && s.Family != nil:
			line(1, d+" <- lapply("+d+", function(m) m + t(m))")
		case s.Facts.Has(expr.Symmetric):
			line(1, d+" <- "+d+" + t("+d+")")
		}
	}
	line(1, "results <- "+p.Name+"("+strings.Join(c.arguments(p, c.self), ", ")+")")
	for k, r := range p.Results {
		q := p.Check.Base[k]
		if q == nil {
			continue
		}
		x, d := c.names.Symbol(r.Wrt), c.direction[r.Wrt]
		result := "results"
		if len(p.Results) > 1 {
			result += "$" + resultName(asciiIdentifier)(r)
		}
		largest := "max(abs(" + x + "), 0)"
		at := func(sign string) string {
			moved := x + " " + sign + " step * " + d
			if plan.ArgumentRank(r.Wrt) == 3 {
				moved = "Map(function(m, d) m " + sign + " step * d, " + x + ", " + d + ")"
			}
			return "base" + itoa(c.base(q)) + "(" + strings.Join(c.arguments(q, c.moved(r.Wrt, moved)), ", ") + ")"
		}
		if plan.ArgumentRank(r.Wrt) == 3 {
			largest = "max(abs(unlist(" + x + ")), 0)"
		}
		line(1, "step <- 1e-6 * (1 + "+largest+")")
		line(1, "difference <- ("+at("+")+" - "+at("-")+") / (2 * step)")
		predicted := "along" + itoa(k+1) + "(" + strings.Join(c.arguments(p.Check.Along[k], c.along(k, result)), ", ") + ")"
		line(1, "worst <- max(worst, .deviation("+predicted+", difference))")
	}
	line(0, "}")
	line(0, "if (!isTRUE(worst <= tolerance)) {")
	line(1, `stop(sprintf("the derivatives deviate from differences by %.1e", worst))`)
	line(0, "}")
	line(0, "worst")
	merge(helpers, []string{rDeviation})
	out := []string{"#' Compares the derivatives with central differences in random directions."}
	if c.given() {
		out = append(out, "#' Directions are drawn, those given are not looked at.")
	}
	out = append(out, "#' Returns the largest relative deviation; stops where it is above the tolerance.")
	params := append(c.arguments(p, c.self), "trials = 3", "tolerance = 1e-5")
	out = append(out, p.Name+"_check <- function("+strings.Join(params, ", ")+") {")
	for _, s := range body {
		if s != "" {
			s = "  " + s
		}
		out = append(out, s)
	}
	return append(out, "}")
}
