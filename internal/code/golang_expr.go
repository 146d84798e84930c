package code

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A goExpr is an expression of Go. It prints itself as gofmt does, whose spaces around
// operators depend on what else is in the expression: a*b + c, f(a+b, c). The rules are
// those of go/printer, which is too large for the engine.
type goExpr struct {
	form goForm
	text string // a name or literal; the operator; the method
	args []goExpr
}

// A goForm is the form of an expression.
type goForm uint8

const (
	goText   goForm = iota // a name, a selector of a package, a literal
	goWhole                // an integer literal, untyped in Go
	goUnary                // text args[0]
	goBinary               // args[0] text args[1]
	goCall                 // args[0](args[1:])
	goMethod               // args[0].text
	goIndex                // args[0][args[1]]
)

func goID(name string) goExpr { return goExpr{form: goText, text: name} }

func goInt(n int64) goExpr {
	if n < 0 {
		return goNeg(goInt(-n))
	}
	return goExpr{form: goWhole, text: strconv.FormatInt(n, 10)}
}

// goFn calls a function by its name.
func goFn(name string, args ...goExpr) goExpr {
	return goExpr{form: goCall, args: append([]goExpr{goID(name)}, args...)}
}

// method calls a method of x.
func (x goExpr) method(name string, args ...goExpr) goExpr {
	f := goExpr{form: goMethod, text: name, args: []goExpr{x}}
	return goExpr{form: goCall, args: append([]goExpr{f}, args...)}
}

// at returns x[i].
func (x goExpr) at(i goExpr) goExpr { return goExpr{form: goIndex, args: []goExpr{x, i}} }

func goNeg(x goExpr) goExpr {
	if x.form == goUnary && x.text == "-" {
		return x.args[0]
	}
	return goExpr{form: goUnary, text: "-", args: []goExpr{x}}
}

// goAddr returns &x.
func goAddr(x goExpr) goExpr { return goExpr{form: goUnary, text: "&", args: []goExpr{x}} }

func goBin(op string, x, y goExpr) goExpr {
	return goExpr{form: goBinary, text: op, args: []goExpr{x, y}}
}

// goRat returns a number: an integer, a decimal where that is exact and short, or a
// quotient that is no division of integers.
func goRat(r rat.Rat) goExpr {
	if r.Sign() < 0 {
		return goNeg(goRat(r.Abs()))
	}
	p, q, small := r.Small()
	switch {
	case small && q == 1:
		return goInt(p)
	case small && (q == 2 || q == 4 || q == 5 || q == 8 || q == 10):
		return goID(strconv.FormatFloat(float64(p)/float64(q), 'g', -1, 64))
	}
	num, den, ok := strings.Cut(r.Abs().String(), "/")
	if !ok {
		return goExpr{form: goWhole, text: num}
	}
	return goBin("/", goID(num+".0"), goExpr{form: goWhole, text: den})
}

// isWhole reports whether x is an integer literal, perhaps with a sign.
func (x goExpr) isWhole() bool {
	return x.form == goWhole || x.form == goUnary && x.args[0].form == goWhole
}

// float makes an integer literal one of a float64, where nothing else gives it its type.
func (x goExpr) float() goExpr {
	switch {
	case x.form == goWhole:
		return goID(x.text + ".0")
	case x.form == goUnary && x.args[0].form == goWhole:
		return goNeg(x.args[0].float())
	}
	return x
}

// goDim returns a size as an int; name gives the names of sizes.
func goDim(d *expr.Dim, name func(*expr.SizeName) string) goExpr {
	var sum goExpr
	first := true
	d.Terms(func(c int64, pows []expr.DimPow) {
		minus := c < 0
		if minus {
			c = -c
		}
		var product goExpr
		factors := 0
		times := func(x goExpr) {
			if factors++; factors == 1 {
				product = x
			} else {
				product = goBin("*", product, x)
			}
		}
		if c != 1 || len(pows) == 0 {
			times(goInt(c))
		}
		for _, p := range pows {
			for range p.Exp {
				times(goID(name(p.Name)))
			}
		}
		switch {
		case first && minus:
			sum = goNeg(product)
		case first:
			sum = product
		case minus:
			sum = goBin("-", sum, product)
		default:
			sum = goBin("+", sum, product)
		}
		first = false
	})
	if first {
		return goInt(0)
	}
	return sum
}

