package bind

import (
	"path/filepath"
	"strings"
	"testing"

	"example.com/nabla/internal/data"
)

// Data are what their declaration says, or the error names the entry.
func TestCheckFacts(t *testing.T) {
	for _, c := range []struct{ program, data, want string }{
		{"A: matrix(n, n) symmetric; tr(A*A)", "A=[1,2;3,1]",
			"A is declared symmetric, but in [1,2;3,1] row 1, column 2 is 2, row 2, column 1 is 3\nhint: without facts it is declared A: matrix(n, n)"},
		{"A: matrix(n, n) symmetric; tr(A*A)", "A=[1,2;2.000001,1]", ""},
		{"A: matrix(n, n) posdef; tr(A*A)", "A=[4,2;3,4]", "A is declared posdef, but in [4,2;3,4] row 1, column 2 is 2, row 2, column 1 is 3\nhint: without facts it is declared A: matrix(n, n)"},
		{"A: matrix(n, n) posdef; tr(A*A)", "A=[4,2;2,0]", "A is declared posdef, but in [4,2;2,0] row 2, column 2 is 0\nhint: without facts it is declared A: matrix(n, n)"},
		{"A: matrix(n, n) posdef; tr(A*A)", "A=[4,2;2,5]", ""},
		{"A: matrix(n, n) diagonal; tr(A*A)", "A=[1,0;3,1]", "A is declared diagonal, but in [1,0;3,1] row 2, column 1 is 3\nhint: without facts it is declared A: matrix(n, n)"},
		{"A: matrix(n, n) diagonal positive; tr(A*A)", "A=[1,0;0,-2]", "A is declared positive, but in [1,0;0,-2] row 2, column 2 is -2\nhint: without facts it is declared A: matrix(n, n)"},
		{"A: matrix(n, n) diagonal positive; tr(A*A)", "A=[1,0;0,2]", ""},
		{"A: matrix(n, n) toeplitz; tr(A*A)", "A=[1,2;3,4]", "A is declared toeplitz, but in [1,2;3,4] row 1, column 1 is 1, row 2, column 2 is 4\nhint: without facts it is declared A: matrix(n, n)"},
		{"A: matrix(n, n) toeplitz; tr(A*A)", "A=[1,2;3,1]", ""},
		{"A: matrix(n, n) orthogonal; tr(A*A)", "A=[1,2;3,1]", "A is declared orthogonal, but in [1,2;3,1] the product of A and its transpose deviates from the identity by 13\nhint: without facts it is declared A: matrix(n, n)"},
		{"A: matrix(n, n) orthogonal; tr(A*A)", "A=[0.6,0.8;-0.8,0.6]", ""},
		{"y: vector(n) positive; sum(abs(y))", "y=[1,-2]", "y is declared positive, but in [1,-2] entry 2 is -2\nhint: without facts it is declared y: vector(n)"},
		{"y: vector(3) positive; sum(abs(y))", "y=zeros", "y is declared positive, but in zeros entry 1 is 0\nhint: without facts it is declared y: vector(3)"},
		{"c: scalar positive; abs(c)", "c=-1", "c is declared positive, but in -1 its value is -1\nhint: without facts it is declared c: scalar"},
		{"y: vector(n) simplex; sum(y)", "y=[0.5,0.6]", "y is declared simplex, but in [0.5,0.6] the sum of its entries is 1.1, not 1\nhint: without facts it is declared y: vector(n)"},
		{"y: vector(n) simplex; sum(y)", "y=[1.5,-0.5]", "y is declared simplex, but in [1.5,-0.5] entry 2 is -0.5\nhint: without facts it is declared y: vector(n)"},
		{"y: vector(n) simplex; sum(y)", "y=[0.33333,0.33333,0.33334]", ""},
		{"Y: matrix(k, N) onehot; sum(Y)", "Y=[1,0,1;0,1,1]", "Y is declared onehot, but in [1,0,1;0,1,1] the sum of column 3 is 2, not 1\nhint: without facts it is declared Y: matrix(k, N)"},
		{"Y: matrix(k, N) onehot; sum(Y)", "Y=[1,0,0.5;0,1,0.5]", "Y is declared onehot, but in [1,0,0.5;0,1,0.5] row 1, column 3 is 0.5, neither 0 nor 1\nhint: without facts it is declared Y: matrix(k, N)"},
		{"y[i]: vector(k) onehot, i = 1..N; sum(i, sum(y[i]))", "y=[1,0;1,0;0,0]", "y is declared onehot, but in [1,0;1,0;0,0] the sum of member 3 is 0, not 1\nhint: without facts it is declared y[i]: vector(k), i = 1..N"},
		{"y[i]: vector(k) onehot, i = 1..N; sum(i, sum(y[i]))", "y=[1,0;1,0;0,1]", ""},
	} {
		b, err := Bind(Request{Program: program(t, c.program), Data: strings.Fields(c.data), Flag: "--data"})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := b.CheckFacts(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s with %s:\ngot  %s\nwant %s", c.program, c.data, got, c.want)
		}
	}
}

