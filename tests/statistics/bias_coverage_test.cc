// SPDX-License-Identifier: MIT
// The interval of bias2 contains it as often as it says, whether the bias is none, a few standard
// errors of the mean prediction, or many; for predictions that vary in one direction or in many.
#include <functional>

#include "base/random.h"
#include "coverage.h"
#include "statistics/decomposition.h"
#include "statistics/groups.h"

namespace descent {
namespace {

// Predictions are the bias plus independent normal deviations, a standard deviation each.
struct Model {
  std::string name;
  arma::vec bias, sd;

  double bias2() const { return arma::dot(bias, bias) / static_cast<double>(bias.n_elem); }
};

// The bias is `errors` standard errors of the mean prediction long, in a direction of variance 1.
Model along(const std::string& name, const arma::vec& sd, double errors, double replicates) {
  arma::vec bias(sd.n_elem, arma::fill::zeros);
  bias[0] = errors * sd[0] / std::sqrt(replicates);
  return {name, bias, sd};
}

Model in_one_direction(double errors, double replicates) {
  return along("one direction", arma::vec{1, 0}, errors, replicates);
}

Model in_ten_directions(double errors, double replicates) {
  return along("ten directions", arma::vec(10, arma::fill::ones), errors, replicates);
}

Model mostly_elsewhere(double errors, double replicates) {
  arma::vec sd(91, arma::fill::value(std::sqrt(.1)));
  sd[0] = 1;
  return along("one direction and ninety small ones", sd, errors, replicates);
}

Model orthogonal(double errors, double replicates) {
  return {"orthogonal", {0, errors / std::sqrt(replicates)}, {1, 0}};
}

statistics::Decomposition decomposed(const Model& model, std::uint64_t replicates,
                                     std::uint64_t seed) {
  const arma::mat target(1, model.bias.n_elem, arma::fill::zeros);
  std::vector<statistics::Accumulator> groups;
  for (const auto& range : statistics::groups_of(replicates)) {
    groups.emplace_back(statistics::Divergence::squared_error);
    for (auto r = range.first; r < range.first + range.count; ++r) {
      Random random(seed, "predictions", r);
      arma::mat prediction = model.bias.t();
      for (arma::uword i = 0; i < model.sd.n_elem; ++i)
        prediction[i] += random.normal() * model.sd[i];
      groups.back().add(prediction, target);
    }
  }
  statistics::DecompositionSettings settings;
  settings.target_is_truth = true;
  settings.noise = 0;
  return statistics::decompose(groups, target, settings);
}

using MakeModel = std::function<Model(double errors, double replicates)>;

void expect_covered(const MakeModel& make, double errors, std::uint64_t replicates,
                    std::uint64_t seeds, double least, double most) {
  const auto model = make(errors, static_cast<double>(replicates));
  Coverage bias2;
  for (std::uint64_t seed = 0; seed < seeds; ++seed)
    bias2.add(decomposed(model, replicates, seed).bias2, model.bias2());
  bias2.expect_between(
      least, most,
      fmt::format("{}, bias of {} standard errors, {} replicates", model.name, errors, replicates));
}

TEST(BiasCoverage, IsKeptWhereTheBiasIsAFewStandardErrors) {
  for (const double errors : {0., 2., 3.})
    expect_covered(in_one_direction, errors, 20, 400, .93, .98);
}

TEST(BiasCoverageSlow, IsKeptInOneDirection) {
  for (const std::uint64_t replicates : {10u, 20u, 50u, 200u})
    for (const double errors : {0., .5, 1., 1.5, 2., 2.5, 3., 5., 20.})
      expect_covered(in_one_direction, errors, replicates, 2000, .93, .98);
}

TEST(BiasCoverageSlow, IsKeptInManyDirections) {
  for (const std::uint64_t replicates : {10u, 50u})
    for (const double errors : {0., 1., 2., 3., 5., 20.})
      expect_covered(in_ten_directions, errors, replicates, 1000, .93, 1);
}

// The known limit: the noise of the other directions hides how much the estimate varies with b.
TEST(BiasCoverageSlow, IsSomewhatLessWhereOtherDirectionsVaryMore) {
  for (const std::uint64_t replicates : {10u, 50u})
    for (const double errors : {0., 1., 2., 3., 5., 20.})
      expect_covered(mostly_elsewhere, errors, replicates, 1000, .87, 1);
}

TEST(BiasCoverageSlow, IsKeptWhereTheBiasIsOrthogonalToTheVariance) {
  for (const std::uint64_t replicates : {10u, 50u})
    for (const double errors : {1., 3., 20.})
      expect_covered(orthogonal, errors, replicates, 1000, .93, 1);
}

// A logit that is normal around `errors` standard errors, against a fair coin. The central
// prediction is that of the mean logit, so bias2 = KL(1/2 || sigmoid(mean)).
void expect_entropy_covered(double errors, std::uint64_t replicates, std::uint64_t seeds) {
  const double spread = .5, mean = errors * spread / std::sqrt(double(replicates));
  const double bias2 = std::log(std::cosh(mean / 2));
  const arma::mat q = arma::vec{.5, .5};
  Coverage coverage;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    std::vector<statistics::Accumulator> groups;
    for (std::uint64_t r = 0; r < replicates; ++r) {
      const double logit = mean + spread * Random(seed, "logit", r).normal();
      groups.emplace_back(statistics::Divergence::cross_entropy);
      groups.back().add(arma::vec{-std::log1p(std::exp(-logit)), -std::log1p(std::exp(logit))}, q);
    }
    statistics::DecompositionSettings settings;
    settings.target_is_truth = true;
    coverage.add(statistics::decompose(groups, q, settings).bias2, bias2);
  }
  // With ten replicates and no bias at all, the jackknife's correction is rough: 90 %.
  coverage.expect_between(replicates < 20 ? .9 : .93, .985,
                          fmt::format("nll, bias of {} errors, {} replicates", errors, replicates));
}

TEST(BiasCoverage, IsKeptByCrossEntropy) { expect_entropy_covered(2, 20, 400); }

TEST(BiasCoverageSlow, IsKeptByCrossEntropyOfAnyBias) {
  for (const std::uint64_t replicates : {10u, 50u})
    for (const double errors : {0., 1., 1.5, 2., 3., 10.})
      expect_entropy_covered(errors, replicates, 2000);
}

// The loss of a prediction that varies in one direction is a chi-squared variable, as skewed as
// that.
void expect_total_covered(const MakeModel& make, double errors, std::uint64_t replicates,
                          std::uint64_t seeds) {
  const auto model = make(errors, static_cast<double>(replicates));
  const double variance = arma::dot(model.sd, model.sd) / static_cast<double>(model.sd.n_elem);
  Coverage total, excess;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto d = decomposed(model, replicates, seed);
    total.add(d.total, model.bias2() + variance);
    excess.add(d.excess, model.bias2() + variance);
  }
  total.expect_between(.93, .99,
                       fmt::format("total: {}, bias of {} standard errors, {} replicates",
                                   model.name, errors, replicates));
  EXPECT_EQ(total.share(), excess.share());
}

