package nabla_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.com/nabla"
)

// TestGraphLimits: what is asked of one value of a node, its numbers, or the differences at
// them ends with the time of the request.
func TestGraphLimits(t *testing.T) {
	for name, program := range map[string]string{
		"numbers": "X: matrix(m, n)\nX⊗X⊗X⊗X⊗X",
		"factors": "X: matrix(n, n)\nY = (X*A)^64\nZ = (X*B)^64\ntr(Y*Z*Y*Y*Z*Y*Z*Z*Y*Z*Y*Y)",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		begin := time.Now()
		_, err := nabla.Graph(nabla.GraphRequest{Instance: true, Request: nabla.Request{Program: program, Limits: nabla.Limits{Context: ctx, Memory: 256 << 20}}})
		took := time.Since(begin)
		cancel()
		var limit *nabla.LimitError
		if !errors.As(err, &limit) || took > 5*time.Second {
			t.Errorf("%s: %v after %v", name, err, took)
		}
	}
}
