// SPDX-License-Identifier: MIT
// Where weights lie, how they start, and what the model predicts.
#include "nn/model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "autograd/ops.h"

namespace descent {
namespace {

using Kind = nn::LayerSpec::Kind;

nn::LayerSpec linear(std::uint64_t units, bool bias = true) {
  return {.kind = Kind::linear, .units = units, .bias = bias};
}
nn::LayerSpec activation(Kind kind, double slope = 0.01) { return {.kind = kind, .slope = slope}; }

nn::Model two_layers(nn::InitSpec init = {}) {
  return {{{linear(3), activation(Kind::tanh), linear(0)}, init}, 4, 2};
}

arma::mat predict(const nn::Model& model, const arma::mat& input, const arma::vec& x) {
  Graph<double> graph;
  const auto y = model.record(graph.constant(input.memptr(), input.n_rows, input.n_cols), x,
                              static_cast<arma::vec*>(nullptr));
  graph.forward();
  return y.value();
}

TEST(Layout, PutsEveryWeightBeforeEveryBias) {
  const auto model = two_layers();
  ASSERT_EQ(model.blocks().size(), 4u);
  const auto expect = [&](std::size_t i, const char* name, arma::uword offset, arma::uword rows,
                          arma::uword cols, bool is_bias) {
    const auto& block = model.blocks()[i];
    EXPECT_EQ(block.name, name);
    EXPECT_EQ(block.offset, offset);
    EXPECT_EQ(block.rows, rows);
    EXPECT_EQ(block.cols, cols);
    EXPECT_EQ(block.is_bias, is_bias);
  };
  expect(0, "linear0.weight", 0, 3, 4, false);
  expect(1, "linear1.weight", 12, 2, 3, false);
  expect(2, "linear0.bias", 18, 3, 1, true);
  expect(3, "linear1.bias", 21, 2, 1, true);
  EXPECT_EQ(model.size(), 23u);
  EXPECT_EQ(model.weight_count(), 18u);
}

TEST(Layout, GivesTheLastLayerAsManyUnitsAsTheTargetsNeed) {
  EXPECT_EQ(two_layers().outputs(), 2u);
  EXPECT_EQ(two_layers().inputs(), 4u);
  EXPECT_EQ(nn::Model({{linear(5)}, {}}, 4, 2).outputs(), 5u);
}

TEST(Layout, HasNoBlockForABiasThatIsNotWanted) {
  const nn::Model model({{linear(3, false), linear(1)}, {}}, 2, 1);
  ASSERT_EQ(model.blocks().size(), 3u);
  EXPECT_EQ(model.blocks()[2].name, "linear1.bias");
  EXPECT_EQ(model.size(), 6u + 3u + 1u);
  EXPECT_EQ(model.weight_count(), 9u);
}

TEST(Prediction, IsWeightsTimesInputPlusBias) {
  const nn::Model model({{linear(2)}, {}}, 3, 2);
  const arma::vec x = {1, 4, 2, 5, 3, 6, 10, 20};  // W = [1 2 3; 4 5 6], b = [10; 20]
  const arma::mat input = {{1, 0}, {0, 1}, {1, -1}};
  const arma::mat expected = {{14, 9}, {30, 19}};
  EXPECT_TRUE(arma::approx_equal(predict(model, input, x), expected, "absdiff", 0));
}

TEST(Prediction, WithoutBiasIsWeightsTimesInput) {
  const nn::Model model({{linear(1, false)}, {}}, 2, 1);
  EXPECT_EQ(predict(model, arma::vec{3, 4}, arma::vec{10, 100})(0), 430);
}

TEST(Prediction, OfTwoLayersIsTheFormula) {
  const auto model = two_layers();
  Random random(1, "init");
  arma::vec x;
  model.initialize(x, random);
  const arma::mat input = {{1, 0.5}, {0, -1}, {2, 0}, {-1, 3}};
  const arma::mat w0 = arma::reshape(x.subvec(0, 11), 3, 4),
                  w1 = arma::reshape(x.subvec(12, 17), 2, 3);
  arma::mat hidden = w0 * input;
  hidden.each_col() += x.subvec(18, 20);
  arma::mat expected = w1 * arma::tanh(hidden);
  expected.each_col() += x.subvec(21, 22);
  EXPECT_TRUE(arma::approx_equal(predict(model, input, x), expected, "absdiff", 1e-14));
}

TEST(Prediction, FollowsTheWeightsWithoutBeingRecordedAgain) {
  const nn::Model model({{linear(1)}, {}}, 1, 1);
  arma::vec x = {2, 1};
  const arma::mat input = {3};
  Graph<double> graph;
  const auto y =
      model.record(graph.constant(input.memptr(), 1, 1), x, static_cast<arma::vec*>(nullptr));
  graph.forward();
  EXPECT_EQ(y.value()(0), 7);
  x = {5, -1};
  graph.forward();
  EXPECT_EQ(y.value()(0), 14);
}

TEST(Prediction, HasTheGradientOfEveryWeight) {
  const nn::Model model({{linear(3), activation(Kind::sigmoid), linear(2, false)}, {}}, 2, 2);
  Random random(1, "init");
  arma::vec x, gradient;
  model.initialize(x, random);
  gradient.set_size(x.n_elem);
  const arma::mat input = {{1, 0.5, -2}, {0, -1, 3}};
  Graph<double> graph;
  const auto loss = sum(square(model.record(graph.constant(input.memptr(), 2, 3), x, &gradient)));
  graph.forward();
  graph.backward(loss);
  const arma::vec found = gradient;
  for (arma::uword i = 0; i < x.n_elem; ++i) {
    const double kept = x(i), h = 1e-6;
    const auto at = [&](double value) {
      x(i) = value;
      graph.forward();
      return loss.value()(0);
    };
    const double slope = (at(kept + h) - at(kept - h)) / (2 * h);
    x(i) = kept;
    EXPECT_NEAR(found(i), slope, 1e-7) << "weight " << i;
  }
}

struct ActivationCase {
  const char* name;
  nn::LayerSpec layer;
  double (*formula)(double);
};

class Activation : public ::testing::TestWithParam<ActivationCase> {};

TEST_P(Activation, IsItsFormula) {
  const nn::Model model({{GetParam().layer}, {}}, 1, 1);
  EXPECT_EQ(model.outputs(), 1u);
  for (const double z : {-30.0, -2.0, -0.1, 0.0, 0.3, 4.0, 30.0})
    EXPECT_NEAR(predict(model, arma::mat{z}, {})(0), GetParam().formula(z), 1e-14) << z;
}

INSTANTIATE_TEST_SUITE_P(
    Every, Activation,
    ::testing::Values(
        ActivationCase{"relu", activation(Kind::relu), [](double z) { return z > 0 ? z : 0; }},
        ActivationCase{"leaky_relu", activation(Kind::leaky_relu, 0.2),
                       [](double z) { return z > 0 ? z : 0.2 * z; }},
        ActivationCase{"elu", activation(Kind::elu, 1.5),
                       [](double z) { return z > 0 ? z : 1.5 * std::expm1(z); }},
        ActivationCase{"gelu", activation(Kind::gelu),
                       [](double z) { return z / 2 * std::erfc(-z / std::sqrt(2)); }},
        ActivationCase{"tanh", activation(Kind::tanh), [](double z) { return std::tanh(z); }},
        ActivationCase{"sigmoid", activation(Kind::sigmoid),
                       [](double z) { return 1 / (1 + std::exp(-z)); }},
        ActivationCase{"softplus", activation(Kind::softplus),
                       [](double z) {
                         return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z));
                       }}),
    [](const auto& one) { return one.param.name; });

