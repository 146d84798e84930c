package nabla_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
	"example.com/nabla/internal/ops"
)

// TestDerivationsOfOperators derives the examples of every operator by every
// variable.
func TestDerivationsOfOperators(t *testing.T) {
	asked, missing := 0, 0
	for _, op := range ops.Registry().Ops() {
		for _, e := range op.Examples {
			for _, colon := range []bool{false, true} {
				res, err := nabla.Differentiate(nabla.Request{Program: e, Wrt: []string{"x"}})
				if err != nil {
					continue
				}
				for _, v := range res.Variables {
					if strings.Contains(v.Decl, "integer") || strings.Contains(v.Decl, "function") {
						continue
					}
					asked++
					_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: e, Wrt: []string{v.Name}}, Colon: colon})
					if errors.Is(err, nabla.ErrNoDerivation) {
						missing++
						t.Logf("%s: %s by %s (colon %v): %v", op.Name, e, v.Name, colon, err)
					} else if err != nil {
						t.Errorf("%s: %s by %s (colon %v): %v", op.Name, e, v.Name, colon, err)
					}
				}
			}
		}
	}
	t.Logf("%d asked, %d without derivation", asked, missing)
}

// TestDerivationsOfExamples derives every program in examples by every variable
// that its first line asks for.
func TestDerivationsOfExamples(t *testing.T) {
	files, _ := filepath.Glob("examples/*.nb")
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line)
			if len(words) < 4 || words[0] != "#" || words[1] != "run:" {
				continue
			}
			if slices.Contains(words, "--order") || slices.Contains(words, "a1") {
				continue // higher orders and several intermediates at once are asked for elsewhere
			}
			at := slices.IndexFunc(words, func(w string) bool { return strings.HasSuffix(w, ".nb") })
			wrt := slices.DeleteFunc(words[at+1:], func(w string) bool { return strings.HasPrefix(w, "-") })
			_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: string(text), Wrt: wrt}})
			if err != nil {
				t.Errorf("%s by %v: %v", f, wrt, err)
			}
		}
	}
}

// TestRandomDerivations derives random typed programs in both styles: a line that
// fails its check is an internal error, and few programs have no derivation.
func TestRandomDerivations(t *testing.T) {
	asked, missing := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		if !given["rapid.checks"] && asked > 2000 {
			return // each takes as long as several answers
		}
		g := generator{t}
		q := g.question()
		q.req.Order, q.req.Mixed, q.req.Wrt, q.req.Structured = 1, false, q.req.Wrt[:1], false
		for _, v := range pool {
			if g.below(6) == 0 && strings.Contains(q.a, v.name) && !slices.Contains(q.req.Wrt, v.name) {
				q.req.Wrt = append(q.req.Wrt, v.name)
			}
		}
		req := nabla.DeriveRequest{Request: q.req, Colon: g.below(2) == 0, Brief: g.below(2) == 0, Shapes: g.below(2) == 0}
		asked++
		defer faults(t, "%v colon %v", &q, req.Colon)
		d, err := nabla.Derive(req)
		var input *nabla.InputError
		switch {
		case errors.As(err, &input) && strings.Contains(err.Error(), "has no value at"):
			return
		case errors.Is(err, nabla.ErrNoDerivation):
			missing++
			if os.Getenv("NABLA_MISSING") != "" {
				t.Logf("%v colon %v: no derivation", &q, req.Colon)
			}
			return
		case err != nil && strings.Contains(err.Error(), "no random point"):
			return
		case err != nil:
			t.Fatalf("%v colon %v: %v", &q, req.Colon, err)
		}
		var results []string
		for _, b := range d.Paper.Blocks {
			for _, l := range b.Lines {
				if l.Result {
					results = append(results, l.Rhs.Text)
				}
			}
		}
		for _, a := range d.Result.Derivatives {
			if !slices.Contains(results, a.Line) {
				t.Fatalf("%v: the results are %q, an answer is %s", &q, results, a.Line)
			}
		}
		derivationIndependentOfNames(t, &q, req, d)
	})
	t.Logf("%d asked, %d without derivation", asked, missing)
	if missing*20 > asked {
		t.Errorf("%d of %d programs have no derivation", missing, asked)
	}
}

// derivationIndependentOfNames derives with all variables renamed: every line is the
// same but for the names, and comes about by the same rules.
func derivationIndependentOfNames(t *rapid.T, q *question, req nabla.DeriveRequest, d *nabla.Derivation) {
	req.Program, req.Vars, req.Wrt = familyDecl+renaming.Replace(q.a), poolVars(renaming), slices.Clone(q.req.Wrt)
	for i, w := range req.Wrt {
		req.Wrt[i] = renaming.Replace(w)
	}
	other, err := nabla.Derive(req)
	if err != nil {
		t.Fatalf("%v colon %v: with other names: %v", q, req.Colon, err)
	}
	lines := func(d *nabla.Derivation, back *strings.Replacer) []string {
		var out []string
		for _, b := range d.Paper.Blocks {
			if b.ID == "entries" {
				continue // has Kronecker's δ, which the pool has too
			}
			for _, l := range b.Lines {
				text := back.Replace(l.Lhs.Text + " = " + l.Rhs.Text)
				for _, n := range l.Notes {
					text += " " + n.ID
				}
				out = append(out, text)
			}
		}
		return out
	}
	a, b := lines(d, strings.NewReplacer()), lines(other, renamingBack)
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%v colon %v brief %v: a line depends on names:\n%s\n%s", q, req.Colon, req.Brief, a[i], b[i])
		}
	}
	if len(a) != len(b) {
		t.Fatalf("%v: %d lines, %d with other names", q, len(a), len(b))
	}
}
