// SPDX-License-Identifier: MIT
// Long sums of float32 within 1e-6 of those in double, of terms with rounding errors that all have
// the same sign (a constant) as of mixed ones.
#include "autograd/sums.h"

#include <gtest/gtest.h>

#include "autograd/ops.h"

namespace descent {
namespace {

constexpr arma::uword samples = 5'000'000, layer_samples = 300'000;

arma::fmat positive(arma::uword rows) {
  arma::arma_rng::set_seed(7);
  return arma::fmat(rows, layer_samples, arma::fill::randu);
}

arma::mat in_double(const arma::fmat& x) { return arma::conv_to<arma::mat>::from(x); }

void expect_close(const arma::fmat& found, const arma::mat& expected) {
  for (arma::uword i = 0; i < expected.n_elem; ++i)
    EXPECT_NEAR(double(found[i]), expected[i], 1e-6 * std::abs(expected[i])) << "element " << i;
}

TEST(LongSum, OfAConstantIsExactToSixDigits) {
  for (const float value : {0.1F, 0.01F, 1 / 3.0F, 1e-7F}) {
    const arma::fvec x(samples, arma::fill::value(value));
    EXPECT_NEAR(autograd::total(x.memptr(), samples), double(samples) * double(value),
                1e-6 * double(samples) * double(value));
    EXPECT_NEAR(autograd::dot(x.memptr(), x.memptr(), samples),
                double(samples) * double(value) * double(value),
                1e-6 * double(samples) * double(value) * double(value));
  }
}

// Compiled without vectors as with them.
TEST(LongSum, OfTermsIsExactToSixDigits) {
  for (const arma::uword n : {arma::uword(31), arma::uword(255), samples})
    for (const float value : {0.1F, 0.01F, 1 / 3.0F, 1e-7F})
      EXPECT_NEAR(autograd::sum_of<float>(n, [=](arma::uword) { return value; }),
                  double(n) * double(value), 1e-6 * double(n) * double(value))
          << n << " times " << value;
  EXPECT_EQ(autograd::sum_of<float>(1000, [](arma::uword i) { return float(i); }), 499500);
  EXPECT_EQ(autograd::sum_of<float>(0, [](arma::uword) { return 1.0F; }), 0);
}

TEST(LongSum, MayExceedTheLargestFloat32) {
  const arma::fvec x(1000, arma::fill::value(1e36F));  // 256 of them still fit
  EXPECT_NEAR(autograd::total(x.memptr(), 1000), 1e39, 1e33);
}

TEST(LongSum, OfAGraphIsExactToSixDigits) {
  const arma::fmat x(3, samples, arma::fill::value(0.1F));
  Graph<float> graph;
  const auto in = graph.constant(x.memptr(), 3, samples);
  const auto all = mean(in), rows = sum(in, 1);
  graph.forward();
  EXPECT_NEAR(all.value()(0), 0.1, 1e-7);
  expect_close(rows.value(), arma::vec(3, arma::fill::value(double(0.1F) * samples)));
}

// The gradients of a layer: of its weights, dy x', and of its biases, the row sums of dy. Widths of
// every path: one by one, few, and a matrix product.
TEST(LongSum, OfALayersGradientsIsExactToSixDigits) {
  for (const auto& [outputs, inputs] :
       {std::pair(1, 1), std::pair(1, 20), std::pair(3, 5), std::pair(2, 17), std::pair(10, 12)}) {
    const auto x = positive(arma::uword(inputs));
    const arma::fmat w(arma::uword(outputs), x.n_rows, arma::fill::ones);
    const arma::fvec b(w.n_rows, arma::fill::ones);
    arma::fmat dw(arma::size(w), arma::fill::value(1e30F)), db(w.n_rows, 1);
    Graph<float> graph;
    const auto weight = graph.parameter(w.memptr(), dw.memptr(), w.n_rows, w.n_cols);
    const auto bias = graph.parameter(b.memptr(), db.memptr(), b.n_rows, 1);
    const auto y = linear(weight, graph.constant(x.memptr(), x.n_rows, layer_samples), bias);
    graph.forward();
    y.node()->gradient.fill(0.2F);
    graph.backward();
    const arma::vec row_sums = double(0.2F) * arma::sum(in_double(x), 1);
    expect_close(dw, arma::repmat(row_sums.t(), w.n_rows, 1));
    expect_close(db, arma::vec(w.n_rows, arma::fill::value(double(0.2F) * layer_samples)));
  }
}

// Where two layers share a weight, the second adds to the gradient of the first.
TEST(LongSum, IsAddedToAGradientThatIsThere) {
  const auto x = positive(12);
  const arma::fmat w(10, 12, arma::fill::ones);
  const arma::fvec b(10, arma::fill::zeros);
  arma::fmat dw(10, 12);
  Graph<float> graph;
  const auto weight = graph.parameter(w.memptr(), dw.memptr(), 10, 12);
  const auto in = graph.constant(x.memptr(), 12, layer_samples),
             zero = graph.constant(b.memptr(), 10, 1);
  const auto loss = sum(linear(weight, in, zero)) + sum(linear(weight, in, zero));
  graph.forward();
  graph.backward(loss);
  expect_close(dw, arma::repmat(2 * arma::sum(in_double(x), 1).t(), 10, 1));
}

}  // namespace
}  // namespace descent
