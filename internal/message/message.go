// Package message has what nabla says in words: one sentence, in English and Chinese.
//
// [Say] makes a sentence of a template, which is its English text, and of what is put
// into it. The Chinese of every template stands in the catalogue of this package, so
// that a sentence has both languages or fails a test; nothing else in nabla translates.
// What is put in is a name, a number or a formula, the same in both languages, or a
// [Text], which is put in in the language of the whole.
package message

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// A Text is the same words in both languages.
type Text struct {
	En string `json:"en"`
	Zh string `json:"zh"`
}

// Same is a text that is the same in both languages: a name, a formula, code.
func Same(s string) Text { return Text{s, s} }

// In returns the words in a language, zh or else English.
func (t Text) In(lang string) string {
	if lang == "zh" {
		return t.Zh
	}
	return t.En
}

// IsZero reports whether there are no words.
func (t Text) IsZero() bool { return t == Text{} }

// Say fills a template, with the verbs of package fmt, in both languages. The template is
// one of the catalogue; its Chinese may have the verbs in another order, as %[2]s. Without
// arguments a template is taken as it is.
func Say(template string, args ...any) Text {
	chinese, ok := find(template)
	if !ok {
		chinese = template
	}
	if len(args) == 0 {
		return Text{template, chinese}
	}
	en, zh := make([]any, len(args)), make([]any, len(args))
	for i, a := range args {
		en[i], zh[i] = a, a
		if t, ok := a.(Text); ok {
			en[i], zh[i] = t.En, t.Zh
		}
	}
	return Text{fmt.Sprintf(template, en...), fmt.Sprintf(chinese, zh...)}
}

// And joins texts: a and b and c.
func And(list []Text) Text { return Join(list, Text{" and ", " 和 "}) }

// Or joins texts: a or b or c.
func Or(list []Text) Text { return Join(list, Text{" or ", " 或 "}) }

// OneOf lists words to choose from: a, b or c.
func OneOf(words []string) Text {
	last := len(words) - 1
	if last == 0 {
		return Same(words[0])
	}
	return Text{strings.Join(words[:last], ", ") + " or " + words[last], strings.Join(words[:last], "、") + " 或 " + words[last]}
}

// Join puts a separator between texts.
func Join(list []Text, separator Text) Text {
	return Text{strings.Join(English(list), separator.En), strings.Join(Chinese(list), separator.Zh)}
}

// English are the English words of texts.
func English(list []Text) []string { return in(list, "en") }

// Chinese are the Chinese words of texts.
func Chinese(list []Text) []string { return in(list, "zh") }

func in(list []Text, lang string) []string {
	var out []string
	for _, t := range list {
		out = append(out, t.In(lang))
	}
	return out
}

// An entry is a template in both languages.
type entry struct{ en, zh string }

// catalogues are the entries by the part of nabla that says them.
var catalogues = [][]entry{language, shapes, formulas, answers}

// find returns the Chinese of a template.
func find(template string) (string, bool) {
	zh, ok := byTemplate()[template]
	return zh, ok
}

var byTemplate = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, list := range catalogues {
		for _, e := range list {
			m[e.en] = e.zh
		}
	}
	return m
})

// An Error is a text as an error, whose Error is English; Cause is what it wraps, or nil.
type Error struct {
	Text
	Cause error
}

func (e *Error) Error() string { return e.En }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Words returns the text.
func (e *Error) Words() Text { return e.Text }

// Errorf is Say as an error.
func Errorf(template string, args ...any) error { return &Error{Text: Say(template, args...)} }

// Wrap is Errorf for an error that is due to another.
func Wrap(cause error, template string, args ...any) error {
	return &Error{Say(template, args...), cause}
}

// Of is what an error says: its Words where it has them, else its English in both
// languages.
func Of(err error) Text {
	var e interface{ Words() Text }
	if errors.As(err, &e) {
		return e.Words()
	}
	return Same(err.Error())
}
