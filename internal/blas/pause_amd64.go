package blas

// pause waits for about n times forty cycles and leaves the core to whom it shares it
// with; n is at least 1.
//
//go:noescape
func pause(n int32)
