// Package runner runs generated source in the interpreter or compiler of its language,
// for tests: NumPy, JAX, PyTorch, GNU Octave for MATLAB, R, Go with gonum and C++ with
// Eigen. Julia is in no registry that the project's machines reach: its source is parsed by
// tree-sitter's grammar and not run. What is seen of it besides is that names are bound before
// they are used or belong to Base or LinearAlgebra, that the functions are there with their
// parameters, and that as many results are returned as should be. A job that asks for [Values]
// is evaluated too, by the project's own reading of Julia's manual, for the forms that generated
// source uses: what a form means there is what its author took it to mean.
//
// Call [Find] or [Need] to see whether a language can be run here, then [Run] with a batch
// of jobs: one process, or one build, runs them all. A job that does not parse, raises,
// crashes or never ends does not disturb the others. [Compare] compares what came back.
//
// # Conventions of the source
//
// A [Job] names its function; NAME below is that name, a valid identifier in every
// language. Arguments are passed by position, in the order of [Job.Points]. One result is
// returned as itself, several as each language does it. The check has the same parameters
// (further ones have defaults), returns the largest relative error that it found as a
// number, and raises an error where that is too large.
//
//	language  source                  function                      several results   check
//	numpy     module                  NAME(a, b)                    tuple             check_NAME(a, b)
//	jax       module                  NAME(a, b)                    tuple             check_NAME(a, b)
//	torch     module                  NAME(a, b)                    tuple             check_NAME(a, b)
//	julia     file                    NAME(a, b)                    tuple             NAME_check(a, b)
//	matlab    NAME.m, NAME_check.m    [r1, r2] = NAME(a, b)         outputs           err = NAME_check(a, b)
//	r         file                    NAME(a, b)                    named list        NAME_check(a, b)
//	go        package of one file     Name(a, b) (r1, r2, error)    values            CheckName(a, b) (float64, error)
//	cpp       header                  NAME::evaluate(a, b)          struct            NAME::check(a, b)
//
// MATLAB calls only the first function of a file from outside; so the check is a file of its
// own, [Job.CheckSource], and local functions follow the first one. The syntax is what
// Octave and MATLAB share: % for comments, ” for text, ~= and end, no +=, no f(x)(i).
//
// The name in Go is NAME in CamelCase ([GoName]); the last result is an error, which stands
// for what other languages raise. The file is as gofmt writes it, go vet has no remark, and
// it imports the standard library and gonum only.
//
// A C++ header has all its declarations in namespace NAME and includes only standard
// headers and <Eigen/…>, without quotes and without conditions; it starts with #pragma once.
// It is C++17 and draws no warning with -Wall -Wextra. Functions are templates on the
// scalar type, or overloads, where float is to work; else they take double. The struct is an
// aggregate whose members are the results in order.
//
// # Values
//
//	kind      numpy, jax          torch             julia              matlab       r
//	Scalar    float               float             Float64            1×1          number
//	Integer   int                 int               Int                1×1          number
//	Vector    array (n,)          tensor (n,)       Vector             n×1          vector without dim
//	Matrix    array (m, n)        tensor (m, n)     Matrix             m×n          matrix
//	Matrices  array (N, m, n)     tensor (N, m, n)  Vector of Matrix   m×n×N        list of matrices
//	Function  callable, by entry  callable          function           handle       function, by entry
//
//	kind      go                     cpp
//	Scalar    float64                double
//	Integer   int                    int
//	Vector    []float64              const Eigen::VectorXd&
//	Matrix    *mat.Dense             const Eigen::MatrixXd&
//	Matrices  []*mat.Dense           const std::vector<Eigen::MatrixXd>&
//	Function  func(float64) float64  const std::function<double(double)>&
//
// A family of scalars is a Vector and a family of vectors a Matrix, oriented as the source
// wants it. A function applies entry by entry to what the language applies it to: arrays in
// numpy, jax, torch, matlab and r; numbers in julia, go and cpp. An unknown function and
// each derivative of it that the source calls are arguments of their own.
//
// Results have the same types. A row is a matrix of one row.
//
// With [Job.Float32], numpy, jax and torch get float32 arrays, matlab single, cpp float; the
// results must be float32 too. Go and R know float64 only, and refuse.
package runner