TEST(Softmax, MakesEveryColumnADistribution) {
  const arma::mat input = {{1, 1000}, {2, 0}, {3, -1000}};
  const nn::Model softmax({{activation(Kind::softmax)}, {}}, 3, 3);
  const nn::Model log_softmax({{activation(Kind::log_softmax)}, {}}, 3, 3);
  const arma::mat p = predict(softmax, input, {}), log_p = predict(log_softmax, input, {});
  EXPECT_TRUE(arma::approx_equal(arma::sum(p), arma::rowvec{1, 1}, "absdiff", 1e-15));
  EXPECT_NEAR(p(2, 0), 1 / (1 + std::exp(-1) + std::exp(-2)), 1e-15);
  EXPECT_NEAR(log_p(2, 0), std::log(p(2, 0)), 1e-15);
  EXPECT_NEAR(log_p(2, 1), -2000, 1e-12);
}

// A wide layer, so that its weights show their distribution.
struct Drawn {
  arma::vec weights, bias;
};

Drawn draw(nn::InitSpec init, std::uint64_t fan_in = 100, std::uint64_t fan_out = 300) {
  const nn::Model model({{linear(fan_out)}, init}, fan_in, 1);
  Random random(42, "init");
  arma::vec x;
  model.initialize(x, random);
  return {x.head(model.weight_count()), x.tail(fan_out)};
}

