package code

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"example.com/nabla/internal/plan"
)

// Precedence levels of Python, loosest first.
const (
	pySum = iota + 1
	pyProduct
	pyUnary
	pyPower
	pyAtom
)

// call is the form of a function of one operand, call2 of two.
func call(name string) form { return form{name + "($1)", pyAtom, ""} }

func call2(name string) form { return form{name + "($1, $2)", pyAtom, ""} }

// A pythonDialect is a library of arrays in Python: NumPy, JAX or PyTorch.
type pythonDialect struct {
	module  string // reserved besides the words of Python
	imports []string
	unary   map[string]form
	binary  map[string]form
	forms   map[plan.Kind]form
	// clamp are the forms of max and min where the second operand is a number of Python;
	// nil: as those of arrays.
	clamp map[string]form
	// softmax and logsumexp have the operand in $1, which axes follows: of a vector, of
	// each row and of each column of a matrix.
	softmax, logsumexp form
	axes               [3]string
	// permute is the method that orders axes, axis the argument that names some.
	permute, axis string
	// unit is a unit vector: & is the place of the 1 from 0 on, &1 that from 1 on.
	unit string
	// unitAt is one with the 1 at the loop index &, which counts from 0.
	unitAt string
	// full writes a Fill of a scalar that is no number of Python; nil: as one that is.
	full func(d *pythonDialect, w *Writer, v *plan.Value) (string, int)
	// special writes the values with a factorisation; factors says that factorisations
	// are values of the library, so that several uses share one.
	special func(d *pythonDialect, w *Writer, v *plan.Value) (string, int)
	factors bool
	named   func(v *plan.Value) bool
	// loop writes sums over one index, see Language.Loops.
	loop func(w *Writer, list []*plan.Value, totals []string, body []string, texts []string) []string
	// columns writes Columns and Stack where assignments to parts will not do.
	columns func(w *Writer, v *plan.Value, total string, body []string, text string) []string
	// traced says that the index of a loop is an array.
	traced bool
	// like is what makes a new array of the type of another, @ in it; alone what makes
	// one of real numbers where there is no other.
	like, alone string
	copied      string // what makes an array of its own of a view, if there are views
	// arguments is the source of a function _arguments, which makes arrays of the
	// arguments name=(value, rank) and checks their ranks, after what it calls.
	arguments []string
	number    string // makes a scalar of the library of $, a number of Python
	notes     func(w *Writer) []string
	checks    pythonCheck
	samples   *samples // not nil: what is divided among devices
}

// A pythonCheck is how a dialect compares derivatives with differences: double makes
// an array of doubles of an argument, random one of the shape of an array with normal
// entries, by the generator rng, largest is the largest absolute entry as a float, eye
// the identity matrix of an array's size, and deviation the source of
// _deviation(got, want), relative.
type pythonCheck struct {
	rng                          string
	double, random, largest, eye func(string) string
	deviation                    string
	// decorator stands before the function; within opens a context for its statements, by
	// a helper.
	decorator, within, helper string
	results                   string // what is made of the tuple results, if anything
}

// pyWords are the words of Python and of the source that a variable cannot be called by.
var pyWords = words(`np math float int range round False None True and as assert async await break class continue def del elif else except finally
	for from global if import in is lambda nonlocal not or pass raise return try while with yield
	_sigmoid _erf _erfc _softmax _logsumexp _norm _logdet _kron _kron_apply
	_less _lu_det _lu_logdet _softplus _step _sum_over _stack _matrix_power _integer _float64 _symmetric_product _plus_transpose`)

// pyReserved are further names that a module for users has.
var pyReserved = func() map[string]bool {
	m := words(`jnp jsp jax torch len min max sum abs _arguments _deviation
		rng worst results difference trials seed tolerance step`)
	for w := range pyWords {
		m[w] = true
	}
	return m
}()

