package nabla_test

import (
	"testing"

	"example.com/nabla"
)

// BenchmarkVerify verifies the published answers in turn; BenchmarkVerifyWrong finds out
// what is wrong with one.
func BenchmarkVerify(b *testing.B) {
	cases := readCorpus(b)
	var reqs []nabla.VerifyRequest
	for i := range cases {
		if c := &cases[i]; c.Expected != nil && c.Order == 1 {
			reqs = append(reqs, claimRequest(c, *c.Expected))
		}
	}
	perCase(b, len(reqs), func(i int) error {
		_, err := nabla.Verify(reqs[i])
		return err
	})
}

func BenchmarkVerifyWrong(b *testing.B) {
	for b.Loop() {
		v, err := nabla.Verify(nabla.VerifyRequest{Program: "norm2(X*w - y)^2", Wrt: "w", Claim: "2*X'*(X*w + y)"})
		if err != nil || v.Kind != "term-sign" {
			b.Fatal(v, err)
		}
	}
}
