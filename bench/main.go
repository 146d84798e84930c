// Command bench measures nabla over the published corpus: for each case the
// median time from text to text, warm, without check and NumPy source, on one
// core. It writes one JSON object, case ids to seconds; a case without an answer
// has null.
//
//	go run ./bench testdata/corpus.jsonl > times.json
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/corpus"
)

// rounds is how often each case is derived.
const rounds = 51

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bench CASES")
		os.Exit(2)
	}
	cases, err := corpus.Read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	runtime.GOMAXPROCS(1)
	times := map[string]*float64{}
	for i := range cases {
		times[cases[i].ID] = measure(&cases[i])
	}
	json.NewEncoder(os.Stdout).Encode(times)
}

func measure(c *corpus.Case) *float64 {
	req := nabla.Request{Program: c.Expr, Closed: true, Wrt: []string{c.Wrt}, Order: c.Order,
		Layout: nabla.Layout(c.Layout), NoCheck: true, TextOnly: true}
	for _, n := range c.Names() {
		req.Vars = append(req.Vars, nabla.Declaration{Name: n, Decl: c.Vars[n]})
	}
	var all []time.Duration
	for range rounds {
		begin := time.Now()
		if _, err := nabla.Differentiate(req); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", c.ID, err)
			return nil
		}
		all = append(all, time.Since(begin))
	}
	slices.Sort(all)
	s := all[rounds/2].Seconds()
	return &s
}
