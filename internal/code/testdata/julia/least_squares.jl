using LinearAlgebra

"""
    least_squares(X, w, y)

    f = ‖X w − y‖²

    ∂f/∂w = 2 Xᵀ(X w − y)
    vector(n), denominator layout: df = (∂f/∂w)ᵀ dw
"""
function least_squares(
    X::AbstractMatrix{T},
    w::AbstractVector{T},
    y::AbstractVector{T},
) where {T<:AbstractFloat}
    m, n = size(X)
    length(w) == n ||
        throw(DimensionMismatch("w has $(length(w)) entries, but X has $n columns: both must be n"))
    length(y) == m ||
        throw(DimensionMismatch("y has $(length(y)) entries, but X has $m rows: both must be m"))
    t1 = X * w .- y
    value = dot(t1, t1)
    grad_w = 2 .* (X' * t1)
    return value, grad_w
end

"""
    least_squares_check(X, w, y; trials = 3, tolerance = 1e-5)

Compares the derivatives with central differences in random directions.
Returns the largest relative deviation; throws an error above the tolerance.
"""
function least_squares_check(X, w, y; trials = 3, tolerance = 1e-5)
    function base1(X, w, y)
        t1 = X * w .- y
        return dot(t1, t1)
    end

    function along2(result, direction)
        return dot(result, direction)
    end

    X = Float64.(X)
    w = Float64.(w)
    y = Float64.(y)
    worst = 0.0
    for _ in 1:trials
        d_w = randn(size(w))
        results = least_squares(X, w, y)
        h = 1e-6 * (1 + norm(w, Inf))
        difference = (base1(X, w + h * d_w, y) - base1(X, w - h * d_w, y)) / 2h
        worst = max(worst, _deviation(along2(results[2], d_w), difference))
    end
    worst <= tolerance || error("the derivatives deviate from differences by $worst")
    return worst
end

"Largest difference relative to the largest entry."
function _deviation(got, want)
    size(got) == size(want) ||
        throw(DimensionMismatch("a derivative has size $(size(got)) where differences have $(size(want))"))
    return norm(got - want, Inf) / (1 + norm(want, Inf))
end
