package runner

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// unitJobs is how many jobs are compiled together at most. Jobs share most instances of
// Eigen's templates, which is where the time goes: 32 jobs of the published cases take 34 s
// of one core and 1.5 GB, 64 take 52 s and 1.8 GB.
const unitJobs = 64

// unitSize returns how many of n jobs make a unit so that all cores have as much to do.
func unitSize(n, cores int) int {
	units := cores * max(1, (n+cores*unitJobs-1)/(cores*unitJobs))
	return max(8, (n+units-1)/units)
}

// cppHost compiles the jobs in units of several, at the same time on all cores, with
// precompiled headers. Where a unit does not compile, the jobs that the compiler names are
// tried one by one, and the rest compiles again.
func cppHost(dir string, jobs []Job, out []transcript) ([]string, error) {
	var good []int
	for k := range jobs {
		if out[k].Err == "" {
			good = append(good, k)
		}
	}
	if len(good) == 0 {
		return nil, nil
	}
	cxx, err := find(Cpp)
	if err != nil {
		return nil, err
	}
	c := compiler{cxx, dir}
	for _, name := range []string{"driver.hpp", "driver.cpp"} {
		if _, err := putDriver(dir, name); err != nil {
			return nil, err
		}
	}
	for _, k := range good {
		if err := os.WriteFile(filepath.Join(jobDir(dir, k), "call.cpp"), cppCall(k, &jobs[k]), 0o666); err != nil {
			return nil, err
		}
	}
	if text, err := c.run("-x", "c++-header", "driver.hpp", "-o", "driver.hpp.gch"); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, text)
	}
	units := [][]int{nil} // the driver's own, then numbers of jobs
	units = slices.AppendSeq(units, slices.Chunk(good, unitSize(len(good), runtime.GOMAXPROCS(0))))
	objects := make([]string, len(units))
	failed := make([]error, len(units))
	parallel(len(units), func(i int) {
		if units[i] == nil {
			objects[i] = "driver.o"
			if text, err := c.run("-c", "driver.cpp", "-o", "driver.o"); err != nil {
				failed[i] = fmt.Errorf("%w\n%s", err, text)
			}
			return
		}
		objects[i] = fmt.Sprintf("unit%d.o", i)
		failed[i] = c.unit(i, units[i], out)
	})
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	if text, err := c.run(append(objects, "-o", "program")...); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, text)
	}
	return []string{filepath.Join(dir, "program")}, nil
}

type compiler struct{ cxx, dir string }

