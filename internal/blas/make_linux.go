package blas

import (
	"syscall"
	"unsafe"
)

// adviseHuge tells the system that the memory of x may lie in large pages. It is advice:
// an error changes nothing.
func adviseHuge(x []float64) {
	const page = 4096
	start := uintptr(unsafe.Pointer(&x[0]))
	skip := -start & (page - 1)
	length := (uintptr(len(x))*8 - skip) &^ (page - 1)
	bytes := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&x[0]), skip)), length)
	const madvHugepage = 14
	_ = syscall.Madvise(bytes, madvHugepage)
}
