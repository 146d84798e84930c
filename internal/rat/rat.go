// Package rat has exact rational numbers that are cheap while they are small.
//
// A Rat is a value: int64 numerator and denominator in lowest terms, and a
// big.Rat once an operation would overflow. Start with Int, New or FromBig.
package rat

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"

	"example.com/nabla/internal/message"
)

// Rat is an exact rational number. The zero value is not a number; use Zero.
type Rat struct {
	num, den int64 // den > 0, lowest terms; meaningless when b != nil
	b        *big.Rat
}

// Zero, One and MinusOne are the constants used most.
var (
	Zero     = Rat{0, 1, nil}
	One      = Rat{1, 1, nil}
	MinusOne = Rat{-1, 1, nil}
	Half     = Rat{1, 2, nil}
)

// Int returns n as a Rat.
func Int(n int64) Rat {
	if n == math.MinInt64 {
		return Rat{b: new(big.Rat).SetInt64(n)}
	}
	return Rat{n, 1, nil}
}

// New returns num/den; den must not be zero.
func New(num, den int64) Rat {
	if num == math.MinInt64 || den == math.MinInt64 {
		return FromBig(big.NewRat(num, den))
	}
	if den < 0 {
		num, den = -num, -den
	}
	if g := gcd(abs(num), den); g > 1 {
		num, den = num/g, den/g
	}
	return Rat{num, den, nil}
}

// MaxBits bounds the numerators and denominators of results, so that no power of a power
// takes all time and memory: it is that of numbers of 19,728 digits.
const MaxBits = 1 << 16

// ErrTooLarge is what an operation panics with whose result is longer than MaxBits.
var ErrTooLarge = message.Errorf("a number has more than 19728 digits")

// FromBig returns r as a Rat, in small form where it fits. r is not kept.
func FromBig(r *big.Rat) Rat {
	n, d := r.Num(), r.Denom()
	if n.BitLen() > MaxBits || d.BitLen() > MaxBits {
		panic(ErrTooLarge)
	}
	if n.IsInt64() && d.IsInt64() && n.Int64() != math.MinInt64 {
		return Rat{n.Int64(), d.Int64(), nil}
	}
	return Rat{b: new(big.Rat).Set(r)}
}

// Big returns r as a fresh big.Rat.
func (r Rat) Big() *big.Rat {
	if r.b != nil {
		return new(big.Rat).Set(r.b)
	}
	return big.NewRat(r.num, r.den)
}

func abs(a int64) int64 {
	if a < 0 {
		return -a
	}
	return a
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mul returns a*b and whether it fits into an int64 (and is not its minimum).
func mul(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(abs(a)), uint64(abs(b)))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

// Add returns r + s.
func (r Rat) Add(s Rat) Rat {
	if r.b == nil && s.b == nil {
		if r.den == 1 && s.den == 1 {
			if t := r.num + s.num; (t > r.num) == (s.num > 0) && t != math.MinInt64 {
				return Rat{t, 1, nil}
			}
		}
		g := gcd(r.den, s.den)
		a, ok1 := mul(r.num, s.den/g)
		b, ok2 := mul(s.num, r.den/g)
		d, ok3 := mul(r.den/g, s.den)
		if t := a + b; ok1 && ok2 && ok3 && (t > a) == (b > 0) && t != math.MinInt64 {
			return New(t, d)
		}
	}
	return FromBig(new(big.Rat).Add(r.Big(), s.Big()))
}

// Sub returns r − s.
func (r Rat) Sub(s Rat) Rat { return r.Add(s.Neg()) }

// Neg returns −r.
func (r Rat) Neg() Rat {
	if r.b != nil {
		return FromBig(new(big.Rat).Neg(r.b))
	}
	return Rat{-r.num, r.den, nil}
}

// Abs returns |r|.
func (r Rat) Abs() Rat {
	if r.Sign() < 0 {
		return r.Neg()
	}
	return r
}

// Mul returns r s.
func (r Rat) Mul(s Rat) Rat {
	if r.b == nil && s.b == nil {
		g, h := gcd(abs(r.num), s.den), gcd(abs(s.num), r.den)
		if g == 0 {
			g = 1
		}
		if h == 0 {
			h = 1
		}
		n, ok1 := mul(r.num/g, s.num/h)
		d, ok2 := mul(r.den/h, s.den/g)
		if ok1 && ok2 {
			if n == 0 {
				return Zero
			}
			return Rat{n, d, nil}
		}
	}
	return FromBig(new(big.Rat).Mul(r.Big(), s.Big()))
}

// Inv returns 1/r; r must not be zero.
func (r Rat) Inv() Rat {
	if r.b != nil {
		return FromBig(new(big.Rat).Inv(r.b))
	}
	if r.num < 0 {
		return Rat{-r.den, -r.num, nil}
	}
	return Rat{r.den, r.num, nil}
}

// Div returns r/s; s must not be zero.
func (r Rat) Div(s Rat) Rat { return r.Mul(s.Inv()) }

// Pow returns rᵏ; r must not be zero when k < 0.
func (r Rat) Pow(k int) Rat {
	if k < 0 {
		return r.Inv().Pow(-k)
	}
	out := One
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			out = out.Mul(r)
		}
		if k > 1 {
			r = r.Mul(r)
		}
	}
	return out
}

