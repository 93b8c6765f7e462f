// SPDX-License-Identifier: MIT
// Absolute loss: a hand example, and normal predictions, where expected losses are the means of
// folded normals: E|N(b, s^2)| = s sqrt(2/pi) exp(-b^2/(2 s^2)) + b erf(b / (s sqrt 2)).
#include <cmath>

#include "effects.h"

namespace descent {
namespace {

double folded(double b, double s) {
  return s * std::sqrt(2 / arma::datum::pi) * std::exp(-b * b / (2 * s * s)) +
         b * std::erf(b / (s * std::sqrt(2.0)));
}

std::vector<statistics::Predictions> hand_predictions(const arma::mat& rows) {
  std::vector<statistics::Predictions> groups;
  for (arma::uword r = 0; r < rows.n_rows; ++r) {
    groups.emplace_back();
    groups.back().add(rows.row(r), arma::mat(1, rows.n_cols, arma::fill::zeros));
  }
  return groups;
}

// Medians .75, -.25 and 1.75; the errors lie half a unit from them on average.
TEST(AbsoluteLoss, GivesTheEffectsOfTheHandExample) {
  const auto d = statistics::decompose(hand_predictions(errors), zeros);
  const double total = (3.0 / 4 + 2.0 / 4 + 7.0 / 4) / 3, main = (.75 + .25 + 1.75) / 3;
  expect_relative(d.total.value, total, 1e-14);
  expect_relative(effect(d, "james.systematic_effect").value, main, 1e-14);
  expect_relative(effect(d, "james.variance_effect").value, total - main, 1e-13);
  expect_relative(effect(d, "bound.absolute_bias").value, main, 1e-14);
  expect_relative(effect(d, "bound.absolute_spread").value, (.5 + .5 + .5) / 3, 1e-14);
  EXPECT_LT(d.identity_residual, 1e-14);
  EXPECT_TRUE(d.bias_includes_noise);
  expect_undefined(d.bias2);
  expect_undefined(d.variance);
}

TEST(AbsoluteLoss, HasItsMainPredictionAtTheMiddleOfAnOddNumber) {
  const auto d =
      statistics::decompose(hand_predictions(arma::mat(arma::vec{3, -1, .5})), arma::mat(1, 1));
  expect_relative(effect(d, "bound.absolute_bias").value, .5, 1e-14);
}

// One prediction common to 40 test points, as far apart as 40 offsets: b = -1 .. 1.
statistics::Decomposition simulated(std::uint64_t seed, std::uint64_t replicates, double spread,
                                    double sd) {
  const arma::mat offsets = arma::linspace(-1, 1, 40).t();
  std::vector<statistics::Predictions> groups;
  for (std::uint64_t r = 0; r < replicates; ++r) {
    Random random(seed, "data", r);
    groups.emplace_back();
    groups.back().add(offsets + random.normal(0, spread), arma::mat(1, 40, arma::fill::zeros));
  }
  auto settings = against_truth();
  settings.normal_sd = sd;
  return statistics::decompose(groups, arma::mat(1, 40, arma::fill::zeros), settings);
}

struct Folded {
  double total = 0, noise, systematic = 0, variance = 0;

  Folded(double spread, double sd) : noise(folded(0, sd)) {
    for (const double b : arma::linspace(-1, 1, 40)) {
      total += folded(b, std::hypot(spread, sd)) / 40;
      systematic += (folded(b, sd) - noise) / 40;
    }
    variance = total - noise - systematic;
  }
};

TEST(AbsoluteLoss, OfNormalPredictionsHasTheEffectsOfFoldedNormals) {
  const Folded truth(.7, .5);
  const auto d = simulated(42, 1000, .7, .5);
  expect_relative(d.noise, truth.noise, 1e-14);
  expect_within(d.total, truth.total, "total");
  expect_within(effect(d, "james.systematic_effect"), truth.systematic, "systematic effect");
  expect_within(effect(d, "james.variance_effect"), truth.variance, "variance effect");
  expect_relative(d.excess.value, d.total.value - truth.noise, 1e-13);
  EXPECT_LT(d.identity_residual, 1e-13);
}

TEST(AbsoluteLossCalibration, IntervalsMissSeldomAcrossMasterSeeds) {
  const Folded truth(.7, .5);
  int total = 0, systematic = 0, variance = 0;
  const auto misses = [](const statistics::Estimate& e, double value) {
    return value < e.lo || value > e.hi;
  };
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto d = simulated(seed, 200, .7, .5);
    total += misses(d.total, truth.total);
    systematic += misses(effect(d, "james.systematic_effect"), truth.systematic);
    variance += misses(effect(d, "james.variance_effect"), truth.variance);
  }
  EXPECT_LE(total, 6);
  EXPECT_LE(systematic, 6);
  EXPECT_LE(variance, 6);
}

}  // namespace
}  // namespace descent
