package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"example.com/nabla/internal/page"
)

// A file is something that stays the same while the server runs.
type file struct {
	data []byte
	kind string // Content-Type
	hash string
	gzip func() []byte // data compressed, nil if that is not shorter
}

func newFile(name string, data []byte) *file {
	sum := sha256.Sum256(data)
	f := &file{data: data, kind: contentType(name), hash: hex.EncodeToString(sum[:12])}
	f.gzip = sync.OnceValue(func() []byte {
		switch path.Ext(name) {
		case ".woff", ".woff2", ".png", ".jpg", ".gz":
			return nil // compressed already
		}
		packed := compress(data, gzip.BestCompression)
		if len(packed) >= len(data) {
			return nil
		}
		return packed
	})
	return f
}

// compress returns data in the gzip format.
func compress(data []byte, level int) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		panic(err) // a level that exists
	}
	z.Write(data) // a buffer takes everything
	z.Close()
	return b.Bytes()
}

// contentType depends on the name alone, not on what the system has files for.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".woff":
		return "font/woff"
	case ".ttf":
		return "font/ttf"
	case ".wasm":
		return "application/wasm"
	case ".webmanifest":
		return "application/manifest+json"
	case ".md", ".txt", "":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// serve writes a file, or that the client has it already.
func (f *file) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Cache-Control", cache)
	data, tag := f.data, `"`+f.hash+`"`
	if packed := f.gzip(); packed != nil {
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			data, tag = packed, `"`+f.hash+`-gzip"`
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	send(w, r, data)
}

// matches reports whether a tag is in an If-None-Match header.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// acceptsGzip reports whether the client takes gzip.
func acceptsGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(one, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "gzip" || name == "*" {
			_, q, err := mime.ParseMediaType("x/x;" + params)
			return params == "" || err == nil && strings.Trim(q["q"], "0.") != ""
		}
	}
	return false
}

// forever is the caching of what has its hash in its address, ask that of what has not.
const (
	forever = "public, max-age=31536000, immutable"
	ask     = "no-cache"
)

// A static has the files of the page by their path. Those that the document links are at
// v/HASH/ as well, where HASH is that of all files together: the document is asked for
// anew, everything else is kept for ever.
type static struct {
	files map[string]*file
	hash  string
}

// pageFiles are the files of the page.
var pageFiles = sync.OnceValue(func() *static { return newStatic(page.ServerFS()) })

func newStatic(files fs.FS) *static {
	s := &static{files: map[string]*file{}}
	all := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, path)
		s.files[path] = newFile(path, data)
		all.Write([]byte(path + " " + s.files[path].hash + "\n"))
		return err
	})
	if err != nil {
		panic(err) // embedded
	}
	s.hash = hex.EncodeToString(all.Sum(nil)[:8])
	if index := s.files["index.html"]; index != nil {
		s.files["index.html"] = newFile("index.html", s.relink(index.data))
	}
	return s
}

// link is an attribute of the document that links a file.
var link = regexp.MustCompile(`(href|src)="([^":#?]+)"`)

// relink lets a document link the files at v/HASH/.
func (s *static) relink(document []byte) []byte {
	return link.ReplaceAllFunc(document, func(attribute []byte) []byte {
		m := link.FindSubmatch(attribute)
		if s.files[string(m[2])] == nil {
			return attribute
		}
		return []byte(string(m[1]) + `="v/` + s.hash + `/` + string(m[2]) + `"`)
	})
}

// page answers with a file of the page.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	name, cache := strings.TrimPrefix(r.URL.Path, "/"), ask
	if rest, ok := strings.CutPrefix(name, "v/"+s.static.hash+"/"); ok {
		name, cache = rest, forever
	}
	if name == "" {
		name = "index.html"
	}
	f := s.static.files[name]
	if f == nil {
		s.unknown(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy)
	f.serve(w, r, cache)
}
