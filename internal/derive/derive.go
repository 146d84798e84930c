// Package derive writes the derivation of a derivative, line by line, as a person
// does: what is given, the differential, rule by rule, the moves that bring dX to
// the end, and the derivative read off.
//
// A line is an expression of the language in which the differentials are
// variables: dX, and d(X w − y) until a rule takes it further. The differential of
// an operator is the text in its row. So each line can be evaluated, and is: at a
// random point in a random direction it has the value that differences give, or
// the derivation is refused. Call Derive.
package derive

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
)

// A Definition is a name that the user gave to a part of the expression.
type Definition struct {
	Name  string
	Node  *expr.Node
	Index *expr.Index // of a family's definition; nil otherwise
}

// Named is a name for a part of an answer.
type Named struct{ Name, Text, LaTeX string }

// An Answer is a derivative by one variable as the engine gives it.
type Answer struct {
	Wrt *expr.Symbol
	// Node is the derivative, laid out; nil if it has no matrix notation.
	Node  *expr.Node
	Text  string // as printed, with names; without Where
	LaTeX string
	Where []Named // names for parts of a long answer
	// Symbol is the left-hand side, ∂l/∂w.
	Symbol, SymbolLaTeX string
	// Identity is what defines the derivative: dl = (∂l/∂w)ᵀ dw.
	Identity, IdentityLaTeX string
}

// A Style is how scalars are written on the way.
type Style string

// The styles: tr(AᵀB), or A : B.
const (
	Trace Style = "trace"
	Colon Style = "colon"
)

// A Request says what to derive.
type Request struct {
	Builder     *expr.Builder
	Result      *expr.Node // what is differentiated
	Name        string     // its name
	Definitions []Definition
	Answers     []Answer
	Numerator   bool // layout
	ByRows      bool // vec stacks rows
	Style       Style
	Brief       bool // several rules on a line
	Expand      bool // answers without the user's intermediates
	Shapes      bool // shapes under factors
	// Trail is filled in where it is not nil.
	Trail *Trail
	// Gradient is the engine's derivative of a scalar by a variable, in the
	// variable's shape; Jacobian that of anything in numerator layout. Simplify
	// returns a node in the engine's form. They return nil where there is no
	// matrix notation.
	Gradient, Jacobian func(f *expr.Node, x *expr.Symbol) *expr.Node
	Simplify           func(n *expr.Node) *expr.Node
	// Holds reports whether the operand x of n has the property that kind names, in
	// the words of expr.Op.Domain, by its form or by declared facts.
	Holds func(n, x *expr.Node, kind string) bool
	base  int // symbols of the program before the first attempt

	// Names are the program's names for parts of the answers.
	Names map[*expr.Node]string
	// Taken are names that intermediates of our own must not have.
	Taken []string
}

// ErrNone is returned where no derivation of readable length was found; the
// answer itself is not in doubt.
var ErrNone = message.Errorf("no derivation was found that a person could read")

// A Mistake is a line that failed its check: a fault of nabla.
type Mistake struct{ Message string }

func (m *Mistake) Error() string { return m.Message }

// Unchecked says why the lines could not be compared with numbers; they are not
// shown then.
type Unchecked struct{ Reason string }

func (u *Unchecked) Error() string {
	return "no derivation whose lines could be compared with numbers: " + u.Reason
}

// giveUp is the panic value where a derivation cannot go on.
type giveUp string

const (
	maxSteps  = 400
	maxWidth  = 110 // characters of a line as it is written in text
	hardWidth = 158 // the same where naming parts did not help enough
)

// A deriver is one derivation under way.
type deriver struct {
	req   *Request
	b     *expr.Builder
	m     maker
	colon bool

	diffs   map[diffKey]*differential
	diffOf  map[*expr.Symbol]*differential
	pass    int // counts what is differentiated by one variable after the other
	spelled map[*expr.Symbol]spelling
	moving  map[*expr.Symbol]bool // variables and intermediates that vary
	dep     map[*expr.Node]bool
	free    map[*expr.Node][]*expr.Index
	hasDiff map[*expr.Node]bool

	answers   map[*expr.Symbol][]contribution
	answered  map[*expr.Symbol]bool
	called    map[*expr.Symbol]bool // variables whose coefficient stands with the names of the program
	errors    map[*line]float64
	own       []ownDifferential
	result    *expr.Symbol             // the function where it stands on the left
	before    int                      // symbols of the program
	users     map[*expr.Symbol][]*part // the parts that a symbol occurs in; nil until asked for
	numbered  map[string]int           // the last number of names of ours with a letter
	told      map[string]bool          // conditions that a line has named
	named     map[*expr.Symbol]bool    // coefficients that have a name
	relaxed   bool                     // lines may be longer, and coefficients get names
	exhausted bool                     // no further part can be named
	inline    bool                     // differentials of intermediates are put in at once

	parts  []*part // in the order of computation; the last is the function
	blocks []*block
	paper  *paper.Paper
}

