package main

import (
	"fmt"
	"runtime/debug"
)

// release is the version that nabla version prints.
const release = "0.1.0"

const helpMain = `nabla differentiates matrix expressions, and shows how.

usage:
  nabla diff [flags] EXPR|FILE|- [VAR…]   derivatives of an expression or program
  nabla diff --jsonl                      one JSON request a line, one answer a line
  nabla derive [flags] EXPR|FILE|- [VAR…] their derivation, line by line
  nabla verify [flags] EXPR VAR CLAIM     is CLAIM the derivative, and if not, what is wrong
  nabla solve [flags] EXPR|FILE|- [VAR…]  stationary points, or the solution of an equation
  nabla convex [flags] EXPR|FILE|- [VAR…] is it convex, and why
  nabla graph [flags] EXPR|FILE|- [VAR…]  its graph, drawn with values and derivatives
  nabla gen [flags] EXPR|FILE|- [VAR…]    source code of value and derivatives
  nabla eval [flags] EXPR|FILE|- [VAR…]   value and derivatives on data
  nabla fit [flags] EXPR|FILE|-           the variables that minimise it on data
  nabla ops [NAME…]                       the operators of the language
  nabla version                           the version
  nabla serve [flags]                     the page, and the same questions over HTTP
  nabla help [COMMAND]                    this text, or more on a command

examples:
  nabla diff 'norm2(X*w - y)^2' w
  nabla derive --lang zh 'norm2(X*w - y)^2' w
`

const helpDiff = `usage: nabla diff [flags] EXPR|FILE|- [VAR…]
       nabla diff --jsonl [--no-check]

Differentiates the last expression of a program by each VAR. The program is the
text EXPR, the file FILE, or standard input. A program with one variable needs no
VAR. Flags may stand anywhere; after -- nothing is a flag.

flags:
  --var DECL        declare a variable, as in --var 'S: matrix(n, n) symmetric'
  --from N          language (default) or latex, which files *.tex are in: docs/latex.md
  --order K         order of the derivative (default 1)
  --mixed           differentiate by the first VAR, the result by the next, …
  --layout L        denominator (default) or numerator
  --vec V           columns (default) or rows: how vec stacks a matrix
  --structured      gradient in the free entries of symmetric, diagonal, … variables
  --format F        text (default), latex, numpy, json, language, or program: the
                    program alone, in the language
  --show STAGE      show a stage before the answer: ast, dag, index or trace
  --no-check        leave out the numeric check
  --jsonl           read requests from standard input, one JSON object a line

exit status: 0 an answer; 1 the input is wrong; 2 the command line is wrong;
3 nabla is wrong, for instance an answer that failed its numeric check.
`

const helpConvex = `usage: nabla convex [flags] EXPR|FILE|- [VAR…]

Says whether the last expression of a program, a scalar, is affine, convex or concave
in the VARs, jointly where there are several, and proves it: by rules of composition,
or by the Hessian as a sum of squares. What is missing for a proof becomes a condition:
on a parameter (c ≥ 0, A is positive semidefinite) or on the variables (x > 0). A
variable ranges over what its declaration allows. A function that is neither is shown
with points.

flags:
  --var DECL        declare a variable, as in --var 'S: matrix(n, n) posdef'
  --from N          language (default) or latex, which files *.tex are in: docs/latex.md
  --format F        text (default) or json
  --lang L          en (default) or zh: the language of the text

exit status: 0 a verdict, also that it is unknown; 1 the input is wrong; 2 the command
line is wrong; 3 nabla is wrong, for instance a verdict that numbers contradict.
`

const helpOps = `usage: nabla ops [NAME…]

Lists the operators of the language by family, or all that is known of those named.
`

const helpVersion = `usage: nabla version

Prints the version, and the revision it was built from where that is known.
`

// help prints the text of a command.
func (c *command) help(args []string) int {
	if len(args) == 0 {
		fmt.Fprint(c.stdout, helpMain)
		return exitOK
	}
	for _, s := range subcommands() {
		if s.name == args[0] && len(args) == 1 {
			fmt.Fprint(c.stdout, s.help)
			return exitOK
		}
	}
	c.usage("no help for %s", args[0])
	return exitUsage
}

// version prints the release and, where the build recorded it, the revision.
func (c *command) version(args []string) int {
	if len(args) > 0 {
		c.usage("version takes no arguments, found %s", args[0])
		return exitUsage
	}
	fmt.Fprint(c.stdout, "nabla "+release)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				fmt.Fprint(c.stdout, " "+s.Value[:12])
			}
		}
	}
	fmt.Fprintln(c.stdout)
	return exitOK
}
