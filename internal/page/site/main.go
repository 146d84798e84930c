// Command site writes the page as static files, with the engine as WebAssembly: what
// `make site` runs.
//
//	go run ./internal/page/site [-o DIR] [-compiler auto|go|tinygo]
//
// It needs Go alone. TinyGo makes the engine three times smaller and is used where it is
// found (tinygo.go). The same sources and tools give the same bytes. It prints what it used
// and how large each file is, as it stands and compressed by gzip.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/nabla/internal/page"
	"example.com/nabla/internal/page/site/lzma"
)

func main() {
	out := flag.String("o", "site", "the `directory` to write")
	compiler := flag.String("compiler", "auto", "auto, go or tinygo")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "site: unexpected argument %q\n", flag.Arg(0))
		os.Exit(2)
	}
	if err := run(*out, *compiler); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

func run(dir, compiler string) error {
	e, err := build(compiler)
	if err != nil {
		return err
	}
	files, err := assemble(e)
	if err != nil {
		return err
	}
	if err := write(dir, files); err != nil {
		return err
	}
	fmt.Printf("engine by %s: %d bytes of WebAssembly\n", e.by, len(e.wasm))
	fmt.Print(sizes(files))
	return nil
}

// An engine is a module with the licences of what is compiled into it.
type engine struct {
	wasm     []byte
	by       string // the compiler with its version
	licences map[string][]byte
}

// build makes the engine with a compiler: go, tinygo, or auto for the better of those that
// are there.
func build(compiler string) (*engine, error) {
	tinygo := tinygoPath()
	switch {
	case compiler == "go" || compiler == "auto" && tinygo == "":
		return buildGo()
	case compiler == "tinygo" && tinygo == "":
		return nil, errors.New("no TinyGo: neither in $NABLA_TINYGO nor in the path; `make tinygo` builds one")
	case compiler == "tinygo" || compiler == "auto":
		return buildTinyGo(tinygo)
	}
	return nil, fmt.Errorf("the compiler is auto, go or tinygo, found %q", compiler)
}

// assemble returns all files of the site.
func assemble(e *engine) (map[string][]byte, error) {
	files := map[string][]byte{}
	root := page.FS()
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[path], err = fs.ReadFile(root, path)
		return err
	})
	if err != nil {
		return nil, err
	}
	for name, text := range e.licences {
		files["assets/engine/"+name] = text
	}
	files["engine.bin"] = pack(e.wasm)
	files[serviceWorker] = offline(files)
	return files, nil
}

// small is up to how many bytes the worker's own reader of LZMA is fast enough: it takes some
// 60 milliseconds a megabyte, where the browser's of gzip takes 10.
const small = 4 << 20

// pack compresses an engine, the better of the two ways that the worker knows.
func pack(wasm []byte) []byte {
	if len(wasm) <= small {
		return lzma.Compress(wasm)
	}
	return zip(wasm)
}

// zip compresses by gzip.
func zip(data []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is one
	}
	w.Write(data) // a buffer does not fail
	w.Close()
	return b.Bytes()
}

// write puts the files into a directory, which is new or an earlier site: anything else is
// left alone.
func write(dir string, files map[string][]byte) error {
	old, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if len(old) > 0 {
		if _, err := os.Stat(filepath.Join(dir, "engine.bin")); err != nil {
			return fmt.Errorf("%s has files and is no site; name a new directory", dir)
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return writeAll(dir, files)
}

// writeAll writes files below a directory.
func writeAll(dir string, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compressed is the length of a file as a host sends it that compresses by gzip what that
// makes shorter.
func compressed(data []byte) int { return min(len(data), len(zip(data))) }

// sent is what a visitor loads who loads every file.
func sent(files map[string][]byte) (sum int) {
	for _, data := range files {
		sum += compressed(data)
	}
	return sum
}

// sizes is a table of the files: bytes as they stand, and compressed.
func sizes(files map[string][]byte) string {
	var b strings.Builder
	all := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all += len(files[name])
		fmt.Fprintf(&b, "%9d %9d  %s\n", len(files[name]), compressed(files[name]), name)
	}
	fmt.Fprintf(&b, "%9d %9d  in all, as stored and compressed\n", all, sent(files))
	return b.String()
}