// What is filled in at random is what it is declared to be.
func TestFillFacts(t *testing.T) {
	for _, c := range []string{
		"A: matrix(5, 5) symmetric; tr(A*A)", "A: matrix(5, 5) posdef; tr(A*A)", "A: matrix(5, 5) diagonal; tr(A*A)",
		"A: matrix(5, 5) diagonal positive; tr(A*A)", "A: matrix(5, 5) toeplitz; tr(A*A)", "A: matrix(5, 5) symmetric toeplitz; tr(A*A)",
		"A: matrix(5, 5) orthogonal; tr(A*A)", "A: matrix(5, 4) positive; sum(abs(A))", "A: vector(5) simplex; sum(A)",
		"A: matrix(5, 4) simplex; sum(A)", "A: matrix(5, 4) onehot; sum(A)", "A: scalar positive; abs(A)",
		"A[i]: matrix(5, 5) posdef, i = 1..3; sum(i, tr(A[i]))", "A[i]: vector(5) onehot, i = 1..3; sum(i, sum(A[i]))",
		"A[i]: scalar positive, i = 1..3; sum(i, abs(A[i]))",
	} {
		for seed := range uint64(5) {
			b, err := Bind(Request{Program: program(t, c), Data: []string{"A=random"}, Flag: "--data", Seed: seed})
			if err == nil {
				err = b.CheckFacts()
			}
			if err != nil {
				t.Errorf("%s: %v", c, err)
			}
		}
	}
}

// Data that are read block by block are looked at as they are read.
func TestStreamedFacts(t *testing.T) {
	const m = 5000
	dir := t.TempDir()
	values := make([]float64, 2*m)
	for i := range values {
		values[i] = float64(i%2) + 1e-9*float64(1-i%2)
	}
	values[2*4321] = -1
	x, _ := data.New("x", []int{m, 2}, values)
	path := filepath.Join(dir, "x.csv")
	if err := data.Write(path, x); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		program string
		data    int
		want    string
	}{
		{"X: matrix(m, n) positive; sum(log(1 + X))", 1, "row 4322, column 1 is -1"},
		{"X[i]: vector(n) onehot, i = 1..N; w: vector(n); sum(i, exp(X[i]'*w))", 2, "row 4322, column 1 is -1, neither 0 nor 1"},
	} {
		prog := program(t, c.program)
		b, err := Bind(Request{Program: prog, Data: []string{"X=" + path, "w=ones"}[:c.data], Flag: "--data", Memory: 1 << 12})
		if err == nil {
			err = b.CheckFacts()
		}
		if err != nil {
			t.Fatal(err)
		}
		mach, err := b.Machine(prog, Options{Block: 100})
		if err == nil {
			err = mach.Run(mach.Args, nil)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.program, err, c.want)
		}
	}
}
