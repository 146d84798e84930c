package limit

import (
	"example.com/nabla/internal/message"
)

// Depths of nesting. What is nested is walked by recursion, and a stack that grows past
// its bound cannot be caught: it ends the process. In a browser it is slow to be left.
const (
	// TextDepth bounds the brackets and signs around an operand in a text.
	TextDepth = textDepth
	// TreeDepth bounds an expression with the definitions that it mentions put in.
	TreeDepth = treeDepth
	// NodeDepth bounds what is made of it.
	NodeDepth = 2 * treeDepth
)

// ErrTooDeep is what making a node panics with that would be deeper than NodeDepth.
var ErrTooDeep = message.Errorf("the expression is nested too deeply")

// Rest is called by a recursion that has come to a depth and has no Budget. It does
// nothing but in a browser; see the Budget's looks at the clock.
func Rest(depth int) {
	if always && depth%64 == 63 {
		rest()
	}
}
