package runner

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// A tool is what a language runs in: the first of the commands with which the probe
// succeeds. The environment variable, which ./test sets, names one that must work.
type tool struct {
	env      string
	commands []string
	probe    []string // arguments of a command that ends well if all is there
	needs    string
}

var tools = map[Lang]tool{
	NumPy:  {"NABLA_PYTHON", pythons, []string{"-c", "import numpy"}, "Python with NumPy"},
	JAX:    {"NABLA_JAX", pythons, []string{"-c", "import jax"}, "Python with JAX"},
	Torch:  {"NABLA_TORCH", []string{"/usr/bin/python3", "python3"}, []string{"-c", "import torch"}, "Python with PyTorch"},
	Julia:  {"NABLA_TREESITTER", pythons, []string{"-c", "import tree_sitter, tree_sitter_julia"}, "Python with tree-sitter and its grammar of Julia"},
	MATLAB: {"NABLA_OCTAVE", []string{"octave-cli", "octave"}, []string{"--version"}, "GNU Octave"},
	R:      {"NABLA_RSCRIPT", []string{"Rscript"}, []string{"--version"}, "R"},
	Go:     {"", []string{"go"}, []string{"version"}, "Go"},
	Cpp:    {"NABLA_CXX", []string{"g++"}, append([]string{"-fsyntax-only", "-x", "c++", "-include", "Eigen/Core", "/dev/null"}, cxxFlags...), "g++ with Eigen"},
}

// pythons are relative to the directory of a test in this module; the test command's
// virtual environment lies in the module's root.
var pythons = []string{".venv/bin/python", "../.venv/bin/python", "../../.venv/bin/python", "python3"}

// cxxFlags find Eigen where Debian and other systems put it, as headers of the system, in
// which no warning counts.
var cxxFlags = []string{"-std=c++17", "-isystem", "/usr/include/eigen3", "-isystem", "/usr/local/include/eigen3"}

type found struct {
	command string
	err     error
}

var (
	foundMu sync.Mutex
	finds   = map[Lang]found{}
)

// find returns the command that runs the language.
func find(lang Lang) (string, error) {
	t, ok := tools[lang]
	if !ok {
		return "", fmt.Errorf("unknown language %q", lang)
	}
	foundMu.Lock()
	defer foundMu.Unlock()
	f, ok := finds[lang]
	if !ok {
		f = t.find()
		finds[lang] = f
	}
	return f.command, f.err
}

func (t tool) find() found {
	named := ""
	if t.env != "" {
		named = os.Getenv(t.env)
	}
	commands := t.commands
	if named != "" {
		commands = []string{named}
	}
	for _, c := range commands {
		if exec.Command(c, t.probe...).Run() == nil {
			return found{command: c}
		}
	}
	if named != "" {
		return found{err: fmt.Errorf("%s=%s is not %s", t.env, named, t.needs)}
	}
	return found{err: fmt.Errorf("no %s; ./test installs it", t.needs)}
}

// Command returns the command that runs the language, for tests that drive it themselves.
func Command(lang Lang) (string, error) { return find(lang) }

// Find returns an error that says what is missing where a language cannot be run here.
func Find(lang Lang) error {
	_, err := find(lang)
	return err
}

// Need skips a test where a language cannot be run. Where the environment names a tool for
// it, as ./test does for each (NABLA_PYTHON, NABLA_JAX, NABLA_TORCH, NABLA_TREESITTER,
// NABLA_OCTAVE, NABLA_RSCRIPT, NABLA_CXX), the test fails.
func Need(t testing.TB, lang Lang) {
	t.Helper()
	err := Find(lang)
	if err == nil {
		return
	}
	if env := tools[lang].env; env == "" || os.Getenv(env) != "" {
		t.Fatal(err)
	}
	t.Skip(strings.TrimSpace(err.Error()))
}
