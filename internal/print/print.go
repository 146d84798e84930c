// Package print writes expressions: as the notation of a textbook in Unicode
// (Text), as input of the language in plain characters (Language) and as LaTeX
// (LaTeX).
//
// One writer serves them all. Brackets are minimal: each operand is
// written with the least precedence that needs none, on the parser's own scale
// (syntax.Prec). What Text and Language write is read back by the parser as an
// expression of the same value.
//
// A long answer is written with names for the sub-expressions that repeat, so
// that its length is linear in the number of nodes and not in that of the tree.
package print

import (
	"strings"
	"sync"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
)

// DefaultMaxTokens is the length in tokens up to which an expression is written
// without names for repeated parts.
const DefaultMaxTokens = 400

// Options change what is written. A nil *Options means the zero value.
type Options struct {
	// Builder made the nodes. Its symbols and sizes are names that the writer
	// must not use with another meaning; without it only the names that occur
	// are known.
	Builder *expr.Builder
	// Names are the names of nodes, such as the definitions of a program. A
	// node found here is written as its name.
	Names map[*expr.Node]string
	// Reserved are further names that must not be used, such as definitions that no node
	// has.
	Reserved []string
	// MaxTokens is the length above which repeated parts get names: 0 means
	// DefaultMaxTokens, a negative number that they never do.
	MaxTokens int
	// MaxWidth is the length in characters of a line of Text above which parts get
	// names as well; 0 means no limit.
	MaxWidth int
	// Expand writes the root by its body even if it has a name in Names.
	Expand bool

	// The options that follow are for text that is read by people only: with one
	// of them Text writes products side by side also where the parser would not
	// take them so. Language knows none of them.

	// Spell writes a variable, or the member of a family at the index i, in a way
	// of its own: dX, d(X w − y), ∂l/∂a. ok is false for those that it leaves to the
	// writer. What is tight needs no brackets anywhere; other text gets them as an
	// operand of anything but a sum, other LaTeX under a superscript.
	Spell func(s *expr.Symbol, i *expr.Index, latex bool) (text string, tight, ok bool)
	// Colon writes the inner product of matrices as A : B.
	Colon bool
	// Shapes writes the shape under each factor that is no scalar: in LaTeX
	// \underset{m \times n}{X}, for Text in Document.Marks. It also takes the limit
	// off the length.
	Shapes bool
}

// forPeople reports whether what Text writes is not meant for the parser.
func (o *Options) forPeople() bool { return o.Spell != nil || o.Colon || o.Shapes }

// A Document is an expression as written: the names of its repeated parts,
// each defined before its first use, and the expression itself.
type Document struct {
	Definitions []Definition
	Result      string
	Marks       []Mark // shapes under the factors of Result, see Options.Shapes

	latex bool
}

// A Definition gives a name to a part of a Document.
type Definition struct {
	Name string // in the document's notation
	Text string
	Node *expr.Node
}

// String returns the definitions, one a line as name = text, and the result on
// the last line. For Text and Language it is a program of the language, for LaTeX
// an aligned environment.
func (d Document) String() string {
	if len(d.Definitions) == 0 {
		return d.Result
	}
	var b strings.Builder
	if d.latex {
		b.WriteString("\\begin{aligned}\n")
		for _, f := range d.Definitions {
			b.WriteString(f.Name + " &= " + f.Text + " \\\\\n")
		}
		result := d.Result
		if strings.HasPrefix(result, "-") {
			result = "{-}" + result[1:] // as a line of its own, not as one that goes on
		}
		b.WriteString("& " + result + "\n\\end{aligned}")
		return b.String()
	}
	for _, f := range d.Definitions {
		b.WriteString(f.Name)
		b.WriteString(" = ")
		b.WriteString(f.Text)
		b.WriteByte('\n')
	}
	b.WriteString(d.Result)
	return b.String()
}

// Text writes n in the notation of a textbook: 2 Xᵀ(X w − y).
func Text(n *expr.Node, o *Options) Document { return document(n, o, unicodeNotation) }

// Language writes n as input of the language in plain characters: the names
// are as the user wrote them, all else is ASCII: 2*X'*(X*w - y).
func Language(n *expr.Node, o *Options) Document { return document(n, o, asciiNotation) }

// LaTeX writes n as LaTeX for math mode; it needs amsmath:
// 2 X^\top (X w - y).
func LaTeX(n *expr.Node, o *Options) Document { return document(n, o, latexNotation) }

// writers keeps writers for their buffers.
var writers = sync.Pool{New: func() any { return &writer{out: make([]byte, 0, 256)} }}

func document(n *expr.Node, o *Options, notation *notation) Document {
	if o == nil {
		o = &Options{}
	}
	w := writers.Get().(*writer)
	d := w.document(n, o, notation)
	// A panic does not come here: a writer whose work was broken off is given up.
	w.names, w.root, w.options, w.marks, w.limit = nil, nil, nil, nil, nil
	writers.Put(w)
	return d
}

func (w *writer) document(n *expr.Node, o *Options, notation *notation) Document {
	w.options, w.names, w.root, w.limit = o, o.Names, nil, nil
	if o.Builder != nil {
		w.limit = o.Builder.Limit
	}
	if o.Expand {
		w.root = n
	}
	parts := w.parts(n)
	w.notation = notation
	if len(parts) == 0 {
		text := w.whole(n)
		return Document{Result: text, Marks: w.takeMarks()}
	}
	d := Document{latex: w.latex}
	w.nameParts(parts, func(p part, text string) {
		d.Definitions = append(d.Definitions, Definition{Name: w.notation.name(p.name), Text: text, Node: p.node})
	})
	w.root = nil
	if o.Expand {
		w.root = n
	}
	d.Result = w.whole(n)
	return d
}

// parts chooses what gets a name: nothing where the text is short, parts that
// repeat where it is long, and where a line is still too wide parts that are
// large by themselves. The choice is the same in every notation.
func (w *writer) parts(n *expr.Node) []part {
	o := w.options
	limit := o.MaxTokens
	if limit == 0 {
		limit = DefaultMaxTokens
	}
	if limit < 0 || o.Shapes {
		return nil
	}
	short := w.within(n, limit)
	if short && (o.MaxWidth == 0 || w.within(n, o.MaxWidth/6)) {
		return nil
	}
	names, root := w.names, w.root
	defer func() { w.names, w.root = names, root }()
	w.notation = unicodeNotation
	if short && utf8.RuneCountInString(w.whole(n)) <= o.MaxWidth {
		return nil
	}
	parts := w.plan(n, 0)
	for _, large := range []int32{30, 20, 12} {
		if o.MaxWidth == 0 || w.widest(n, parts) <= o.MaxWidth {
			break
		}
		w.names, w.root = names, root
		parts = w.plan(n, large)
	}
	return parts
}

// nameParts writes the parts in order, each with the names of those before it,
// and leaves the names in force.
func (w *writer) nameParts(parts []part, f func(p part, text string)) {
	names := make(map[*expr.Node]string, len(w.names)+len(parts))
	for k, name := range w.names {
		names[k] = name
	}
	w.names = names
	for _, p := range parts {
		w.root = p.node
		f(p, w.whole(p.node))
		w.names[p.node] = p.name
	}
}

// widest is the length in characters of the longest line with the parts named.
func (w *writer) widest(n *expr.Node, parts []part) int {
	most := 0
	w.nameParts(parts, func(p part, text string) {
		most = max(most, len(p.name)+3+utf8.RuneCountInString(text))
	})
	w.root = n
	return max(most, utf8.RuneCountInString(w.whole(n)))
}
