// SPDX-License-Identifier: MIT
// Models with two outputs a target, its mean and its variance.
#include "train/support.h"

namespace descent::testing {
namespace {

// y = 5x + 7 with noise of standard deviation 1/4.
train::Settings spread() {
  auto s = line(0.02, 4000);
  s.loss.plugin = choose(DESCENT_LOSS, "gaussian_nll", {{"log_variance", 1}});
  s.optimizer = optimizer("adam", {{"lr", 0.02}});
  return s;
}

// The likelihood is largest where the mean is the least-squares line and the variance, here of one
// linear layer, follows the noise: log 1/16 = -2.77, with a standard error of sqrt(2/256) = 0.09.
TEST(Variances, AreLearntTogetherWithTheMean) {
  const auto point = training(spread());
  EXPECT_EQ(point.model().outputs(), 2u);
  arma::uword rows = 0;
  const auto run = point.run(0, [&](std::size_t, const arma::mat& found) { rows = found.n_rows; });
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_EQ(rows, 1u) << "what is compared with the targets is the mean alone";
  // weights column by column (mean, log variance), then the two biases
  EXPECT_NEAR(weights(run)(0), 5, 0.2);
  EXPECT_NEAR(weights(run)(2), 7, 0.1);
  EXPECT_NEAR(weights(run)(1) / 2 + weights(run)(3), std::log(1.0 / 16), 4 * 0.09);
}

TEST(Variances, NeedTwoOutputsATarget) {
  auto s = spread();
  s.model.layers.back().units = 1;
  try {
    training(s);
    FAIL() << "one output was accepted";
  } catch (const std::exception& error) {
    EXPECT_STREQ(
        error.what(),
        "error: the model's last layer has 1 outputs, the data has 1 targets (a mean and a "
        "variance for each); use '{linear: auto}' or '{linear: 2}' as the last linear "
        "layer");
  }
}

}  // namespace
}  // namespace descent::testing
