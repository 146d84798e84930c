// Command nabla differentiates matrix expressions, and shows how.
//
//	nabla diff 'norm2(X*w - y)^2' w
//
// prints what the expression was understood as, the derivative in matrix
// notation, its layout and shape, and the figure of a numeric check. Run
// nabla help for everything else.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/wire"
)

// Exit statuses.
const (
	exitOK       = 0
	exitInput    = 1 // the input is wrong; diagnostics are on standard error
	exitUsage    = 2 // the command line is wrong
	exitInternal = 3 // nabla is wrong: an answer failed its check
)

func main() {
	c := &command{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	c.colour = colours(os.Stdout, os.Getenv)
	c.errColour = colours(os.Stderr, os.Getenv)
	c.width = columns(os.Stdout)
	os.Exit(c.run(os.Args[1:]))
}

// A command is one run of the program with its streams.
type command struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	// colour and errColour say whether the streams take escape sequences.
	colour, errColour bool
	width             int    // columns of the terminal; 0 where there is none
	lang              string // of what is said, "" where the subcommand has no flag for it
	// sub is the subcommand that runs, for what is said about its use.
	sub *subcommand
}

// A subcommand is one word after nabla: what it does and its help text.
type subcommand struct {
	name string
	run  func(c *command, args []string) int
	help string
}

// subcommands lists them in the order of the main help text.
func subcommands() []subcommand {
	return []subcommand{
		{"diff", (*command).diff, helpDiff},
		{"derive", (*command).derive, helpDerive},
		{"verify", (*command).verify, helpVerify},
		{"solve", (*command).solve, helpSolve},
		{"convex", (*command).convex, helpConvex},
		{"graph", (*command).graph, helpGraph},
		{"gen", (*command).gen, genHelp()},
		{"eval", (*command).eval, helpEval},
		{"fit", (*command).fit, helpFit},
		{"serve", (*command).serveHTTP, helpServe},
		{"ops", (*command).ops, helpOps},
		{"version", (*command).version, helpVersion},
		{"help", (*command).help, helpMain},
	}
}

// run dispatches to a subcommand and returns the exit status.
func (c *command) run(args []string) int {
	if len(args) == 0 {
		fmt.Fprint(c.stderr, helpMain)
		return exitUsage
	}
	name := args[0]
	switch name {
	case "-version", "--version":
		name = "version"
	case "-h", "-help", "--help":
		name = "help"
	}
	for _, s := range subcommands() {
		if s.name == name {
			c.sub = &s
			return s.run(c, args[1:])
		}
	}
	c.usage("unknown command %s", args[0])
	return exitUsage
}

// usage reports a mistake in the command line, and how the command is used.
func (c *command) usage(format string, args ...any) {
	fmt.Fprintf(c.stderr, "nabla: "+format+"\n", args...)
	if c.sub == nil || !strings.HasPrefix(c.sub.help, "usage: ") {
		fmt.Fprintln(c.stderr, "nabla help lists the commands")
		return
	}
	line, _, _ := strings.Cut(c.sub.help, "\n")
	fmt.Fprintf(c.stderr, "%s; nabla help %s says more\n", line, c.sub.name)
}

// safely answers a request; a panic below is an internal error.
func safely[Q, R any](answer func(Q) (*R, error), req Q) (res *R, err error) {
	defer func() {
		if p := recover(); p != nil {
			res, err = nil, &nabla.InternalError{Message: fmt.Sprint(p)}
		}
	}()
	return answer(req)
}

// write writes an answer and returns the exit status.
func (c *command) write(out []byte) int {
	if _, err := c.stdout.Write(out); err != nil {
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
		return exitInput
	}
	return exitOK
}

// writeJSON writes an answer as one indented JSON object and returns the exit status.
func (c *command) writeJSON(v any) int {
	out, err := wire.Marshal(v, "  ")
	if err != nil {
		return c.fail(err)
	}
	return c.write(out)
}
