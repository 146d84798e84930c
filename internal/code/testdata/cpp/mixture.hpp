#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace mixture {

template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
/// The scalar type where it is not deduced: other arguments say what it is.
template <typename Scalar>
using Number = typename Eigen::NumTraits<Scalar>::Real;

/// 1 / (1 + exp(-x)) without overflow.
template <typename Scalar>
Scalar sigmoid(Scalar x) {
  const Scalar z = std::exp(-std::abs(x));
  return (x < 0 ? z : Scalar(1)) / (1 + z);
}

/// f = sum(k, sum(sigma(A[k]*x - c)))/(1 + c^2) + norm2(x)*x'*sigmoid(x)
///
/// Throws std::invalid_argument where sizes do not agree.
template <typename Scalar>
Scalar evaluate(const std::function<Number<Scalar>(Number<Scalar>)>& sigma,
                const std::vector<Matrix<Scalar>>& A, const Vector<Scalar>& x, Number<Scalar> c) {
  if (A.empty()) {
    throw std::invalid_argument("A is empty");
  }
  const Eigen::Index K = static_cast<Eigen::Index>(A.size());
  const Eigen::Index n = A[0].rows();
  if (x.size() != n) {
    throw std::invalid_argument("x has " + std::to_string(x.size()) +
                                " entries, but A[k] has " + std::to_string(n) + " rows: both must be n");
  }
  for (const Matrix<Scalar>& member : A) {
    if (member.rows() != n || member.cols() != n) {
      throw std::invalid_argument("the matrices in A have different shapes");
    }
  }
  Scalar t1(0);
  for (Eigen::Index k = 0; k < K; ++k) {
    t1 += ((A[k] * x).array() - c).unaryExpr(sigma).sum();
  }
  return t1 / (1 + c * c) + x.stableNorm() * x.dot(x.unaryExpr(&sigmoid<Scalar>));
}

}  // namespace mixture
