//go:build !amd64

package blas

// pause waits a little; n is at least 1.
func pause(n int32) {
	for range 16 * n {
		still()
	}
}

//go:noinline
func still() {}
