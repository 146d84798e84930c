//go:build !tinygo

package unwind

// try runs fn and returns what it panicked with, nil if it returned.
func try(fn func()) (p *thrown) {
	done := false
	defer func() {
		if !done {
			p = &thrown{recover()}
		}
	}()
	fn()
	done = true
	return nil
}

// Throw returns the value of a panic that is about to start.
func Throw(v any) any { return v }
