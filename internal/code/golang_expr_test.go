package code

import (
	"go/format"
	"math/rand/v2"
	"testing"
)

// TestGoExpr compares how random expressions are printed with gofmt.
func TestGoExpr(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var random func(depth int) goExpr
	random = func(depth int) goExpr {
		if depth == 0 {
			return []goExpr{goID("x"), goInt(2), goID("0.5"), goID("math.Pi"), goInt(-3)}[rng.IntN(5)]
		}
		sub := func() goExpr { return random(rng.IntN(depth)) }
		switch rng.IntN(9) {
		case 0:
			return goNeg(sub())
		case 1:
			return goFn("f", sub())
		case 2:
			return goFn("g", sub(), sub())
		case 3:
			return goID("v").at(sub())
		case 4:
			return goFn("h", sub(), sub()).method("M", sub(), goAddr(goID("y")))
		default:
			return goBin([]string{"+", "-", "*", "/"}[rng.IntN(4)], sub(), sub())
		}
	}
	for range 3000 {
		x := random(5)
		if rng.IntN(4) == 0 {
			x = goBin("!=", x, random(2))
		}
		for _, s := range []string{"\ty = " + x.String() + "\n", "\treturn " + x.String() + ", " + x.print(1) + "\n",
			"\tif " + goBin("<", x, goInt(1)).String() + " {\n\t}\n"} {
			source := "package p\n\nfunc f() {\n" + s + "}\n"
			got, err := format.Source([]byte(source))
			if err != nil {
				t.Fatalf("%v\n%s", err, source)
			}
			if string(got) != source {
				t.Fatalf("gofmt writes\n%s\nnot\n%s", got, source)
			}
		}
	}
}
