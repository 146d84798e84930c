//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/nabla/internal/data"
)

// TestMain's commands run in the test binary itself: with this variable it is nabla.
const asNabla = "NABLA_TEST_AS_NABLA"

func init() {
	if os.Getenv(asNabla) != "" {
		c := &command{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
		os.Exit(c.run(os.Args[1:]))
	}
}

// TestInterrupt sends an interrupt to a fit that would not end: it writes what there is.
func TestInterrupt(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "x.npz")
	cmd := exec.Command(self, "fit", "x, c: vector(n); l = sum(log(1 + exp(x.*c))) + sum(exp(-c.*x))/1000", "--data", "c=random", "--size", "n=200000",
		"--fit", "x", "--method", "gd", "--tol", "0", "--max-iterations", "1000000", "--verbose", "--no-check", "-o", out)
	cmd.Env = append(os.Environ(), asNabla+"=1")
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(time.Minute, func() { cmd.Process.Kill() }).Stop()
	lines := bufio.NewReader(stderr)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("no iteration is reported: %v", err)
		}
		if strings.HasPrefix(line, "     2 ") {
			break
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(lines)
	err = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit status %d (%v)\n%s", code, err, rest)
	}
	if !strings.Contains(string(rest), "nabla: interrupted after ") || !strings.Contains(string(rest), "the best values so far are in "+out) {
		t.Errorf("says %s", rest)
	}
	if !strings.Contains(stdout.String(), ": interrupted\n") {
		t.Errorf("prints %s", stdout.String())
	}
	a, err := data.Open("x", out)
	if err != nil || a.Len() != 200000 {
		t.Errorf("wrote %v, %v", a, err)
	}
}
