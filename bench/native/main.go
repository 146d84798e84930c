// Command native evaluates one program on arrays from files for a script that times it
// beside others: for each line on standard input it evaluates once and writes the
// seconds that took.
//
//	native PROGRAM.nb VAR WHAT THREADS FOLDER
//
// FOLDER has NAME.npy for each variable; the results are written there as
// native_0.npy, native_1.npy, … once.
package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/data"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

func main() {
	if len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "usage: native PROGRAM.nb VAR WHAT THREADS FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
		fmt.Fprintln(os.Stderr, "native:", err)
		os.Exit(1)
	}
}

func run(file, wrt, what, threads, folder string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(threads)
	if err != nil {
		return err
	}
	req := nabla.ProgramRequest{Request: nabla.Request{Program: string(text), File: file, Wrt: strings.Split(wrt, ",")}}
	for _, w := range strings.Split(what, ",") {
		req.What = append(req.What, nabla.What(w))
	}
	prog, err := nabla.NewProgram(req)
	if err != nil {
		return err
	}
	var in []native.Array
	for _, p := range prog.Params {
		a, err := data.Open(p.Sym.Name, filepath.Join(folder, p.Sym.Name+".npy"))
		if err != nil {
			return err
		}
		values, err := a.Values()
		if err != nil {
			return err
		}
		in = append(in, native.Array{Shape: a.Shape, Data: values})
	}
	sizes, err := native.Sizes(prog, in)
	if err != nil {
		return err
	}
	// The sizes that are known now decide the order of products.
	req.Sizes = sizes
	if prog, err = nabla.NewProgram(req); err != nil {
		return err
	}
	var values []*plan.Value
	for _, r := range prog.Results {
		values = append(values, r.Value)
	}
	m, err := native.Compile(values, prog.Params, native.Options{Sizes: sizes, Threads: n})
	if err != nil {
		return err
	}
	out := make([]native.Array, len(values))
	if err := m.Run(in, out); err != nil {
		return err
	}
	for k := range values {
		rows, cols := m.Size(k)
		a, err := data.New("", []int{rows, cols}, m.Result(k))
		if err != nil {
			return err
		}
		if err := data.Write(filepath.Join(folder, fmt.Sprintf("native_%d.npy", k)), a); err != nil {
			return err
		}
	}
	fmt.Println("ready", m.Bytes())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		begin := time.Now()
		if err := m.Run(in, out); err != nil {
			return err
		}
		fmt.Println(time.Since(begin).Seconds())
	}
	return lines.Err()
}
