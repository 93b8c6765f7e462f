// SPDX-License-Identifier: MIT
// The transcendental operations in units in the last place of the exact result, over their range.
#include <gtest/gtest.h>

#include <cmath>

#include "autograd/ops.h"

namespace descent {
namespace {

// The distance to `exact`, in units in the last place of `exact` as a T.
template <class T>
double ulps(T found, long double exact) {
  const T size = std::abs(T(exact));
  const long double unit =
      (long double)std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
  return double(std::abs((long double)found - exact) / unit);
}

template <class T, class Operation, class Exact>
void expect_accuracy(Operation&& operation, Exact&& exact, double low, double high, double most) {
  constexpr arma::uword n = 200'003;  // the last block is not a whole one
  Graph<T> graph;
  auto x = graph.constant(1, n);
  for (arma::uword i = 0; i < n; ++i) x.value()(i) = T(low + (high - low) * (double(i) + .37) / n);
  const Var<T> y = operation(x);
  graph.forward();
  double worst = 0;
  T at = 0;
  for (arma::uword i = 0; i < n; ++i) {
    const double error = ulps(y.value()(i), exact((long double)x.value()(i)));
    if (!(error <= worst)) worst = error, at = x.value()(i);
  }
  EXPECT_LE(worst, most) << "at " << at;
}

template <class T>
class Accuracy : public testing::Test {};
using Elements = testing::Types<float, double>;
TYPED_TEST_SUITE(Accuracy, Elements);

TYPED_TEST(Accuracy, OfExp) {
  expect_accuracy<TypeParam>([](auto x) { return exp(x); }, [](auto x) { return std::exp(x); }, -80,
                             80, 2);
}
TYPED_TEST(Accuracy, OfTanh) {
  for (const double range : {0.01, 1.0, 12.0})
    expect_accuracy<TypeParam>([](auto x) { return tanh(x); }, [](auto x) { return std::tanh(x); },
                               -range, range, 2);
}
// One unit of exp becomes two where the quotient falls below a power of two.
TYPED_TEST(Accuracy, OfSigmoid) {
  for (const double range : {1.0, 10.0, 60.0})
    expect_accuracy<TypeParam>([](auto x) { return sigmoid(x); },
                               [](auto x) { return 1 / (1 + std::exp(-x)); }, -range, range, 2.5);
}
TYPED_TEST(Accuracy, OfLog1p) {
  expect_accuracy<TypeParam>([](auto x) { return log1p(x); }, [](auto x) { return std::log1p(x); },
                             -0.9, 4, 2);
}

// Of two classes, the log-probability of the first is -log(1 + exp(b - a)), also where it is
// nearly certain.
TYPED_TEST(Accuracy, OfLogSoftmax) {
  using T = TypeParam;
  constexpr arma::uword n = 100'001;
  Graph<T> graph;
  auto x = graph.constant(2, n);
  for (arma::uword j = 0; j < n; ++j) {
    x.value()(0, j) = T(-12 + 30 * double(j) / n);
    x.value()(1, j) = T(0.75);
  }
  const Var<T> y = log_softmax(x);
  graph.forward();
  double worst = 0;
  for (arma::uword j = 0; j < n; ++j) {
    const auto z = (long double)x.value()(1, j) - (long double)x.value()(0, j);
    const long double exact = z > 0 ? -(z + std::log1p(std::exp(-z))) : -std::log1p(std::exp(z));
    worst = std::max(worst, ulps(y.value()(0, j), exact));
  }
  EXPECT_LE(worst, 3);
}

// The position of an element must not matter: replicates and batches are cut differently.
TYPED_TEST(Accuracy, DoesNotDependOnThePositionOfTheElement) {
  using T = TypeParam;
  for (arma::uword n = 1; n < 40; ++n) {
    Graph<T> graph;
    auto x = graph.constant(1, n);
    x.value().fill(T(0.3));
    const Var<T> y = tanh(x), z = sigmoid(x), u = softplus(x);
    graph.forward();
    for (const auto& v : {y, z, u})
      for (const T element : v.value()) ASSERT_EQ(element, v.value()(0)) << n;
  }
}

}  // namespace
}  // namespace descent
