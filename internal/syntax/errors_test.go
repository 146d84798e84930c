package syntax

import (
	"strings"
	"testing"

	"example.com/nabla/internal/message/messagetest"
)

var errorCases = []struct{ text, want string }{
	{"a *", `
1:4: expected an expression after *, found end of input
  a *
     ^
`},
	{"", `
1:1: expected an expression, found nothing
`},
	{" \n\n", `
1:1: expected an expression, found nothing
`},
	{"exp(a * (b + c)", `
1:4: unbalanced parenthesis: ( is never closed
  exp(a * (b + c)
     ^
`},
	{"a + b)", `
1:6: unbalanced bracket: ) was never opened
  a + b)
       ^
`},
	{")", `
1:1: unbalanced bracket: ) was never opened
  )
  ^
`},
	{"a $ b", `
1:3: unexpected character $
  a $ b
    ^
`},
	{"a b", `
1:3: missing operator between a and b
  a b
    ^
hint: a*b
`},
	{"x 2", `
1:3: missing operator between x and 2
  x 2
    ^
hint: x*2
`},
	{"X.T*y", `
1:2: unexpected character .
  X.T*y
   ^
hint: the transpose is written X'
`},
	{"x**2", `
1:2: unknown operator **
  x**2
   ^~
hint: the power is written ^
`},
	{"a == b", `
1:3: unknown operator ==
  a == b
    ^~
hint: = defines a name, as in a = W*x
`},
	{"a + = b", `
1:5: expected an expression after +, found =
  a + = b
      ^
`},
	{"f(x) = 2", `
1:6: unexpected =: only a name at the start of a statement can be defined
  f(x) = 2
       ^
`},
	{"A \\ b", `
1:3: unknown operator \
  A \ b
    ^
hint: the solution of A*x = b is inv(A)*b
`},
	{"(a, b)", `
1:3: expected an operator or ) after a, found ,
  (a, b)
    ^
`},
	{"(a]", `
1:3: unbalanced bracket: ] was never opened
  (a]
    ^
`},
	{"f(x,)", `
1:5: expected an expression after ,, found )
  f(x,)
      ^
`},
	{"[1, 2]", `
1:1: unexpected [: matrix literals are not part of the language
  [1, 2]
  ^
hint: x[i] is a member of a family
`},
	{"|a + b", `
1:1: unbalanced bar: | is never closed
  |a + b
  ^
`},
	{"‖x‖_∞", `
1:5: unexpected character ∞
  ‖x‖_∞
      ^
`},
	{"‖x‖_3", `
1:4: the norm with suffix _3 is not known
  ‖x‖_3
     ^~
hint: the suffixes are _F, _1 and _2
`},
	{"X: matrix(n)", `
1:4: matrix needs 2 sizes, got 1
  X: matrix(n)
     ^~~~~~~~~
hint: matrix(m, n)
`},
	{"X: tensor(n)", `
1:4: expected matrix, vector, scalar or function, found tensor
  X: tensor(n)
     ^~~~~~
hint: a declaration has the form X: matrix(m, n)
`},
	{"x[i]: vector(n)", `
1:3: the family x has no range for i
  x[i]: vector(n)
    ^
hint: add , i = 1..N
`},
	{"x[i]: vector(n), j = 1..N", `
1:18: the index of x is i, the range is of j
  x[i]: vector(n), j = 1..N
                   ^
`},
	{"1e999", `
1:1: the exponent of a number must lie between -400 and 400
  1e999
  ^~~~~
`},
	{"a +\n\tb c", `
2:4: missing operator between b and c
      b c
        ^
hint: b*c
`},
	{"变量 $", `
1:4: unexpected character $
  变量 $
       ^
`},
	{"a $; b )\nc +; d", `
1:3: unexpected character $
  a $; b )
    ^
1:8: unbalanced bracket: ) was never opened
  a $; b )
         ^
2:4: expected an expression after +, found ;
  c +; d
     ^
`},
	{strings.Repeat("a + ", 60) + "$" + strings.Repeat(" + b", 60), `
1:241: unexpected character $
  …+ a + a + a + a + a + a + a + $ + b + b + b + b + b + b + b + b + b + b + b + b …
                                 ^
`},
	{"\x80", `
1:1: the text is not valid UTF-8 here
  �
  ^
`},
	{"∑_{3} x", `
1:4: expected an index, found 3
  ∑_{3} x
     ^
`},
	{"1_{n} 2", `
1:7: missing operator between 1_{n} and 2
  1_{n} 2
        ^
hint: 1_{n}*2
`},
	{"1_{f(n)}", `
1:4: expected a size in the subscript, found f(n)
  1_{f(n)}
     ^~~~
`},
	{"x_{1", `
1:3: unbalanced bracket: { is never closed
  x_{1
    ^~
`},
}

func TestErrors(t *testing.T) {
	for _, c := range errorCases {
		p, diags := ParseProgram(c.text, Options{})
		messagetest.Chinese(t, diags)
		if got := diags.Render(p.File); got != c.want[1:] {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want[1:])
		}
	}
}

func TestLimits(t *testing.T) {
	chain := strings.Repeat("f(", 9000) + "x" + strings.Repeat(")", 9000)
	if p, diags := ParseProgram(chain, Options{}); diags != nil {
		t.Errorf("a chain of 9000 calls: %s", diags.Render(p.File))
	}
	for _, c := range []struct{ text, want string }{
		{strings.Repeat("(", 100_000), "the expression is nested deeper than 10000 levels"},
		{strings.Repeat("-", 100_000) + "x", "the expression is nested deeper than 10000 levels"},
		{"x" + strings.Repeat("'", 100_000), "more than 10000 postfix operators"},
		{strings.Repeat("x", 1<<20), "the text has 1048576 bytes, the limit is 262144"},
		{strings.Repeat("√", 50_000), "the expression is nested deeper than 10000 levels"},
		{strings.Repeat("∑_i", 50_000), "the expression is nested deeper than 10000 levels"},
		{strings.Repeat("1", 2000), "a number may have at most 1000 digits"},
	} {
		_, diags := ParseProgram(c.text, Options{})
		if len(diags) != 1 || diags[0].Message.En != c.want {
			t.Errorf("%.10s…: got %v, want %s", c.text, diags, c.want)
		}
	}
}
