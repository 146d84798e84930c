package fit

// The derivatives of x = T(u) that second derivatives by u are made of. With g and H the
// gradient and the Hessian by x, and J the Jacobian of T, the Hessian by u is
//
//	Jᵀ H J + Σ_k g_k ∇²T_k,
//
// the derivative of Jᵀg: push is the product with J, pull that with Jᵀ, and bend that of the
// second summand, each with a direction and without a matrix.

// push sets dx to the change of the entries x, at u, in the direction d of the parameters.
func (t *transform) push(u, x, d, dx []float64) {
	n := t.rows * t.cols
	for m := range t.members {
		u, x, d, dx := u[m*t.size:(m+1)*t.size], x[m*n:(m+1)*n], d[m*t.size:(m+1)*t.size], dx[m*n:(m+1)*n]
		switch t.kind {
		case entries, exps:
			for i, k := range t.at {
				switch {
				case k < 0:
					dx[i] = 0
				case t.kind == exps:
					dx[i] = x[i] * d[k]
				default:
					dx[i] = d[k]
				}
			}
		case softmax: // dx = x∘(d − xᵀd)
			for j := range t.cols {
				mean := t.inner(x, d, j)
				for i := j; i < n; i += t.cols {
					dx[i] = x[i] * (d[i] - mean)
				}
			}
		case cholesky: // dX = dL Lᵀ + L dLᵀ
			for i := range t.rows {
				for j := range i + 1 {
					s := 0.0
					for k := range j + 1 {
						s += t.tangent(u, d, i, k)*t.lower(u, j, k) + t.lower(u, i, k)*t.tangent(u, d, j, k)
					}
					dx[i*t.rows+j], dx[j*t.rows+i] = s, s
				}
			}
		}
	}
}

// inner is the inner product of column j of x and y.
func (t *transform) inner(x, y []float64, j int) float64 {
	s := 0.0
	for i := j; i < t.rows*t.cols; i += t.cols {
		s += x[i] * y[i]
	}
	return s
}

// tangent is the entry (i, j), j ≤ i, of the change of the triangle in the direction d.
func (t *transform) tangent(u, d []float64, i, j int) float64 {
	v := d[i*(i+1)/2+j]
	if i == j {
		return v * t.lower(u, i, i)
	}
	return v
}

// bend adds to hd the change of Jᵀg, with g fixed, in the direction d of the parameters.
func (t *transform) bend(u, x, g, d, hd []float64) {
	n := t.rows * t.cols
	for m := range t.members {
		u, d, hd := u[m*t.size:(m+1)*t.size], d[m*t.size:(m+1)*t.size], hd[m*t.size:(m+1)*t.size]
		x, g := x[m*n:(m+1)*n], g[m*n:(m+1)*n]
		switch t.kind {
		case exps:
			for i, k := range t.at {
				if k >= 0 {
					hd[k] += g[i] * x[i] * d[k]
				}
			}
		case softmax: // of x∘(g − xᵀg), with dx = x∘(d − xᵀd)
			for j := range t.cols {
				along, mean, both := t.inner(x, g, j), t.inner(x, d, j), 0.0
				for i := j; i < n; i += t.cols {
					both += x[i] * (d[i] - mean) * g[i]
				}
				for i := j; i < n; i += t.cols {
					hd[i] += x[i] * ((d[i]-mean)*(g[i]-along) - both)
				}
			}
		case cholesky: // of the lower triangle of (G + Gᵀ) L, with L_ii = exp(u)
			n := t.rows
			for i := range n {
				for j := range i + 1 {
					s, own := 0.0, 0.0
					for k := j; k < n; k++ {
						both := g[i*n+k] + g[k*n+i]
						s += both * t.tangent(u, d, k, j)
						own += both * t.lower(u, k, j)
					}
					at := i*(i+1)/2 + j
					if i == j {
						s = (s + own*d[at]) * t.lower(u, i, i)
					}
					hd[at] += s
				}
			}
		}
	}
}