func (d *pythonDialect) language() *Language {
	l := &Language{
		Reserved: pyReserved, Identifier: unicodeIdentifier, Value: d.value, Cheap: d.cheap, Named: d.deserves,
		Spread: pythonSpread, Loop: d.side, Loops: d.loop, Indent: "    ", Product: pyProduct, Top: pyAtom,
		Assign: func(_ *Writer, name, text string, _ *plan.Value) []string { return []string{name + " = " + text} },
	}
	if d.factors {
		l.Stem = factorStem
	}
	if d.samples != nil {
		l.Reserved = maps.Clone(pyReserved)
		maps.Copy(l.Reserved, shardWords)
	}
	return l
}

// cheap says what is written again rather than given a name. Factorisations stand for
// their matrix where the library has none.
func (d *pythonDialect) cheap(v *plan.Value) bool {
	switch v.Kind {
	case plan.Param, plan.Number, plan.Pi, plan.Size, plan.Counter, plan.Member, plan.Col, plan.Row, plan.Align:
		return true
	case plan.LU, plan.Cholesky:
		return !d.factors
	case plan.Transpose, plan.Flatten, plan.Item:
		return d.cheap(v.Args[0])
	case plan.Fill:
		return v.Args[0].Kind == plan.Number
	}
	return false
}

// deserves reports whether a value gets a name for itself: large arrays too are computed one
// at a time.
func (d *pythonDialect) deserves(v *plan.Value) bool {
	if v.Rank > 2 && (v.Kind == plan.Einsum || v.Kind == plan.Binary && v.Fn != "mul") {
		return true
	}
	return d.named != nil && d.named(v)
}

func pythonSpread(w *Writer, v *plan.Value, min int) (string, bool) {
	if v.Kind == plan.Row {
		return w.Arg(v.Args[0], min), true
	}
	return w.Arg(v.Args[0], pyAtom) + "[:, None]", true
}

