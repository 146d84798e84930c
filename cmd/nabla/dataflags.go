package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"example.com/nabla"
	"example.com/nabla/internal/bind"
	"example.com/nabla/internal/data"
)

// dataFlags are the flags of the commands that compute with data.
type dataFlags struct {
	problem
	data     []string
	sizes    sizes
	memory   string
	bound    int64 // --memory in bytes, or half of what was free at first
	stream   string
	block    int
	threads  int
	seed     uint64
	allowNaN bool
	out      string
	verbose  bool
	noCheck  bool
}

const helpData = `  --data NAME=WHAT  the data of a variable: a file, a number, [1, 2, 3], [1, 2; 3, 4],
                    zeros, ones or random. Files are npy, npz, csv, tsv (also .gz) and
                    mtx; FILE.npz:ARRAY is a part of one, FILE.csv:a,c..f columns
  --data FILE.npz   its arrays are the data of the variables of their names
  --size NAME=N,…   sizes that the data do not show
  --memory SIZE     data larger than this, such as 4GB, are read block by block in each
                    run, text and compressed files by way of a temporary file; default
                    half of the memory that is free
  --stream NAME     go block by block along the size NAME
  --block N         go block by block, N samples at a time
  --threads N       default all cores
  --seed N          of random (default 1)
  --allow-nan       compute with NaN and infinity, in data and results
  --var DECL        declare a variable, as in --var 'S: matrix(n, n) symmetric'
  --from N          language (default) or latex, which files *.tex are in: docs/latex.md
  --verbose         say what is read, which sizes there are and how it runs
  --no-check        leave out nabla's own numeric check of the derivatives
`

func (d *dataFlags) define(fs *flag.FlagSet) {
	d.sizes = sizes{}
	d.problem.define(fs)
	fs.Func("data", "", func(s string) error {
		d.data = append(d.data, s)
		return nil
	})
	fs.Func("size", "", d.sizes.set)
	fs.StringVar(&d.memory, "memory", "", "")
	fs.StringVar(&d.stream, "stream", "", "")
	fs.IntVar(&d.block, "block", 0, "")
	fs.IntVar(&d.threads, "threads", runtime.GOMAXPROCS(0), "")
	fs.Uint64Var(&d.seed, "seed", 1, "")
	fs.BoolVar(&d.allowNaN, "allow-nan", false, "")
	fs.Func("o", "", func(s string) error {
		if d.out = s; s == "" {
			return errors.New("names a file")
		}
		return nil
	})
	fs.BoolVar(&d.verbose, "verbose", false, "")
	fs.BoolVar(&d.noCheck, "no-check", false, "")
}

// check refuses values that the flags do not take.
func (d *dataFlags) check() error {
	if d.block < 0 {
		return fmt.Errorf("--block is 1 or more, found %d", d.block)
	}
	if d.threads < 1 {
		return fmt.Errorf("--threads is 1 or more, found %d", d.threads)
	}
	if d.memory != "" {
		if _, ok := data.ParseBytes(d.memory); !ok {
			return fmt.Errorf("--memory is a size such as 4GB or 500MB, found %q", d.memory)
		}
	}
	return choose(d.choices()...)
}

// memoryBound is --memory, or half of what is free before data are read.
func (d *dataFlags) memoryBound() int64 {
	if d.bound == 0 {
		d.bound = freeMemory() / 2
		if d.memory != "" {
			d.bound, _ = data.ParseBytes(d.memory)
		}
	}
	return d.bound
}

// options are how machines are made.
func (d *dataFlags) options() bind.Options {
	return bind.Options{Memory: d.memoryBound(), Stream: d.stream, Block: d.block, Threads: d.threads, NotFinite: d.allowNaN}
}

// newProgram makes the program of a request; a panic is an internal error.
func newProgram(req nabla.ProgramRequest) (*nabla.Program, error) {
	return safely(nabla.NewProgram, req)
}

// failData reports an error of data, or any other, and returns the exit status.
func (c *command) failData(err error) int {
	var input *nabla.InputError
	var internal *nabla.InternalError
	if errors.As(err, &input) || errors.As(err, &internal) {
		return c.fail(err)
	}
	text := "nabla: " + err.Error() + "\n"
	if c.errColour {
		text = colourDiagnostics(text)
	}
	fmt.Fprint(c.stderr, text)
	return exitInput
}

// notes reports what in the data is worth telling.
func (c *command) notes(list []string) {
	for _, n := range list {
		fmt.Fprintf(c.stderr, "nabla: note: %s\n", n)
	}
}

// checkOutput returns an error unless a file can be written that takes so many arrays,
// and is none of those that are read.
func checkOutput(out string, arrays int, inputs []string) error {
	if out == "" {
		return nil
	}
	if err := data.Writable(out, arrays); err != nil {
		return err
	}
	info, err := os.Stat(out)
	if err != nil {
		return nil
	}
	for _, in := range inputs {
		if i, err := os.Stat(in); err == nil && os.SameFile(info, i) {
			return &data.Error{File: out, Message: "the results would overwrite an input, " + in, Hint: "name another file after -o"}
		}
	}
	return nil
}

// inputs lists the files that are read.
func inputs(program string, b *bind.Bound) []string {
	list := b.Files()
	if program != "" {
		list = append(list, filepath.Clean(program))
	}
	return list
}
