// Package katex has KaTeX, which sets formulas on a web page, with its style sheet
// and fonts, as it is published. Nothing of it is fetched when a page is opened.
//
// The files are those of the npm package; rebuild.sh fetches them anew. Only pages
// need this package: it is not to be compiled into the engine.
package katex

import (
	"embed"
	"encoding/base64"
	"strings"
)

// Version is the version of the npm package that the files are from.
const Version = "0.16.47"

// Files are katex.min.js, katex.min.css, fonts/*.woff2 and LICENSE.
//
//go:embed katex.min.js katex.min.css fonts/*.woff2 LICENSE
var Files embed.FS

// Script returns the JavaScript, which defines the global katex.
func Script() string { return file("katex.min.js") }

// License returns the licence's text.
func License() string { return file("LICENSE") }

func file(name string) string {
	b, err := Files.ReadFile(name)
	if err != nil {
		panic(err) // embedded
	}
	return string(b)
}

// textFamilies are the fonts that formulas with letters in them need. Those left out
// are for \mathfrak, \mathscr, \mathcal, \mathsf and \mathtt.
var textFamilies = []string{"KaTeX_AMS", "KaTeX_Main", "KaTeX_Math", "KaTeX_Size1", "KaTeX_Size2", "KaTeX_Size3", "KaTeX_Size4"}

// InlineStyle returns the style sheet with the fonts that formulas of matrix
// calculus need as data in it, so that a page needs no other file.
func InlineStyle() string {
	const face = "@font-face{"
	var b strings.Builder
	rest := file("katex.min.css")
	for {
		i := strings.Index(rest, face)
		if i < 0 {
			break
		}
		b.WriteString(rest[:i])
		end := i + strings.Index(rest[i:], "}") + 1
		b.WriteString(inlineFace(rest[i:end]))
		rest = rest[end:]
	}
	return b.String() + rest
}

// inlineFace returns a @font-face rule with its WOFF2 file as data, or nothing for
// a family that is not needed.
func inlineFace(rule string) string {
	needed := false
	for _, f := range textFamilies {
		needed = needed || strings.Contains(rule, "font-family:"+f+";")
	}
	if !needed {
		return ""
	}
	from := strings.Index(rule, "url(") + len("url(")
	to := from + strings.Index(rule[from:], ")")
	data := base64.StdEncoding.EncodeToString([]byte(file(rule[from:to])))
	// The other formats follow after a comma.
	return rule[:from] + "data:font/woff2;base64," + data + `) format("woff2")}`
}
