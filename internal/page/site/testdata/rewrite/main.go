// Command rewrite does what can be done with defer, panic and recover, and prints it; the
// same before and after it is rewritten.
package main

import (
	"errors"
	"fmt"
	"strings"
)

var errBad = errors.New("bad")

type stop struct{ n int }

// named results, set by what is deferred.
func named(n int) (text string, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			text += "!"
		case stop:
			text, err = "stopped", fmt.Errorf("at %d", r.n)
		case error:
			if errors.Is(r, errBad) {
				err = r
				return
			}
			panic(r)
		default:
			panic(r)
		}
	}()
	if n == 0 {
		return "zero", nil
	}
	if n == 1 {
		panic(stop{1})
	}
	if n == 2 {
		panic(fmt.Errorf("two: %w", errBad))
	}
	if text, err := fmt.Sprint(n), errBad; n == 3 { // names of their own
		return text + " with", err
	}
	if n == 4 {
		text = "four"
		return
	}
	return inner(n)
}

// unnamed results of several functions, and what is deferred last comes first.
func inner(n int) (string, error) {
	var b strings.Builder
	note := func(s string, n int) { fmt.Fprint(&b, s, n, " ") }
	defer func() { fmt.Println("noted", b.String()) }()
	for i := range 3 {
		defer note("a", i)
	}
	defer b.WriteString("w")
	if n == 5 {
		panic(stop{5})
	}
	if n == 6 {
		panic("six")
	}
	return pair(n)
}

func pair(n int) (string, error) { return fmt.Sprint("pair ", n), nil }

func single(m map[string]int) int {
	defer delete(m, "x")
	return m["x"]
}

type counter struct{ n int }

func (c *counter) leave() {
	if r := recover(); r != nil {
		fmt.Println("leaving by", r)
		panic(r)
	}
	c.n--
}

func (c *counter) deep(n int) (depth int) {
	c.n++
	defer c.leave()
	if n == 0 {
		return c.n
	}
	if n < 0 {
		panic("negative")
	}
	f := func() (d int, err error) {
		defer func() {
			if d > 3 {
				err = errBad
			}
		}()
		return c.deep(n - 1), nil
	}
	d, err := f()
	if err != nil {
		d += 100
	}
	return d
}

// saved is put back even when a panic goes through.
var saved = 1

func through() {
	old := saved
	defer func() { saved = old }()
	saved = 2
	panic(errBad)
}

func safely(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered", r, saved)
		}
	}()
	f()
	fmt.Println("returned")
}

func main() {
	for n := range 8 {
		safely(func() {
			text, err := named(n)
			fmt.Println(n, text, err)
		})
	}
	m := map[string]int{"x": 7}
	fmt.Println(single(m), len(m))
	c := &counter{}
	fmt.Println(c.deep(5), c.n)
	safely(func() { c.deep(-1) })
	safely(through)
	fmt.Println(saved, recover())
}
