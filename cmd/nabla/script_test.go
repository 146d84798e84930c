package main

import (
	"flag"
	"io"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nabla": masked})
}

// masked is nabla with the figures of derivations masked, so that the scripts say the
// same on every processor.
func masked() {
	c := &command{stdin: os.Stdin, stdout: mask{os.Stdout}, stderr: os.Stderr}
	os.Exit(c.run(os.Args[1:]))
}

type mask struct{ w io.Writer }

// Write masks the figures in p; an answer is written at once.
func (m mask) Write(p []byte) (int, error) {
	_, err := io.WriteString(m.w, maskLines(string(p)))
	return len(p), err
}

// TestScripts runs the scripts in testdata/script; each is a use of the command
// line with its whole output.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", os.Getenv("NO_COLOR"))
			return nil
		},
	})
}
