// Package paper has worked mathematics as a document, a derivation above all, and
// writes it in several forms: text for a terminal, Markdown, LaTeX. Package handout
// writes it as HTML.
//
// A Paper is data without expressions: every formula is there in each notation
// already. It is written in one language at a time; what is words is there in
// all. Fill a Paper, then call Text, Markdown or LaTeX. The fields' names in JSON are
// stable: encoding/json writes a Paper as it is read by other programs, with both
// languages in it.
package paper

// Words are the same words in each language. A part between dollar signs is a
// formula, written as LaTeX in both; its plain text is found in Inline under the
// same LaTeX.
type Words struct {
	En string `json:"en"`
	Zh string `json:"zh"`
}

// A Formula is one line of mathematics in each notation, without a delimiter.
type Formula struct {
	Text  string `json:"text"`  // Unicode
	LaTeX string `json:"latex"` // for math mode, needs amsmath
	// Marks say what stands where in Text, for shapes under factors; LaTeX with
	// shapes is Shaped. Both are empty where shapes are not asked for.
	Marks  []Mark `json:"marks,omitempty"`
	Shaped string `json:"latex_with_shapes,omitempty"`
	// Pieces are the parts that stand side by side in text where some of them are
	// matrices of several rows; Text has them on one line. See Matrix and Beside.
	Pieces []Piece `json:"pieces,omitempty"`
}

// A Mark is a shape that belongs under a part of a formula's text.
type Mark struct {
	From  int    `json:"from"` // columns of the part, counted in characters from 0
	To    int    `json:"to"`
	Shape string `json:"shape"`
}

// A Note says why a line holds: a rule by name, with its formula and what it asks
// for.
type Note struct {
	ID    string  `json:"id"` // kebab-case, stable: trace-cyclic
	Name  Words   `json:"name"`
	Rule  Formula `json:"rule,omitzero"`   // tr(A B) = tr(B A); may be empty
	Value Formula `json:"value,omitzero"`  // what the line is compared with; may be empty
	Needs []Fact  `json:"needs,omitempty"` // preconditions and facts used here: 1ᵀy = 1
}

// A Fact is a fact used on a line: a formula, or words, or both.
type Fact struct {
	Formula Formula `json:"formula,omitzero"`
	Words   Words   `json:"words,omitzero"`
}

// A Line is a step: Lhs = Rhs. Without Lhs it continues the line above.
type Line struct {
	Lhs   Formula `json:"lhs,omitzero"`
	Sign  string  `json:"sign,omitempty"` // "=" if empty
	Rhs   Formula `json:"rhs,omitzero"`   // if empty, Lhs is a statement by itself
	Notes []Note  `json:"notes,omitempty"`
	// Result marks a line that is an answer.
	Result bool `json:"result,omitempty"`
	// Error is the largest relative deviation of the two sides at the random
	// points at which they were compared. Checked is false for definitions and
	// declarations, which have nothing to compare.
	Error   float64 `json:"error"`
	Checked bool    `json:"checked"`
}

// A Block is a part of a derivation with a heading of its own.
type Block struct {
	ID      string  `json:"id"` // stable name of the kind of block: given, differential, vec, entries, …
	Heading Words   `json:"heading,omitzero"`
	Intro   []Words `json:"intro,omitempty"` // paragraphs before the lines
	Lines   []Line  `json:"lines,omitempty"`
	After   []Words `json:"after,omitempty"` // paragraphs after the lines
}

// A Given is one declaration or definition at the top.
type Given struct {
	Formula Formula `json:"formula"`         // X ∈ ℝ^{m×n}, or a = W x
	Words   Words   `json:"words,omitzero"`  // facts: symmetric
	Remark  Words   `json:"remark,omitzero"` // inferred
}

// A Paper is a whole derivation.
type Paper struct {
	Title  Words   `json:"title"` // Derivative of $…$ by $X$
	Given  []Given `json:"given,omitempty"`
	Blocks []Block `json:"blocks"`
	// Inline has the plain text of each formula that stands in words, by its LaTeX.
	Inline map[string]string `json:"inline,omitempty"`
	// Taken are the names that were given to parts.
	Taken []string `json:"-"`
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

// Options say how a Paper is written.
type Options struct {
	Lang   Lang // "" means English
	Shapes bool // shapes under the factors, where the formulas have them
	// Colour marks headings, notes and results with the terminal's colours (Text).
	Colour bool
	// Width is the number of columns of the terminal (Text): 0 means DefaultWidth;
	// it is kept between 40 and MaxWidth.
	Width int
}

// Widths of Text in columns.
const (
	DefaultWidth = 100
	MaxWidth     = 160
)
