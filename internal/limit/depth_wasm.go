//go:build wasm

package limit

const (
	textDepth = 1000
	treeDepth = 1500
)
