package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"time"

	"example.com/nabla/internal/server"
)

const helpServe = `usage: nabla serve [flags]

Serves the page, and the methods as JSON over HTTP at /api/v1/.

flags:
  --addr ADDR       address to listen on (default 127.0.0.1:8765)

exit status: 1 the address cannot be used; 2 the command line is wrong.
`

// serveHTTP is the command nabla serve.
func (c *command) serveHTTP(args []string) int {
	addr := "127.0.0.1:8765"
	fs := newFlags("serve")
	fs.StringVar(&addr, "addr", addr, "")
	operands, err := interspersed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.stdout, helpServe)
		return exitOK
	}
	if err == nil && len(operands) > 0 {
		err = fmt.Errorf("no operand is taken, found %s", operands[0])
	}
	if err != nil {
		c.usage("%v", err)
		return exitUsage
	}
	fmt.Fprintf(c.stdout, "http://%s/\n", addr)
	s := &http.Server{Addr: addr, Handler: server.Handler(), ReadHeaderTimeout: 5 * time.Second}
	if err := s.ListenAndServe(); err != nil {
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
	}
	return exitInput
}
