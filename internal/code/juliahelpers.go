package code

// Functions that Julia source needs beside its own.

const jlSigmoid = `"1 / (1 + exp(-x)) without overflow."
function _sigmoid(x)
    z = exp(-abs(x))
    return ifelse(x < 0, z, one(z)) / (1 + z)
end
`

const jlSoftplus = `"log(1 + exp(x)) without overflow."
_softplus(x) = max(x, zero(x)) + log1p(exp(-abs(x)))
`

const jlStep = `"1 for positive x, else 0."
_step(x) = oftype(x, x > 0)
`

const jlErf = `"""
The error function: 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 ⋯ (2n + 1)), in which all terms have one
sign, up to |x| = 2, and 1 - erfc(x) beyond.
"""
function _erf(x)
    abs(x) > 2 && return copysign(1 - _erfc(abs(x)), x)
    term = total = x
    n = 0
    while abs(term) > eps(abs(total)) / 4
        n += 1
        term *= 2 * x^2 / (2 * n + 1)
        total += term
    end
    return 2 / sqrt(oftype(x, π)) * exp(-x^2) * total
end

"""
The complementary error function: from x = 2 on, exp(-x²)/√π over the continued fraction
x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ⋯))).
"""
function _erfc(x)
    x < 2 && return 1 - _erf(x)
    fraction = x
    for k in 100:-1:1
        fraction = x + k / (2 * fraction)
    end
    return exp(-x^2) / (sqrt(oftype(x, π)) * fraction)
end
`

const jlSoftmax = `"exp(x) over its sum along dims, without overflow."
function _softmax(x; dims = :)
    z = exp.(x .- maximum(x; dims = dims))
    return z ./ sum(z; dims = dims)
end
`

const jlLogSumExp = `"log of the sum of exp(x) along dims, without overflow."
function _logsumexp(x; dims = :)
    top = maximum(x; dims = dims)
    y = top .+ log.(sum(exp.(x .- top); dims = dims))
    return y isa Real ? y : vec(y)
end
`

const jlKhatriRao = `"Columns kron(A[:, j], B[:, j])."
function _khatri_rao(A, B)
    n = size(A, 2)
    return reshape(reshape(B, :, 1, n) .* reshape(A, 1, :, n), :, n)
end
`

const jlKronApply = `"kron(A, B) * X without the Kronecker product; I is an identity matrix of any size."
function _kron_apply(A, B, X)
    k = size(X, 2)
    Y = X
    if !(B isa UniformScaling)
        Y = reshape(B * reshape(Y, size(B, 2), :), :, k)
    end
    if !(A isa UniformScaling)
        q = div(size(Y, 1), size(A, 2))
        Z = A * reshape(permutedims(reshape(Y, q, :, k), (2, 1, 3)), size(A, 2), :)
        Y = reshape(permutedims(reshape(Z, :, q, k), (2, 1, 3)), :, k)
    end
    return Y
end
`

const jlDeviation = `"Largest difference relative to the largest entry."
function _deviation(got, want)
    size(got) == size(want) ||
        throw(DimensionMismatch("a derivative has size $(size(got)) where differences have $(size(want))"))
    return norm(got - want, Inf) / (1 + norm(want, Inf))
end
`
