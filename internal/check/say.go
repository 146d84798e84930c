package check

import (
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/syntax"
)

// say makes a sentence of a template of the catalogue.
var say = message.Say

// kindText names what a declaration declares.
func kindText(k syntax.Kind) message.Text {
	return say([...]string{syntax.ScalarKind: "a scalar", syntax.VectorKind: "a vector", syntax.MatrixKind: "a matrix",
		syntax.FunctionKind: "a function"}[k])
}
