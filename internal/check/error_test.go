package check

import (
	"testing"

	"example.com/nabla/internal/message/messagetest"
)

// Errors are compared as whole rendered text.
func TestErrors(t *testing.T) {
	const mnp = "A: matrix(m, n); B: matrix(p, n); S: matrix(n, n); x: vector(n); y: vector(m); c: scalar\n"
	for _, c := range []struct {
		text string
		opts Options
		want string
	}{
		{mnp + "exp(A * B)", Options{}, `
2:7: cannot multiply A (m × n) by B (p × n): inner dimensions n and p differ
  exp(A * B)
        ^
hint: A*B' has matching shapes
`},
		{mnp + "A*y", Options{}, `
2:2: cannot multiply A (m × n) by y (m): inner dimensions n and m differ
  A*y
   ^
hint: A'*y has matching shapes
`},
		{mnp + "x*x", Options{}, `
2:2: cannot multiply x (n) by x (n): inner dimensions 1 and n differ
  x*x
   ^
hint: x'*x is the inner product, x.*x the product of the entries
`},
		{mnp + "A + B", Options{}, `
2:3: cannot add A (m × n) and B (p × n): rows m and p differ
  A + B
    ^
`},
		{mnp + "x - y", Options{}, `
2:3: cannot subtract y (m) from x (n): lengths n and m differ
  x - y
    ^
`},
		{mnp + "x + x'", Options{}, `
2:3: cannot add x (n) and x' (1 × n): the shapes differ
  x + x'
    ^
hint: x + x has matching shapes
`},
		{mnp + "A .* A'", Options{}, `
2:3: cannot multiply A (m × n) and A' (n × m) entry by entry: the shapes differ
  A .* A'
    ^~
hint: A.*A has matching shapes
`},
		{mnp + "c/x", Options{}, `
2:2: cannot divide by x (n): / needs a scalar on its right
  c/x
   ^
hint: c./x divides entry by entry
`},
		{mnp + "A/S", Options{}, `
2:2: cannot divide by S (n × n): / needs a scalar on its right
  A/S
   ^
hint: A*inv(S) multiplies by the inverse
`},
		{mnp + "c/(1-1+0*c) + 1/0", Options{}, `
2:16: division by zero
  c/(1-1+0*c) + 1/0
                 ^
`},
		{mnp + "x^2", Options{}, `
2:2: cannot raise x (n) to a power: ^ needs a scalar or a square matrix
  x^2
   ^
hint: x.^2 raises each entry
`},
		{mnp + "S^1000000", Options{}, `
2:3: the exponent of a matrix must lie between -64 and 64, got 1000000
  S^1000000
    ^~~~~~~
`},
		{mnp + "c^1000000", Options{}, `
2:3: an exponent must lie between -1000 and 1000, got 1000000
  c^1000000
    ^~~~~~~
`},
		{mnp + "S^(1/2)", Options{}, `
2:4: the exponent of a matrix must be an integer, got 1/2
  S^(1/2)
     ^~~
hint: S.^(1/2) raises each entry
`},
		{mnp + "S^c", Options{}, `
2:3: the exponent of a matrix must be an integer or a scalar declared integer, got c
  S^c
    ^
hint: declare it, as in c: scalar integer
`},
		{mnp + "2^x", Options{}, `
2:2: the exponent must be a scalar, got x (n)
  2^x
   ^
hint: 2.^x raises entry by entry
`},
		{mnp + "tr(A)", Options{}, `
2:1: tr needs a square matrix, got A (m × n)
  tr(A)
  ^~
`},
		{mnp + "softmax(A)", Options{}, `
2:1: softmax needs a vector, got A (m × n)
  softmax(A)
  ^~~~~~~
hint: softmaxrows(A) or softmaxcols(A)
`},
		{mnp + "softmax(x')", Options{}, `
2:1: softmax needs a vector, got x' (1 × n)
  softmax(x')
  ^~~~~~~
hint: softmax(x) has matching shapes
`},
		{mnp + "diag(A)", Options{}, `
2:1: diag needs a vector or a square matrix, got A (m × n)
  diag(A)
  ^~~~
`},
		{mnp + "dot(x, y)", Options{}, `
2:1: dot needs operands of one shape, got x (n) and y (m)
  dot(x, y)
  ^~~
`},
		{mnp + "khatrirao(A, S*A')", Options{}, `
2:1: khatrirao needs operands of shapes i × j and k × j, got A (m × n) and S*A' (n × m)
  khatrirao(A, S*A')
  ^~~~~~~~~
hint: khatrirao(A, (S*A')') has matching shapes
`},
		{mnp + "tr(S, S)", Options{}, `
2:1: tr needs 1 operand, got 2
  tr(S, S)
  ^~
`},
		{mnp + "max(c)", Options{}, `
2:1: max needs 2 operands, got 1
  max(c)
  ^~~
`},
		{mnp + "sum(i, x)", Options{Closed: true}, `
2:1: sum needs 1 operand, got 2
  sum(i, x)
  ^~~
hint: a sum over an index is written sum(i, x[i]), with a family x[i]
`},
		{mnp + "sigmod(x)", Options{}, `
2:1: unknown function sigmod
  sigmod(x)
  ^~~~~~
hint: did you mean sigmoid?
`},
		{mnp + "Exp(x)", Options{}, `
2:1: unknown function Exp
  Exp(x)
  ^~~
hint: did you mean exp?
`},
		{mnp + "Q(x + x)", Options{}, `
2:1: unknown function Q
  Q(x + x)
  ^
hint: a product is written Q*(x + x); an elementwise function is declared by Q: function
`},
		{mnp + "σ(x)", Options{}, `
2:1: unknown function σ
  σ(x)
  ^
hint: the logistic function is sigmoid; any function is declared by σ: function
`},
		{mnp + "logm(S)", Options{}, `
2:1: logm is not supported: functions of a matrix act entry by entry
  logm(S)
  ^~~~
hint: log(X) takes log of each entry
`},
		{mnp + "exp + c", Options{}, `
2:1: exp is a function and needs an operand
  exp + c
  ^~~
hint: apply it, as in exp(x)
`},
		{mnp + "x(c + 1)", Options{}, `
2:1: x is a vector, not a function
  x(c + 1)
  ^
hint: a product is written x*(c + 1)
`},
		{"X_train: matrix(m, n)\nX_tran*w", Options{Closed: true}, `
2:1: unknown name X_tran
  X_tran*w
  ^~~~~~
hint: did you mean X_train?
2:8: unknown name w
  X_tran*w
         ^
`},
		{"eye(n, n)", Options{}, `
1:1: eye needs 1 size, got 2
  eye(n, n)
  ^~~
`},
		{mnp + "eye(S)", Options{}, `
2:5: S is a matrix and cannot be a size
  eye(S)
      ^
hint: a size is a name that is not declared
`},
		{"ones(n/2)", Options{}, `
1:6: a size is made of names and integers by + - * ^, got n/2
  ones(n/2)
       ^~~
`},
		{"basis(3, 4)", Options{}, `
1:1: the position in basis must be at most 3, got 4
  basis(3, 4)
  ^~~~~~~~~~~
`},
		{"X: matrix(m, 0); X", Options{}, `
1:14: a size must be at least 1, got 0
  X: matrix(m, 0); X
               ^
`},
		{"X: matrix(m, n)\nX: vector(n)\nX", Options{}, `
2:1: X is declared twice
  X: vector(n)
  ^
note: X is declared at 1:1
`},
		{"X: matrix(m, n)\nX = 2", Options{}, `
2:1: X is declared as a variable and cannot be defined
  X = 2
  ^
note: X is declared at 1:1
`},
		{"a = 2\na = 3", Options{}, `
2:1: a is defined twice
  a = 3
  ^
note: a is defined at 1:1
`},
		{"a = b + 1\nb = c*2\nc = a", Options{}, `
2:5: the definition of c is cyclic
  b = c*2
      ^
note: c uses a, a uses b, b uses c
`},
		{"x[i] = W*x[i] + y; Σ_i x[i]", Options{}, `
1:10: the definition of x is cyclic
  x[i] = W*x[i] + y; Σ_i x[i]
           ^
`},
		{"x[i] = 2*y[i]; y[i] = x[i]; Σ_i x[i]", Options{}, `
1:23: the definition of x is cyclic
  x[i] = 2*y[i]; y[i] = x[i]; Σ_i x[i]
                        ^
`},
		{"S: matrix(m, n) symmetric; S", Options{}, `
1:17: symmetric needs a square matrix, but S is m × n
  S: matrix(m, n) symmetric; S
                  ^~~~~~~~~
`},
		{"S: matrix(n, n) symetric; S", Options{}, `
1:17: unknown fact symetric
  S: matrix(n, n) symetric; S
                  ^~~~~~~~
hint: did you mean symmetric?
`},
		{"y: scalar onehot; y", Options{}, `
1:11: onehot needs a vector or a matrix of such columns, but y is a scalar
  y: scalar onehot; y
            ^~~~~~
`},
		{"x[i]: vector(n), i = 1..N\nx[i]", Options{}, `
2:3: the index i is not bound here
  x[i]
    ^
hint: members stand inside a sum, as in sum(i, x[i])
`},
		{"x[i]: vector(n), i = 1..N\nsum(x)", Options{}, `
2:5: x is a family, not a single value
  sum(x)
      ^
hint: a member of it is x[i]
`},
		{"x[i]: vector(n), i = 1..N; y[j]: vector(n), j = 1..M\nsum(i, x[i]'*y[i])", Options{}, `
2:16: y has M members, but i runs from 1 to N
  sum(i, x[i]'*y[i])
                 ^
`},
		{"x[i]: vector(n), i = 1..N\nsum(i, sum(i, x[i]'*x[i]))", Options{}, `
2:12: the index i is bound by an outer sum
  sum(i, sum(i, x[i]'*x[i]))
             ^
`},
		{"p: scalar\nΣ_{k=1}^p k", Options{}, `
2:9: p is a scalar and cannot be a size
  Σ_{k=1}^p k
          ^
hint: a size is a name that is not declared
`},
		{"x[i]: vector(n), i = 1..N\nsum(i, x[2])", Options{}, `
2:10: the index of x must be bound by a sum, got 2
  sum(i, x[2])
           ^
hint: a sum over the members is sum(i, x[i])
`},
		{"Σ_k a*b", Options{}, `
1:2: the range of k is unknown
  Σ_k a*b
   ^~
hint: a family declares it, as in x[k]: vector(n), k = 1..N
`},
		{"x[i]: vector(n), i = 0..N; sum(i, x[i])", Options{}, `
1:22: the range of i must start at 1, got 0
  x[i]: vector(n), i = 0..N; sum(i, x[i])
                       ^
`},
		{"‖X‖_2", Options{}, `
1:1: the spectral norm of a matrix is not supported, got X (m × n)
  ‖X‖_2
  ^~~~~
hint: ‖X‖_F is the Frobenius norm
`},
		{"X*w + w", Options{}, ""},
		{"y: vector(m); w: vector(n); tr(X)*X*w + y", Options{}, `
1:39: cannot add tr(X)*X*w (n) and y (m): lengths n and m differ
  y: vector(m); w: vector(n); tr(X)*X*w + y
                                        ^
note: X is not declared and taken as a matrix
`},
		{"tr(A*X^p)", Options{}, `
1:7: the exponent must be a scalar, got p (r)
  tr(A*X^p)
        ^
note: p is not declared and taken as a vector
hint: declare it, as in p: scalar integer
`},
		{"变量 + 1", Options{}, `
1:1: the first letter of 变量 does not tell its type
  变量 + 1
  ^~~~
hint: declare it, as in 变量: vector(n)
`},
		{"X: matrix(m, n)", Options{}, `
1:1: the program has declarations but no expression
  X: matrix(m, n)
  ^
`},
		{"x'*x; y'*y", Options{}, `
1:7: the program has a second expression
  x'*x; y'*y
        ^~~~
hint: name the first one, as in a = x'*x
`},
		{"x'*x", Options{Closed: true, Wrt: []string{"q"}}, `
1:1: unknown name q
  q
  ^
1:1: unknown name x
  x'*x
  ^
`},
		{"x'*x", Options{Wrt: []string{"x[1]"}}, `
1:1: x is not a family: derivatives are by all of its entries
  x[1]
  ^~~~
hint: differentiate by x and take the entry of the result
`},
		{"x[i]: vector(n), i = 1..N; Σ_i x[i]'*x[i]", Options{Wrt: []string{"x[1]"}}, `
1:1: derivatives are by all members of x, not by one
  x[1]
  ^~~~
hint: differentiate by x and take the member of the result
`},
		{"x[i]: vector(n), i = 1..N; Σ_i x[i]'*x[i]", Options{Wrt: []string{"x[N]"}}, `
1:1: derivatives are by all members of x, not by one
  x[N]
  ^~~~
hint: differentiate by x and take the member of the result
`},
		{"s: function; s(x)'*x", Options{Wrt: []string{"s"}}, `
1:1: s is a function, not a variable
  s
  ^
`},
		{"X: matrix(2, 3); Y: matrix(3, 3); X*Y*X", Options{}, `
1:38: cannot multiply X*Y (2 × 3) by X (2 × 3): inner dimensions 3 and 2 differ
  X: matrix(2, 3); Y: matrix(3, 3); X*Y*X
                                       ^
hint: X*Y*X' has matching shapes
`},
		{"A: matrix(n^40, n^40); kron(A, A)", Options{}, `
1:24: the size is too large
  A: matrix(n^40, n^40); kron(A, A)
                         ^~~~
`},
	} {
		_, file, diags := run(t, c.text, c.opts)
		want := c.want
		if want != "" {
			want = want[1:]
		}
		messagetest.Chinese(t, diags)
		if got := diags.Render(file); got != want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, want)
		}
	}
}
