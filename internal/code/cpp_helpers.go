package code

// Functions that a header has where they are needed.

const cppSigmoid = `/// 1 / (1 + exp(-x)) without overflow.
template <typename Scalar>
Scalar sigmoid(Scalar x) {
  const Scalar z = std::exp(-std::abs(x));
  return (x < 0 ? z : Scalar(1)) / (1 + z);
}
`

const cppSoftplus = `/// log(1 + exp(x)) without overflow.
template <typename Scalar>
Scalar softplus(Scalar x) {
  return std::max<Scalar>(x, 0) + std::log1p(std::exp(-std::abs(x)));
}
`

const cppUnitStep = `/// 1 for positive numbers, else 0.
template <typename Scalar>
Scalar unit_step(Scalar x) {
  return x > 0 ? Scalar(1) : Scalar(0);
}
`

const cppSign = `/// -1, 0 or 1.
template <typename Scalar>
Scalar sign(Scalar x) {
  return x > 0 ? Scalar(1) : x < 0 ? Scalar(-1) : x;
}
`

const cppSquare = `/// m times its transpose, of which one half is computed.
template <typename Scalar, typename Derived>
Matrix<Scalar> square(const Eigen::MatrixBase<Derived>& m) {
  Matrix<Scalar> half = Matrix<Scalar>::Zero(m.rows(), m.rows());
  half.template selfadjointView<Eigen::Lower>().rankUpdate(m.derived());
  return half.template selfadjointView<Eigen::Lower>();
}
`

const cppSoftmax = `/// exp(x) over its sum, without overflow.
template <typename Scalar>
Vector<Scalar> softmax(const Vector<Scalar>& x) {
  const Vector<Scalar> z = (x.array() - x.maxCoeff()).exp();
  return z / z.sum();
}
`

const cppSoftmaxRows = `/// The softmax of each row.
template <typename Scalar>
Matrix<Scalar> softmax_rows(Matrix<Scalar> a) {
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    a.row(i) = softmax<Scalar>(a.row(i).transpose()).transpose();
  }
  return a;
}
`

const cppSoftmaxCols = `/// The softmax of each column.
template <typename Scalar>
Matrix<Scalar> softmax_cols(Matrix<Scalar> a) {
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    a.col(j) = softmax<Scalar>(a.col(j));
  }
  return a;
}
`

const cppLogSumExp = `/// log of the sum of exp(x), without overflow.
template <typename Scalar>
Scalar log_sum_exp(const Vector<Scalar>& x) {
  const Scalar top = x.maxCoeff();
  return std::isfinite(top) ? top + std::log((x.array() - top).exp().sum()) : top;
}
`

const cppLogSumExpRows = `/// log_sum_exp of each row.
template <typename Scalar>
Vector<Scalar> log_sum_exp_rows(const Matrix<Scalar>& a) {
  Vector<Scalar> s(a.rows());
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    s(i) = log_sum_exp<Scalar>(a.row(i).transpose());
  }
  return s;
}
`

const cppLogSumExpCols = `/// log_sum_exp of each column.
template <typename Scalar>
Vector<Scalar> log_sum_exp_cols(const Matrix<Scalar>& a) {
  Vector<Scalar> s(a.cols());
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    s(j) = log_sum_exp<Scalar>(a.col(j));
  }
  return s;
}
`

const cppLogDeterminant = `/// log of a determinant, NaN where that is not positive.
template <typename Scalar>
Scalar log_determinant(const Eigen::PartialPivLU<Matrix<Scalar>>& lu) {
  const Vector<Scalar> u = lu.matrixLU().diagonal();
  const Scalar sign = u.array().sign().prod() * Scalar(lu.permutationP().determinant());
  return sign > 0 ? u.array().abs().log().sum() : std::numeric_limits<Scalar>::quiet_NaN();
}
`

const cppRequireRegular = `/// Throws where a factorised matrix is singular.
template <typename Scalar>
void require_regular(const Eigen::PartialPivLU<Matrix<Scalar>>& lu, const char* name) {
  if ((lu.matrixLU().diagonal().array() == 0).any()) {
    throw std::domain_error(std::string(name) + " is singular");
  }
}
`

const cppPower = `/// a to the power k, of the inverse if k is negative.
template <typename Scalar>
Matrix<Scalar> power(Matrix<Scalar> a, Eigen::Index k) {
  if (k < 0) {
    const Eigen::PartialPivLU<Matrix<Scalar>> lu(a);
    if ((lu.matrixLU().diagonal().array() == 0).any()) {
      throw std::domain_error("a singular matrix has no negative power");
    }
    a = lu.inverse();
    k = -k;
  }
  Matrix<Scalar> p = Matrix<Scalar>::Identity(a.rows(), a.cols());
  for (; k > 0; k /= 2) {
    if (k % 2 == 1) {
      p = p * a;
    }
    if (k > 1) {
      a = a * a;
    }
  }
  return p;
}
`

