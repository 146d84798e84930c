using LinearAlgebra

"""
    likelihood(A, x, β, s)
"""
function likelihood(
    A::AbstractMatrix{T},
    x::AbstractMatrix{T},
    β::AbstractVector{T},
    s::Real,
) where {T<:AbstractFloat}
    s = T(s)
    n = size(A, 1)
    N = size(x, 1)
    size(A, 2) == n ||
        throw(DimensionMismatch("A has $(size(A, 2)) columns and $n rows: both must be n"))
    size(x, 2) == n ||
        throw(DimensionMismatch("x[i] has $(size(x, 2)) entries, but A has $n rows: both must be n"))
    length(β) == n ||
        throw(DimensionMismatch("β has $(length(β)) entries, but A has $n rows: both must be n"))
    F = lu(A)
    t1 = zero(T)
    for i in 1:N
        t1 += dot(view(x, i, :), F \ view(x, i, :))
    end
    value = logdet(F) + t1 + dot(β, F' \ β) + s * dot(β, β)
    grad_A = inv(F)'
    return value, copy(grad_A)
end
