// Package latex reads formulas in LaTeX, as people write them, into the syntax
// tree of the language. Places in the tree point into the LaTeX text, so that
// the errors of the reader and of everything behind it are shown there.
//
// Start with [Read]. The reading is a program of the language in every respect
// but two, which the text leaves open and the caller settles by a check:
//
//   - A name that nothing declares has a kind by how it is used, in
//     [Reading.Kinds]; the language goes by its first letter instead.
//   - I and 𝟏 without a subscript have a size that follows from what stands
//     around them. It is a name of [Reading.Free]; [Resolve] puts in what it was
//     found to be.
//
// [ReadName] reads one name, as in a list of variables.
//
// The grammar, loosest first:
//
//	text    : statements separated by \\ , ; or the ends of formulas
//	stmt    : names \in set | name [(args)] = sum | [\nabla_w | \min_w | …] sum
//	sum     : colon ((+ | −) colon)*
//	colon   : entries [: entries]                        inner product
//	entries : product ((\odot | \oslash | \otimes) product)*
//	product : factor ((nothing | \cdot | \times | * | /) factor)*
//	factor  : atom (^ exponent | _ subscript | ')*
//	atom    : number | name | ( sum ) | \frac{sum}{sum} | function argument | …
//
// It differs from the language in one point: ⊙ and ⊗ bind looser than products
// side by side, since y \odot X w is written for y ⊙ (X w).
package latex

import (
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// Options are what a text is read with. The zero value is ready to use.
type Options struct {
	// Name is the name of the text in messages.
	Name string
	// Decls are declarations from outside the text.
	Decls []*syntax.Decl
	// Wrt are names of the language that are differentiated by.
	Wrt []string
	// Equations allows statements such as A X B = C.
	Equations bool
	// OnlyEquations reads every statement as an equation, also where a lone name
	// stands on the left.
	OnlyEquations bool
	// Opened is the number of sizes that other texts have left open, so that names
	// in Reading.Free are new.
	Opened int
	// Differentials reads d before a name as its differential, dX, and
	// \frac{\partial l}{\partial a} as a name.
	Differentials bool
	// IsFunction reports whether the language has a function of that name that takes operands.
	IsFunction func(name string) bool
	// MaxBytes and MaxDepth limit the text and its nesting; 0 means 256 KiB and
	// 10 000 levels.
	MaxBytes, MaxDepth int
}

const (
	defaultMaxBytes = 256 << 10
	defaultMaxDepth = limit.TextDepth
	maxErrors       = 100 // statements with errors after which reading stops
	maxTokens       = 100_000
)

// A Reading is a text as understood.
type Reading struct {
	// Program has the statements; its File is the LaTeX text.
	Program *syntax.Program
	// Kinds are the kinds of the names that nothing declares, in order of first
	// occurrence.
	Kinds []Kind
	// Free are the names that stand for sizes that are to be inferred.
	Free []string
	// Wrt are the variables that the text itself differentiates by, as in
	// \nabla_w, and Order is the order of the derivative, 0 if it names none.
	Wrt   []string
	Order int
	// Notes say how the text was understood where it could mean something else.
	Notes []Note
}

// A Kind says what an undeclared name is, and what facts the text states of it.
type Kind struct {
	Name  string
	Kind  syntax.Kind
	Facts []syntax.Ident
}

// A Note is a remark on a place of the text.
type Note struct {
	At   source.Span
	Text message.Text
}

// Read reads a text of statements. On errors, which are one per statement at
// most, the reading is nil.
func Read(text string, opts Options) (*Reading, source.List) {
	p, diags := newReader(text, &opts)
	if len(diags) > 0 {
		return nil, diags
	}
	p.program()
	if len(p.diags) > 0 {
		p.diags.Sort()
		return nil, p.diags
	}
	p.kinds()
	if len(p.diags) > 0 {
		p.diags.Sort()
		return nil, p.diags
	}
	return p.out, nil
}

// File returns the text as a file for messages.
func (o *Options) File(text string) *source.File { return source.NewFile(o.Name, text) }

func newReader(text string, opts *Options) (*reader, source.List) {
	if opts.MaxDepth == 0 {
		opts.MaxDepth = defaultMaxDepth
	}
	limit := opts.MaxBytes
	if limit == 0 {
		limit = defaultMaxBytes
	}
	p := &reader{opts: opts, file: opts.File(text), text: text}
	p.out = &Reading{Program: &syntax.Program{File: p.file}}
	p.number = opts.Opened
	if len(text) > limit {
		p.diags.Add(source.Span{}, say("the text has %d bytes, the limit is %d", len(text), limit))
		return p, p.diags
	}
	p.lex()
	if len(p.diags) > 0 {
		return p, p.diags
	}
	p.know(opts.Decls)
	return p, nil
}

// ReadName reads one name of a variable, such as \hat\beta or W_1, and returns
// it as the language has it. Names of decls are preferred; ok is false if the
// text is no name.
func ReadName(text string, decls []*syntax.Decl) (name string, ok bool) {
	p, diags := newReader(text, &Options{Decls: decls})
	if len(diags) > 0 {
		return "", false
	}
	if !p.guard(func() { name = p.wholeName() }) {
		return "", false
	}
	return name, name != ""
}

// know notes the names that are declared, by how they are written in LaTeX.
func (p *reader) know(decls []*syntax.Decl) {
	p.known = map[string]known{}
	p.declared = map[string]known{}
	for _, d := range decls {
		for _, n := range d.Names {
			k := known{name: n.Name, kind: d.Type.Kind, family: d.Index.Name}
			p.declared[n.Name] = k
			key := n.Name
			if q, diags := newBare(print.LaTeXName(n.Name)); len(diags) == 0 {
				if !q.guard(func() { key = q.wholeName() }) {
					key = n.Name
				}
			}
			if old, taken := p.known[key]; !taken || old.name != key {
				p.known[key] = k
			}
			p.known[n.Name] = k
		}
	}
}

// newBare returns a reader that knows no names.
func newBare(text string) (*reader, source.List) {
	p := &reader{opts: &Options{MaxDepth: defaultMaxDepth}, file: source.NewFile("", text), text: text}
	p.out = &Reading{Program: &syntax.Program{File: p.file}}
	p.lex()
	return p, p.diags
}

// A known is a declared name.
type known struct {
	name   string
	kind   syntax.Kind
	family string // the index of a family
}
