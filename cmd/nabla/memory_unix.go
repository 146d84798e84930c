//go:build linux || darwin

package main

import (
	"math"
	"syscall"
)

// addressLimit is the limit of the process' address space (ulimit -v).
func addressLimit() (int64, bool) {
	var r syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &r) != nil || r.Cur > math.MaxInt64/2 {
		return 0, false
	}
	return int64(r.Cur), true
}
