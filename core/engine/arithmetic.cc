// SPDX-License-Identifier: MIT
#include "engine/arithmetic.h"

#include <armadillo>
#include <array>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "autograd/graph.h"
#include "autograd/sums.h"
#include "base/floating_point.h"
#include "base/hash.h"
#include "base/random.h"
#include "nn/model.h"

namespace descent::engine {
namespace {

class Bits {
 public:
  template <class T>
  void add(const arma::Mat<T>& m) {
    bytes_.append(reinterpret_cast<const char*>(m.memptr()), m.n_elem * sizeof(T));
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void add(T number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  std::string hash() const { return hash128(bytes_); }

 private:
  std::string bytes_;
};

// Numbers in [-1, 1], the same everywhere: one division of whole numbers each.
template <class T>
arma::Mat<T> numbers(arma::uword rows, arma::uword cols) {
  arma::Mat<T> m(rows, cols);
  std::uint32_t state = 1;
  for (T& x : m) {
    state = state * 1664525 + 1013904223;
    x = T(std::int32_t(state >> 8) - (1 << 23)) / T(1 << 23);
  }
  return m;
}

// Sizes above and below those of the blocks of a BLAS kernel, with remainders.
template <class T>
void multiply(Bits& bits) {
  static constexpr std::array<arma::uword, 3> sizes[] = {
      {67, 41, 29}, {8, 8, 8}, {100, 7, 3}, {2, 300, 5}};
  for (const auto& [m, k, n] : sizes) {
    const auto a = numbers<T>(m, k), b = numbers<T>(k, n);
    const arma::Mat<T> at = a.t(), bt = b.t();
    for (const arma::Mat<T>& product :
         {arma::Mat<T>(a * b), arma::Mat<T>(at.t() * b), arma::Mat<T>(a * bt.t()),
          arma::Mat<T>(at.t() * bt.t()), arma::Mat<T>(a * a.t()), arma::Mat<T>(a * b.col(0)),
          arma::Mat<T>(at.t() * b.col(0))})
      bits.add(product);
    bits.add(arma::dot(a.row(0), b.col(0).t()));
    bits.add(arma::norm(arma::vectorise(a)));
    bits.add(autograd::total(a.memptr(), a.n_elem));
    bits.add(autograd::dot(a.memptr(), at.memptr(), a.n_elem));
  }
}

template <class T>
void solve(Bits& bits) {
  const arma::Mat<T> a = numbers<T>(37, 23), right = numbers<T>(23, 2);
  const arma::Mat<T> square = a.t() * a + arma::eye<arma::Mat<T>>(23, 23);
  bits.add(arma::Mat<T>(arma::solve(square, right)));
  bits.add(arma::Mat<T>(arma::chol(square)));
  arma::Col<T> values;
  arma::Mat<T> vectors;
  if (arma::eig_sym(values, vectors, square)) bits.add(vectors);
  bits.add(arma::Mat<T>(arma::svd(a)));
}

// Scalar functions of the C library. The vector functions come with the layers of take_steps().
template <class T>
void apply_functions(Bits& bits) {
  const arma::Mat<T> arguments = numbers<T>(200, 1);
  for (const T x : arguments) {
    const T positive = 20 * std::abs(x) + T(0.001);
    for (const T value :
         {std::exp(30 * x), std::exp2(9 * x), std::expm1(x), std::log(positive),
          std::log2(positive), std::log10(positive), std::log1p(positive),
          std::pow(positive, 3 * x), std::sin(100 * x), std::cos(100 * x), std::tan(x),
          std::atan(9 * x), std::sinh(5 * x), std::tanh(3 * x), std::erf(2 * x), std::erfc(2 * x),
          std::lgamma(positive), std::cbrt(x), std::hypot(x, positive)})
      bits.add(value);
  }
}

template <class T>
void take_steps(Bits& bits) {
  using Kind = nn::LayerSpec::Kind;
  nn::ModelSpec spec;
  for (const auto activation : {Kind::tanh, Kind::gelu, Kind::softplus, Kind::sigmoid, Kind::elu}) {
    spec.layers.push_back({.kind = Kind::linear, .units = 19});
    spec.layers.push_back({.kind = activation, .slope = 1});
  }
  spec.layers.push_back({.kind = Kind::linear, .units = 5});
  spec.layers.push_back({.kind = Kind::log_softmax});
  const nn::Model model(spec, 13, 5);
  const auto features = numbers<T>(13, 50), targets = numbers<T>(5, 50);
  arma::Col<T> weights, gradient;
  Random random(1, "arithmetic", 0);
  model.initialize(weights, random);
  gradient.zeros(weights.n_elem);
  Graph<T> graph;
  const auto prediction =
      model.record(graph.constant(features.memptr(), 13, 50), weights, &gradient);
  for (int step = 0; step < 5; ++step) {
    graph.forward();
    prediction.node()->gradient = (prediction.value() - targets) / T(50);
    graph.backward();
    weights -= T(0.1) * gradient;
  }
  bits.add(weights);
}

template <class T>
void compute(Bits& bits) {
  multiply<T>(bits);
  solve<T>(bits);
  apply_functions<T>(bits);
  take_steps<T>(bits);
}

}  // namespace

std::string arithmetic() {
  const KeepFloatingPoint keep;
  set_standard_floating_point();
  Bits bits;
  compute<float>(bits);
  compute<double>(bits);
  return bits.hash();
}

}  // namespace descent::engine