// value writes how v is computed.
func (d *pythonDialect) value(w *Writer, v *plan.Value) (string, int) {
	switch v.Kind {
	case plan.Param:
		return w.Names.Symbol(v.Sym), pyAtom
	case plan.Number:
		return pyNumber(v.Num)
	case plan.Size:
		return d.size(w, v.Dims[0])
	case plan.Counter:
		if d.traced {
			return d.typed(w, form{d.module + ".asarray(" + w.Names.Index(v.Index) + " + 1@T)", pyAtom, ""}, v)
		}
		return w.Names.Index(v.Index) + " + 1", pySum
	case plan.Unary:
		if d.isNumber(v.Args[0]) {
			return w.Form(pyUnaryNumber[v.Fn], v)
		}
		return w.Form(d.unary[v.Fn], v)
	case plan.Binary:
		if d.traced && d.samples == nil && v.Rank == 2 {
			if text, ok := jaxPlusTranspose(w, v); ok {
				return text, pyAtom
			}
		}
		return d.pair(w, v)
	case plan.Apply:
		return w.Names.Function(v.Sym, v.Order) + "(" + w.Arg(v.Args[0], 0) + ")", pyAtom
	case plan.Member:
		if d.samples != nil && w.outermostSum(d.samples.size, len(w.blocks)-1) == v.Index {
			return w.Names.Member(v.Args[0].Sym, v.Index), pyAtom
		}
		return w.Arg(v.Args[0], pyAtom) + "[" + w.Names.Index(v.Index) + "]", pyAtom
	case plan.Fill:
		return d.fill(w, v)
	case plan.Unit:
		return d.typed(w, form{strings.NewReplacer("&1", itoa(v.Order), "&", itoa(v.Order-1)).Replace(d.unit), pyAtom, ""}, v)
	case plan.MatMul:
		if d.traced && d.samples == nil && v.Symmetric() {
			return w.Form(form{"_symmetric_product($1, $2)", pyAtom, jaxSymmetric}, v)
		}
	case plan.MatVec:
		// XLA multiplies x A by reading A once; Aᵀ x it computes from a transposed copy.
		if a := v.Args[0]; d.traced && a.Kind == plan.Transpose {
			return w.Arg(v.Args[1], pyProduct) + " @ " + w.Arg(a.Args[0], pyProduct+1), pyProduct
		}
	case plan.Dot, plan.Inner:
		// What is computed entry by entry for the product alone is one loop with it. vdot of
		// matrices makes vectors of them, for which XLA brings divided samples together.
		x, y := v.Args[0], v.Args[1]
		switch {
		case !d.traced:
		case x == y && v.Kind == plan.Inner:
			return w.Form(form{"jnp.sum(#1 ** 2)", pyAtom, ""}, v)
		case v.Kind == plan.Inner || x != y && (x.Entrywise() || y.Entrywise()):
			return w.Form(form{"jnp.sum(#1 * #2)", pyAtom, ""}, v)
		}
	case plan.UnitAt:
		return d.typed(w, form{strings.ReplaceAll(d.unitAt, "&", w.Names.Index(v.Index)), pyAtom, ""}, v)
	case plan.Softmax:
		return w.Form(d.along(d.softmax, v.Axis), v)
	case plan.LogSumExp:
		return w.Form(d.along(d.logsumexp, v.Axis), v)
	case plan.Solve, plan.Inverse, plan.Det, plan.LogDet, plan.LU, plan.Cholesky:
		return d.special(d, w, v)
	case plan.KronApply:
		return d.kronApply(w, v)
	case plan.MatPow:
		return d.power(w, v)
	case plan.Contract:
		return d.contract(w, v)
	case plan.DiagMatrix:
		if f := v.Args[0]; f.Kind == plan.Fill && w.text[f] == "" {
			s := w.Arg(f.Args[0], pyProduct)
			text, _ := d.typed(w, form{d.module + ".eye(%R@T)", pyAtom, ""}, v)
			return s + " * " + text, pyProduct
		}
	case plan.Align:
		return d.align(w, v)
	case plan.Einsum:
		return d.einsum(w, v)
	case plan.Reshape:
		shape := "%R"
		if v.Rank == 2 {
			shape = "%R, %C"
		}
		return w.Form(form{"#1.reshape(" + shape + ")", pyAtom, ""}, v)
	case plan.AsColumn, plan.AsRow:
		if v.Args[0].Rank == 0 {
			return w.Form(form{d.module + ".reshape($1, (1, 1))", pyAtom, ""}, v)
		}
	case plan.Vec:
		if a := v.Args[0]; a.Kind == plan.Transpose {
			return w.Arg(a.Args[0], pyAtom) + strings.TrimPrefix(d.forms[plan.Vec].text, "#1.T"), pyAtom
		}
	}
	f, ok := d.forms[v.Kind]
	if !ok {
		panic(fmt.Sprintf("code: %s has no form of kind %d", d.module, v.Kind))
	}
	return d.typed(w, f, v)
}

// typed writes a form in which @T stands for the type of the arguments.
func (d *pythonDialect) typed(w *Writer, f form, v *plan.Value) (string, int) {
	f.text = strings.ReplaceAll(f.text, "@T", d.typeOf(w))
	return w.Form(f, v)
}

// typeOf is what makes a new array of the type of the arguments.
func (d *pythonDialect) typeOf(w *Writer) string {
	for _, s := range arraysOf(w.Prog) {
		return strings.ReplaceAll(d.like, "@", w.Names.Symbol(s))
	}
	return d.alone
}

// fill writes a vector or matrix of equal entries.
func (d *pythonDialect) fill(w *Writer, v *plan.Value) (string, int) {
	shape := "%R"
	if v.Rank == 2 {
		shape = "(%R, %C)"
	}
	switch {
	case v.Args[0].IsNumber(1, 1):
		return d.typed(w, form{d.module + ".ones(" + shape + "@T)", pyAtom, ""}, v)
	case v.Args[0].IsNumber(0, 1):
		return d.typed(w, form{d.module + ".zeros(" + shape + "@T)", pyAtom, ""}, v)
	case d.full != nil && !d.isNumber(v.Args[0]):
		return d.full(d, w, v)
	}
	if v.Rank == 1 {
		shape = "(%R,)"
	}
	return d.typed(w, form{d.module + ".full(" + shape + ", $1@T)", pyAtom, ""}, v)
}

