#include "driver.hpp"

namespace runner {

namespace {

std::ofstream out;

void say(const char* kind, const std::string& text) {
  out << kind << ' ';
  for (char c : text) {
    if (c == '\\') out << "\\\\";
    else if (c == '\n') out << "\\n";
    else out << c;
  }
  out << std::endl;
}

std::string digits(double x) {
  std::ostringstream s;
  s << std::setprecision(17) << x;
  return s.str();
}

template <typename T> const char* name() { return std::is_same<T, float>::value ? "float32" : "float64"; }

template <typename T> void entries(std::string& text, const Mat<T>& v) {
  for (Eigen::Index i = 0; i < v.rows(); i++)
    for (Eigen::Index k = 0; k < v.cols(); k++) text += ' ' + digits(v(i, k));
}

template <typename T> void write_value(const std::string& shape, const Mat<T>& v) {
  std::string text = std::string(name<T>()) + ' ' + shape;
  entries(text, v);
  say("V", text);
}

template <typename T> std::string shape(const Mat<T>& v) {
  return ' ' + std::to_string(v.rows()) + ' ' + std::to_string(v.cols());
}

template <typename T> void write_list(const std::vector<Mat<T>>& v) {
  std::string text = std::string(name<T>()) + " 3 " + std::to_string(v.size());
  text += v.empty() ? " 0 0" : shape(v[0]);
  for (const Mat<T>& m : v) entries(text, m);
  say("V", text);
}

std::map<int, Job<double>>& doubles() {
  static std::map<int, Job<double>> jobs;
  return jobs;
}

std::map<int, Job<float>>& floats() {
  static std::map<int, Job<float>> jobs;
  return jobs;
}

template <typename F> void guarded(const char* kind, F f) {
  try {
    f();
  } catch (const std::exception& e) {
    say(kind, e.what());
  } catch (...) {
    say(kind, "throws what is no std::exception");
  }
}

template <typename T> void run(const std::string& folder, const Job<T>& job) {
  std::vector<std::string> words;
  std::ifstream in(folder + "/args");
  for (std::string word; in >> word;) words.push_back(word);
  std::size_t at = 2;
  for (int p = std::stoi(words[0]); p > 0; p--) {
    say("P", "");
    Args<T> args(words, at);
    guarded("X", [&] { job.call(args); });
    if (job.check) {
      Args<T> again(words, at);
      guarded("Y", [&] { say("C", digits(job.check(again))); });
    }
    at = args.at();
  }
}

}  // namespace

template <typename T> double Args<T>::number() { return std::strtod(words_.at(at_++).c_str(), nullptr); }

template <typename T> Mat<T> Args<T>::entries(int rows, int cols) {
  Mat<T> m(rows, cols);
  for (int i = 0; i < rows; i++)
    for (int k = 0; k < cols; k++) m(i, k) = T(number());
  return m;
}

template <typename T> T Args<T>::scalar() {
  at_++;
  return T(number());
}

template <typename T> int Args<T>::integer() {
  at_++;
  return int(number());
}

template <typename T> Vec<T> Args<T>::vector() {
  at_++;
  const int n = int(number());
  return entries(n, 1);
}

template <typename T> Mat<T> Args<T>::matrix() {
  at_++;
  const int rows = int(number()), cols = int(number());
  return entries(rows, cols);
}

template <typename T> std::vector<Mat<T>> Args<T>::matrices() {
  at_++;
  const int n = int(number()), rows = int(number()), cols = int(number());
  std::vector<Mat<T>> list;
  for (int i = 0; i < n; i++) list.push_back(entries(rows, cols));
  return list;
}

template <typename T> std::function<T(T)> Args<T>::function() {
  at_++;
  std::array<double, 5> c;
  for (double& x : c) x = number();
  return [c](T t) { return T(c[0] * std::sin(c[1] * t + c[2]) + c[3] * std::exp(c[4] * t)); };
}

template class Args<double>;
template class Args<float>;

void refuse(const char* what) { throw std::logic_error(std::string("Eigen requires ") + what); }

void write(double v) { say("V", "float64 0 " + digits(v)); }
void write(float v) { say("V", "float32 0 " + digits(v)); }
void write(const Vec<double>& v) { write_value<double>("1 " + std::to_string(v.size()), v); }
void write(const Vec<float>& v) { write_value<float>("1 " + std::to_string(v.size()), v); }
void write(const Mat<double>& v) { write_value<double>("2" + shape(v), v); }
void write(const Mat<float>& v) { write_value<float>("2" + shape(v), v); }
void write(const std::vector<Mat<double>>& v) { write_list(v); }
void write(const std::vector<Mat<float>>& v) { write_list(v); }

int add(int number, Job<double> job) {
  doubles()[number] = job;
  return number;
}

int add(int number, Job<float> job) {
  floats()[number] = job;
  return number;
}

}  // namespace runner

int main(int, char** given) {
  using namespace runner;
  out.open(given[4], std::ios::app);
  for (int k = std::stoi(given[2]); k <= std::stoi(given[3]); k++) {
    const std::string folder = std::string(given[1]) + '/' + std::to_string(k);
    say("J", std::to_string(k));
    if (doubles().count(k)) run(folder, doubles()[k]);
    if (floats().count(k)) run(folder, floats()[k]);
    say("D", "");
  }
}