// Sign returns −1, 0 or 1.
func (r Rat) Sign() int {
	if r.b != nil {
		return r.b.Sign()
	}
	switch {
	case r.num < 0:
		return -1
	case r.num > 0:
		return 1
	}
	return 0
}

// Cmp compares r and s: −1, 0 or 1.
func (r Rat) Cmp(s Rat) int { return r.Sub(s).Sign() }

// Equal reports whether r and s are the same number.
func (r Rat) Equal(s Rat) bool {
	if r.b == nil && s.b == nil {
		return r.num == s.num && r.den == s.den
	}
	return r.b != nil && s.b != nil && r.b.Cmp(s.b) == 0
}

// IsZero, IsOne and IsInt report whether r is 0, is 1, is an integer.
func (r Rat) IsZero() bool { return r.b == nil && r.num == 0 }
func (r Rat) IsOne() bool  { return r.b == nil && r.num == 1 && r.den == 1 }
func (r Rat) IsInt() bool {
	if r.b != nil {
		return r.b.IsInt()
	}
	return r.den == 1
}

// Int64 returns r as an integer, and whether it is one that fits.
func (r Rat) Int64() (int64, bool) {
	return r.num, r.b == nil && r.den == 1
}

// Long reports whether r is no pair of int64, so that it takes long to compute with.
func (r Rat) Long() bool { return r.b != nil }

// Small returns numerator and denominator, and whether both fit into int64.
func (r Rat) Small() (num, den int64, ok bool) { return r.num, r.den, r.b == nil }

// Num and Den return numerator and denominator as Rats.
func (r Rat) Num() Rat {
	if r.b != nil {
		return FromBig(new(big.Rat).SetInt(r.b.Num()))
	}
	return Rat{r.num, 1, nil}
}

// Den returns the (positive) denominator.
func (r Rat) Den() Rat {
	if r.b != nil {
		return FromBig(new(big.Rat).SetInt(r.b.Denom()))
	}
	return Rat{r.den, 1, nil}
}

// Root returns the exact k-th root of r ≥ 0 when it is rational.
func (r Rat) Root(k int) (Rat, bool) {
	if r.b != nil || r.num < 0 || k < 1 {
		return Zero, false
	}
	n, ok1 := iroot(r.num, k)
	d, ok2 := iroot(r.den, k)
	return Rat{n, d, nil}, ok1 && ok2
}

func iroot(a int64, k int) (int64, bool) {
	switch {
	case a < 2:
		return a, true
	case k > 62: // 2⁶³ does not fit
		return 0, false
	}
	c := int64(math.Round(math.Pow(float64(a), 1/float64(k))))
	p := int64(1)
	for range k {
		var ok bool
		if p, ok = mul(p, c); !ok {
			return 0, false
		}
	}
	return c, p == a
}

// Float64 returns the nearest float64.
func (r Rat) Float64() float64 {
	if r.b != nil {
		f, _ := r.b.Float64()
		return f
	}
	return float64(r.num) / float64(r.den)
}

// AppendKey appends an encoding of r that is equal for equal numbers only.
func (r Rat) AppendKey(b []byte) []byte {
	if r.b != nil {
		s := r.b.RatString()
		b = append(b, 0xff, byte(len(s)>>8), byte(len(s)))
		return append(b, s...)
	}
	b = appendVarint(b, r.num)
	return appendVarint(b, r.den)
}

func appendVarint(b []byte, v int64) []byte {
	u := uint64(v)<<1 ^ uint64(v>>63)
	for u >= 0x40 { // bytes stay below 0xff, which marks a big number
		b = append(b, byte(u&0x3f)|0x40)
		u >>= 6
	}
	return append(b, byte(u))
}

// String returns "3", "-2/3".
func (r Rat) String() string {
	if r.b != nil {
		return r.b.RatString()
	}
	if r.den == 1 {
		return strconv.FormatInt(r.num, 10)
	}
	return strconv.FormatInt(r.num, 10) + "/" + strconv.FormatInt(r.den, 10)
}

// GCD returns the greatest positive rational that divides r and s into integers.
// A zero operand returns the other's absolute value.
func GCD(r, s Rat) Rat {
	if r.IsZero() {
		return s.Abs()
	}
	if s.IsZero() {
		return r.Abs()
	}
	if r.b == nil && s.b == nil {
		g := gcd(r.den, s.den)
		if l, ok := mul(r.den/g, s.den); ok {
			return New(gcd(abs(r.num), abs(s.num)), l)
		}
	}
	a, b := r.Big(), s.Big()
	n := new(big.Int).GCD(nil, nil, new(big.Int).Abs(a.Num()), new(big.Int).Abs(b.Num()))
	g := new(big.Int).GCD(nil, nil, a.Denom(), b.Denom())
	l := new(big.Int).Mul(new(big.Int).Div(a.Denom(), g), b.Denom())
	return FromBig(new(big.Rat).SetFrac(n, l))
}
