// Package paper has worked mathematics as a document, a derivation above all, and
// writes it in several forms: text for a terminal, Markdown, LaTeX, HTML.
//
// A Paper is data without expressions: every formula is there in each notation
// already. It is written in one language at a time; what is words is there in
// all. Fill a Paper, then call Text, Markdown, LaTeX or HTML.
package paper

// Words are the same words in each language. A part between dollar signs is a
// formula, written as LaTeX in both; its plain text is found in Inline under the
// same LaTeX.
type Words struct{ En, Zh string }

// A Formula is one line of mathematics in each notation, without a delimiter.
type Formula struct {
	Text  string // Unicode
	LaTeX string // for math mode, needs amsmath
	// Marks say what stands where in Text, for shapes under factors; LaTeX with
	// shapes is Shaped. Both are empty where shapes are not asked for.
	Marks  []Mark
	Shaped string
}

// A Mark is a shape that belongs under a part of a formula's text.
type Mark struct {
	From, To int // columns of the part, counted in characters from 0
	Shape    string
}

// A Note says why a line holds: a rule by name, with its formula and what it asks
// for.
type Note struct {
	ID    string // kebab-case, stable: trace-cyclic
	Name  Words
	Rule  Formula // tr(A B) = tr(B A); may be empty
	Needs []Fact  // preconditions and facts used here: 1ᵀy = 1
}

// A Fact is a fact used on a line: a formula, or words, or both.
type Fact struct {
	Formula Formula
	Words   Words
}

// A Line is a step: Lhs = Rhs. Without Lhs it continues the line above.
type Line struct {
	Lhs   Formula
	Sign  string // "=" if empty
	Rhs   Formula
	Notes []Note
	// Result marks a line that is an answer.
	Result bool
	// Error is the largest relative deviation of the two sides at the random
	// points at which they were compared. Checked is false for definitions and
	// declarations, which have nothing to compare.
	Error   float64
	Checked bool
}

// A Block is a part of a derivation with a heading of its own.
type Block struct {
	ID      string // stable name of the kind of block: given, differential, vec, entries, …
	Heading Words
	Intro   []Words // paragraphs before the lines
	Lines   []Line
	After   []Words // paragraphs after the lines
}

// A Given is one declaration or definition at the top.
type Given struct {
	Formula Formula // X ∈ ℝ^{m×n}, or a = W x
	Words   Words   // facts: symmetric
	Remark  Words   // inferred
}

// A Paper is a whole derivation.
type Paper struct {
	Title  Words // Derivative of $…$ by $X$
	Given  []Given
	Blocks []Block
	// Inline has the plain text of each formula that stands in words, by its LaTeX.
	Inline map[string]string
}

// A Lang is the language of the words.
type Lang string

// The languages.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// In returns the words in one language.
func (w Words) In(l Lang) string {
	if l == Chinese {
		return w.Zh
	}
	return w.En
}