// A constant model has a bias that is orthogonal to its variance in one direction.
TEST(TotalCoverage, IsKeptByFiveReplicatesOfAConstantModel) {
  expect_total_covered(orthogonal, 4, 5, 400);
}

TEST(TotalCoverageSlow, IsKeptByFewReplicatesOfAnyModel) {
  for (const std::uint64_t replicates : {5u, 10u, 20u, 100u})
    for (const auto& make :
         {MakeModel(in_one_direction), MakeModel(in_ten_directions), MakeModel(orthogonal)})
      for (const double errors : {0., 2., 10.})
        expect_total_covered(make, errors, replicates, 2000);
}

TEST(BiasInterval, HasNoBoundBelowZeroButAnEstimateMayBe) {
  int negative = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto bias2 = decomposed(in_one_direction(0, 20), 20, seed).bias2;
    negative += bias2.value < 0;
    EXPECT_EQ(bias2.lo < 0, false);
    EXPECT_GT(bias2.hi, 0);
  }
  EXPECT_GT(negative, 20);
}

// (x - B)^2 = t^2 (c B + n^2) for x = 3, plug-in 4, s = 4, n^2 = 2: the variance in one direction,
// of standard error 1, with c = s^2 / plugin = 4 either way, and t = 1.96 of many degrees of
// freedom:
//   B = 3 + 2 t^2 -+ sqrt((3 + 2 t^2)^2 - 9 + 2 t^2)
TEST(BiasInterval, IsTheSetOfAllValuesThatTheEstimateDoesNotReject) {
  const double t = 1.959963984540054, middle = 3 + 2 * t * t;
  const double reach = std::sqrt(middle * middle - 9 + 2 * t * t);
  const auto e = statistics::squared_length_estimate(3, 4, 4, std::sqrt(2.), 1e9, .95);
  EXPECT_NEAR(e.hi, middle + reach, 1e-6);
  EXPECT_NEAR(e.lo, std::max(0., middle - reach), 1e-6);
  EXPECT_EQ(e.se, 4);
}

}  // namespace
}  // namespace descent
