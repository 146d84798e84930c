#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <limits>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace least_squares {

template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

/// What evaluate returns.
template <typename Scalar>
struct Result {
  Scalar value;
  Vector<Scalar> grad_w;
};

/// f = ‖X w − y‖²
///
/// ∂f/∂w = 2 Xᵀ(X w − y)
/// vector(n), denominator layout: df = (∂f/∂w)ᵀ dw
///
/// Throws std::invalid_argument where sizes do not agree.
template <typename Scalar>
Result<Scalar> evaluate(const Matrix<Scalar>& X, const Vector<Scalar>& w, const Vector<Scalar>& y) {
  const Eigen::Index m = X.rows();
  const Eigen::Index n = X.cols();
  if (w.size() != n) {
    throw std::invalid_argument("w has " + std::to_string(w.size()) +
                                " entries, but X has " + std::to_string(n) + " columns: both must be n");
  }
  if (y.size() != m) {
    throw std::invalid_argument("y has " + std::to_string(y.size()) +
                                " entries, but X has " + std::to_string(m) + " rows: both must be m");
  }
  Result<Scalar> result;
  const Vector<Scalar> t1 = X * w - y;
  result.value = t1.squaredNorm();
  result.grad_w = 2 * (X.transpose() * t1);
  return result;
}

/// A matrix with entries from the normal distribution.
inline Matrix<double> random_matrix(std::mt19937& rng, Eigen::Index rows, Eigen::Index cols) {
  std::normal_distribution<double> normal;
  return Matrix<double>::NullaryExpr(rows, cols, [&]() { return normal(rng); });
}

/// The largest entry in absolute value; NaN if there is one.
inline double largest(const Matrix<double>& a) {
  return a.size() == 0 ? 0 : a.cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
}

/// Notes the largest difference relative to the largest entry; throws above the tolerance.
inline void record(double& worst, double tolerance, const Matrix<double>& got, const Matrix<double>& want) {
  const double deviation = got.rows() == want.rows() && got.cols() == want.cols()
                               ? largest(got - want) / (1 + largest(want))
                               : std::numeric_limits<double>::infinity();
  if (!(deviation <= tolerance)) {
    std::ostringstream text;
    text << "the derivatives deviate from differences by " << deviation;
    throw std::runtime_error(text.str());
  }
  worst = std::max(worst, deviation);
}

/// Notes the relative difference of numbers; throws above the tolerance.
inline void record(double& worst, double tolerance, double got, double want) {
  record(worst, tolerance, Matrix<double>::Constant(1, 1, got), Matrix<double>::Constant(1, 1, want));
}

/// What is differentiated.
template <typename Scalar>
Scalar base1(const Matrix<Scalar>& X, const Vector<Scalar>& w, const Vector<Scalar>& y) {
  const Vector<Scalar> t1 = X * w - y;
  return t1.squaredNorm();
}

/// What grad_w says of a direction.
template <typename Scalar>
Scalar along2(const Vector<Scalar>& result, const Vector<Scalar>& direction) {
  return result.dot(direction);
}

/// Compares the derivatives with central differences in random directions. Returns
/// the largest relative deviation; throws std::runtime_error above the tolerance.
template <typename Scalar>
double check(const Matrix<Scalar>& X, const Vector<Scalar>& w, const Vector<Scalar>& y, int trials = 3,
             double tolerance = 1e-5) {
  if constexpr (!std::is_same_v<Scalar, double>) {
    return check<double>(X.template cast<double>(), w.template cast<double>(), y.template cast<double>(), trials, tolerance);
  } else {
    std::mt19937 rng(0);
    double worst = 0;
    for (int trial = 0; trial < trials; ++trial) {
      const Vector<double> d_w = random_matrix(rng, w.rows(), w.cols());
      const Result<double> result = evaluate<double>(X, w, y);
      {
        const double step = 1e-6 * (1 + largest(w));
        const double up = base1<double>(X, w + step * d_w, y);
        const double down = base1<double>(X, w - step * d_w, y);
        record(worst, tolerance, along2<double>(result.grad_w, d_w), (up - down) / (2 * step));
      }
    }
    return worst;
  }
}

}  // namespace least_squares
