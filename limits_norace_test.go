//go:build !race

package nabla_test

import (
	"time"
)

// latest is how late a request may return.
const latest = 100 * time.Millisecond
