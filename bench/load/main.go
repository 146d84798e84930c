// Command load lets many clients ask a server at once, well-meaning, mistaken and hostile
// ones, and prints what each kind gets and how long it takes, as tables in Markdown.
//
//	go run ./bench/load                       1000 clients, 30 s, each mix
//	go run ./bench/load -clients 200 -time 3s
//
// It builds nabla and runs nabla serve on a free port of this machine, so the clients take
// processors from the server. The exit status is 1 if anything is answered that the
// interface does not state.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	clients := flag.Int("clients", 1000, "clients at once")
	duration := flag.Duration("time", 30*time.Second, "time of each mix")
	pause := flag.Duration("pause", 0, "largest pause of a client between two requests")
	binary := flag.String("nabla", "", "the program to run; built if empty")
	only := flag.String("mix", "", "the mix to run, all if empty")
	flag.Parse()
	if err := measure(*clients, *duration, *pause, *binary, *only); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// measure runs each mix against a server of its own and prints the tables.
func measure(clients int, duration, pause time.Duration, binary, only string) error {
	if binary == "" {
		dir, err := os.MkdirTemp("", "load")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "nabla")
		build := exec.Command("go", "build", "-o", binary, "./cmd/nabla")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("go build: %w", err)
		}
	}
	var failures []string
	for _, m := range mixes {
		if only != "" && m.name != only {
			continue
		}
		s, err := start(binary)
		if err != nil {
			return err
		}
		l := &load{addr: s.addr, clients: clients, duration: duration, pause: pause, mix: m}
		r := l.run(s.resident)
		idle, err := settled(s.addr)
		if err != nil {
			r.failed = append(r.failed, err.Error())
		}
		if err := s.stop(); err != nil {
			r.failed = append(r.failed, err.Error())
		}
		fmt.Printf("%s: %d clients for %v on %d processors\n\n%s\nResident memory: %d MB before, %d MB at most, %d MB when all had gone.\n\n",
			m.name, clients, duration, runtime.NumCPU(), r.table(), r.before>>20, r.peak>>20, idle>>20)
		failures = append(failures, r.failed...)
	}
	slices.Sort(failures)
	failures = slices.Compact(failures)
	if len(failures) > 0 {
		return errors.New("not as stated:\n" + strings.Join(failures[:min(len(failures), 20)], "\n"))
	}
	return nil
}

// A process is a server that runs.
type process struct {
	cmd  *exec.Cmd
	addr string
}

// start runs nabla serve.
func start(binary string) (*process, error) {
	cmd := exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--log", "none")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		cmd.Process.Kill()
		return nil, fmt.Errorf("nabla serve prints no address: %w", err)
	}
	return &process{cmd, strings.Trim(strings.TrimPrefix(strings.TrimSpace(line), "http://"), "/")}, nil
}

// stop interrupts the server, which is to end by itself.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("the server has ended: %w", err)
	}
	kill := time.AfterFunc(30*time.Second, func() { p.cmd.Process.Kill() })
	defer kill.Stop()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("nabla serve ends with %w", err)
	}
	return nil
}

// resident is the resident memory of the server in bytes, 0 where that is not known.
func (p *process) resident() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
