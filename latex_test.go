package nabla_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/syntax"
)

// formula is one entry of a table of LaTeX.
type formula struct {
	topic bool
	latex string
	want  string
}

// readFormulas reads a table: topics after #, formulas, and below each of them, indented,
// what is expected.
func readFormulas(t testing.TB, file string) []formula {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []formula
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "# ") || line == "":
			list = append(list, formula{topic: true, latex: line})
		case strings.HasPrefix(line, "    "):
			f := &list[len(list)-1]
			f.want += strings.TrimPrefix(line, "    ") + "\n"
		default:
			list = append(list, formula{latex: line})
		}
	}
	return list
}

func writeFormulas(t testing.TB, file string, list []formula) {
	t.Helper()
	var b strings.Builder
	for _, f := range list {
		b.WriteString(f.latex + "\n")
		for _, line := range strings.Split(strings.TrimRight(f.want, "\n"), "\n") {
			if !f.topic {
				b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
			}
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// describe writes a reading: the program, what is differentiated by, the notes.
func describe(r *nabla.Reading) string {
	var b strings.Builder
	b.WriteString(r.Program + "\n")
	if len(r.Wrt) > 0 {
		b.WriteString("by " + strings.Join(r.Wrt, ", "))
		if r.Order > 1 {
			fmt.Fprintf(&b, ", order %d", r.Order)
		}
		b.WriteByte('\n')
	}
	for _, n := range r.Notes {
		b.WriteString("note: " + n + "\n")
	}
	return b.String()
}

// rendered is an error with its place.
func rendered(err error) string {
	var input *nabla.InputError
	if errors.As(err, &input) {
		return input.Render()
	}
	return err.Error()
}

// Formulas as people write them are read as programs, and these say the same when they
// are read themselves.
func TestReadLaTeX(t *testing.T) {
	const file = "testdata/latex/formulas.txt"
	list := readFormulas(t, file)
	count := 0
	for i := range list {
		f := &list[i]
		if f.topic {
			continue
		}
		count++
		r, err := nabla.ReadLaTeX(f.latex)
		if err != nil {
			t.Errorf("%s\n%s", f.latex, rendered(err))
			continue
		}
		got := describe(r)
		if *update {
			f.want = got
		} else if got != f.want {
			t.Errorf("%s\n got %s\nwant %s", f.latex, got, f.want)
		}
		sameProgram(t, f.latex, r)
	}
	if *update {
		writeFormulas(t, file, list)
	}
	if count < 250 {
		t.Errorf("%d formulas, want 250", count)
	}
}

// sameProgram compares the program that LaTeX was read as with what the language reads.
func sameProgram(t *testing.T, latex string, r *nabla.Reading) {
	t.Helper()
	tree, list := syntax.ParseProgram(r.Program, syntax.Options{Equations: true})
	if len(list) > 0 {
		t.Errorf("%s is read as %s, which is no program: %s", latex, r.Program, list)
		return
	}
	if again, _ := syntax.ProgramText(tree.Stmts); again != r.Program {
		t.Errorf("%s is read as %s, which is read as %s", latex, r.Program, again)
	}
	a, err := nabla.Inspect(nabla.Request{Program: latex, Notation: nabla.LaTeXNotation})
	if err != nil {
		t.Errorf("%s: %v", latex, err)
		return
	}
	b, err := nabla.Inspect(nabla.Request{Program: r.Program, Wrt: a.Wrt})
	if err != nil {
		t.Errorf("%s is read as %s: %v", latex, r.Program, err)
		return
	}
	if a.Expression != b.Expression {
		t.Errorf("%s is %v as LaTeX and %v as a program", latex, a.Expression, b.Expression)
	}
}

// What cannot be read, or may mean two things, is an error at its place in the LaTeX.
func TestLaTeXErrors(t *testing.T) {
	const file = "testdata/latex/errors.txt"
	list := readFormulas(t, file)
	for i := range list {
		f := &list[i]
		if f.topic {
			continue
		}
		_, err := nabla.Differentiate(nabla.Request{Program: f.latex, Notation: nabla.LaTeXNotation, NoCheck: true, NoNumPy: true})
		var input *nabla.InputError
		if !errors.As(err, &input) {
			t.Errorf("%s: %v", f.latex, err)
			continue
		}
		for _, d := range input.Diagnostics {
			if d.Line != 1 || d.Column < 1 || d.EndColumn < d.Column || d.EndColumn > len([]rune(f.latex))+1 {
				t.Errorf("%s: range %d to %d of line %d", f.latex, d.Column, d.EndColumn, d.Line)
			}
		}
		inChinese(t, input)
		if got := input.Render(); *update {
			f.want = got
		} else if got != f.want {
			t.Errorf("%s\n got %s\nwant %s", f.latex, got, f.want)
		}
	}
	if *update {
		writeFormulas(t, file, list)
	}
}

// Whatever is made of formulas by cutting and joining them is read as a program that says
// the same, or refused with a place in it.
func TestMutatedLaTeX(t *testing.T) {
	list := readFormulas(t, "testdata/latex/formulas.txt")
	random := rand.New(rand.NewPCG(5, 6))
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	read := 0
	for i := range list {
		if list[i].topic {
			continue
		}
		for range rounds {
			s, other := list[i].latex, list[random.IntN(len(list))].latex
			k := random.IntN(len(s) + 1)
			switch random.IntN(4) {
			case 0:
				s = s[:k] + s[min(len(s), k+1+random.IntN(4)):]
			case 1:
				s = s + []string{" + ", " ", " \\\\ ", " - ", " \\odot "}[random.IntN(5)] + other
			case 2:
				s = s[:k] + other + s[k:]
			default:
				s = s[:k] + string("xyAb1{}()+-^_\\'"[random.IntN(15)]) + s[k:]
			}
			r, err := nabla.ReadLaTeX(s)
			var input *nabla.InputError
			switch {
			case err == nil:
				read++
				if _, list := syntax.ParseProgram(r.Program, syntax.Options{Equations: true}); len(list) > 0 {
					t.Errorf("%s is read as %s, which is no program", s, r.Program)
				}
			case !errors.As(err, &input):
				t.Errorf("%s: %v", s, err)
			}
		}
	}
	t.Logf("%d texts were read", read)
}