const cppKron = `/// The Kronecker product.
template <typename Scalar>
Matrix<Scalar> kron(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  Matrix<Scalar> k(a.rows() * b.rows(), a.cols() * b.cols());
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    for (Eigen::Index j = 0; j < a.cols(); ++j) {
      k.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
    }
  }
  return k;
}
`

const cppKronRight = `/// (I kron B) X without the Kronecker product.
template <typename Scalar>
Matrix<Scalar> kron_right(const Matrix<Scalar>& b, const Matrix<Scalar>& x) {
  const Eigen::Index n = x.rows() / b.cols();
  Matrix<Scalar> y(n * b.rows(), x.cols());
  for (Eigen::Index i = 0; i < n; ++i) {
    y.middleRows(i * b.rows(), b.rows()).noalias() = b * x.middleRows(i * b.cols(), b.cols());
  }
  return y;
}
`

const cppKronLeft = `/// (A kron I) X without the Kronecker product.
template <typename Scalar>
Matrix<Scalar> kron_left(const Matrix<Scalar>& a, const Matrix<Scalar>& x) {
  const Eigen::Index n = x.rows() / a.cols();
  Matrix<Scalar> y(a.rows() * n, x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    Eigen::Map<Matrix<Scalar>>(y.col(j).data(), n, a.rows()).noalias() =
        Eigen::Map<const Matrix<Scalar>>(x.col(j).data(), n, a.cols()) * a.transpose();
  }
  return y;
}
`

const cppKhatriRao = `/// The Kronecker product of each column of a with that of b.
template <typename Scalar>
Matrix<Scalar> khatri_rao(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  Matrix<Scalar> k(a.rows() * b.rows(), a.cols());
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    k.middleRows(i * b.rows(), b.rows()) = b * a.row(i).asDiagonal();
  }
  return k;
}
`

const cppCommutation = `/// The matrix K with K vec(A) = vec(A') for A of p by q.
template <typename Scalar>
Matrix<Scalar> commutation(Eigen::Index p, Eigen::Index q) {
  Matrix<Scalar> k = Matrix<Scalar>::Zero(p * q, p * q);
  for (Eigen::Index i = 0; i < p * q; ++i) {
    k(i, i % q * p + i / q) = 1;
  }
  return k;
}
`

const cppCommute = `/// K x for the K with K vec(A) = vec(A'), A of p by q: rows in another order.
template <typename Scalar>
Matrix<Scalar> commute(Eigen::Index p, Eigen::Index q, const Matrix<Scalar>& x) {
  Matrix<Scalar> y(x.rows(), x.cols());
  for (Eigen::Index i = 0; i < p * q; ++i) {
    y.row(i) = x.row(i % q * p + i / q);
  }
  return y;
}
`

const cppRandom = `/// A matrix with entries from the normal distribution.
inline Matrix<double> random_matrix(std::mt19937& rng, Eigen::Index rows, Eigen::Index cols) {
  std::normal_distribution<double> normal;
  return Matrix<double>::NullaryExpr(rows, cols, [&]() { return normal(rng); });
}
`

const cppRandomMatrices = `/// Matrices of the shapes of those in list with entries from the normal distribution.
inline std::vector<Matrix<double>> random_matrices(std::mt19937& rng, const std::vector<Matrix<double>>& list) {
  std::vector<Matrix<double>> drawn;
  for (const Matrix<double>& a : list) {
    drawn.push_back(random_matrix(rng, a.rows(), a.cols()));
  }
  return drawn;
}
`

const cppMoved = `/// Each matrix of list, plus step times that of d.
inline std::vector<Matrix<double>> moved(std::vector<Matrix<double>> list, double step, const std::vector<Matrix<double>>& d) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    list[i] += step * d[i];
  }
  return list;
}
`

const cppCastAll = `/// Matrices with entries of type double.
template <typename Scalar>
std::vector<Matrix<double>> cast_all(const std::vector<Matrix<Scalar>>& list) {
  std::vector<Matrix<double>> cast;
  for (const Matrix<Scalar>& a : list) {
    cast.push_back(a.template cast<double>());
  }
  return cast;
}
`

const cppLargest = `/// The largest entry in absolute value; NaN if there is one.
inline double largest(const Matrix<double>& a) {
  return a.size() == 0 ? 0 : a.cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
}
`

const cppLargestOfAll = `/// The largest entry of all matrices in absolute value.
inline double largest(const std::vector<Matrix<double>>& list) {
  double top = 0;
  for (const Matrix<double>& a : list) {
    top = std::max(top, largest(a));
  }
  return top;
}
`

const cppRecord = `/// Notes the largest difference relative to the largest entry; throws above the tolerance.
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
`

const cppRecordNumber = `/// Notes the relative difference of numbers; throws above the tolerance.
inline void record(double& worst, double tolerance, double got, double want) {
  record(worst, tolerance, Matrix<double>::Constant(1, 1, got), Matrix<double>::Constant(1, 1, want));
}
`
