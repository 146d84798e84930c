// Runs jobs; the files are described in protocol.go of package runner.
#ifndef NABLA_RUNNER_DRIVER_HPP
#define NABLA_RUNNER_DRIVER_HPP
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// A failed assertion of Eigen is an error of the job, not the end of all.
namespace runner {
[[noreturn]] void refuse(const char* what);
}
#define eigen_assert(x) ((x) ? void(0) : runner::refuse(#x))
#include <Eigen/Dense>

namespace runner {

template <typename T> using Vec = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <typename T> using Mat = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

// Args reads the arguments of a job, in order.
template <typename T> class Args {
 public:
  Args(const std::vector<std::string>& words, std::size_t at) : words_(words), at_(at) {}
  std::size_t at() const { return at_; }
  T scalar();
  int integer();
  Vec<T> vector();
  Mat<T> matrix();
  std::vector<Mat<T>> matrices();
  std::function<T(T)> function();

 private:
  double number();
  Mat<T> entries(int rows, int cols);
  const std::vector<std::string>& words_;
  std::size_t at_;
};

extern template class Args<double>;
extern template class Args<float>;

void write(double v);
void write(float v);
void write(const Vec<double>& v);
void write(const Vec<float>& v);
void write(const Mat<double>& v);
void write(const Mat<float>& v);
void write(const std::vector<Mat<double>>& v);
void write(const std::vector<Mat<float>>& v);

// plain is true of what write takes as it is: no expression, which may refer to what is gone.
template <typename R> struct plain : std::false_type {};
template <> struct plain<double> : std::true_type {};
template <> struct plain<float> : std::true_type {};
template <typename T> struct plain<Vec<T>> : std::true_type {};
template <typename T> struct plain<Mat<T>> : std::true_type {};
template <typename T> struct plain<std::vector<Mat<T>>> : std::true_type {};

template <typename R> void result(const R& r) {
  static_assert(plain<R>::value, "a result is a number, a vector, a matrix or a std::vector of matrices");
  if constexpr (plain<R>::value) write(r);
}

template <typename T> struct Job {
  void (*call)(Args<T>&);
  double (*check)(Args<T>&);  // null where it is not asked for
};

int add(int number, Job<double> job);
int add(int number, Job<float> job);

}  // namespace runner

#endif
