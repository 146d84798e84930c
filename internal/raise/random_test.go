package raise_test

import (
	"errors"
	"flag"
	"math/rand"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/raise"
)

var programs = flag.Int("programs", 1500, "random expressions to raise")

// A generator writes random expressions whose shapes fit. Sides are numbered: 0 is
// 1, 1 is m, 2 is n, 3 is m*n.
type generator struct{ *rand.Rand }

const randomDecls = "a, b: scalar; u, v: vector(m); x, y: vector(n); A, B: matrix(m, m); C: matrix(n, n); " +
	"S: matrix(n, n) symmetric; X, Y: matrix(m, n); z: vector(m*n); P: matrix(m*n, m*n); Q: matrix(m*n, m); " +
	"R: matrix(m*n, n); "

var leaves = map[[2]int][]string{
	{0, 0}: {"a", "b"}, {1, 0}: {"u", "v"}, {2, 0}: {"x", "y"}, {0, 1}: {"u'", "v'"}, {0, 2}: {"x'", "y'"},
	{1, 1}: {"A", "B", "eye(m)"}, {2, 2}: {"C", "S", "eye(n)"}, {1, 2}: {"X", "Y", "ones(m,n)"},
	{2, 1}: {"X'", "Y'"}, {3, 0}: {"z", "ones(m*n)"}, {0, 3}: {"z'"}, {3, 3}: {"P", "eye(m*n)"},
	{3, 1}: {"Q"}, {1, 3}: {"Q'"}, {3, 2}: {"R"}, {2, 3}: {"R'"},
}

func (g generator) expr(r, c, depth int) string {
	if depth <= 0 || g.Intn(12) == 0 {
		list := leaves[[2]int{r, c}]
		return list[g.Intn(len(list))]
	}
	sub := func(r, c int) string { return g.expr(r, c, depth-1-g.Intn(2)) }
	inner := g.Intn(3)
	switch k := g.Intn(11); {
	case k == 0:
		return "(" + sub(r, c) + " + " + sub(r, c) + ")"
	case k == 1:
		return "(" + sub(r, c) + " - " + sub(r, c) + ")"
	case k < 5:
		return "(" + sub(r, inner) + "*" + sub(inner, c) + ")"
	case k == 5:
		return sub(c, r) + "'"
	case k == 6:
		return "(" + sub(r, c) + " .* " + sub(r, c) + ")"
	case k == 7:
		return []string{"exp", "sin", "tanh", "sigmoid"}[g.Intn(4)] + "(" + sub(r, c) + ")"
	case k == 8 && (r == 3 || c == 3):
		left, right := [2]int{r, c}, [2]int{0, 0}
		for i, side := range [2]int{r, c} {
			if side == 3 {
				left[i], right[i] = 1, 2
			} else if g.Intn(2) == 0 {
				left[i], right[i] = 0, side
			}
		}
		return "kron(" + sub(left[0], left[1]) + ", " + sub(right[0], right[1]) + ")"
	case k == 8 && r == c && r != 0, k == 8 && c == 0 && r != 0:
		if c == 0 {
			return "diag(" + sub(r, r) + ")"
		}
		return "diag(" + sub(r, 0) + ")"
	case k == 8 && r == 0 && c == 0:
		return "sum(" + sub(inner, g.Intn(3)) + ")"
	case k == 9 && r == 0 && c == 0:
		return "tr(" + sub(inner, inner) + ")"
	case k == 9 && r == 3 && c == 0:
		return "vec(" + sub(2, 1) + ")"
	case k == 9 && r == 3 && c < 3:
		return "khatrirao(" + sub(1, c) + ", " + sub(2, c) + ")"
	case k == 10 && r == 0 && c == 0:
		return "norm2(" + sub(inner, g.Intn(3)) + ")^2"
	case k == 10:
		return "(" + sub(r, c) + " ./ exp(" + sub(r, c) + "))"
	}
	return "(" + sub(0, 0) + "*" + sub(r, c) + ")"
}

// Whatever is lowered and raised again has its value, and none needs indices.
func TestRandom(t *testing.T) {
	count := *programs
	if testing.Short() {
		count /= 5
	}
	for seed := range count {
		g := generator{rand.New(rand.NewSource(int64(seed)))}
		sides := 3
		if seed%3 == 0 {
			sides = 4
		}
		in := g.expr(g.Intn(sides), g.Intn(sides), 4)
		l := lowerText(t, randomDecls+in, "")
		n, form := l.raise(raise.Options{})
		if form == raise.Index {
			t.Errorf("seed %d: %s: index form", seed, in)
			continue
		}
		var none *eval.NoPoint
		if err := eval.Equal(l.b.Reg, l.result, n, 1); err != nil && !errors.As(err, &none) {
			t.Errorf("seed %d: %s is %s: %v", seed, in, text(n), err)
		}
	}
}
