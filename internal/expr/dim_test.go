package expr

import "testing"

// Equal sizes are one pointer, however they are written.
func TestDims(t *testing.T) {
	var s Sizes
	m, n := s.Size("m"), s.Size("n")
	one := s.One()
	for _, c := range []struct {
		got, same *Dim
		text      string
	}{
		{s.Mul(m, n), s.Mul(n, m), "m*n"},
		{s.Add(s.Add(n, m), s.Const(-1)), s.Sub(s.Add(m, n), one), "m + n - 1"},
		{s.Mul(s.Add(m, one), s.Sub(m, one)), s.Sub(s.Mul(m, m), one), "m^2 - 1"},
		{s.Sub(m, m), s.Const(0), "0"},
		{s.Product(m, n, m), s.Mul(s.Mul(m, m), n), "m^2*n"},
		{s.Add(n, n), s.Mul(s.Const(2), n), "2*n"},
	} {
		if c.got != c.same {
			t.Errorf("%v and %v are two sizes", c.got, c.same)
		}
		if c.got.String() != c.text {
			t.Errorf("%v is written %q, want %q", c.same, c.got, c.text)
		}
	}
	if v := s.Add(s.Mul(m, n), one).Value(func(d *SizeName) int64 { return map[string]int64{"m": 3, "n": 5}[d.Name] }); v != 16 {
		t.Errorf("m*n + 1 at m = 3, n = 5 is %d", v)
	}
	if !one.IsOne() || m.IsOne() {
		t.Error("IsOne")
	}
}

func TestParseSig(t *testing.T) {
	s, ok := ParseSig("i|j, k|l -> ik|jl")
	if !ok || s.Letters != 4 || len(s.Args) != 2 || len(s.Result.Rows) != 2 || s.Result.Cols[1] != 3 {
		t.Errorf("the Kronecker product is read as %+v", s)
	}
	if s, ok := ParseSig("-> i|i"); !ok || len(s.Args) != 0 || s.Letters != 1 {
		t.Errorf("the identity is read as %+v", s)
	}
	for _, bad := range []string{"i|j", "i -> j", "i|j, k -> i|1"} {
		if s, ok := ParseSig(bad); ok {
			t.Errorf("%q is read as %+v", bad, s)
		}
	}
}
