// Package code writes the numeric programs of package plan in programming languages.
//
// Write is the function to call. A target is one language with its libraries; each
// has a file of its own with the forms of the values (numpy.go), and languages that
// share a grammar share one for the rest (python.go). What all have in common, which
// values get names, in what order statements stand, where brackets are needed, is the
// Writer's.
package code

import (
	"fmt"

	msg "example.com/nabla/internal/message"
	"example.com/nabla/internal/plan"
)

// A File is generated source.
type File struct {
	Name   string // such as loss.py
	Source string
}

// A Target is a language to write in.
type Target struct {
	Name  string // as asked for: "numpy"
	Title string // for people: "NumPy"
	write func(p *plan.Program) []File
	// halves says that the libraries compute half of a product BᵀB, and nothing differentiates
	// what is written.
	halves bool
	// Arrays says that the language has arrays of any rank: programs may have the values that
	// plan.Options.Arrays allows.
	Arrays bool
}

// targets lists the languages in the order of the help text.
var targets = []Target{
	{"numpy", "NumPy", writeNumPy, true, true},
	{"jax", "JAX", writeJAX, false, true},
	{"torch", "PyTorch", writeTorch, false, true},
	{"julia", "Julia", writeJulia, true, false},
	{"matlab", "MATLAB", writeMATLAB, true, false},
	{"r", "R", writeR, true, false},
	{"go", "Go", writeGo, false, false},
	{"cpp", "C++", writeCpp, true, false},
}

// Targets returns the languages in order.
func Targets() []Target { return targets }

// Find returns the target of that name, or nil.
func Find(name string) *Target {
	for i := range targets {
		if targets[i].Name == name {
			return &targets[i]
		}
	}
	return nil
}

// Write writes a program in a language. The first file has the function. The name of the
// program must be one that Identifier returns.
func Write(target string, p *plan.Program) ([]File, error) {
	t := Find(target)
	if t == nil {
		return nil, fmt.Errorf("no language %q", target)
	}
	if keywords[p.Name] {
		return nil, msg.Errorf("%s is a word of one of the languages that code is written in and cannot name a function", p.Name)
	}
	if t.halves {
		p = plan.WithRoots(p)
	}
	return t.write(p), nil
}

// Identifier turns a name into one that a function can have in every language: ASCII
// letters, digits and _, with a letter first.
func Identifier(name string) string {
	s := asciiIdentifier(name)
	if keywords[s] {
		s += "_"
	}
	return s
}

// keywords are words of the languages that no function can be called by.
var keywords = words(`False None True and as assert async await break class continue def del elif else except finally
	for from global if import in is lambda nonlocal not or pass raise return try while with yield
	abstract baremodule begin catch const do elseif end export false function global let local macro module
	mutable primitive quote struct true type using where
	otherwise parfor persistent spmd switch case repeat next NULL NA TRUE FALSE Inf NaN
	chan default defer fallthrough func go goto interface map package range select var main init
	alignas alignof asm auto bool char concept decltype delete double enum explicit extern float friend inline int long
	namespace new noexcept nullptr operator private protected public register short signed sizeof static template
	this throw typedef typeid typename union unsigned using virtual void volatile wchar_t xor std Eigen`)
