package nabla_test

import (
	"testing"

	"example.com/nabla"
)

func BenchmarkReadLaTeX(b *testing.B) {
	for _, text := range []string{`\|Xw-y\|_2^2`, `-\frac{1}{N}\sum_{i=1}^N \left[ y_i \log \sigma(w^\top x_i) + (1-y_i)\log(1-\sigma(w^\top x_i)) \right]`} {
		b.Run(text[:8], func(b *testing.B) {
			for range b.N {
				if _, err := nabla.ReadLaTeX(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
