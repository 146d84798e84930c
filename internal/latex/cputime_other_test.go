//go:build !unix

package latex

import "time"

var start = time.Now()

func cpuTime() time.Duration { return time.Since(start) }
