package nabla

import (
	"slices"
	"sync"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/simplify"
)

// An engine is what is built once from the operators' rows: their registry and
// the compiled texts of their definitions and differentials, and the rules. It is
// read only.
type engine struct {
	reg       *expr.Registry
	templates *lower.Templates
	rules     *simplify.Engine
}

// theEngine panics if a row is bad: a test sees to it that none is.
var theEngine = sync.OnceValue(func() *engine {
	reg := ops.Registry()
	t, err := lower.Compile(reg)
	if err != nil {
		panic(err)
	}
	r, err := simplify.New(reg, t)
	if err != nil {
		panic(err)
	}
	return &engine{reg, t, r}
})

// isFunction reports whether a name of the language stands before operands or sizes, as
// pi does not.
func (e *engine) isFunction(name string) bool {
	return slices.ContainsFunc(e.reg.Overloads(name), func(o *expr.Op) bool { return len(o.Params) > 0 || len(o.Sizes) > 0 })
}
