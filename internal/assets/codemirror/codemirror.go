// Package codemirror has the parts of CodeMirror 6 that the page's editor uses, bundled
// into one JavaScript module. Nothing of it is fetched when a page is opened.
//
// rebuild.sh makes the bundle anew from the npm packages whose versions it names; nothing
// else needs Node.js. In the bundle the editor's styles are constructed style sheets, so
// that a page needs no inline style.
package codemirror

import "embed"

// Files are codemirror.min.js, a module with the exports of entry.js, and LICENSE, the
// licences of all packages in it.
//
//go:embed codemirror.min.js LICENSE
var Files embed.FS