// along adds the axis to the form of softmax or logsumexp.
func (d *pythonDialect) along(f form, a plan.Axis) form {
	f.text = strings.Replace(f.text, "$1", "$1"+d.axes[a], 1)
	return f
}

// kronApply writes (A ⊗ B) X; None stands for an identity matrix.
func (d *pythonDialect) kronApply(w *Writer, v *plan.Value) (string, int) {
	f := d.forms[plan.KronApply]
	for k := range 2 {
		if v.Args[k].Kind == plan.Eye {
			f.text = strings.Replace(f.text, "$"+strconv.Itoa(k+1), "None", 1)
		}
	}
	return w.Form(f, v)
}

// contract writes a sum of products by einsum.
func (d *pythonDialect) contract(w *Writer, v *plan.Value) (string, int) {
	letters := func(list []int) string {
		s := ""
		for _, i := range list {
			s += string(rune('a' + i))
		}
		return s
	}
	var subscripts, args []string
	for k, a := range v.Args {
		subscripts = append(subscripts, letters(v.Spec.Operands[k]))
		args = append(args, w.Arg(a, 0))
	}
	text := d.module + ".einsum('" + strings.Join(subscripts, ",") + "->" + letters(v.Spec.Result) + "', " + strings.Join(args, ", ")
	if len(args) > 2 && d.module == "np" {
		text += ", optimize=True"
	}
	text += ")"
	rows, cols := v.Spec.RowIndices, len(v.Spec.Result)-v.Spec.RowIndices
	switch {
	case v.Rank == 2 && (rows > 1 || cols > 1):
		text += ".reshape(" + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + ")"
	case v.Rank == 1 && rows > 1:
		text += ".reshape(" + w.Size(v.Rows, 0) + ")"
	}
	return text, pyAtom
}

// side writes columns side by side, or matrices along a first axis.
func (d *pythonDialect) side(w *Writer, v *plan.Value, total string, body []string, text string) []string {
	if d.columns != nil {
		return d.columns(w, v, total, body, text)
	}
	i, shape, at := w.Names.Index(v.Index), "", "[:, "
	if v.Kind == plan.Stack {
		shape, at = w.Size(v.Dims[0], 0)+", ", "["
	}
	shape += w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0)
	out := []string{total + " = " + d.module + ".empty((" + shape + ")" + d.typeOf(w) + ")"}
	out = append(out, "for "+i+" in range("+w.Size(v.Dims[0], 0)+"):")
	out = append(out, w.IndentLines(body)...)
	return append(out, w.Indent+total+at+i+"] = "+text)
}

// pythonLoop writes sums over an index as a loop.
func pythonLoop(w *Writer, list []*plan.Value, totals []string, body []string, texts []string) (out []string) {
	for _, total := range totals {
		out = append(out, total+" = 0")
	}
	out = append(out, "for "+w.Names.Index(list[0].Index)+" in range("+w.Size(list[0].Dims[0], 0)+"):")
	out = append(out, w.IndentLines(body)...)
	for k, total := range totals {
		out = append(out, w.Indent+total+" = "+total+" + "+texts[k])
	}
	return out
}

const pyKronApply = `def _kron_apply(a, b, x):
    """(a kron b) x without the product; None is an identity matrix."""
    if b is not None:
        x = (b @ x.reshape(-1, b.shape[1], x.shape[1])).reshape(-1, x.shape[1])
    if a is not None:
        x = (a @ x.reshape(a.shape[1], -1)).reshape(-1, x.shape[1])
    return x
`
