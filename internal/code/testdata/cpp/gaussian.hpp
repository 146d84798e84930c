#pragma once

#include <Eigen/Dense>
#include <stdexcept>
#include <string>

namespace gaussian {

template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

/// f = (N*logdet(S) + tr(inv(S)*(X - ones(N)*mu')'*(X - ones(N)*mu')))/2
///
/// Throws std::invalid_argument where sizes do not agree, std::domain_error where a matrix has no
/// inverse or is not positive definite.
template <typename Scalar>
Scalar evaluate(const Matrix<Scalar>& S, const Matrix<Scalar>& X, const Vector<Scalar>& mu) {
  const Eigen::Index N = X.rows();
  const Eigen::Index d = S.rows();
  if (S.cols() != d) {
    throw std::invalid_argument("S has " + std::to_string(S.cols()) +
                                " columns and " + std::to_string(d) + " rows: both must be d");
  }
  if (X.cols() != d) {
    throw std::invalid_argument("X has " + std::to_string(X.cols()) +
                                " columns, but S has " + std::to_string(d) + " rows: both must be d");
  }
  if (mu.size() != d) {
    throw std::invalid_argument("mu has " + std::to_string(mu.size()) +
                                " entries, but S has " + std::to_string(d) + " rows: both must be d");
  }
  const Eigen::LLT<Matrix<Scalar>> llt(S);
  if (llt.info() != Eigen::Success) {
    throw std::domain_error("S is not positive definite");
  }
  const Scalar t1 = Scalar(N) * (2 * llt.matrixLLT().diagonal().array().log().sum());
  const Matrix<Scalar> t2 = X.rowwise() - mu.transpose();
  const Scalar t3 = t1 + t2.transpose().cwiseProduct(llt.solve(t2.transpose())).sum();
  return 0.5 * t3;
}

}  // namespace gaussian
