package check

import (
	"strconv"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/source"
)

// flexible holds the size variables of an inference and the equations between
// sizes that could not be solved yet.
//
// A size variable stands for a size other than 1, because the letter of a name
// has decided already whether it is a scalar, a vector or a matrix.
type flexible struct {
	vars   []flexVar
	number map[*expr.SizeName]int
	trail  []int // variables in the order they were solved
	later  []equation
}

// A flexVar is a size variable; value is nil while it is not solved.
type flexVar struct {
	name  *expr.SizeName
	value *expr.Dim
	role  sizeRole
}

// A sizeRole is where a size variable comes from; it decides its printed name.
type sizeRole uint8

const (
	roleVector sizeRole = iota
	roleRows
	roleCols
	roleFamily
)

// An equation between sizes, with the place that requires it.
type equation struct {
	a, b *expr.Dim
	at   source.Span
}

// fresh returns a new size variable.
func (c *checker) fresh(role sizeRole) *expr.Dim {
	f := c.flex
	name := "?" + strconv.Itoa(len(f.vars))
	d := c.sz.Size(name)
	n := c.sz.SizeName(name)
	f.number[n] = len(f.vars)
	f.vars = append(f.vars, flexVar{name: n, role: role})
	return d
}

// resolve replaces solved size variables by their values.
func (c *checker) resolve(d *expr.Dim) *expr.Dim {
	if c.flex == nil || len(c.flex.trail) == 0 {
		return d
	}
	for {
		c.b.Limit.Step(8)
		solved := false
		d.Terms(func(_ int64, pows []expr.DimPow) {
			for _, p := range pows {
				solved = solved || c.value(p.Name) != nil
			}
		})
		if !solved {
			return d
		}
		sum := c.sz.Const(0)
		d.Terms(func(coef int64, pows []expr.DimPow) {
			t := c.sz.Const(coef)
			for _, p := range pows {
				v := c.value(p.Name)
				if v == nil {
					v = c.sz.Size(p.Name.Name)
				}
				for range p.Exp {
					t = c.sz.Mul(t, v)
				}
			}
			sum = c.sz.Add(sum, t)
		})
		d = sum
	}
}

// value returns the value of a solved size variable, or nil.
func (c *checker) value(n *expr.SizeName) *expr.Dim {
	if i, ok := c.flex.number[n]; ok {
		return c.flex.vars[i].value
	}
	return nil
}

// equal makes two sizes equal if they can be, solving for a size variable. An
// equation that has variables but cannot be solved is kept for later.
func (c *checker) equal(a, b *expr.Dim, at source.Span) bool {
	if a == b {
		return true
	}
	if c.flex == nil {
		return false
	}
	a, b = c.resolve(a), c.resolve(b)
	if a == b {
		return true
	}
	switch c.solve(a, b) {
	case solved:
		return true
	case unsolved:
		c.flex.later = append(c.flex.later, equation{a, b, at})
		return true
	}
	return false
}

// same reports whether two sizes are equal without solving for anything.
func (c *checker) same(a, b *expr.Dim) bool { return c.resolve(a) == c.resolve(b) }

type outcome uint8

const (
	impossible outcome = iota
	unsolved
	solved
)

// term is a product of a size polynomial.
type term struct {
	coef int64
	pows []expr.DimPow
}

// solve looks for a size variable that occurs in a − b once, alone and with a
// coefficient that divides the others, and gives it its value. Of several it
// takes the newest, so that the oldest stay as names. A common factor of a − b
// is left out first; sizes are positive.
func (c *checker) solve(a, b *expr.Dim) outcome {
	var terms []term
	c.sz.Sub(a, b).Terms(func(coef int64, pows []expr.DimPow) { terms = append(terms, term{coef, pows}) })
	terms = c.withoutCommon(terms)
	best, at := -1, 0
	any := false
	for i, t := range terms {
		for _, p := range t.pows {
			k, ok := c.flex.number[p.Name]
			if !ok {
				continue
			}
			any = true
			if k > best && len(t.pows) == 1 && p.Exp == 1 && c.alone(terms, i) {
				best, at = k, i
			}
		}
	}
	if best < 0 {
		if any {
			return unsolved
		}
		return impossible
	}
	v := c.sz.Const(0)
	for i, t := range terms {
		if i == at {
			continue
		}
		d := c.sz.Const(-t.coef / terms[at].coef)
		for _, p := range t.pows {
			for range p.Exp {
				d = c.sz.Mul(d, c.sz.Size(p.Name.Name))
			}
		}
		v = c.sz.Add(v, d)
	}
	if n, ok := v.Const(); ok && n <= 1 {
		return impossible
	}
	c.flex.vars[best].value = v
	c.flex.trail = append(c.flex.trail, best)
	return solved
}

