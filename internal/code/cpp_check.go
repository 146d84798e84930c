package code

import (
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// cppCheck writes the function that compares the results with differences, in double.
func cppCheck(p *plan.Program, helpers *[]string) string {
	c := newChecker(cppLanguage(p), p, "d_")
	var out, body []string
	need := func(h ...string) { merge(helpers, h) }
	for k, q := range c.bases {
		out = append(out, "/// What is differentiated.\n"+cppFunction(q, "base"+itoa(k+1), helpers, false))
	}
	for k, q := range p.Check.Along {
		if q != nil {
			out = append(out, "/// What "+resultName(asciiIdentifier)(p.Results[k])+" says of a direction.\n"+
				cppFunction(q, "along"+itoa(k+1), helpers, false))
		}
	}
	line := func(s string) { body = append(body, s) }
	line("std::mt19937 rng(0);")
	line("double worst = 0;")
	line("for (int trial = 0; trial < trials; ++trial) {")
	for _, s := range directions(p) {
		d, x := c.direction[s], c.names.Symbol(s)
		need(cppRandom)
		rank := plan.ArgumentRank(s)
		t := "const " + cppType(rank, "double") + " " + d + " = "
		switch {
		case rank == 0:
			line("  " + t + "random_matrix(rng, 1, 1)(0, 0);")
		case rank == 3:
			need(cppRandomMatrices)
			diagonal, symmetric := s.Facts.Has(expr.Diagonal), s.Facts.Has(expr.Symmetric)
			if !diagonal && !symmetric {
				line("  " + t + "random_matrices(rng, " + x + ");")
				break
			}
			line("  " + strings.TrimPrefix(t, "const ") + "random_matrices(rng, " + x + ");")
			line("  for (Matrix<double>& m : " + d + ") {")
			if diagonal {
				line("    m = m.diagonal().eval().asDiagonal();")
			} else {
				line("    m += m.transpose().eval();")
			}
			line("  }")
		case s.Family == nil && s.Facts.Has(expr.Diagonal):
			line("  " + t + "random_matrix(rng, " + x + ".rows(), 1).col(0).asDiagonal();")
		case s.Family == nil && s.Facts.Has(expr.Symmetric):
			line("  Matrix<double> " + d + " = random_matrix(rng, " + x + ".rows(), " + x + ".cols());")
			line("  " + d + " += " + d + ".transpose().eval();")
		default:
			line("  " + t + "random_matrix(rng, " + x + ".rows(), " + x + ".cols());")
		}
	}
	call := "evaluate<double>(" + strings.Join(c.arguments(p, func(a plan.Parameter) string {
		if a.Direction != nil {
			return c.direction[a.Direction]
		}
		return c.self(a)
	}), ", ") + ")"
	result := func(int) string { return "result" }
	if len(p.Results) > 1 {
		line("  const Result<double> result = " + call + ";")
		fields := cppFields(p)
		result = func(k int) string { return fields[k] }
	} else {
		line("  const " + cppType(p.Results[0].Value.Rank, "double") + " result = " + call + ";")
	}
	for k, r := range p.Results {
		q := p.Check.Base[k]
		if q == nil {
			continue
		}
		need(cppLargest, cppRecord)
		rank := q.Results[0].Value.Rank
		if rank == 0 {
			need(cppRecordNumber)
		}
		x, d := c.names.Symbol(r.Wrt), c.direction[r.Wrt]
		largest := "largest(" + x + ")"
		if plan.ArgumentRank(r.Wrt) == 0 {
			largest = "std::abs(" + x + ")"
		}
		at := func(sign string) string {
			moved := x + " " + sign + " step * " + d
			if plan.ArgumentRank(r.Wrt) == 3 {
				need(cppMoved, cppLargestOfAll)
				moved = "moved(" + x + ", " + strings.TrimPrefix(sign, "+") + "step, " + d + ")"
			}
			return "base" + itoa(c.base(q)) + "<double>(" + strings.Join(c.arguments(q, c.moved(r.Wrt, moved)), ", ") + ")"
		}
		line("  {")
		line("    const double step = 1e-6 * (1 + " + largest + ");")
		line("    const " + cppType(rank, "double") + " up = " + at("+") + ";")
		line("    const " + cppType(rank, "double") + " down = " + at("-") + ";")
		line("    record(worst, tolerance, along" + itoa(k+1) + "<double>(" + strings.Join(c.arguments(p.Check.Along[k], c.along(k, result(k))), ", ") +
			"), (up - down) / (2 * step));")
		line("  }")
	}
	line("}")
	line("return worst;")
	if len(c.bases) == 0 {
		body = []string{"return 0;  // there are no derivatives"}
	}
	var b strings.Builder
	for _, s := range out {
		b.WriteString(s + "\n")
	}
	b.WriteString("/// Compares the derivatives with central differences in random directions. Returns\n" +
		"/// the largest relative deviation; throws std::runtime_error above the tolerance.\n")
	if c.given() {
		b.WriteString("/// Directions are drawn; those given are not looked at.\n")
	}
	body = cppInDouble(c, body, helpers)
	params := cppParams(p, c.names, func(name string) bool { return mentionsWord(strings.Join(body, "\n"), name) })
	if len(c.bases) > 0 {
		params = append(params, "int trials = 3", "double tolerance = 1e-5")
	}
	b.WriteString(cppHead(p, "double check", params))
	for _, s := range body {
		b.WriteString("  " + s + "\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// cppFields are the members of the result, in order.
func cppFields(p *plan.Program) []string {
	w := NewWriter(cppLanguage(p), p)
	var list []string
	for _, r := range p.Results {
		list = append(list, w.Names.Fresh("result."+resultName(asciiIdentifier)(r)))
	}
	return list
}

// cppInDouble writes the body of a check for double, which others call.
func cppInDouble(c *checker, body []string, helpers *[]string) []string {
	if len(c.bases) == 0 {
		return body
	}
	given := map[string]bool{}
	args := c.arguments(c.p, func(a plan.Parameter) string {
		x := c.self(a)
		if a.Direction != nil {
			// It is drawn in its own name: any value will do.
			given[x] = true
		}
		switch plan.ArgumentRank(a.Sym) {
		case 0:
			return x
		case 3:
			merge(helpers, []string{cppCastAll})
			return "cast_all<Scalar>(" + x + ")"
		}
		return x + ".template cast<double>()"
	})
	out := []string{"if constexpr (!std::is_same_v<Scalar, double>) {", "  return check<double>(" + strings.Join(append(args, "trials", "tolerance"), ", ") + ");", "} else {"}
	for _, s := range body {
		out = append(out, "  "+s)
	}
	return append(out, "}")
}
