package paper

import "testing"

func TestExact(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string // "" where there is no exact form
	}{
		{3, "3"}, {-2, "−2"}, {0, "0"}, {-1e-15, "0"}, {0.5, "1/2"}, {-2. / 3, "−2/3"}, {0.24, "0.24"}, {0.0625, "1/16"},
		{7. / 81, "7/81"}, {-11. / 27, "−11/27"}, {2.718281828459045, ""}, {1.0001, ""}, {123456, ""}, {1234. / 97, ""},
	} {
		f, ok := Exact(c.v, 1e-12)
		if ok != (c.want != "") || f.Text != c.want {
			t.Errorf("Exact(%v) = %q, %v, want %q", c.v, f.Text, ok, c.want)
		}
	}
	if f, _ := Exact(-2./3, 1e-12); f.LaTeX != `-\tfrac{2}{3}` {
		t.Errorf("LaTeX of −2/3 is %s", f.LaTeX)
	}
}

func TestRounded(t *testing.T) {
	for _, c := range []struct {
		v           float64
		text, latex string
	}{
		{2.718281828, "2.718", "2.718"}, {-0.0123456, "−0.01235", "-0.01235"}, {4 + 1e-10, "4", "4"}, {4.00001, "4.000", "4.000"},
		{0.99996, "1.000", "1.000"}, {12345.6, "12346", "12346"}, {1e-9, "0", "0"}, {-1.5e-6, "−1.5×10⁻⁶", `-1.5 \times 10^{-6}`},
		{2e7, "2×10⁷", `2 \times 10^{7}`},
	} {
		if f := Rounded(c.v, 1e-8); f.Text != c.text || f.LaTeX != c.latex {
			t.Errorf("Rounded(%v) = %q, %q, want %q, %q", c.v, f.Text, f.LaTeX, c.text, c.latex)
		}
	}
}
