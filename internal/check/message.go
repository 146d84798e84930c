package check

import (
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// dimText writes a size in the names of the user; size variables get the names
// that they would be printed with.
func (c *checker) dimText(d *expr.Dim) string {
	if c.flex == nil {
		return d.String()
	}
	d = c.resolve(d)
	if c.sizeNames == nil {
		c.nameSizes()
	}
	var s expr.Sizes
	return translate(&s, d, func(n *expr.SizeName) string {
		if t, ok := c.sizeNames[n]; ok {
			return t
		}
		return n.Name
	}).String()
}

// shapeText writes a shape: scalar, n for a vector, 1 × n for a row, m × n.
func (c *checker) shapeText(s expr.Shape) message.Text {
	switch {
	case s.IsScalar():
		return say("scalar")
	case s.IsVector():
		return message.Same(c.dimText(s.Rows))
	}
	return message.Same(side(c.dimText(s.Rows)) + " × " + side(c.dimText(s.Cols)))
}

// side puts brackets around a size that is a sum.
func side(s string) string {
	if strings.ContainsRune(s, ' ') {
		return "(" + s + ")"
	}
	return s
}

// maxOperand is the number of runes up to which an operand is quoted in full.
const maxOperand = 32

// quote returns an expression as written, cut if it is long.
func (c *checker) quote(x syntax.Expr) string {
	t := c.text(x)
	if utf8.RuneCountInString(t) > maxOperand {
		return string([]rune(t)[:maxOperand-1]) + "…"
	}
	return t
}

// operand names an expression with its shape: "A (m × n)".
func (c *checker) operand(x syntax.Expr, v val) message.Text {
	return say("%s (%s)", c.quote(x), c.shapeText(v.shape))
}

// explain adds to an error of shapes what was assumed of undeclared names in
// the operands.
func (c *checker) explain(d *source.Diagnostic, operands ...syntax.Expr) {
	if c.flex == nil {
		return
	}
	seen := map[string]bool{}
	for _, x := range operands {
		walkNames(x, func(name string) {
			e := c.find(name)
			if base, _, ok := syntax.SplitSubscript(name); ok && e == nil {
				name, e = base, c.find(base)
			}
			if e == nil || !e.inferred || seen[name] || len(d.Notes) >= 3 {
				return
			}
			seen[name] = true
			taken := [...]string{"%s is not declared and taken as a scalar", "%s is not declared and taken as a vector",
				"%s is not declared and taken as a matrix"}[e.kind]
			d.Notes = append(d.Notes, say(taken, name))
			if hint, ok := c.asProduct(name); ok && d.Hint == (message.Text{}) {
				d.Hint = hint
			}
		})
	}
}

// asProduct returns what to say of a name of several letters that looks like a product.
func (c *checker) asProduct(name string) (message.Text, bool) {
	for _, r := range c.prog.Readings {
		if r.Name == name && !r.Product {
			return say("%s is one name; the product is %s", name, strings.Join(r.Factors, "*")), true
		}
	}
	return message.Text{}, false
}

// readings notes the names that were taken for products.
func (c *checker) readings() {
	for _, r := range c.prog.Readings {
		if r.Product {
			c.note(say("%s is read as the product %s", r.Name, strings.Join(r.Factors, " ")))
		}
	}
}

// walkNames calls f for the names in x.
func walkNames(x syntax.Expr, f func(string)) {
	syntax.Walk(x, func(x syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Name:
			f(x.Name)
		case *syntax.Index:
			f(x.Family.Name)
		}
	})
}

// transposed returns the syntax of the transpose of x.
func transposed(x syntax.Expr) syntax.Expr {
	if u, ok := x.(*syntax.Unary); ok && u.Op == syntax.Transpose {
		return u.X
	}
	return &syntax.Unary{Op: syntax.Transpose, X: x}
}

// infix returns the text of an infix operation.
func infix(op syntax.Op, x, y syntax.Expr) string {
	return syntax.Text(&syntax.Binary{Op: op, X: x, Y: y})
}

// maxSuggestions is the number of errors after which no names are compared any
// more.
const maxSuggestions = 20

// suggestName proposes a known name for one that is not.
func (c *checker) suggestName(name string) message.Text {
	if len(*c.diags) > maxSuggestions {
		return message.Text{}
	}
	var known []string
	for _, e := range c.entities {
		known = append(known, e.name)
	}
	return suggest(name, append(known, c.sizes.list...))
}

// suggest returns a hint with the first of the known names that is nearest to
// name: equal but for case, or at an edit distance of at most 2 and less than
// half its length. It is empty if there is none.
func suggest(name string, known []string) message.Text {
	best, least := "", 3
	n := utf8.RuneCountInString(name)
	for _, k := range known {
		if k == name {
			continue
		}
		d := distance(name, k)
		if strings.EqualFold(name, k) {
			d = 0
		}
		if d < least && 2*d <= n {
			best, least = k, d
		}
	}
	if best == "" {
		return message.Text{}
	}
	return say("did you mean %s?", best)
}

// distance is the number of runes to insert, delete, replace or swap with a
// neighbour to get from a to b (optimal string alignment); 3 if it is more
// than 2.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s)-len(t) > 2 || len(t)-len(s) > 2 {
		return 3
	}
	rows := [3][]int{make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		row, prev := rows[i%3], rows[(i+2)%3]
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], rows[(i+1)%3][j-2]+1)
			}
		}
	}
	return min(rows[len(s)%3][len(t)], 3)
}
