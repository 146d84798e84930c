package runner

import "testing"

// TestJulia sees what the parser and its names find in source that is not run.
func TestJulia(t *testing.T) {
	good := leastSquares(t, Julia)
	all, _ := kinds(t, Julia)
	job := func(id, source string) Job {
		return Job{ID: id, Source: source, Func: "f", Ranks: []int{0}, Points: [][]Arg{{VectorArg("x", 1)}}}
	}
	absent := good
	absent.ID, absent.Func = "absent", "another"
	jobs := []Job{
		good, all,
		replace(t, good, "bracket", "(X' * r)", "(X' * r"),
		replace(t, good, "end", "    return err\nend\n", "    return err\n"),
		replace(t, good, "name", "r = X * w - y", "s = X * w - y"),
		replace(t, good, "results", "return dot(r, r), 2 .* (X' * r)", "return dot(r, r)"),
		replace(t, good, "arguments", "least_squares(X, w .+ h .* v, y)", "least_squares(X, w .+ h .* v)"),
		replace(t, good, "parameters", "least_squares_check(X, w, y; h=1e-6)", "least_squares_check(X, w, y, h; k=1e-6)"),
		replace(t, good, "module", "using LinearAlgebra", "using ForwardDiff"),
		absent,
		job("scopes", `function f(x::AbstractVector{T}; tol=eps(T), kw...) where {T<:Real}
    s, t = zero(T), [a * b for a in x, b = 1:2 if a > b]
    for (i, a) in enumerate(x)
        s += a * t[i, end]
        last_one = i
    end
    g(u) = u .^ 2 .+ s
    A = [1 2; 3 4]
    A[1, :] .= map(x) do v
        w = v + tol
        w
    end
    y = let k = 3
        k
    end
    z = try
        cholesky(A)
    catch e
        e isa DomainError || rethrow()
        nothing
    end
    r = @. exp(-x)
    return sum(q -> g(q), x; init=y) + sum(p for p in x) + LinearAlgebra.dot(r, r) + last_one + "$(s) $tt"
end
`),
	}
	want := []string{
		"", "",
		"12:35: missing )",
		"1:1: syntax error",
		"12:16: r is not defined\n12:19: r is not defined\n12:34: r is not defined",
		"12:5: returns 1 results, not 2",
		"18:14: least_squares has no method of 2 arguments",
		"15:1: least_squares_check has no method of 3 arguments",
		"1:7: ForwardDiff is not a module of Julia itself\n12:12: dot is not defined\n19:15: dot is not defined",
		"another is not defined\nanother_check is not defined",
		"17:9: cholesky is not defined\n23:86: last_one is not defined\n23:104: tt is not defined",
	}
	out := run(t, Julia, jobs...)
	for i := range out {
		if e := out[i].Failure(); e != want[i] {
			t.Errorf("%s: %q, not %q", jobs[i].ID, e, want[i])
		}
	}
}
