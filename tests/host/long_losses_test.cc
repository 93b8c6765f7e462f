// SPDX-License-Identifier: MIT
// Losses of a million samples in float32, within 1e-6 of the same in float64 and of closed forms.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "host/loss.h"
#include "host/support.h"

namespace descent::testing {
namespace {

constexpr arma::uword samples = 1'000'000;

template <class T>
double loss_of(const std::string& name, descent_reduction reduction,
               const std::function<void(arma::Mat<T>&, host::Targets<T>&)>& fill) {
  const host::Plugin plugin = all_plugins().get(DESCENT_LOSS, name);
  host::Loss<T> loss(plugin, plugin.settle({}).hyperparameters, {}, reduction);
  arma::Mat<T> prediction(1, samples);
  host::Targets<T> targets;
  targets.values.zeros(1, samples);
  fill(prediction, targets);
  arma::Mat<T> gradient(arma::size(prediction));
  const double value = loss.evaluate(prediction, targets, &gradient);
  EXPECT_NEAR(loss.evaluate(prediction, targets, nullptr), value, 1e-6 * value) << name;
  return value;
}

void expect_loss(const std::string& name, double expected,
                 const std::function<void(arma::fmat&, host::Targets<float>&)>& fill) {
  EXPECT_NEAR(loss_of<float>(name, DESCENT_MEAN, fill), expected, 1e-6 * expected) << name;
  EXPECT_NEAR(loss_of<float>(name, DESCENT_SUM, fill), double(samples) * expected,
              1e-6 * double(samples) * expected)
      << name;
}

// Every sample has the same loss: rounding errors of a running sum have one sign and add up.
TEST(LongLoss, IsExactToSixDigits) {
  const double x = double(0.1F);
  const auto same = [](arma::fmat& prediction, auto&) { prediction.fill(0.1F); };
  expect_loss("mse", x * x, same);
  expect_loss("l1", x, same);
  expect_loss("huber", x * x / 2, same);
  expect_loss("bce", -std::log1p(-x), same);
  expect_loss("bce_with_logits", std::log1p(std::exp(x)), same);
  expect_loss("multilabel_soft_margin", std::log1p(std::exp(x)), same);
}

TEST(LongLoss, OfClassesIsExactToSixDigits) {
  expect_loss("cross_entropy", std::log(3), [](arma::fmat& prediction, auto& targets) {
    prediction.zeros(3, samples);
    targets.values.reset();
    targets.classes.assign(samples, 1);
  });
}

TEST(LongLoss, OfWeightedSamplesIsExactToSixDigits) {
  const double x = double(0.1F);
  expect_loss("mse", x * x / 2, [](arma::fmat& prediction, auto& targets) {
    prediction.fill(0.1F);
    targets.weights.set_size(1, samples);
    targets.weights.fill(0.5F);
  });
}

}  // namespace
}  // namespace descent::testing
