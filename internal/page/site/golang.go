package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// source is the package that becomes the engine.
const source = "example.com/nabla/cmd/wasm"

// buildGo compiles the engine with Go. Functions are not inlined: that would make the
// module a fifth larger, compressed, and no answer noticeably faster.
func buildGo() (*engine, error) {
	dir, err := os.MkdirTemp("", "nabla-site-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "engine.wasm")
	cmd := exec.Command("go", "build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-gcflags=all=-l", "-ldflags=-s -w -buildid=", "-o", file, source)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOWASM=", "GOFLAGS=")
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build of the engine: %w\n%s", err, text)
	}
	wasm, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	version, err := output("go", "env", "GOVERSION")
	if err != nil {
		return nil, err
	}
	if wasm, err = strip(wasm); err != nil {
		return nil, err
	}
	e := &engine{wasm: wasm, by: version}
	e.licences, err = licences()
	return e, err
}

// licences returns that of Go, whose run time and standard library are in the engine.
func licences() (map[string][]byte, error) {
	root, err := output("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	return map[string][]byte{"LICENSE-go": text}, err
}

// output runs a program and returns the line it prints.
func output(name string, args ...string) (string, error) {
	text, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(text)), nil
}
