package nabla

import (
	"errors"
	"slices"
	"strings"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A SolveRequest asks for the stationary points of a scalar function, or for the
// solution of an equation.
type SolveRequest struct {
	Program string // text in the language; its last expression, or an equation such as A*X*B = C
	File    string // name of the file the program came from, for messages; may be empty
	// Notation is what the program and SubjectTo are written in.
	Notation Notation
	Vars     []Declaration
	Closed   bool
	// For are the variables to solve for.
	For []string
	// SubjectTo are equations that the variables have to satisfy, such as "A*x = b".
	SubjectTo []string
	Layout    Layout // of the gradients; "" means Denominator
	Limits    Limits // of time and memory
}

// An Outcome says what became of a SolveRequest.
type Outcome string

// Outcomes.
const (
	Solved            Outcome = "solved"              // every variable has a closed form
	Eigenvectors      Outcome = "eigenvectors"        // the stationary points are eigenvectors
	NoClosedForm      Outcome = "no closed form"      // none known to nabla
	NoStationaryPoint Outcome = "no stationary point" // provably none
	NoSolution        Outcome = "no solution"         // of an equation, provably none but for special data
	EveryPoint        Outcome = "every point"         // the gradient is zero everywhere
	Underdetermined   Outcome = "not unique"          // the equations do not determine the variables
)

// A Phrase is a sentence in English and Chinese.
type Phrase struct{ En, Zh string }

// In returns the phrase in a language, "zh" or any other for English.
func (p Phrase) In(lang string) string { return message.Text(p).In(lang) }

// A Solution is the answer to a SolveRequest.
type Solution struct {
	Name        string // of the function, "" for an equation
	Expression  string // the function or equation as understood, in text notation
	Shape       string
	Variables   []Variable
	Notes       []string
	NotesZH     []string // the same in Chinese
	Definitions []Named
	Constraints []string     // as understood
	Multipliers []Variable   // of the constraints
	Lagrangian  *Named       // with constraints
	Gradients   []Derivative // as Differentiate answers them
	Lines       []SolveLine
	Outcome     Outcome
	Solutions   []SolvedValue
	Conditions  []Phrase // what the closed forms take for granted
	Remarks     []Phrase // on the outcome: why, and what else holds
	Kind        Kind
	Check       *SolveCheck
	// Paper is the whole as a document.
	Paper *paper.Paper
}

// A SolveLine is one line of the solution: an equation and the rule that leads to it
// from the line before.
type SolveLine struct {
	Unknown string // the variable that is being solved for
	Text    string
	LaTeX   string
	Rule    string // the rule's name, kebab-case
	Reason  Phrase
	Error   float64 // by how much the sides differ at the solution, relative
}

// A SolvedValue is the value of one variable.
type SolvedValue struct {
	Unknown  string
	Symbol   string // the left side: w, or vec(X)
	Text     string
	Language string
	LaTeX    string
	Shape    string
	// Several says that the value is one of several.
	Several bool
}

// A SolveCheck is the record of the numeric check of a solution.
type SolveCheck struct {
	Points   int
	Sizes    []string
	MaxError float64 // largest entry of a gradient or constraint at the solution, relative
}

// A Kind says what a stationary point is.
type Kind struct {
	// Point is "minimum", "maximum", "saddle", "conditional" or "unknown".
	Point  string
	Global bool   // not a local one alone
	Unique bool   // there is no other stationary point
	Text   Phrase // the whole statement, with its conditions
	TeX    Phrase // Text with its formulas as $LaTeX$; "" where it has none
}

// Solve answers a request.
func Solve(req SolveRequest) (sol *Solution, err error) {
	if req.Notation != LanguageNotation {
		r := Request{Program: req.Program, File: req.File, Notation: req.Notation, Vars: req.Vars, Closed: req.Closed, Wrt: req.For,
			Limits: req.Limits, equations: true, side: req.SubjectTo}
		t, err := r.translate()
		if err != nil {
			return nil, err
		}
		req.Program, req.Notation, req.For, req.SubjectTo = r.Program, LanguageNotation, r.Wrt, r.side
		if sol, err = Solve(req); err != nil {
			return nil, t.place(err)
		}
		sol.Notes, sol.NotesZH = t.remarks(sol.Notes, sol.NotesZH)
		return sol, nil
	}
	r := Request{Program: req.Program, File: req.File, Vars: req.Vars, Closed: req.Closed, Wrt: req.For,
		Layout: req.Layout, NoNumPy: true, Limits: req.Limits, equations: true, side: req.SubjectTo}
	var p *problem
	defer func() {
		if x := recover(); x != nil {
			err = req.Limits.recovered(x, func(x any) error { return p.fault(x) })
		}
	}()
	r.defaults()
	if p, err = open(&r); err != nil {
		var input *InputError
		if errors.As(err, &input) && input.Diagnostics[0].Hint == "" {
			if name, ok := strings.CutPrefix(input.Diagnostics[0].Message, "the definition of "); ok && len(input.Diagnostics) == 1 {
				if name, ok = strings.CutSuffix(name, " is cyclic"); ok {
					input.suggest(definesHint(name))
				}
			}
		}
		return nil, err
	}
	if len(r.Wrt) == 0 {
		if r.Wrt, err = p.onlyVariable("solve for"); err != nil {
			return nil, err
		}
		if p, err = open(&r); err != nil {
			return nil, err
		}
	}
	q := &stationary{problem: p, out: &Solution{}}
	if err := q.refuse(); err != nil {
		return nil, err
	}
	// Of undeclared variables in an equation some have to be square for it to have one
	// solution: first the sizes are taken as they are, then as they would have to be.
	vars := q.req.Vars
	for _, turned := range []bool{false, true} {
		more := q.square(turned)
		if more == nil {
			break
		}
		r.Vars = append(slices.Clone(vars), more...)
		other, err := open(&r)
		if err != nil {
			continue
		}
		o := &stationary{problem: other, out: &Solution{}}
		if err := o.run(); err == nil && o.out.Outcome == Solved {
			other.release()
			p.release()
			return o.out, nil
		}
	}
	r.Vars = vars
	defer p.release()
	if err := q.run(); err != nil {
		return nil, err
	}
	return q.out, nil
}

// sideEquations parses the equations beside the program.
func (p *problem) sideEquations(decls []*syntax.Decl) ([]*syntax.Equation, error) {
	var out []*syntax.Equation
	for _, text := range p.req.side {
		e, list := syntax.ParseEquation(text, syntax.Options{
			IsVariable: func(name string) bool { return declared(decls, name, false) },
			IsFunction: func(name string) bool { return declared(decls, name, true) || p.eng.isFunction(name) },
			Letters:    syntax.PaperProducts,
			Asked:      func(name string) bool { return slices.Contains(p.req.Wrt, name) },
			Limit:      p.req.Limits.budget,
		})
		if len(list) > 0 {
			return nil, inputError(source.NewFile("", text), list).within("constraint")
		}
		out = append(out, e)
	}
	return out, nil
}
