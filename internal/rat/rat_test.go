package rat

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func random(r *rand.Rand) Rat {
	n := r.Int64N(1 << uint(1+r.IntN(62)))
	d := 1 + r.Int64N(1<<uint(1+r.IntN(62)))
	if r.IntN(2) == 0 {
		n = -n
	}
	return New(n, d)
}

// Every operation agrees with math/big, across the border to big numbers.
func TestAgainstBig(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		a, b := random(r), random(r)
		check := func(op string, got Rat, want *big.Rat) {
			if got.Big().Cmp(want) != 0 {
				t.Fatalf("%v %s %v = %v, want %v", a, op, b, got, want)
			}
			if (got.b == nil) != (want.Num().IsInt64() && want.Denom().IsInt64() && want.Num().Int64() != math.MinInt64) {
				t.Fatalf("%v %s %v = %v is not in its normal form", a, op, b, got)
			}
		}
		check("+", a.Add(b), new(big.Rat).Add(a.Big(), b.Big()))
		check("-", a.Sub(b), new(big.Rat).Sub(a.Big(), b.Big()))
		check("*", a.Mul(b), new(big.Rat).Mul(a.Big(), b.Big()))
		if !b.IsZero() {
			check("/", a.Div(b), new(big.Rat).Quo(a.Big(), b.Big()))
		}
	}
}

func TestGCD(t *testing.T) {
	for _, c := range [][3]Rat{
		{Int(4), Int(6), Int(2)}, {New(1, 2), New(1, 3), New(1, 6)}, {Zero, Int(-5), Int(5)}, {New(-2, 3), Int(4), New(2, 3)},
	} {
		if g := GCD(c[0], c[1]); !g.Equal(c[2]) {
			t.Errorf("GCD(%v, %v) = %v, want %v", c[0], c[1], g, c[2])
		}
	}
}

func TestKeysDiffer(t *testing.T) {
	seen := map[string]Rat{}
	for n := int64(-70); n <= 70; n++ {
		for d := int64(1); d <= 70; d++ {
			x := New(n, d)
			k := string(x.AppendKey(nil))
			if y, ok := seen[k]; ok && !x.Equal(y) {
				t.Fatalf("%v and %v share a key", x, y)
			}
			seen[k] = x
		}
	}
}

// Roots of any order take no time: that of 1 is 1, and 2 and more have none beyond the
// bits of an int64.
func TestRoot(t *testing.T) {
	for _, c := range []struct {
		r    Rat
		k    int
		want Rat
		ok   bool
	}{
		{New(4, 9), 2, New(2, 3), true}, {Int(8), 3, Int(2), true}, {Int(2), 2, Zero, false},
		{One, 100_000_000_000, One, true}, {Zero, 100_000_000_000, Zero, true}, {Int(2), 100_000_000_000, Zero, false},
		{Int(1 << 62), 62, Int(2), true}, {New(1, 2), 63, Zero, false},
	} {
		got, ok := c.r.Root(c.k)
		if ok != c.ok || ok && !got.Equal(c.want) {
			t.Errorf("root of order %d of %v: %v, %v", c.k, c.r, got, ok)
		}
	}
}

// A result that is too long is refused before it takes long, however it arises.
func TestTooLarge(t *testing.T) {
	long := Int(10).Pow(400)
	for name, f := range map[string]func(){
		"power":          func() { long.Pow(1000) },
		"power of power": func() { long.Pow(40).Pow(1000) },
		"inverse":        func() { long.Pow(-1000) },
		"sum":            func() { Int(3).Pow(-41000).Add(Int(2).Pow(-60000)) },
	} {
		func() {
			defer func() {
				if r := recover(); r != ErrTooLarge {
					t.Errorf("%s: recovered %v, want ErrTooLarge", name, r)
				}
			}()
			f()
		}()
	}
	if r := Int(2).Pow(MaxBits - 1); r.Big().Num().BitLen() != MaxBits {
		t.Errorf("2^%d has %d bits", MaxBits-1, r.Big().Num().BitLen())
	}
}
