//go:build unix

package latex

import (
	"syscall"
	"time"
)

// cpuTime returns the time that this process has computed, which other processes do not
// lengthen as they do that of a clock.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