// simple reports whether the expression may be written twice: a name, a literal, an
// entry of a slice.
func (x goExpr) simple() bool {
	switch x.form {
	case goText, goWhole:
		return true
	case goUnary:
		return x.text == "-" && x.args[0].simple()
	case goIndex:
		return x.args[0].simple() && x.args[1].simple()
	}
	return false
}

// String prints the expression as it stands in a statement.
func (x goExpr) String() string { return x.print(1) }

func (x goExpr) len() int { return utf8.RuneCountInString(x.String()) }

// print prints the expression at a depth, as operand of what takes anything.
func (x goExpr) print(depth int) string {
	var b strings.Builder
	x.write(&b, 0, depth)
	return b.String()
}

// goUnaryPrec is the precedence of unary operators, goHighest that of operands.
const (
	goUnaryPrec = 6
	goHighest   = 7
)

func (x goExpr) prec() int {
	switch x.text {
	case "*", "/", "%":
		return 5
	case "+", "-":
		return 4
	case "==", "!=", "<", "<=", ">", ">=":
		return 3
	case "&&":
		return 2
	}
	return 1
}

func (x goExpr) write(b *strings.Builder, prec1, depth int) {
	switch x.form {
	case goText, goWhole:
		b.WriteString(x.text)
	case goUnary:
		if goUnaryPrec < prec1 {
			b.WriteByte('(')
			x.write(b, 0, max(depth-1, 1))
			b.WriteByte(')')
			return
		}
		if strings.HasSuffix(b.String(), x.text) { // - - is no --
			b.WriteByte(' ')
		}
		b.WriteString(x.text)
		x.args[0].write(b, goUnaryPrec, depth)
	case goBinary:
		x.writeBinary(b, prec1, depth)
	case goMethod:
		x.args[0].write(b, goHighest, depth)
		b.WriteString("." + x.text)
	case goIndex:
		x.args[0].write(b, goHighest, 1)
		b.WriteByte('[')
		x.args[1].write(b, 0, depth+1)
		b.WriteByte(']')
	case goCall:
		if len(x.args) > 2 {
			depth++
		}
		x.args[0].write(b, goHighest, depth)
		b.WriteByte('(')
		for i, a := range x.args[1:] {
			if i > 0 {
				b.WriteString(", ")
			}
			a.write(b, 0, depth)
		}
		b.WriteByte(')')
	}
}

func (x goExpr) writeBinary(b *strings.Builder, prec1, depth int) {
	prec := x.prec()
	if prec < prec1 {
		b.WriteByte('(')
		x.write(b, 0, max(depth-1, 1))
		b.WriteByte(')')
		return
	}
	blank := ""
	if prec < x.cutoff(depth) {
		blank = " "
	}
	left, right := x.args[0], x.args[1]
	deeper := 1
	if left.form == goBinary && left.prec() == prec {
		deeper = 0
	}
	left.write(b, prec, depth+deeper)
	b.WriteString(blank + x.text + blank)
	right.write(b, prec+1, depth+1)
}

// cutoff returns the precedence from which on there are no blanks.
func (x goExpr) cutoff(depth int) int {
	has4, has5, problem := x.walk()
	switch {
	case problem > 0:
		return problem + 1
	case has4 && has5 && depth == 1:
		return 5
	case depth == 1:
		return 6
	}
	return 4
}

// walk looks for operators of the precedences 4 and 5, and for a minus before a minus,
// outside of brackets.
func (x goExpr) walk() (has4, has5 bool, problem int) {
	prec := x.prec()
	has4, has5 = prec == 4, prec == 5
	sub := func(y goExpr) {
		h4, h5, p := y.walk()
		has4, has5, problem = has4 || h4, has5 || h5, max(problem, p)
	}
	if l := x.args[0]; l.form == goBinary && l.prec() >= prec {
		sub(l)
	}
	switch r := x.args[1]; {
	case r.form == goBinary && r.prec() > prec:
		sub(r)
	case r.form == goUnary && x.text == "-" && r.text == "-":
		problem = max(problem, 4)
	}
	return has4, has5, problem
}
