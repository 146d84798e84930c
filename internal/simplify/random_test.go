package simplify

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
)

var programs = flag.Int("programs", 1500, "number of random programs")

// A writer writes random expressions in which rules are likely to apply.
type writer struct{ *rand.Rand }

func (w writer) one(list ...string) string { return list[w.IntN(len(list))] }

func (w writer) scalar(d int) string {
	if d == 0 {
		return w.one("c", "d", "2", "x'*y", "h'*(h.*x)", "sum(h)", "sum(s)")
	}
	switch w.IntN(7) {
	case 0:
		return fmt.Sprintf("sum(%s)", w.vector(d-1))
	case 1:
		return fmt.Sprintf("logsumexp(%s)", w.vector(d-1))
	case 2:
		return fmt.Sprintf("(%s)'*(%s)", w.vector(d-1), w.vector(d-1))
	case 3:
		return fmt.Sprintf("tr(%s)", w.matrix(d-1))
	case 4:
		return fmt.Sprintf("det(%s)", w.matrix(d-1))
	case 5:
		return fmt.Sprintf("%s(%s)", w.function(), w.scalar(d-1))
	}
	return fmt.Sprintf("(%s)%s(%s)", w.scalar(d-1), w.one(" + ", " - ", "*", "/"), w.scalar(d-1))
}

func (w writer) function() string {
	return w.one("exp", "exp", "log", "sigmoid", "softplus", "tanh", "abs", "sign", "step", "relu", "sin", "cos", "sinh", "cosh", "sqrt", "1 - sigmoid", "1 + exp", "-")
}

func (w writer) vector(d int) string {
	if d == 0 {
		return w.one("x", "y", "z", "-x", "s", "t")
	}
	switch w.IntN(10) {
	case 0, 1:
		return fmt.Sprintf("(%s)*(%s)", w.matrix(d-1), w.vector(d-1))
	case 2:
		return fmt.Sprintf("(%s)*(%s)", w.scalar(d-1), w.vector(d-1))
	case 3:
		return fmt.Sprintf("softmax(%s)", w.vector(d-1))
	case 4:
		return fmt.Sprintf("(%s)%s", w.vector(d-1), w.one(".^2", ".^(-1)", ".^3"))
	case 5, 6, 7:
		return fmt.Sprintf("(%s(%s))", w.function(), w.vector(d-1))
	}
	// The same operand twice makes rules meet.
	v := w.vector(d - 1)
	return fmt.Sprintf("(%s(%s))%s(%s(%s))", w.function(), v, w.one(" + ", " - ", ".*", "./", ".*", "./"), w.function(), w.one(v, v, w.vector(d-1)))
}

func (w writer) matrix(d int) string {
	if d == 0 {
		return w.one("A", "B", "S", "P", "Q", "A'", "Q'", "eye(n)")
	}
	switch w.IntN(9) {
	case 0, 1, 2:
		m := w.matrix(d - 1)
		return fmt.Sprintf("(%s)*%s(%s)", m, w.one("", "inv", "inv"), w.one(m, w.matrix(d-1)))
	case 3:
		return fmt.Sprintf("inv(%s)", w.matrix(d-1))
	case 4:
		return fmt.Sprintf("diag(%s)", w.vector(d-1))
	case 5:
		return fmt.Sprintf("(%s)'", w.matrix(d-1))
	case 6:
		return fmt.Sprintf("(%s)*(%s)'", w.vector(d-1), w.vector(d-1))
	case 7:
		return fmt.Sprintf("(%s)*(%s)", w.scalar(d-1), w.matrix(d-1))
	}
	return fmt.Sprintf("(%s)%s(%s)", w.matrix(d-1), w.one(" + ", " - ", ".*"), w.matrix(d-1))
}

// Rules, Restore and Shorten keep the value of random expressions, and end.
func TestRandom(t *testing.T) {
	seen := map[string]int{}
	points := 0
	for seed := range uint64(*programs) {
		w := writer{rand.New(rand.NewPCG(seed, 7))}
		d := 1 + int(seed%4)
		text := []func(int) string{w.scalar, w.vector, w.matrix}[seed%3](d)
		if !value(t, text, seed, seen, &points) && t.Failed() {
			t.Fatalf("program %d: %s", seed, text)
		}
	}
	t.Logf("%d programs compared, %d rules used", points, len(seen))
	if points < *programs/3 {
		t.Errorf("only %d programs have values", points)
	}
}

func value(t *testing.T, text string, seed uint64, seen map[string]int, points *int) (ok bool) {
	t.Helper()
	x := newBench(t, decls, engine())
	x.rules.Trace(func(name string) { seen[name]++ })
	n, _ := x.node(text)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case lower.DomainError:
		case error:
			if r != index.ErrZeroDivision && r != index.ErrNegativeRoot {
				panic(text + ": " + r.Error())
			}
		default:
			panic(fmt.Sprint(text, ": ", r))
		}
	}()
	l, err := lower.New(x.st, templates(), nil, n)
	if err != nil {
		t.Fatal(err)
	}
	v := l.Lower(n)
	for _, s := range []*index.Sum{v.S, Shorten(x.st, Restore(x.st, v.S))} {
		// A wrong rule is wrong at every point; rounding is not.
		var err error
		for k := range uint64(4) {
			err = eval.EqualView(ops.Registry(), n, &eval.View{Sum: s, Rows: v.Rows, Cols: v.Cols}, seed+k)
			if _, none := err.(*eval.NoPoint); none {
				return true
			}
			if err == nil || rounding(err) {
				err = nil
				break
			}
		}
		if err != nil {
			t.Errorf("%s: %v\n%v", text, err, s)
			return false
		}
	}
	*points++
	return true
}

// rounding reports whether values differ by little: 1 − σ(x) has fewer digits than
// 1/(1 + exp(x)) where x is large.
func rounding(err error) bool {
	d, ok := err.(*eval.Difference)
	return ok && d.What == "" && math.Abs(d.A-d.B) <= 1e-5*math.Max(1e-9, math.Abs(d.A))
}
