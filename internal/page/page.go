// Package page has the page of nabla as files: a document, style sheets and JavaScript
// modules, with KaTeX and CodeMirror as they are bundled. The modules are written as the
// browser runs them; nothing builds them.
//
// FS is the page with the engine in a worker of the browser, for any static host; it lacks
// the engine itself, engine-worker.js and what that loads. ServerFS is the page for a server
// that answers at api/v1/. Only cmd/nabla and what serves or writes the page import this
// package; the engine does not.
package page

import (
	"bytes"
	"embed"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"example.com/nabla/internal/assets/codemirror"
	"example.com/nabla/internal/assets/katex"
)

//go:embed static
var static embed.FS

// Policy is the Content-Security-Policy under which the page works, without inline script
// or style. The document has it as well, for hosts that send no headers; a server may add
// frame-ancestors, which documents cannot state.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"

// FS returns the files of the page for a static host: index.html, *.css, *.js, icons, and
// below assets/ KaTeX and CodeMirror with their licences.
func FS() fs.FS { return files() }

// ServerFS returns the same files, with an index.html that asks the server it is from.
func ServerFS() fs.FS { return served() }

var files = sync.OnceValue(func() tree {
	root, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // embedded
	}
	t := tree{}
	t.add("", root)
	t.add("assets/katex/", katex.Files)
	t.add("assets/codemirror/", codemirror.Files)
	replace(t, "<!-- modules -->\n", preloads(t))
	return t
})

// preloads names all modules in the document, so that a browser asks for them at once and
// not one after the other as each import is read.
func preloads(t tree) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if path.Ext(name) != ".js" || slices.Contains(classic, name) {
			continue
		}
		b.WriteString(`<link rel="modulepreload" href="` + name + "\">\n")
	}
	return b.String()
}

// classic are the scripts that are no modules.
var classic = []string{"assets/katex/katex.min.js", "boot.js", "engine-worker.js"}

// replace changes a text that stands in the document once.
func replace(t tree, old, new string) {
	if bytes.Count(t["index.html"], []byte(old)) != 1 {
		panic("index.html does not have once: " + old)
	}
	t["index.html"] = bytes.Replace(t["index.html"], []byte(old), []byte(new), 1)
}

var served = sync.OnceValue(func() tree {
	t := tree{}
	for name, data := range files() {
		t[name] = data
	}
	replace(t, `<meta name="nabla-engine" content="worker">`, `<meta name="nabla-engine" content="http">`)
	return t
})
