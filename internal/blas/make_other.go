//go:build !linux

package blas

func adviseHuge([]float64) {}
