package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// tinygoPath finds TinyGo: $NABLA_TINYGO, what `make tinygo` built, or the one in the path;
// empty where there is none.
func tinygoPath() string {
	if path := os.Getenv("NABLA_TINYGO"); path != "" {
		return path
	}
	if dir, err := os.UserCacheDir(); err == nil {
		path := filepath.Join(dir, "nabla-tinygo", "bin", "tinygo")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	path, _ := exec.LookPath("tinygo")
	return path
}

// A target is what TinyGo compiles for, as in its file of targets. It has one thread and
// no goroutines: the engine has none. Nor does it free memory: the worker replaces an engine
// that has grown large, and the module is a third smaller without the bookkeeping of
// pointers, and faster. The stack is what the deepest recursion needs whose calls the
// browser's own stack has room for.
type target struct {
	Triple     string   `json:"llvm-target"`
	CPU        string   `json:"cpu"`
	Features   string   `json:"features"`
	Tags       []string `json:"build-tags"`
	GOOS       string   `json:"goos"`
	GOARCH     string   `json:"goarch"`
	Linker     string   `json:"linker"`
	Libc       string   `json:"libc,omitempty"`
	RTLib      string   `json:"rtlib,omitempty"`
	Collector  string   `json:"gc"`
	Scheduler  string   `json:"scheduler"`
	BuildMode  string   `json:"buildmode"`
	StackSize  int      `json:"default-stack-size"`
	CFlags     []string `json:"cflags"`
	LDFlags    []string `json:"ldflags"`
	ExtraFiles []string `json:"extra-files"`
}

// newTarget is the target for a TinyGo in root. One that was built from its module alone
// lacks the C library and the compiler's run time, for which Debian's are taken.
func newTarget(root string) (*target, error) {
	t := &target{Triple: "wasm32-unknown-wasi", CPU: "generic",
		Features: "+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext,-multivalue,-reference-types",
		Tags:     []string{"tinygo.wasm"}, GOOS: "wasip1", GOARCH: "wasm", Linker: "wasm-ld",
		Collector: "leaking", Scheduler: "none", BuildMode: "c-shared", StackSize: 1 << 16,
		CFlags:     []string{"-mbulk-memory", "-mnontrapping-fptoint", "-mno-multivalue", "-mno-reference-types", "-msign-ext"},
		LDFlags:    []string{"--stack-first", "--no-demangle", "--no-entry", "-z", "stack-size=4194304", "--max-memory=2147483648", "--export=__stack_pointer"},
		ExtraFiles: []string{"src/runtime/asm_tinygowasm.S"}}
	if _, err := os.Stat(filepath.Join(root, "lib", "wasi-libc", "libc-top-half")); err == nil {
		t.Libc, t.RTLib = "wasi-libc", "compiler-rt"
		return t, nil
	}
	for _, pattern := range []string{"/usr/lib/wasm32-wasi/libc.a", "/usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			return nil, errors.New("no file is called " + pattern + "; on Debian it is in wasi-libc or libclang-rt-19-dev-wasm32")
		}
		t.LDFlags = append(t.LDFlags, found[len(found)-1])
	}
	return t, nil
}

// buildTinyGo compiles the engine with TinyGo.
func buildTinyGo(tinygo string) (*engine, error) {
	version, err := output(tinygo, "version")
	if err != nil {
		return nil, err
	}
	root, err := output(tinygo, "env", "TINYGOROOT")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "nabla-site-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := copyRewritten(dir); err != nil {
		return nil, err
	}
	t, err := newTarget(root)
	if err != nil {
		return nil, err
	}
	description, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "engine.json"), description, 0o644); err != nil {
		return nil, err
	}
	cmd := exec.Command(tinygo, "build", "-target", "engine.json", "-opt", "z", "-no-debug", "-panic", "print", "-o", "engine.wasm", source)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("tinygo build of the engine: %w\n%s", err, text)
	}
	wasm, err := os.ReadFile(filepath.Join(dir, "engine.wasm"))
	if err != nil {
		return nil, err
	}
	if wasm, err = strip(wasm); err != nil {
		return nil, err
	}
	e := &engine{wasm: wasm, by: version}
	if e.licences, err = licences(); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	e.licences["LICENSE-tinygo"] = text
	return e, err
}

//go:embed unwind/unwind.go unwind/go.go unwind/tinygo.go
var unwindFiles embed.FS

// unwindSources returns the files of package unwind by name.
func unwindSources() (map[string][]byte, error) {
	files := map[string][]byte{}
	entries, err := fs.ReadDir(unwindFiles, "unwind")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if files[e.Name()], err = fs.ReadFile(unwindFiles, "unwind/"+e.Name()); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// copyRewritten writes the packages of the engine into a directory, as a module, with
// package unwind in place of what TinyGo lacks.
func copyRewritten(dir string) error {
	cmd := exec.Command("go", "list", "-deps", "-tags", "tinygo", "-json=Dir,ImportPath,Standard,GoFiles,EmbedFiles", source)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	list, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go list: %w\n%s", err, errs.Bytes())
	}
	const module = "example.com/nabla"
	files := map[string][]byte{"go.mod": []byte("module " + module + "\n\ngo 1.26\n")}
	dec := json.NewDecoder(bytes.NewReader(list))
	for {
		var p struct {
			Dir, ImportPath     string
			Standard            bool
			GoFiles, EmbedFiles []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if p.Standard {
			continue
		}
		rel, ok := strings.CutPrefix(p.ImportPath+"/", module+"/")
		if !ok {
			return fmt.Errorf("the engine imports %s", p.ImportPath)
		}
		for _, name := range append(p.GoFiles, p.EmbedFiles...) {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				return err
			}
			if strings.HasSuffix(name, ".go") {
				if text, err = rewrite(rel+name, text); err != nil {
					return err
				}
			}
			files[rel+name] = text
		}
	}
	unwind, err := unwindSources()
	if err != nil {
		return err
	}
	for name, text := range unwind {
		files["internal/page/site/unwind/"+name] = text
	}
	return writeAll(dir, files)
}
