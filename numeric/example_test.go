package numeric_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"example.com/nabla"
	"example.com/nabla/numeric"
)

// Value and gradient of a least-squares loss.
func ExampleCompile() {
	var req numeric.Request
	req.Program = "norm2(X*w - y)^2"
	req.Wrt = []string{"w"}
	f, err := numeric.Compile(req)
	if err != nil {
		panic(err)
	}
	data := map[string]any{
		"X": mat.NewDense(3, 2, []float64{1, 2, 3, 4, 5, 6}),
		"w": []float64{1, -1},
		"y": []float64{0, 1, 2},
	}
	for name, d := range data {
		if err := f.Set(name, d); err != nil {
			panic(err)
		}
	}
	if err := f.Run(); err != nil {
		panic(err)
	}
	fmt.Println(f.Get("grad_w").Text)
	fmt.Println(f.Value(), f.Gradient("w"))
	// Output:
	// ∂f/∂w = 2 Xᵀ(X w − y)
	// 14 [-44 -56]
}

// Logistic regression with a penalty by L-BFGS.
func ExampleCompile_lbfgs() {
	var req numeric.Request
	req.Program = "sum(log(1 + exp(-y.*(X*w)))) + c*norm2(w)^2"
	req.Wrt = []string{"w"}
	f, err := numeric.Compile(req)
	if err != nil {
		panic(err)
	}
	set(f, "X", mat.NewDense(6, 2, []float64{1, 0.5, 2, -1, 1.5, 1, -1, 0.5, -2, -0.5, -1, -1.5}))
	set(f, "y", []float64{1, 1, -1, 1, -1, -1})
	set(f, "c", 0.1)
	set(f, "w", []float64{0, 0})
	o, err := f.Objective("w")
	if err != nil {
		panic(err)
	}
	res, err := optimize.Minimize(o.Problem(), o.Start(), nil, &optimize.LBFGS{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%v: f = %.6f at w = %.4f\n", res.Status, res.F, o.Split(res.X, "w"))
	// Output:
	// GradientThreshold: f = 3.685983 at w = [0.5018 0.1957]
}

// A Gaussian's covariance by Newton's method: the Hessian is derived, too.
func ExampleCompile_newton() {
	var req numeric.Request
	req.Program = "P: matrix(n, n) posdef\ntr(S*P) - logdet(P)"
	req.Wrt = []string{"P"}
	req.What = []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf}
	f, err := numeric.Compile(req)
	if err != nil {
		panic(err)
	}
	set(f, "S", mat.NewDense(2, 2, []float64{2, 1, 1, 1}))
	set(f, "P", mat.NewDense(2, 2, []float64{0.5, 0, 0, 0.5}))
	o, err := f.Objective("P")
	if err != nil {
		panic(err)
	}
	res, err := optimize.Minimize(o.Problem(), o.Start(), nil, &optimize.Newton{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.4f\n", res.X) // S⁻¹
	// Output:
	// [1.0000 -1.0000 -1.0000 2.0000]
}

// The Hessian times a vector, without the Hessian.
func ExampleFunc_Direction() {
	var req numeric.Request
	req.Program = "logsumexp(A*x)"
	req.Wrt = []string{"x"}
	req.What = []nabla.What{nabla.HessianVector}
	f, err := numeric.Compile(req)
	if err != nil {
		panic(err)
	}
	set(f, "A", mat.NewDense(3, 2, []float64{1, 0, 0, 1, 1, 1}))
	set(f, "x", []float64{0, 0})
	set(f, f.Direction("x"), []float64{1, 0})
	if err := f.Run(); err != nil {
		panic(err)
	}
	for _, name := range f.Results() {
		fmt.Printf("%s %.4f\n", name, f.Get(name).Data)
	}
	// Output:
	// hvp_x [0.2222 -0.1111]
}

func set(f *numeric.Func, name string, data any) {
	if err := f.Set(name, data); err != nil {
		panic(err)
	}
}