// Derive returns the derivation. It returns ErrNone where it would not be
// readable and a *Mistake where a line failed its check.
func Derive(req *Request) (p *paper.Paper, err error) {
	var d *deriver
	for _, cuts := range []int{0, 1, 2, 3, 4, 5, 6, 8, 11, 16, 24, 36, 54, 80, 120} {
		d = newDeriver(req)
		err := d.attempt(cuts)
		var long *tooWide
		if errors.As(err, &long) {
			if d.exhausted && d.relaxed {
				break // nothing is left to name
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if req.Trail != nil {
			*req.Trail = *d.trail()
		}
		return d.finish()
	}
	return nil, ErrNone
}

func newDeriver(req *Request) *deriver {
	moving := map[*expr.Symbol]bool{}
	return &deriver{req: req, b: req.Builder, m: maker{req.Builder, moving}, colon: req.Style == Colon, moving: moving,
		diffs: map[diffKey]*differential{}, diffOf: map[*expr.Symbol]*differential{}, spelled: map[*expr.Symbol]spelling{},
		dep: map[*expr.Node]bool{}, free: map[*expr.Node][]*expr.Index{},
		hasDiff: map[*expr.Node]bool{}, named: map[*expr.Symbol]bool{}, answers: map[*expr.Symbol][]contribution{},
		called: map[*expr.Symbol]bool{}, answered: map[*expr.Symbol]bool{}, told: map[string]bool{}, numbered: map[string]int{}, errors: map[*line]float64{},
		paper: &paper.Paper{Inline: map[string]string{}}}
}

// attempt writes the blocks, with as many intermediates of our own as said.
func (p *deriver) attempt(cuts int) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case giveUp:
			err = fmt.Errorf("%w (%s)", ErrNone, string(r))
		case *tooWide:
			err = r
		default:
			panic(r)
		}
	}()
	p.relaxed = cuts > 5
	if p.req.base == 0 {
		p.req.base = len(p.b.Symbols())
	}
	p.before = p.req.base
	p.system(cuts)
	if p.scalar() {
		p.scalarDerivation()
	} else {
		p.jacobianDerivation()
	}
	p.widths()
	p.dropRepeated()
	return p.verify()
}

func (p *deriver) scalar() bool { return p.req.Result.Shape.IsScalar() }

// dropRepeated takes out a line that is written as the one before it; what it says
// goes to that one.
func (p *deriver) dropRepeated() {
	for _, b := range p.blocks {
		out := b.lines[:0]
		last := ""
		for _, l := range b.lines {
			text := ""
			if l.as != nil {
				text = l.as.Text
			} else {
				text = p.text(l.node)
			}
			if k := len(out); k > 0 && l.lhs.Text == "" && text == last {
				prev := out[k-1]
				prev.result = prev.result || l.result
				if l.as != nil {
					prev.as = l.as
				}
				if l.gives != nil {
					prev.gives = l.gives
				}
				continue
			}
			out, last = append(out, l), text
		}
		b.lines = out
	}
}

// widths refuses an attempt with a line that is too long to be taken in.
func (p *deriver) widths() {
	limit := maxWidth
	if p.relaxed {
		limit = hardWidth
	}
	for _, b := range p.blocks {
		lhs := 0
		for _, l := range b.lines {
			if l.lhs.Text != "" {
				lhs = utf8.RuneCountInString(l.lhs.Text) + 3
			}
			if l.as != nil {
				continue
			}
			if text := p.text(l.node); lhs+utf8.RuneCountInString(text) > limit {
				panic(&tooWide{text})
			}
		}
	}
}
