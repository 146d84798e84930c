package browsertest

import "testing"

func TestLoad(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.accessible("first sight")
		b.quiet()
	})
}
