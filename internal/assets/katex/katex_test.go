package katex

import (
	"regexp"
	"strings"
	"testing"
)

func TestInlineStyle(t *testing.T) {
	css := InlineStyle()
	if bad := regexp.MustCompile(`url\((?:[^d]|d[^a])[^)]{0,40}`).FindString(css); bad != "" {
		t.Errorf("the style sheet asks for %s", bad)
	}
	if n := strings.Count(css, "data:font/woff2"); n != 11 {
		t.Errorf("%d fonts in the style sheet, not 11", n)
	}
	if !strings.Contains(css, ".katex{") || strings.Count(css, "{") != strings.Count(css, "}") {
		t.Error("the style sheet is not whole")
	}
	if len(css) > 350_000 {
		t.Errorf("the style sheet has %d bytes", len(css))
	}
}

func TestFiles(t *testing.T) {
	if !strings.Contains(Script(), `"`+Version+`"`) {
		t.Errorf("the script is not of version %s", Version)
	}
	if strings.Contains(Script(), "</script") {
		t.Error("the script cannot stand in a page")
	}
	if !strings.Contains(License(), "MIT License") {
		t.Error("no licence")
	}
}
