package nabla_test

import (
	"math"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/runner"
)

// TestHostileNames calls variables and sizes by words that mean something to a language,
// or that generated code uses itself.
func TestHostileNames(t *testing.T) {
	sizes := map[string]int{"rows": 4, "cols": 3, "i": 2}
	var all []*generated
	for _, text := range []string{
		"mat: matrix(rows, cols); t1: scalar; norm2(mat*err - value)^2 + t1*sum(make.*err.^2)",
		"F: matrix(cols, cols); result: vector(cols); step: scalar; result'*inv(F'*F + eye(cols))*result + len'*F*len*step",
		"np: matrix(rows, cols); X_: matrix(cols, i); k: scalar; sum(tanh(np*X_)) + sum(j)*k*norm2(X_)",
		"Scalar: matrix(cols, cols); Vector: vector(cols); lu: scalar; logdet(Scalar*Scalar' + lu^2*eye(cols)) + sum(exp(Vector.*float64))",
		"base1: vector(rows); along1: vector(rows); worst: scalar; rng: matrix(rows, rows); base1'*rng*along1*worst + sum(direction.*base1)",
		"up: vector(cols); down: vector(cols); slope: scalar; slope2: scalar; logsumexp(up.*down + slope)*slope2 + norm2(gradUp - up)",
		"function_: vector(cols); end_: vector(cols); TRUE_: scalar; sum(sigmoid(function_).*end_) + TRUE_*sum(c.*function_.^3)",
		"rowMat: matrix(rows, cols); mat: matrix(rows, cols); nil: scalar; sum(exp(rowMat).*mat)*nil + norm2(mat*floats)^2",
	} {
		b := nabla.Request{Program: text}
		res, err := nabla.NewProgram(nabla.ProgramRequest{Request: b, What: []nabla.What{nabla.ValueOf}, Name: "f"})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, q := range res.Params {
			b.Wrt = append(b.Wrt, q.Sym.Name)
		}
		b.NoCheck = true
		req := nabla.ProgramRequest{Request: b, Name: "f", What: []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.JacobianVector}}
		prog, err := nabla.NewProgram(req)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		g := &generated{req: req, prog: prog, job: runner.Job{ID: text, Func: "f", Check: true}, want: [][]runner.Value{nil}}
		for _, r := range prog.Results {
			g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
		}
		env := &eval.Env{Vars: map[string]expr.Dense{}}
		for k, q := range prog.Params {
			size := func(d *expr.Dim) int {
				return int(d.Value(func(s *expr.SizeName) int64 {
					if n, ok := sizes[s.Name]; ok {
						return int64(n)
					}
					return 3
				}))
			}
			v := expr.NewDense(size(q.Sym.Shape.Rows), size(q.Sym.Shape.Cols))
			for i := range v.Data {
				v.Data[i] = 1.2 + math.Cos(float64(7*i+3*k))
			}
			env.Vars[q.Sym.Name] = v
		}
		args, err := arguments(prog, env, sizes)
		if err != nil {
			t.Fatal(err)
		}
		g.job.Points = [][]runner.Arg{args}
		all = append(all, g)
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), all) })
	}
}
