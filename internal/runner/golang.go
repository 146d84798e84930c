package runner

import (
	"bytes"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// gonum is the version that generated Go is built with, the one of this module.
const gonum = "v0.17.0"

// goHost makes a module of the jobs, a package each and one that calls it, and builds it
// with go vet before. What vet says excludes a job, until it says nothing.
func goHost(dir string, jobs []Job, out []transcript) ([]string, error) {
	sums, err := goSums()
	if err != nil {
		return nil, err
	}
	driver, err := drivers.ReadFile("drivers/driver.go.txt")
	if err != nil {
		return nil, err
	}
	files := []struct {
		name string
		text []byte
	}{
		{"go.mod", []byte("module runner\n\ngo 1.26\n\nrequire gonum.org/v1/gonum " + gonum + "\n")},
		{"go.sum", sums},
		{"driver/driver.go", driver},
	}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, f.text, 0o666); err != nil {
			return nil, err
		}
	}
	for k := range jobs {
		if out[k].Err != "" {
			continue
		}
		if out[k].Err = goProblem(jobs[k].Source); out[k].Err != "" {
			if err := os.Remove(filepath.Join(jobDir(dir, k), "source.go")); err != nil {
				return nil, err
			}
			continue
		}
		path := filepath.Join(jobDir(dir, k), "call", "call.go")
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, goCall(k, &jobs[k]), 0o666); err != nil {
			return nil, err
		}
	}
	for {
		text, err := goCommand(dir, "vet", "./...")
		if err == nil {
			break
		}
		if bad := goRemarks(text, out); bad == 0 {
			return nil, fmt.Errorf("go vet: %w\n%s", err, text)
		}
		for k := range out {
			if out[k].Err == "" {
				continue
			}
			for _, name := range []string{"source.go", "call"} {
				if err := os.RemoveAll(filepath.Join(jobDir(dir, k), name)); err != nil {
					return nil, err
				}
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), goMain(out), 0o666); err != nil {
		return nil, err
	}
	if text, err := goCommand(dir, "build", "-o", "program", "."); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, text)
	}
	return []string{filepath.Join(dir, "program")}, nil
}

// goSums returns the checksums of the module that the test belongs to: with them the
// module cache serves gonum without a network.
func goSums() ([]byte, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(filepath.Dir(strings.TrimSpace(string(mod))), "go.sum"))
}

// goCommand runs the go command in dir, without a network and with paths that do not keep
// the build cache from being used again.
func goCommand(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", append([]string{args[0], "-trimpath"}, args[1:]...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "GO111MODULE=on")
	text, err := cmd.CombinedOutput()
	return string(text), err
}

// goProblem returns what keeps source from being a package of its own, or "".
func goProblem(source string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "source.go", source, parser.SkipObjectResolution)
	if err != nil {
		return err.Error()
	}
	if file.Name.Name == "main" {
		return "package main cannot be imported"
	}
	for _, s := range file.Imports {
		path, _ := strconv.Unquote(s.Path.Value)
		if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") && !strings.HasPrefix(path, "gonum.org/v1/gonum/") {
			return fmt.Sprintf("imports %s, which is neither of the standard library nor gonum", path)
		}
	}
	if neat, err := format.Source([]byte(source)); err != nil || !bytes.Equal(neat, []byte(source)) {
		return "gofmt would write the source differently" + firstDifference(source, string(neat))
	}
	return ""
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf(": line %d is %q, not %q", i+1, a[i], b[i])
		}
	}
	return ""
}

// goRemarks gives what vet said to the jobs it was said of, and returns to how many.
func goRemarks(text string, out []transcript) int {
	said := map[int][]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "vet: "))
		path := strings.TrimPrefix(line, "./")
		first, rest, ok := strings.Cut(path, "/")
		if k, err := strconv.Atoi(first); ok && err == nil && k < len(out) && out[k].Err == "" {
			said[k] = append(said[k], rest)
		}
	}
	for k, lines := range said {
		out[k].Err = strings.Join(lines, "\n")
	}
	return len(said)
}

var goReads = [...]string{Scalar: "Scalar", Integer: "Integer", Vector: "Vector", Matrix: "Matrix", Matrices: "Matrices", Func: "Func"}

// goCall writes the package that calls a job.
func goCall(k int, j *Job) []byte {
	var b bytes.Buffer
	var args, results []string
	for i := range j.Points[0] {
		args = append(args, fmt.Sprintf("a%d", i))
	}
	for i := range j.Ranks {
		results = append(results, fmt.Sprintf("r%d", i))
	}
	read := func() {
		for i, a := range j.Points[0] {
			fmt.Fprintf(&b, "\t\ta%d := in.%s()\n", i, goReads[a.Kind])
		}
	}
	list := strings.Join(args, ", ")
	fmt.Fprintf(&b, "package call\n\nimport (\n\tjob \"runner/%d\"\n\t\"runner/driver\"\n)\n\nvar Job = driver.Job{\n\tNumber: %d,\n\tCall: func(in *driver.Args) ([]any, error) {\n", k, k)
	read()
	fmt.Fprintf(&b, "\t\t%s, err := job.%s(%s)\n\t\treturn []any{%s}, err\n\t},\n",
		strings.Join(results, ", "), GoName(j.Func), list, strings.Join(results, ", "))
	if j.Check {
		fmt.Fprintf(&b, "\tCheck: func(in *driver.Args) (float64, error) {\n")
		read()
		fmt.Fprintf(&b, "\t\treturn job.Check%s(%s)\n\t},\n", GoName(j.Func), list)
	}
	fmt.Fprintf(&b, "}\n")
	return b.Bytes()
}

// goMain writes the program that runs the jobs that build.
func goMain(out []transcript) []byte {
	var imports, list bytes.Buffer
	for k := range out {
		if out[k].Err == "" {
			fmt.Fprintf(&imports, "\tjob%d \"runner/%d/call\"\n", k, k)
			fmt.Fprintf(&list, "\t\tjob%d.Job,\n", k)
		}
	}
	return fmt.Appendf(nil, "package main\n\nimport (\n\t\"runner/driver\"\n%s)\n\nfunc main() {\n\tdriver.Main([]driver.Job{\n%s\t})\n}\n", imports.String(), list.String())
}
