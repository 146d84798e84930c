package check

import (
	"testing"

	"example.com/nabla/internal/syntax"
)

// Kinds overrule first letters, and free sizes are what stands around them.
func TestKindsAndFreeSizes(t *testing.T) {
	symmetric := []syntax.Ident{{Name: "symmetric"}}
	for _, c := range []struct {
		text  string
		kinds []NameKind
		free  []string
		decls []string
		want  string
		sizes string
	}{
		{"norm2(A*x - b)^2", []NameKind{{Name: "b", Kind: syntax.VectorKind}}, nil, nil, "A: m × n, x: n, b: m", ""},
		{"w*x + b", []NameKind{{Name: "w"}, {Name: "x"}}, nil, nil, "w: scalar, x: scalar, b: scalar", ""},
		{"ℓ*x", []NameKind{{Name: "ℓ"}}, nil, nil, "ℓ: scalar, x: n", ""},
		{"x'*S*x", []NameKind{{Name: "S", Kind: syntax.MatrixKind, Facts: symmetric}}, nil, nil, "x: n, S: n × n symmetric", ""},
		{"y'*inv(X'*X + a*eye(n0))*y", nil, []string{"n0"}, []string{"X: matrix(p, q)"}, "y: q, X: p × q, a: scalar", "q"},
		{"ones(n0)'*x", nil, []string{"n0"}, nil, "x: n", "n"},
		{"tr(kron(eye(n0), A))", nil, []string{"n0"}, []string{"A: matrix(2, 2)"}, "A: 2 × 2", "n"},
	} {
		p, file, diags := run(t, c.text, Options{Kinds: c.kinds, Free: c.free}, c.decls...)
		if diags != nil {
			t.Errorf("%s:\n%s", c.text, diags.Render(file))
			continue
		}
		if got := p.Understood(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
		sizes := ""
		for _, d := range p.Free {
			sizes += d.String()
		}
		if sizes != c.sizes {
			t.Errorf("%s: free sizes are %q, want %q", c.text, sizes, c.sizes)
		}
	}
}

func TestFactOfKindThatDoesNotFit(t *testing.T) {
	_, file, diags := run(t, "x'*S*y", Options{Kinds: []NameKind{{Name: "S", Kind: syntax.VectorKind, Facts: []syntax.Ident{{Name: "posdef"}}}}})
	if diags == nil {
		t.Fatal("no error")
	}
	_ = diags.Render(file)
}
