#pragma once

#include <Eigen/Dense>
#include <stdexcept>
#include <string>

namespace ridge {

template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
/// The scalar type where it is not deduced: other arguments say what it is.
template <typename Scalar>
using Number = typename Eigen::NumTraits<Scalar>::Real;

/// m times its transpose, of which one half is computed.
template <typename Scalar, typename Derived>
Matrix<Scalar> square(const Eigen::MatrixBase<Derived>& m) {
  Matrix<Scalar> half = Matrix<Scalar>::Zero(m.rows(), m.rows());
  half.template selfadjointView<Eigen::Lower>().rankUpdate(m.derived());
  return half.template selfadjointView<Eigen::Lower>();
}

/// Throws where a factorised matrix is singular.
template <typename Scalar>
void require_regular(const Eigen::PartialPivLU<Matrix<Scalar>>& lu, const char* name) {
  if ((lu.matrixLU().diagonal().array() == 0).any()) {
    throw std::domain_error(std::string(name) + " is singular");
  }
}

/// f = inv(X'*X + a*eye(n) + diag(d.^2))*X'*y
///
/// Throws std::invalid_argument where sizes do not agree, std::domain_error where a matrix has no
/// inverse or is not positive definite.
template <typename Scalar>
Vector<Scalar> evaluate(const Matrix<Scalar>& X, Number<Scalar> a, const Vector<Scalar>& d,
                        const Vector<Scalar>& y) {
  const Eigen::Index m = X.rows();
  const Eigen::Index n = X.cols();
  if (d.size() != n) {
    throw std::invalid_argument("d has " + std::to_string(d.size()) +
                                " entries, but X has " + std::to_string(n) + " columns: both must be n");
  }
  if (y.size() != m) {
    throw std::invalid_argument("y has " + std::to_string(y.size()) +
                                " entries, but X has " + std::to_string(m) + " rows: both must be m");
  }
  Matrix<Scalar> t1 = square<Scalar>(X.transpose());
  t1.diagonal() += (a + d.cwiseAbs2().array()).matrix();
  const Eigen::PartialPivLU<Matrix<Scalar>> lu(t1);
  require_regular<Scalar>(lu, "X'*X + diag(a + d.^2)");
  return lu.solve(X.transpose() * y);
}

}  // namespace ridge
