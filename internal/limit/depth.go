package limit

import "errors"

// Depths of nesting. What is nested is walked by recursion, and a stack that grows past
// its bound cannot be caught: it ends the process. A browser's is small.
const (
	// TextDepth bounds the brackets and signs around an operand in a text.
	TextDepth = textDepth
	// TreeDepth bounds an expression with the definitions that it mentions put in.
	TreeDepth = treeDepth
	// NodeDepth bounds what is made of it.
	NodeDepth = 2 * treeDepth
)

// ErrTooDeep is what making a node panics with that would be deeper than NodeDepth.
var ErrTooDeep = errors.New("the expression is nested too deeply")
