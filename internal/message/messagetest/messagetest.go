// Package messagetest is for tests: it sees that what is said is said in both languages.
package messagetest

import (
	"strings"
	"testing"
	"unicode"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
)

// Chinese reports diagnostics that are not in Chinese too.
func Chinese(t testing.TB, list source.List) {
	t.Helper()
	for _, d := range list {
		Text(t, d.Message)
		if d.Message.En == d.Message.Zh {
			t.Errorf("no Chinese of %s", d.Message.En)
		}
		Text(t, d.Hint)
		for _, n := range d.Notes {
			Text(t, n)
		}
	}
}

// words returns two words of lower-case letters that follow each other, "" if there are none.
// The words of declarations are code.
func words(s string) string {
	last := ""
	for _, w := range strings.Fields(s) {
		plain := len(w) > 1 && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == ""
		if plain && len(last) > 2 {
			return last + " " + w
		}
		last = ""
		if plain && w != "scalar" {
			last = w
		}
	}
	return ""
}

// Text reports a text of English words that has no Chinese, or Chinese with English words
// in it.
func Text(t testing.TB, s message.Text) {
	t.Helper()
	han := strings.ContainsFunc(s.Zh, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	switch {
	case (s.En == "") != (s.Zh == ""):
		t.Errorf("one language alone: %q, %q", s.En, s.Zh)
	case !han && s.En != s.Zh, words(s.En) != "" && !han:
		t.Errorf("no Chinese of %s: %s", s.En, s.Zh)
	case strings.Contains(s.En+s.Zh, "%!"):
		t.Errorf("arguments are missing or left over: %s, %s", s.En, s.Zh)
	}
	if w := words(s.Zh); w != "" {
		t.Errorf("English in %s: %s", s.Zh, w)
	}
}
