package code

import (
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A goChecker writes the function that compares the results with differences.
type goChecker struct {
	*checker
	file *goFile
	out  []string // its statements
}

// check writes the function and those that it calls.
func (f *goFile) check(p *plan.Program) string {
	c := &goChecker{checker: newChecker(goLanguage(p), p, "d"), file: f}
	name := goName(p.Name)
	doc := []string{
		"// Check" + name + " compares the derivatives with central differences in three random",
		"// directions. It returns the largest relative deviation, and an error if that is above",
		"// 1e-5 or if arguments do not fit.",
	}
	if c.given() {
		doc = append(doc, "// Directions are drawn; those given are not looked at.")
	}
	var names, types []string
	for _, q := range p.Params {
		t := "int"
		if q.Sym != nil {
			t = goParamType(q.Sym)
		}
		for _, s := range parameters(&plan.Program{Params: []plan.Parameter{q}}, c.names, c.self) {
			if q.Direction != nil || len(c.bases) == 0 {
				s = "_"
			}
			names, types = append(names, s), append(types, t)
		}
	}
	head := "func Check" + name + "(" + goDeclarations(names, types) + ") (float64, error)"
	if len(c.bases) == 0 {
		return strings.Join(append(doc, goBlock(head, []string{"return 0, nil // there are no derivatives"})...), "\n") + "\n"
	}
	f.need("deviation")
	var private []string
	for k, q := range c.bases {
		private = append(private, "// base"+itoa(k+1)+" is what is differentiated.\n"+f.function(q, "base"+itoa(k+1), false))
	}
	for k, q := range p.Check.Along {
		if q != nil {
			private = append(private, "// along"+itoa(k+1)+" is what "+goResultName(p.Results[k])+" says of a direction.\n"+
				f.function(q, "along"+itoa(k+1), false))
		}
	}
	c.trial()
	body := append([]string{"rng := rand.New(rand.NewPCG(0, 0))", "worst := 0.0"}, goBlock("for range 3", c.out)...)
	body = append(body, "if !(worst <= 1e-5) {",
		"\treturn worst, fmt.Errorf("+goQuote(f.prefix+"the derivatives deviate from differences by %.1e")+", worst)", "}", "return worst, nil")
	return strings.Join(append(doc, goBlock(head, body)...), "\n") + "\n\n" + strings.Join(private, "\n")
}

// call assigns what a function of the file returns to names; an error ends the check.
func (c *goChecker) call(names []string, function string, args []string) {
	call := function + "(" + strings.Join(args, ", ") + ")"
	if fails := c.file.fails[function]; fails {
		c.out = append(c.out, strings.Join(names, ", ")+", err := "+call, "if err != nil {", "\treturn 0, err", "}")
		return
	}
	c.out = append(c.out, strings.Join(names, ", ")+" := "+call)
}

// trial writes what is done for one set of directions.
func (c *goChecker) trial() {
	for _, s := range directions(c.p) {
		c.draw(s)
	}
	var results []string
	for k, r := range c.p.Results {
		name := "_"
		if c.p.Check.Base[k] != nil {
			name = c.names.Fresh(goResultName(r))
		}
		results = append(results, name)
	}
	c.call(results, goName(c.p.Name), c.arguments(c.p, func(q plan.Parameter) string {
		if q.Direction != nil {
			return c.direction[q.Direction]
		}
		return c.self(q)
	}))
	for k, r := range c.p.Results {
		q := c.p.Check.Base[k]
		if q == nil {
			continue
		}
		step, up := c.names.numbered("step"), c.names.numbered("up")
		down, slope := c.names.numbered("down"), c.names.numbered("slope")
		c.out = append(c.out, step+" := "+c.stepSize(r.Wrt))
		base := "base" + itoa(c.base(q))
		depth := min(len(c.arguments(q, c.self)), 2)
		c.call([]string{up}, base, c.arguments(q, c.moved(r.Wrt, c.displaced(r.Wrt, "+", step, depth))))
		c.call([]string{down}, base, c.arguments(q, c.moved(r.Wrt, c.displaced(r.Wrt, "-", step, depth))))
		c.call([]string{slope}, "along"+itoa(k+1), c.arguments(c.p.Check.Along[k], c.along(k, results[k])))
		list := func(name string) string { return c.listed(q.Results[0].Value.Rank, name) }
		c.out = append(c.out, "worst = max(worst, deviation("+list(slope)+", "+list(up)+", "+list(down)+", "+step+"))")
	}
}

// draw declares a random direction of a variable, in the set of its values.
func (c *goChecker) draw(s *expr.Symbol) {
	d, x := c.direction[s], c.names.Symbol(s)
	helper := [...]string{"", "randomVector", "randomMatrix", "randomMatrices"}[plan.ArgumentRank(s)]
	c.file.need(helper)
	switch plan.ArgumentRank(s) {
	case 0:
		c.out = append(c.out, d+" := rng.NormFloat64()")
		return
	case 1:
		x = "len(" + x + ")"
	}
	text := helper + "(rng, " + x + ")"
	switch {
	case s.Facts.Has(expr.Diagonal) && s.Family != nil:
		c.file.need("onDiagonal")
		c.out = append(c.out, d+" := "+text, "for i, m := range "+d+" {", "\t"+d+"[i] = onDiagonal(m)", "}")
		return
	case s.Facts.Has(expr.Symmetric) && s.Family != nil:
		c.out = append(c.out, d+" := "+text, "for _, m := range "+d+" {", "\tm.Add(m, m.T())", "}")
		return
	case s.Facts.Has(expr.Diagonal):
		c.file.need("onDiagonal")
		text = "onDiagonal(" + text + ")"
	case s.Facts.Has(expr.Symmetric):
		c.out = append(c.out, d+" := "+text, d+".Add("+d+", "+d+".T())")
		return
	}
	c.out = append(c.out, d+" := "+text)
}

// stepSize is the step of the difference.
func (c *goChecker) stepSize(s *expr.Symbol) string {
	x := c.names.Symbol(s)
	if plan.ArgumentRank(s) == 0 {
		return "1e-6 * (1 + math.Abs(" + x + "))"
	}
	return "1e-6 * (1 + floats.Norm(" + c.listed(plan.ArgumentRank(s), x) + ", math.Inf(1)))"
}

// displaced is a variable moved by a step along its direction, at a depth of gofmt.
func (c *goChecker) displaced(s *expr.Symbol, sign, step string, depth int) string {
	x, d := c.names.Symbol(s), c.direction[s]
	if plan.ArgumentRank(s) == 0 {
		return goBin(sign, goID(x), goBin("*", goID(step), goID(d))).print(depth)
	}
	if sign == "-" {
		step = "-" + step
	}
	helper := [...]string{"", "movedVector", "movedMatrix", "movedMatrices"}[plan.ArgumentRank(s)]
	c.file.need(helper)
	return helper + "(" + x + ", " + step + ", " + d + ")"
}

// listed is a value of that rank as a slice of its entries.
func (c *goChecker) listed(rank int, x string) string {
	switch rank {
	case 0:
		return "[]float64{" + x + "}"
	case 1:
		return x
	case 3:
		x += "..."
	}
	c.file.need("entries")
	return "entries(" + x + ")"
}
