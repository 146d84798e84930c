//go:build race

package nabla_test

import (
	"time"
)

// latest is how late a request may return under the race detector.
const latest = time.Second
