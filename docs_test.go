package nabla_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
)

var update = flag.Bool("update", false, "rewrite what is generated in docs")

// Marks around the generated part of docs/language.md.
const (
	beginOperators = "<!-- operators: generated from the rows by go test -update -->\n"
	endOperators   = "<!-- end of operators -->\n"
)

// TestLanguageReference compares the entries of the operators in docs/language.md
// with their rows.
func TestLanguageReference(t *testing.T) {
	upToDate(t, "docs/language.md", beginOperators, endOperators, reference(t))
}

// upToDate compares what stands between two marks in a document with what is generated for it.
func upToDate(t *testing.T, file, begin, end, want string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s lacks the marks around its generated part", file)
	}
	want = before + begin + want + end + after
	if want == string(text) {
		return
	}
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s is not what is generated; go test -run %s -update . writes it again", file, t.Name())
}

// reference writes one entry for each operator, by family.
func reference(t *testing.T) string {
	var b strings.Builder
	family := ""
	for _, o := range nabla.Operators() {
		if o.Family != family {
			family = o.Family
			fmt.Fprintf(&b, "\n### %s\n", strings.ToUpper(family[:1])+family[1:])
		}
		fmt.Fprintf(&b, "\n**`%s`**", o.Usage)
		if len(o.Aliases) > 0 {
			fmt.Fprintf(&b, ", also `%s`", strings.Join(o.Aliases, "`, `"))
		}
		fmt.Fprintf(&b, ": %s\n", o.Doc)
		var facts []string
		if o.Shapes != "" {
			facts = append(facts, "shapes "+o.Shapes)
		}
		if o.Definition != "" {
			facts = append(facts, "means `"+o.Definition+"`")
		}
		if o.Differential != "" {
			facts = append(facts, "differential `"+o.Differential+"`")
		}
		if o.Domain != "" {
			facts = append(facts, o.Domain)
		}
		if len(facts) > 0 {
			fmt.Fprintf(&b, "<br>%s\n", strings.Join(facts, "; "))
		}
		for _, e := range o.Examples {
			b.WriteString(example(t, o.Usage, e))
		}
	}
	b.WriteString("\n")
	return b.String()
}

// example differentiates an example by the operand if it is a variable, else by
// the first variable.
func example(t *testing.T, usage, e string) string {
	words := strings.FieldsFunc(e, func(r rune) bool { return !isLetter(r) })
	_, params, _ := strings.Cut(strings.TrimSuffix(usage, ")"), "(")
	operand, _, _ := strings.Cut(params, ",")
	for _, n := range append([]string{operand, "x", "X"}, words...) {
		if !slices.Contains(words, n) {
			continue
		}
		res, err := nabla.Differentiate(nabla.Request{Program: e, Wrt: []string{n}, NoNumPy: true})
		if _, wrong := err.(*nabla.InputError); wrong {
			continue // a function or a size
		}
		if err != nil {
			t.Errorf("%s by %s: %v", e, n, err)
			return ""
		}
		d := &res.Derivatives[0]
		if d.Zero {
			continue // a name that does not occur as a variable
		}
		return fmt.Sprintf("<br>`%s` has %s = %s\n", e, d.Symbol, escape(d.Text))
	}
	t.Errorf("%s has no variable", e)
	return ""
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// escape keeps Markdown from reading operators as its own.
func escape(s string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "|", `\|`, "<", "&lt;").Replace(s)
}
