package code

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// Go is written in statements, with gonum's matrices: a product, a solution or a sum has
// a destination that is declared before. So values have three faces here: a scalar is an
// expression (scalar), a vector a slice that has a name (slice), a matrix an operand of
// gonum (matrix), which may be a view such as X.T(). What is computed entry by entry and
// used once is no step of its own but part of the loop that uses it (entry).

// golang writes the values of one program in Go.
type golang struct {
	*Writer
	file *goFile // that the function stands in
	// plain has the names of variables of type mat.Dense, of which & makes an operand;
	// others are of type *mat.Dense.
	plain map[string]bool
	// wanted has names that values are to have: those of results, and of what will be
	// overwritten by a value.
	wanted map[*plan.Value]string
	// given are names that the signature declares.
	given map[string]bool
	// failure is what a return statement gives before an error: "0, nil, ".
	failure string
	fails   bool
	indices []string          // names of indices of loops over entries, outermost first
	looping int               // how many of them are in use
	rows    map[string]string // of a matrix's name: that of a row of it
}

// goReserved are the words of Go, what is declared before, packages and helpers.
var goReserved = words(`break case chan const continue default defer else fallthrough for func go goto if import
	interface map package range return select struct switch type var
	any bool byte cap clear close complex complex128 complex64 copy delete error false float32 float64 imag int int16
	int32 int64 int8 iota len make max min new nil panic print println real recover rune string true uint uint16 uint32
	uint64 uint8 uintptr append init main _
	err errors floats fmt mat math rand slices rng worst member index rows cols got length
	sigmoid softplus sign unitStep softmax softmaxRows softmaxCols symmetric singular logDet identity power pseudoInverse
	vec unvec kronVec kronLeft kronRight khatriRao commutation commute entries deviation
	copies randomVector randomMatrix randomMatrices movedVector movedMatrix movedMatrices onDiagonal`)

// goLanguage returns what the Writer needs to know of Go for names, sizes and the count
// of uses.
func goLanguage(p *plan.Program) *Language {
	reserved := maps.Clone(goReserved)
	reserved[goName(p.Name)], reserved["Check"+goName(p.Name)] = true, true
	return &Language{Reserved: reserved, Identifier: goIdentifier, Cheap: goCheap, Indent: "\t", Product: 1, Top: 2}
}

func newGolang(p *plan.Program, l *Language, file *goFile) *golang {
	g := &golang{Writer: NewWriter(l, p), file: file, plain: map[string]bool{}, wanted: map[*plan.Value]string{},
		given: map[string]bool{}, rows: map[string]string{}}
	var roots []*plan.Value
	for _, r := range p.Results {
		roots = append(roots, r.Value)
		g.count(r.Value)
	}
	for _, v := range plan.Schedule(roots) {
		if v.Index != nil {
			g.Names.Index(v.Index)
		}
	}
	for _, s := range strings.Fields("i j k l p q r s i1 j1 k1 l1 i2 j2 k2 l2 i3 j3 k3 l3") {
		if !g.Names.taken[s] {
			g.indices = append(g.indices, g.Names.Fresh(s))
		}
	}
	return g
}

// goCheap says what is written again rather than given a name: scalars that cost
// nothing, views, and what only spreads another value.
func goCheap(v *plan.Value) bool {
	switch v.Kind {
	case plan.Param, plan.Number, plan.Pi, plan.Size, plan.Counter, plan.Col, plan.Row:
		return true
	case plan.Member:
		return v.Rank != 1 // a row of a matrix has a name
	case plan.Transpose, plan.Item, plan.AsColumn, plan.AsRow:
		return true
	case plan.Fill:
		return v.Args[0].Kind == plan.Number
	}
	return false
}

