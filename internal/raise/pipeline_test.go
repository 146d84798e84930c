package raise_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/simplify"
	"example.com/nabla/internal/syntax"
)

var templates = sync.OnceValue(func() *lower.Templates {
	t, err := lower.Compile(ops.Registry())
	if err != nil {
		panic(err)
	}
	return t
})

// A lowered is a program in index form.
type lowered struct {
	b      *expr.Builder
	st     *index.Store
	low    *lower.Lowerer
	result *expr.Node
	wrt    *expr.Symbol
	sum    *index.Sum
	axes   raise.Axes
}

// lowerText checks and lowers a program; declarations are separated by semicolons
// from its expression. No rules apply, so that the index form is what was written.
func lowerText(t testing.TB, text, wrt string) *lowered {
	t.Helper()
	prog, errs := syntax.ParseProgram(strings.ReplaceAll(text, ";", "\n"), syntax.Options{})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	b := expr.NewBuilder(ops.Registry())
	var opts check.Options
	if wrt != "" {
		opts.Wrt = []string{wrt}
	}
	p, errs := check.Check(b, prog, opts)
	if len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	l := &lowered{b: b, st: index.NewStore(b, nil), result: p.Result}
	if wrt != "" {
		l.wrt = p.Wrt[0]
	}
	low, err := lower.New(l.st, templates(), func(s *expr.Symbol) bool { return s == l.wrt }, p.Result)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	l.low = low
	v := low.Lower(p.Result)
	l.sum, l.axes = v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}
	return l
}

// derive differentiates; the result is in numerator layout, columns stacked.
func (l *lowered) derive() {
	a := l.st.Var(l.wrt, true)
	f := len(l.sum.Slots)
	var x raise.Axes
	for i := range a.Slots {
		if i < a.RowAxes() {
			x.Rows = append(x.Rows, f+i)
		} else if l.wrt.Family == nil || i < len(a.Slots)-1 {
			x.Cols = append(x.Cols, f+i)
		}
	}
	l.sum = simplify.Restore(l.st, diff.Reverse(l.low, l.sum, []*index.Atom{a}, nil)[0])
	switch {
	case f == 0:
		l.axes = x
	case len(a.Slots) > 0:
		l.axes = raise.Axes{Rows: slices.Concat(l.axes.Cols, l.axes.Rows), Cols: slices.Concat(x.Cols, x.Rows)}
	}
}

func (l *lowered) raise(opts raise.Options) (*expr.Node, raise.Form) {
	return raise.New(l.b, opts).Raise(l.sum, l.axes)
}

func text(n *expr.Node) string {
	if n == nil {
		return "index form"
	}
	return print.Text(n, nil).String()
}

// sameValue fails the test if n has not the value of the program.
func (l *lowered) sameValue(t testing.TB, n *expr.Node) {
	t.Helper()
	if err := eval.Equal(l.b.Reg, l.result, n, 1); err != nil {
		t.Errorf("%s: %v", text(n), err)
	}
}
