//go:build !wasm

package limit

const (
	textDepth = 10_000
	treeDepth = 10_000
)
