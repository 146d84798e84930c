package gallery_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"example.com/nabla"
	"example.com/nabla/internal/gallery"
)

// request is what an example asks the engine.
func request(e gallery.Example) nabla.Request {
	return nabla.Request{
		Program: e.Expr, Wrt: e.Wrt, Order: e.Order, Mixed: e.Mixed,
		Layout: nabla.Layout(e.Layout), Vec: nabla.VecOrder(e.Vec), Structured: e.Structured,
	}
}

// Each example has an answer that passes its check, in a notation of matrices, and a
// derivation in which every line passes its own.
func TestExamples(t *testing.T) {
	_, list := gallery.List()
	for _, e := range list {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			r, err := nabla.Differentiate(request(e))
			if err != nil {
				t.Fatal(err)
			}
			want := len(e.Wrt)
			if e.Mixed {
				want = 1
			}
			if len(r.Derivatives) != want {
				t.Fatalf("%d derivatives, want %d", len(r.Derivatives), want)
			}
			for _, d := range r.Derivatives {
				if d.Check == nil || d.Check.Reason != "" {
					t.Errorf("%s is not checked: %+v", d.Symbol, d.Check)
				}
				if d.Form == nabla.IndexForm {
					t.Errorf("%s needs indices: %s", d.Symbol, d.Text)
				}
			}
			for _, v := range r.Variables {
				if v.Inferred || v.Unused && !strings.Contains(strings.Join(e.SubjectTo, " "), v.Name) {
					t.Errorf("%s: %s is inferred or unused", v.Name, v.Decl)
				}
			}
			// Derivations are of the first two orders, by one variable, in all entries.
			req := request(e)
			req.Mixed, req.Structured, req.Order = false, false, min(req.Order, 2)
			d, err := nabla.Derive(nabla.DeriveRequest{Request: req})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range []nabla.PaperOptions{{Lang: nabla.English}, {Lang: nabla.Chinese}} {
				if text := d.Text(o); strings.TrimSpace(text) == "" {
					t.Errorf("no derivation in %s", o.Lang)
				}
			}
		})
	}
}

// Where an example says that it has a closed form, it has.
func TestSolvable(t *testing.T) {
	_, list := gallery.List()
	solvable := 0
	for _, e := range list {
		if !e.Solve {
			if e.SubjectTo != nil {
				t.Errorf("%s has constraints and is not to be solved", e.ID)
			}
			continue
		}
		solvable++
		s, err := nabla.Solve(nabla.SolveRequest{Program: e.Expr, For: e.Wrt, SubjectTo: e.SubjectTo})
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
		} else if s.Outcome != nabla.Solved {
			t.Errorf("%s: %s", e.ID, s.Outcome)
		}
	}
	if solvable < 15 {
		t.Errorf("%d examples with a closed form", solvable)
	}
}

func TestList(t *testing.T) {
	topics, list := gallery.List()
	if len(list) < 80 {
		t.Errorf("%d examples", len(list))
	}
	count := map[string]int{}
	ids, en, zh := map[string]bool{}, map[string]bool{}, map[string]bool{}
	questions := map[string]string{}
	for _, e := range list {
		count[e.Topic]++
		once(t, ids, e.ID)
		once(t, en, e.Title.En)
		once(t, zh, e.Title.Zh)
		question := fmt.Sprint(e.Expr, e.Wrt, e.Order, e.Mixed, e.Layout, e.Vec, e.Structured)
		if other, ok := questions[question]; ok {
			t.Errorf("%s asks what %s asks", e.ID, other)
		}
		questions[question] = e.ID
		if strings.Trim(e.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%s is no identifier for a link", e.ID)
		}
		for _, w := range []gallery.Words{e.Title, e.About} {
			words(t, e.ID, w)
		}
		if !strings.HasSuffix(e.About.En, ".") || !strings.HasSuffix(e.About.Zh, "。") {
			t.Errorf("%s: what there is to learn is no sentence: %q, %q", e.ID, e.About.En, e.About.Zh)
		}
		if e.Expr != strings.TrimSpace(e.Expr) || len(e.Wrt) == 0 {
			t.Errorf("%s: space around the program, or no variable", e.ID)
		}
	}
	for _, topic := range topics {
		words(t, topic.ID, topic.Title)
		if count[topic.ID] < 8 {
			t.Errorf("%s has %d examples", topic.ID, count[topic.ID])
		}
		delete(count, topic.ID)
	}
	if len(count) > 0 {
		t.Errorf("topics that are not listed: %v", count)
	}
	if !slices.IsSortedFunc(list, func(a, b gallery.Example) int { return place(topics, a) - place(topics, b) }) {
		t.Error("examples are not in the order of the topics")
	}
}

func place(topics []gallery.Topic, e gallery.Example) int {
	return slices.IndexFunc(topics, func(t gallery.Topic) bool { return t.ID == e.Topic })
}

func once(t *testing.T, seen map[string]bool, s string) {
	t.Helper()
	if s == "" || seen[s] {
		t.Errorf("%q is empty or occurs twice", s)
	}
	seen[s] = true
}

// words complains of words that are in the wrong language, or of ASCII punctuation
// between Chinese characters.
func words(t *testing.T, id string, w gallery.Words) {
	t.Helper()
	if strings.ContainsFunc(w.En, han) {
		t.Errorf("%s: %q is not English", id, w.En)
	}
	if !strings.ContainsFunc(w.Zh, han) {
		t.Errorf("%s: %q is not Chinese", id, w.Zh)
	}
	runes := []rune(w.Zh)
	for i, r := range runes {
		if i > 0 && strings.ContainsRune(",;:.!?()", r) && han(runes[i-1]) {
			t.Errorf("%s: %q has %q after a Chinese character", id, w.Zh, r)
		}
		if i > 0 && han(r) != han(runes[i-1]) && plain(r) && plain(runes[i-1]) {
			t.Errorf("%s: no space between %q and %q in %q", id, runes[i-1], r, w.Zh)
		}
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// plain reports whether r is a Chinese character, a letter or a digit.
func plain(r rune) bool { return han(r) || r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// Each example file of the repository is in the gallery, by the variables of its runs.
func TestExampleFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*.nb"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	_, list := gallery.List()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var program []string
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				program = append(program, line)
			}
		}
		found := func(e gallery.Example) bool {
			return slices.Equal(strings.Fields(e.Expr), strings.Fields(strings.Join(program, "\n")))
		}
		if !slices.ContainsFunc(list, found) {
			t.Errorf("%s is not in the gallery", filepath.Base(file))
		}
	}
}
