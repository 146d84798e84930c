#pragma once
#include <Eigen/Dense>
#include <functional>
#include <vector>

namespace kinds {

template <typename T> using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <typename T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <typename T> struct Result {
  T s;
  Matrix<T> row, A;
  Vector<T> u;
  std::vector<Matrix<T>> K;
};

template <typename T>
Result<T> evaluate(T a, int n, const Vector<T>& v, const Matrix<T>& M, const std::vector<Matrix<T>>& L,
                   const std::function<T(T)>& f) {
  Result<T> r;
  r.u = v.unaryExpr(f);
  r.s = a + T(n) + r.u.sum();
  r.row = v.transpose() * M;
  r.A = a * M;
  for (const Matrix<T>& m : L) {
    r.K.push_back((a * m).array() + T(n));
  }
  return r;
}

}  // namespace kinds
