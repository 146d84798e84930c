#pragma once
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

// ‖X w − y‖² and its gradient 2 Xᵀ(X w − y).
namespace least_squares {

template <typename T> using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <typename T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <typename T> struct Result {
  T value;
  Vector<T> gradient;
};

template <typename T> Result<T> evaluate(const Matrix<T>& X, const Vector<T>& w, const Vector<T>& y) {
  if (X.rows() != y.size() || X.cols() != w.size()) {
    std::ostringstream text;
    text << "X is " << X.rows() << " × " << X.cols() << ", but y has " << y.size() << " entries and w " << w.size();
    throw std::invalid_argument(text.str());
  }
  const Vector<T> r = X * w - y;
  return {r.squaredNorm(), T(2) * (X.transpose() * r)};
}

template <typename T> double check(const Matrix<T>& X, const Vector<T>& w, const Vector<T>& y) {
  const T h = std::sqrt(std::sqrt(Eigen::NumTraits<T>::epsilon()));
  const Vector<T> v = Vector<T>::Ones(w.size());
  const T slope = (evaluate<T>(X, w + h * v, y).value - evaluate<T>(X, w - h * v, y).value) / (2 * h);
  const double error = std::abs(evaluate(X, w, y).gradient.dot(v) - slope) / std::max(T(1), std::abs(slope));
  if (!(error < 1e-2)) {
    throw std::runtime_error("the gradient is off");
  }
  return error;
}

}  // namespace least_squares