void expect_uniform(const arma::vec& values, double low, double high) {
  EXPECT_GE(values.min(), low);
  EXPECT_LE(values.max(), high);
  const double width = high - low, n = double(values.n_elem);
  EXPECT_LT(values.min(), low + 20 * width / n);
  EXPECT_GT(values.max(), high - 20 * width / n);
  EXPECT_NEAR(arma::mean(values), (low + high) / 2, 4 * width / std::sqrt(12 * n));
  EXPECT_NEAR(arma::var(values), width * width / 12, 4 * width * width / 12 * std::sqrt(0.8 / n));
}

void expect_normal(const arma::vec& values, double sd) {
  const double n = double(values.n_elem);
  EXPECT_NEAR(arma::mean(values), 0, 4 * sd / std::sqrt(n));
  EXPECT_NEAR(arma::stddev(values), sd, 4 * sd / std::sqrt(2 * n));
  EXPECT_NEAR(arma::mean(arma::pow(values / sd, 4)), 3, 4 * std::sqrt(96 / n));
}

using Init = nn::InitSpec::Kind;

TEST(Init, OfTorchIsUniformWithinOneOverTheRootOfFanIn) {
  const auto [weights, bias] = draw({Init::torch});
  expect_uniform(weights, -0.1, 0.1);
  expect_uniform(bias, -0.1, 0.1);
}

TEST(Init, UniformHoldsForWeightsAndBiases) {
  const auto [weights, bias] = draw({Init::uniform, -1, 2});
  expect_uniform(weights, -1, 2);
  expect_uniform(bias, -1, 2);
}

TEST(Init, NormalHoldsForWeightsAndBiases) {
  const auto [weights, bias] = draw({Init::normal, 0, 0.3});
  expect_normal(weights, 0.3);
  expect_normal(bias, 0.3);
}

TEST(Init, OfXavierIsUniformByBothFans) {
  const auto [weights, bias] = draw({Init::xavier});
  const double bound = std::sqrt(6.0 / 400);
  expect_uniform(weights, -bound, bound);
  EXPECT_TRUE(bias.is_zero());
}

TEST(Init, OfHeIsNormalByFanIn) {
  const auto [weights, bias] = draw({Init::he});
  expect_normal(weights, std::sqrt(2.0 / 100));
  EXPECT_TRUE(bias.is_zero());
}

TEST(Init, OfZerosIsZero) {
  const auto [weights, bias] = draw({Init::zeros});
  EXPECT_TRUE(weights.is_zero() && bias.is_zero());
}

TEST(Init, IsTheSameForTheSameStream) {
  const auto model = two_layers();
  arma::vec a, b, c;
  Random first(42, "init", 3), again(42, "init", 3), other(42, "init", 4);
  model.initialize(a, first);
  model.initialize(b, again);
  model.initialize(c, other);
  EXPECT_TRUE(arma::approx_equal(a, b, "absdiff", 0));
  EXPECT_FALSE(arma::approx_equal(a, c, "absdiff", 1e-3));
}

TEST(Init, InFloatIsTheRoundedInitInDouble) {
  const auto model = two_layers();
  arma::vec wide;
  arma::fvec narrow;
  Random first(42, "init", 3), again(42, "init", 3);
  model.initialize(wide, first);
  model.initialize(narrow, again);
  EXPECT_TRUE(arma::approx_equal(narrow, arma::conv_to<arma::fvec>::from(wide), "absdiff", 0));
}

// So that a deeper model starts its first layers where a shallower one does.
TEST(Init, DrawsLayerByLayer) {
  const nn::Model shallow({{linear(3)}, {}}, 4, 1), deep({{linear(3), linear(2)}, {}}, 4, 1);
  arma::vec a, b;
  Random first(42, "init", 3), again(42, "init", 3);
  shallow.initialize(a, first);
  deep.initialize(b, again);
  EXPECT_TRUE(arma::approx_equal(a.head(12), b.head(12), "absdiff", 0));
  EXPECT_TRUE(arma::approx_equal(a.tail(3), b.subvec(18, 20), "absdiff", 0));
}

}  // namespace
}  // namespace descent
