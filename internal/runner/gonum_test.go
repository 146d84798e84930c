package runner

// Generated Go is built with gonum, in a module that takes the checksums of this one: so
// this one requires it.
import _ "gonum.org/v1/gonum/mat"