// run runs the compiler in the folder of the batch and returns what it says.
func (c compiler) run(args ...string) (string, error) {
	cmd := exec.Command(c.cxx, append(append([]string{"-O0", "-g0", "-Wall", "-Wextra", "-Werror", "-fmax-errors=40", "-fno-diagnostics-show-caret", "--param", "ggc-min-expand=300"}, cxxFlags...), args...)...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	text, err := cmd.CombinedOutput()
	return string(text), err
}

// unit compiles jobs together, without those that do not compile.
func (c compiler) unit(i int, numbers []int, out []transcript) error {
	name := fmt.Sprintf("unit%d", i)
	compile := func() (string, error) {
		text := []byte("#include \"driver.hpp\"\n")
		for _, k := range numbers {
			if out[k].Err == "" {
				text = fmt.Appendf(text, "#include \"%d/call.cpp\"\n", k)
			}
		}
		if err := os.WriteFile(filepath.Join(c.dir, name+".cpp"), text, 0o666); err != nil {
			return "", err
		}
		return c.run("-c", name+".cpp", "-o", name+".o")
	}
	for {
		text, failed := compile()
		if failed == nil {
			return nil
		}
		suspects := named(text, numbers, out)
		for _, list := range [][]int{suspects, numbers} {
			bad := 0
			for _, k := range list {
				if out[k].Err != "" {
					continue
				}
				if said, err := c.run("-fsyntax-only", "-include", "driver.hpp", fmt.Sprintf("%d/call.cpp", k)); err != nil {
					out[k].Err = cppRemarks(said, k)
					bad++
				}
			}
			if bad > 0 {
				failed = nil
				break
			}
		}
		if failed != nil { // no job is to blame alone
			return fmt.Errorf("%w\n%s", failed, text)
		}
	}
}

// named returns the jobs of whose files the compiler speaks.
func named(text string, numbers []int, out []transcript) []int {
	var list []int
	for _, k := range numbers {
		if out[k].Err != "" {
			continue
		}
		for _, file := range []string{"source.hpp:", "call.cpp:"} {
			if at := fmt.Sprintf("%d/%s", k, file); strings.HasPrefix(text, at) || strings.Contains(text, "\n"+at) {
				list = append(list, k)
				break
			}
		}
	}
	return list
}

// cppRemarks keeps what the compiler says of errors, without the folder.
func cppRemarks(said string, k int) string {
	var lines []string
	for line := range strings.Lines(said) {
		if len(lines) < 5 && strings.Contains(line, "error: ") && !strings.Contains(line, "some warnings being treated as errors") {
			lines = append(lines, strings.TrimSpace(strings.ReplaceAll(line, fmt.Sprintf("%d/", k), "")))
		}
	}
	if len(lines) == 0 {
		return strings.TrimSpace(said)
	}
	return strings.Join(lines, "\n")
}

var cppReads = [...]string{Scalar: "scalar", Integer: "integer", Vector: "vector", Matrix: "matrix", Matrices: "matrices", Func: "function"}

// cppCall writes the source of a job into a namespace of its own, since other jobs may use
// the same name, and what calls it. Its includes stand before the namespace.
func cppCall(k int, j *Job) []byte {
	includes, source := splitIncludes(j.Source)
	var b bytes.Buffer
	scalar := "double"
	if j.Float32 {
		scalar = "float"
	}
	fmt.Fprintf(&b, "%snamespace job_%d {\n#line 1 \"%d/source.hpp\"\n%s\n#line 1 \"%d/call.cpp\"\n", includes, k, k, source, k)
	var reads, args, results []string
	for i, a := range j.Points[0] {
		reads = append(reads, fmt.Sprintf("  const auto a%d = in.%s();\n", i, cppReads[a.Kind]))
		args = append(args, fmt.Sprintf("a%d", i))
	}
	for i := range j.Ranks {
		results = append(results, fmt.Sprintf("r%d", i))
	}
	read, list := strings.Join(reads, ""), strings.Join(args, ", ")
	fmt.Fprintf(&b, "void call_([[maybe_unused]] runner::Args<%s>& in) {\n%s", scalar, read)
	if len(results) == 1 {
		fmt.Fprintf(&b, "  const auto r0 = %s::evaluate(%s);\n", j.Func, list)
	} else {
		fmt.Fprintf(&b, "  const auto [%s] = %s::evaluate(%s);\n", strings.Join(results, ", "), j.Func, list)
	}
	for _, r := range results {
		fmt.Fprintf(&b, "  runner::result(%s);\n", r)
	}
	fmt.Fprintf(&b, "}\n")
	check := "nullptr"
	if j.Check {
		check = "check_"
		fmt.Fprintf(&b, "double check_([[maybe_unused]] runner::Args<%s>& in) {\n%s  return %s::check(%s);\n}\n", scalar, read, j.Func, list)
	}
	fmt.Fprintf(&b, "const int added_ = runner::add(%d, runner::Job<%s>{call_, %s});\n}  // namespace\n", k, scalar, check)
	return b.Bytes()
}

// splitIncludes takes the includes out of a header, and leaves empty lines in their place.
func splitIncludes(source string) (includes, rest string) {
	var in, out strings.Builder
	for line := range strings.Lines(source) {
		directive := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(directive, "#include"):
			in.WriteString(directive + "\n")
			out.WriteByte('\n')
		case directive == "#pragma once":
			out.WriteByte('\n')
		default:
			out.WriteString(line)
		}
	}
	return in.String(), out.String()
}

// parallel calls f(0), …, f(n-1) on all cores.
func parallel(n int, f func(int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
