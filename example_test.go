package nabla_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"example.com/nabla"
)

func Example() {
	r, err := nabla.Differentiate(nabla.Request{Program: "norm2(X*w - y)^2", Wrt: []string{"w"}})
	if err != nil {
		panic(err)
	}
	d := r.Derivatives[0]
	fmt.Println(d.Symbol, "=", d.Text)
	fmt.Println(d.Shape, d.Identity)
	// Output:
	// ∂f/∂w = 2 Xᵀ(X w − y)
	// vector(n) df = (∂f/∂w)ᵀ dw
}

// Facts of variables are declared, in the program or beside it.
func ExampleDifferentiate_facts() {
	r, err := nabla.Differentiate(nabla.Request{
		Program: "norm2(X*X' - A)^2",
		Vars:    []nabla.Declaration{{Name: "A", Decl: "matrix(n, n) symmetric"}},
		Wrt:     []string{"X"},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Derivatives[0].Text)
	// Output:
	// 4 (X Xᵀ − A) X
}

// A matrix by a matrix is a matrix of all partial derivatives, in a layout.
func ExampleDifferentiate_layout() {
	for _, layout := range []nabla.Layout{nabla.Denominator, nabla.Numerator} {
		r, err := nabla.Differentiate(nabla.Request{Program: "A*X", Wrt: []string{"X"}, Layout: layout})
		if err != nil {
			panic(err)
		}
		d := r.Derivatives[0]
		fmt.Println(d.Text, "with", d.Identity)
	}
	// Output:
	// Iₚ ⊗ Aᵀ with vec(df) = (∂f/∂X)ᵀ vec(dX)
	// Iₚ ⊗ A with vec(df) = (∂f/∂X) vec(dX)
}

// A request that must not take longer than it may has a context; one that may not fill the
// memory a number of bytes.
func ExampleLimits() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	x := "x"
	for k := 1; k <= 1000; k++ {
		x = fmt.Sprintf("tanh(W_%d*%s)", k, x)
	}
	_, err := nabla.Differentiate(nabla.Request{Program: "sum(" + x + ")", Wrt: []string{"x"},
		Limits: nabla.Limits{Context: ctx, Memory: 256 << 20}})
	var limit *nabla.LimitError
	fmt.Println(errors.As(err, &limit), errors.Is(err, context.DeadlineExceeded))
	fmt.Println(err)
	// Output:
	// true true
	// the request takes longer than it may: its deadline has passed
}

// A mistake in the input is an *InputError that can show itself.
func ExampleInputError() {
	_, err := nabla.Differentiate(nabla.Request{Program: "exp(A * B)", Wrt: []string{"A"}, Vars: []nabla.Declaration{
		{Name: "A", Decl: "matrix(m, n)"}, {Name: "B", Decl: "matrix(p, n)"},
	}})
	var input *nabla.InputError
	if errors.As(err, &input) {
		fmt.Print(input.Render())
	}
	// Output:
	// 1:7: cannot multiply A (m × n) by B (p × n): inner dimensions n and p differ
	//   exp(A * B)
	//         ^
	// hint: A*B' has matching shapes
}

// Python source that needs NumPy alone.
func ExampleDerivative_numPy() {
	r, err := nabla.Differentiate(nabla.Request{Program: "logdet(X)", Wrt: []string{"X"}})
	if err != nil {
		panic(err)
	}
	fmt.Print(strings.TrimSpace(strings.TrimPrefix(r.Derivatives[0].NumPy, "import numpy as np")))
	// Output:
	// def derivative(X):
	//     """∂f/∂X = X⁻ᵀ
	//     matrix(n, n), denominator layout: df = tr((∂f/∂X)ᵀ dX)
	//     """
	//     X = np.asarray(X, dtype=float)
	//     return np.linalg.inv(X).T
}

func ExampleOperators() {
	for _, o := range nabla.Operators() {
		if o.Is("inv") {
			fmt.Println(o.Usage, o.Differential)
		}
	}
	// Output:
	// inv(X) -inv(X)*dX*inv(X)
}

func ExampleDerive() {
	d, err := nabla.Derive(nabla.DeriveRequest{
		Request: nabla.Request{Program: "a'*exp(X*b)", Wrt: []string{"X"}, Closed: true,
			Vars: []nabla.Declaration{{Name: "a", Decl: "vector(m)"}, {Name: "X", Decl: "matrix(m, n)"}, {Name: "b", Decl: "vector(n)"}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range d.Paper.Blocks {
		for _, l := range b.Lines {
			fmt.Println(l.Lhs.Text, "=", l.Rhs.Text)
		}
	}
	// Output:
	// df = d(aᵀ exp(X b))
	//  = aᵀ d exp(X b)
	//  = aᵀ(exp(X b) ⊙ d(X b))
	//  = aᵀ(exp(X b) ⊙ (dX b))
	//  = tr(aᵀ(exp(X b) ⊙ (dX b)))
	//  = tr((a ⊙ exp(X b))ᵀ dX b)
	//  = tr(b (a ⊙ exp(X b))ᵀ dX)
	// ∂f/∂X = (a ⊙ exp(X b)) bᵀ
}
