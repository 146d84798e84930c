package simplify

import (
	"testing"

	"example.com/nabla/internal/ops"
)

func BenchmarkCompile(b *testing.B) {
	t := templates()
	for b.Loop() {
		if _, err := New(ops.Registry(), t); err != nil {
			b.Fatal(err)
		}
	}
}
