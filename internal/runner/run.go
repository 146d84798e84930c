package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// patience is how long a driver may be silent, at one point of one job. It has twice as
// long to begin.
var patience = time.Minute

// crashes is how often a batch may lose its process before the rest is given up.
const crashes = 20

// A host is how one language runs jobs: prepare writes what is needed into dir, and
// returns the command that drives the jobs that have no Err; the command is given dir,
// the first job, the last and the file of results as further arguments. A prepare that
// builds sets Err of a job that does not build.
type host struct {
	source  func(j *Job) string // name of the file in the job's folder
	prepare func(dir string, jobs []Job, out []transcript) ([]string, error)
}

var hosts = map[Lang]host{
	NumPy:  {pythonSource, pythonHost(NumPy)},
	JAX:    {pythonSource, pythonHost(JAX)},
	Torch:  {pythonSource, pythonHost(Torch)},
	Julia:  {func(*Job) string { return "source.jl" }, juliaHost},
	MATLAB: {octaveSource, octaveHost},
	R:      {func(*Job) string { return "source.R" }, rHost},
	Go:     {func(*Job) string { return "source.go" }, goHost},
	Cpp:    {func(*Job) string { return "source.hpp" }, cppHost},
}

// Run runs the jobs in the language, all in one process, and returns their outcomes in
// the same order. An error says that the language itself cannot be run; what is wrong with
// a job is in its outcome.
func Run(lang Lang, jobs []Job) ([]Outcome, error) {
	h, ok := hosts[lang]
	if !ok {
		return nil, fmt.Errorf("unknown language %q", lang)
	}
	if err := Find(lang); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "nabla-runner-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := make([]transcript, len(jobs))
	for k := range jobs {
		if out[k].Err = jobs[k].problem(lang); out[k].Err != "" {
			continue
		}
		if err := writeJob(jobDir(dir, k), &jobs[k], h.source(&jobs[k])); err != nil {
			return nil, err
		}
	}
	command, err := h.prepare(dir, jobs, out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", lang, err)
	}
	if err := drive(command, dir, out); err != nil {
		return nil, fmt.Errorf("%s: %w", lang, err)
	}
	outcomes := make([]Outcome, len(jobs))
	for k := range jobs {
		outcomes[k] = out[k].finish(lang, &jobs[k])
	}
	return outcomes, nil
}

func jobDir(dir string, k int) string { return filepath.Join(dir, fmt.Sprint(k)) }

// drive calls the command for each stretch of jobs without Err. Where the process ends or
// falls silent within a job, that job has failed, and the rest runs in a new process.
func drive(command []string, dir string, out []transcript) error {
	results := filepath.Join(dir, "results")
	lost := 0
	for first := 0; first < len(out); {
		if out[first].Err != "" {
			first++
			continue
		}
		last := first
		for last+1 < len(out) && out[last+1].Err == "" {
			last++
		}
		if lost == crashes {
			out[first].Err = "not run: the process was lost too often"
			first++
			continue
		}
		if err := os.WriteFile(results, nil, 0o666); err != nil {
			return err
		}
		why, said := watch(append(command[:len(command):len(command)], dir, fmt.Sprint(first), fmt.Sprint(last), results), results)
		text, err := os.ReadFile(results)
		if err != nil {
			return err
		}
		if err := readTranscripts(string(text), out); err != nil {
			return fmt.Errorf("the driver wrote what cannot be read: %w", err)
		}
		next := first
		for next <= last && out[next].ended {
			next++
		}
		if next <= last {
			if !out[next].begun {
				return fmt.Errorf("the driver ended before job %s: %s\n%s", fmt.Sprint(next), why, said)
			}
			out[next].Err = strings.TrimSpace(why + "\n" + said)
			next++
			lost++
		}
		first = next
	}
	return nil
}

// watch runs a command until it ends or the file of results has not grown for too long.
// It returns how the command ended and the last of what it said.
func watch(args []string, results string) (why, said string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), settings...)
	cmd.WaitDelay = time.Second
	var stdout, stderr tail
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		return err.Error(), ""
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(patience / 50)
	defer tick.Stop()
	size, since := int64(0), time.Now()
	for {
		select {
		case err := <-done:
			why = "the process ended"
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				why = "the process ended with " + exit.String()
			} else if err != nil {
				why = err.Error()
			}
			return why, stderr.String()
		case <-tick.C:
			if info, err := os.Stat(results); err == nil && info.Size() > size {
				size, since = info.Size(), time.Now()
			}
			limit := patience
			if size == 0 {
				limit *= 2
			}
			if time.Since(since) > limit {
				cancel()
				<-done
				return fmt.Sprintf("nothing came for %v", limit), stderr.String()
			}
		}
	}
}

// settings keep numeric libraries from taking the machine for a small matrix, and make
// sources and messages UTF-8 whatever the user's language is.
var settings = []string{"OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1", "LC_ALL=C.UTF-8"}

// A tail keeps the last of what is written to it.
type tail struct{ buf bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	t.buf.Write(p)
	if over := t.buf.Len() - 4000; over > 0 {
		t.buf.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(t.buf.String()) }
