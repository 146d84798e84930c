package nabla_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
)

// TestRandomVerify claims of random typed programs what nabla itself answers, which is
// right, and then minus and twice that, which is wrong unless it is zero.
func TestRandomVerify(t *testing.T) {
	asked, compared, numbers := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		if asked++; asked%16 != 0 { // one in sixteen: a verdict takes longer than an answer
			return
		}
		q := generator{t}.question()
		if q.req.Mixed || len(q.req.Wrt) != 1 {
			return
		}
		defer faults(t, "%v", &q)
		req := q.req
		req.NoCheck = true
		res, err := nabla.Differentiate(req)
		if err != nil {
			return // TestRandom judges it
		}
		d := &res.Derivatives[0]
		if d.Form == nabla.IndexForm || len(d.Where) > 0 {
			return
		}
		verify := func(claim string) *nabla.Verdict {
			v, err := nabla.Verify(nabla.VerifyRequest{Program: req.Program, Vars: req.Vars, Closed: req.Closed, Wrt: req.Wrt[0],
				Order: req.Order, Layout: req.Layout, Vec: req.Vec, Structured: req.Structured, Claim: claim})
			var input *nabla.InputError
			switch {
			case err == nil:
				return v
			case errors.As(err, &input) && strings.Contains(err.Error(), "cannot be compared"):
				return nil
			}
			t.Fatalf("%v: claim %s: %v", &q, claim, err)
			return nil
		}
		v := verify(d.Language)
		if v == nil {
			return
		}
		compared++
		if !v.Equal {
			t.Fatalf("%v: the answer %s is not called equal: %s (%s)", &q, d.Language, v.Message, v.Kind)
		}
		if v.Argument == nabla.ByNumbers {
			numbers++
		}
		for claim, kind := range map[string]string{"-(" + d.Language + ")": "sign", "2*(" + d.Language + ")": "factor"} {
			v := verify(claim)
			if v == nil {
				continue
			}
			if v.Equal && !d.Zero { // unless it is zero, which nabla need not have seen
				if zero := verify("0"); zero != nil && zero.Equal {
					continue
				}
				t.Fatalf("%v: %s is called equal to %s", &q, claim, v.True.Text)
			}
			if !v.Equal && v.Kind != kind && v.Kind != "not-zero" && v.Kind != "transposed" && v.Kind != "other-layout" {
				t.Logf("%v: %s: %s (%s)", &q, claim, v.Kind, v.Message)
			}
		}
	})
	t.Logf("%d verdicts on right claims, %d of them by numbers only", compared, numbers)
	if compared < 50 && !testing.Short() {
		t.Errorf("only %d claims", compared)
	}
}
