package nabla_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/nabla"
)

// BenchmarkCorpus derives every published case from text to text, without check
// and NumPy source, and reports the median over the cases.
func BenchmarkCorpus(b *testing.B) {
	var reqs []nabla.Request
	cases := readCorpus(b)
	for i := range cases {
		req := request(&cases[i])
		req.NoCheck, req.TextOnly = true, true
		if _, err := nabla.Differentiate(req); err != nil {
			b.Logf("%s: %v", cases[i].ID, err)
			continue
		}
		reqs = append(reqs, req)
	}
	perCase(b, len(reqs), func(i int) error {
		_, err := nabla.Differentiate(reqs[i])
		return err
	})
}

// perCase asks all cases in turn, again and again, and reports the median and the
// 90th percentile of the cases' median times.
func perCase(b *testing.B, cases int, ask func(i int) error) {
	times := make([][]time.Duration, cases)
	b.ReportAllocs()
	for b.Loop() {
		for i := range cases {
			begin := time.Now()
			if err := ask(i); err != nil {
				b.Fatal(err)
			}
			times[i] = append(times[i], time.Since(begin))
		}
	}
	medians := make([]time.Duration, cases)
	for i, t := range times {
		slices.Sort(t)
		medians[i] = t[len(t)/2]
	}
	slices.Sort(medians)
	b.ReportMetric(float64(medians[len(medians)/2].Nanoseconds())/1e3, "µs/median-case")
	b.ReportMetric(float64(medians[len(medians)*9/10].Nanoseconds())/1e3, "µs/p90-case")
}

// BenchmarkDerivations writes the derivation of every published case of first order,
// its checks included.
func BenchmarkDerivations(b *testing.B) {
	var reqs []nabla.DeriveRequest
	cases := readCorpus(b)
	for i := range cases {
		if cases[i].Order == 1 {
			reqs = append(reqs, nabla.DeriveRequest{Request: request(&cases[i])})
		}
	}
	perCase(b, len(reqs), func(i int) error {
		_, err := nabla.Derive(reqs[i])
		return err
	})
}

// BenchmarkCurvature looks at the published scalar cases.
func BenchmarkCurvature(b *testing.B) {
	var reqs []nabla.ConvexRequest
	cases := readCorpus(b)
	for i := range cases {
		r := request(&cases[i])
		q := nabla.ConvexRequest{Program: r.Program, Vars: r.Vars, Wrt: r.Wrt}
		if _, err := nabla.Curvature(q); cases[i].Order == 1 && err == nil { // scalars
			reqs = append(reqs, q)
		}
	}
	perCase(b, len(reqs), func(i int) error {
		_, err := nabla.Curvature(reqs[i])
		return err
	})
}

// BenchmarkCheck is one answer with its numeric check and NumPy source.
func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		if _, err := nabla.Differentiate(nabla.Request{Program: "norm2(X*w - y)^2", Wrt: []string{"w"}}); err != nil {
			b.Fatal(err)
		}
	}
}

// chain is a network of so many layers h = tanh(W h), each layer a definition.
func chain(layers int) nabla.Request {
	var p strings.Builder
	fmt.Fprint(&p, "x: vector(n)\n")
	for k := 1; k <= layers; k++ {
		fmt.Fprintf(&p, "W_%d: matrix(n, n)\n", k)
	}
	fmt.Fprint(&p, "h_1 = tanh(W_1*x)\n")
	for k := 2; k <= layers; k++ {
		fmt.Fprintf(&p, "h_%d = tanh(W_%d*h_%d)\n", k, k, k-1)
	}
	fmt.Fprintf(&p, "l = sum(h_%d)\n", layers)
	return nabla.Request{Program: p.String(), Wrt: []string{"W_1"}, NoCheck: true, TextOnly: true}
}

// nested is the same network as one expression.
func nested(layers int) nabla.Request {
	e := "x"
	for k := 1; k <= layers; k++ {
		e = fmt.Sprintf("tanh(W_%d*%s)", k, e)
	}
	return nabla.Request{Program: "sum(" + e + ")", Wrt: []string{"W_1"}, NoCheck: true, TextOnly: true}
}

// product is tr(A X A X …) with n factors.
func product(n int) nabla.Request {
	f := make([]string, n)
	for i := range f {
		f[i] = string("AX"[i%2])
	}
	return nabla.Request{Program: "tr(" + strings.Join(f, "*") + ")", Wrt: []string{"X"}, NoCheck: true, TextOnly: true}
}

func benchmarkRequest(b *testing.B, req nabla.Request) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := nabla.Differentiate(req); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkChain is linear in the number of layers.
func BenchmarkChain(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("layers=%d", n), func(b *testing.B) { benchmarkRequest(b, chain(n)) })
	}
}

// BenchmarkNested is the chain as one expression with inferred sizes.
func BenchmarkNested(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("layers=%d", n), func(b *testing.B) { benchmarkRequest(b, nested(n)) })
	}
}

// BenchmarkTrace has an answer of n/2 terms before they merge.
func BenchmarkTrace(b *testing.B) {
	for _, n := range []int{2, 4, 8, 16, 32, 64} {
		b.Run(fmt.Sprintf("factors=%d", n), func(b *testing.B) { benchmarkRequest(b, product(n)) })
	}
}

// BenchmarkColdStart runs the program as a user does, with the numeric check.
func BenchmarkColdStart(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "nabla")
	if out, err := exec.Command("go", "build", "-o", bin, "./cmd/nabla").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		if out, err := exec.Command(bin, "diff", "norm2(X*w - y)^2", "w").CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
}

// A network of a thousand layers stays far inside a second, so that time which
// is not linear is seen.
func TestDeepChain(t *testing.T) {
	for _, req := range []nabla.Request{chain(1000), nested(1000)} {
		begin := time.Now()
		if _, err := nabla.Differentiate(req); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(begin); d > 5*time.Second {
			t.Errorf("%.40s…: %v, want less than five seconds", req.Program, d)
		}
	}
}