// alone reports whether the variable of term i occurs in no other term and its
// coefficient divides theirs.
func (c *checker) alone(terms []term, i int) bool {
	name := terms[i].pows[0].Name
	for j, t := range terms {
		if j == i {
			continue
		}
		if t.coef%terms[i].coef != 0 {
			return false
		}
		for _, p := range t.pows {
			if p.Name == name {
				return false
			}
		}
	}
	return true
}

// withoutCommon divides the terms by the powers that all of them share.
func (c *checker) withoutCommon(terms []term) []term {
	if len(terms) < 2 {
		return terms
	}
	for _, p := range terms[0].pows {
		least := p.Exp
		for _, t := range terms[1:] {
			least = min(least, exponentOf(t, p.Name))
		}
		if least == 0 {
			continue
		}
		for i, t := range terms {
			var pows []expr.DimPow
			for _, q := range t.pows {
				if q.Name == p.Name {
					q.Exp -= least
				}
				if q.Exp > 0 {
					pows = append(pows, q)
				}
			}
			terms[i].pows = pows
		}
	}
	return terms
}

func exponentOf(t term, n *expr.SizeName) int {
	for _, p := range t.pows {
		if p.Name == n {
			return p.Exp
		}
	}
	return 0
}

// A mark is a state of the inference that can be returned to.
type mark struct{ trail, later int }

func (c *checker) mark() mark {
	if c.flex == nil {
		return mark{}
	}
	return mark{len(c.flex.trail), len(c.flex.later)}
}

// undo forgets what was solved since the mark.
func (c *checker) undo(m mark) {
	if c.flex == nil {
		return
	}
	for _, i := range c.flex.trail[m.trail:] {
		c.flex.vars[i].value = nil
	}
	c.flex.trail = c.flex.trail[:m.trail]
	c.flex.later = c.flex.later[:m.later]
}

// maxRounds bounds how often the equations that were kept are tried.
const maxRounds = 16

// finishEquations solves the equations that were kept, as far as the others
// have made that possible, and reports those that remain.
func (c *checker) finishEquations() {
	if c.flex == nil {
		return
	}
	progress := true
	for round := 0; progress && round < maxRounds; round++ {
		progress = false
		eqs := c.flex.later
		c.flex.later = nil
		for _, e := range eqs {
			a, b := c.resolve(e.a), c.resolve(e.b)
			if a == b {
				progress = true
				continue
			}
			switch c.solve(a, b) {
			case solved:
				progress = true
			case unsolved:
				c.flex.later = append(c.flex.later, equation{a, b, e.at})
			default:
				c.errorf(e.at, "the sizes %s and %s differ", c.dimText(a), c.dimText(b))
			}
		}
	}
	for _, e := range c.flex.later {
		d := c.errorf(e.at, "the sizes cannot be inferred from %s = %s", c.dimText(e.a), c.dimText(e.b))
		d.Hint = say("declare the variables, as in X: matrix(m, n)")
	}
}

// translate copies a size into other Sizes with its names replaced.
func translate(to *expr.Sizes, d *expr.Dim, rename func(*expr.SizeName) string) *expr.Dim {
	sum := to.Const(0)
	d.Terms(func(coef int64, pows []expr.DimPow) {
		t := to.Const(coef)
		for _, p := range pows {
			v := to.Size(rename(p.Name))
			for range p.Exp {
				t = to.Mul(t, v)
			}
		}
		sum = to.Add(sum, t)
	})
	return sum
}