// goName is the name of an exported function: least_squares becomes LeastSquares.
func goName(name string) string {
	var b strings.Builder
	up := true
	for _, r := range name {
		if r == '_' {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

// goIdentifier turns a name into one of ASCII letters in camelCase: x_train becomes
// xTrain, σ sigma.
func goIdentifier(name string) string {
	s := asciiIdentifier(name)
	head, tail, ok := strings.Cut(s, "_")
	if !ok || head == "" {
		return s
	}
	return head + goName(tail)
}

// goPackage is the name of the package, and of its file: lower case without _.
func goPackage(name string) string {
	s := strings.ToLower(strings.ReplaceAll(name, "_", ""))
	if s == "" || goReserved[s] || s == "documentation" {
		s += "fn"
	}
	return s
}

// goFunctions are the functions of one entry that the library has by a name.
var goFunctions = map[string]string{"exp": "math.Exp", "log": "math.Log", "sqrt": "math.Sqrt", "sin": "math.Sin",
	"cos": "math.Cos", "tan": "math.Tan", "asin": "math.Asin", "acos": "math.Acos", "atan": "math.Atan", "sinh": "math.Sinh",
	"cosh": "math.Cosh", "tanh": "math.Tanh", "asinh": "math.Asinh", "acosh": "math.Acosh", "atanh": "math.Atanh",
	"abs": "math.Abs", "erf": "math.Erf", "erfc": "math.Erfc", "log1p": "math.Log1p", "expm1": "math.Expm1",
	"log2": "math.Log2", "log10": "math.Log10", "sigmoid": "sigmoid", "softplus": "softplus", "sign": "sign", "step": "unitStep"}

// unary writes a function of a number. An operand that is needed twice is given a name
// by local unless it may be written twice.
func (g *golang) unary(fn string, x goExpr, local func(goExpr) goExpr) goExpr {
	switch fn {
	case "neg":
		return goNeg(x)
	case "square":
		if !x.simple() {
			x = local(x)
		}
		return goBin("*", x, x)
	case "relu":
		return goFn("max", x.float(), goInt(0))
	}
	name, ok := goFunctions[fn]
	if !ok {
		panic("code: Go has no form of the function " + fn)
	}
	g.file.need(name)
	return goFn(name, x)
}

// binaryGo writes a function of two numbers.
func binaryGo(fn string, x, y goExpr) goExpr {
	if y.isWhole() {
		x = x.float() // two integers would make an integer
	}
	switch fn {
	case "add":
		return goBin("+", x, y)
	case "sub":
		return goBin("-", x, y)
	case "mul":
		return goBin("*", x, y)
	case "div":
		if y.form == goWhole && y.text == "0" {
			y = goFn("math.Copysign", goInt(0), goInt(1)) // a zero that is no constant
		}
		return goBin("/", x, y)
	case "pow":
		return goFn("math.Pow", x, y)
	case "max", "min":
		return goFn(fn, x, y)
	}
	panic("code: Go has no form of the function " + fn)
}

// cheap reports whether x may be computed anew for each entry: it calls and divides
// nothing.
func (x goExpr) cheap() bool {
	switch x.form {
	case goCall, goMethod:
		return false
	case goBinary:
		if x.text == "/" {
			return false
		}
	}
	return !slices.ContainsFunc(x.args, func(a goExpr) bool { return !a.cheap() })
}

// dim writes a size as an int.
func (g *golang) dim(d *expr.Dim) goExpr {
	for _, n := range d.Names(nil) {
		g.sizes[n] = true
	}
	return goDim(d, g.Names.Size)
}

// emit appends lines to the block.
func (g *golang) emit(lines ...string) {
	b := g.blocks[len(g.blocks)-1]
	b.lines = append(b.lines, lines...)
}

// outside runs f where v can stand: before the loop over entries that is being written and
// the loops that v does not depend on.
func (g *golang) outside(v *plan.Value, f func()) {
	blocks, looping := g.blocks, g.looping
	g.blocks, g.looping = blocks[:g.depth(v)+1], 0
	f()
	g.blocks, g.looping = blocks, looping
}

// bind notes that v has a name, as long as the block lasts.
func (g *golang) bind(v *plan.Value, name string) {
	b := g.blocks[len(g.blocks)-1]
	b.named = append(b.named, v)
	g.text[v] = name
}

// pick returns a name for v.
func (g *golang) pick(v *plan.Value) string {
	if name := g.wanted[v]; name != "" {
		return name
	}
	return g.fresh(v)
}

// define writes that name is x from here on.
func (g *golang) define(name string, x goExpr) {
	switch {
	case !g.given[name]:
		g.emit(name + " := " + x.float().String())
	case x.text != "0": // which a result is already
		g.emit(name + " = " + x.String())
	}
}

// declare gives v a name.
func (g *golang) declare(v *plan.Value, x goExpr) goExpr {
	name := g.pick(v)
	g.define(name, x)
	g.bind(v, name)
	return goID(name)
}

// fail returns from the function with an error where cond holds.
func (g *golang) fail(cond, message string) {
	g.fails = true
	g.emit("if "+cond+" {", "\treturn "+g.failure+"errors.New("+goQuote(g.file.prefix+message)+")", "}")
}

// block writes a statement with a body.
func goBlock(head string, body []string) []string {
	out := []string{head + " {"}
	for _, s := range body {
		out = append(out, "\t"+s)
	}
	return append(out, "}")
}
