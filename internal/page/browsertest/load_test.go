package browsertest

import "testing"

func TestLoad(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := newTab(t, s, view{})
		b.open("")
		b.until("the page is there", `document.querySelector("main")`)
		b.accessible("first sight")
	})
}
