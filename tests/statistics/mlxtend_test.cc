// SPDX-License-Identifier: MIT
// The formulas of mlxtend's bias_variance_decomp next to those of this floor, on predictions with
// known bias and variance: least squares on 256 samples of y = 5x + 7 + N(0, 0.25^2) with
// x ~ U(0, 1). docs/bias_variance.md shows the table printed here.
#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>

#include "paths.h"
#include "statistics/summary.h"
#include "support.h"

// The names are this file's alone, also where several are compiled as one.
namespace descent::against_mlxtend {
namespace {

constexpr std::uint64_t samples = 256, test_points = 1000, rounds = 100, seeds = 40;
constexpr double sd = 0.25, noise = sd * sd;
// sigma^2 (1/n + 1/12 E[1/Sxx] + E[(mean x - 1/2)^2 / Sxx]), by quadrature.
constexpr double true_variance = 4.909827654892784e-4;

arma::mat with_ones(const arma::vec& x) { return arma::join_rows(arma::ones(x.n_elem), x); }

arma::vec line_at(const arma::vec& x) { return 5 * x + 7; }

struct Sample {
  arma::vec x, y;

  Sample(std::uint64_t seed, const char* purpose, std::uint64_t index, std::uint64_t size)
      : x(size), y(size) {
    Random random(seed, purpose, index);
    for (auto& value : x) value = random.uniform();
    y = line_at(x);
    for (auto& value : y) value += random.normal(0, sd);
  }
};

// Least squares on these rows of the sample, at the points t.
arma::vec least_squares(const Sample& sample, const arma::uvec& rows, const arma::vec& t) {
  const arma::mat design = with_ones(sample.x(rows));
  const arma::vec y = sample.y(rows);
  return with_ones(t) * arma::solve(arma::mat(design.t() * design), arma::vec(design.t() * y));
}

// Columns are rounds: trained on bootstrap samples of one sample.
arma::mat bootstrapped(std::uint64_t seed, const arma::vec& t) {
  const Sample sample(seed, "data", 0, samples);
  arma::mat all(t.n_elem, rounds);
  for (std::uint64_t r = 0; r < rounds; ++r) {
    Random random(seed, "bootstrap", r);
    arma::uvec rows(samples);
    for (auto& row : rows) row = random.below(samples);
    all.col(r) = least_squares(sample, rows, t);
  }
  return all;
}

// Trained on a fresh sample each.
arma::mat fresh(std::uint64_t seed, const arma::vec& t) {
  const arma::uvec all_rows = arma::regspace<arma::uvec>(0, samples - 1);
  arma::mat all(t.n_elem, rounds);
  for (std::uint64_t r = 0; r < rounds; ++r)
    all.col(r) = least_squares(Sample(seed, "data", r, samples), all_rows, t);
  return all;
}

struct Mlxtend {
  double loss, bias, variance;
};

// loss: mean squared error; bias: of the mean over rounds against the labels; variance: about that
// mean, divided by the number of rounds.
Mlxtend mlxtend(const arma::mat& predictions, const arma::vec& labels) {
  const arma::vec main = arma::mean(predictions, 1);
  const arma::mat errors = predictions.each_col() - labels;
  const arma::mat spread = predictions.each_col() - main;
  const auto mean_square = [](const arma::mat& m) { return arma::mean(arma::vectorise(m % m)); };
  return {mean_square(errors), mean_square(main - labels), mean_square(spread)};
}

statistics::Decomposition ours(const arma::mat& predictions, const arma::vec& truth) {
  std::vector<statistics::Accumulator> groups;
  for (arma::uword r = 0; r < predictions.n_cols; ++r) {
    groups.emplace_back(statistics::Divergence::squared_error);
    groups.back().add(predictions.col(r).t(), truth.t());
  }
  statistics::DecompositionSettings settings;
  settings.target_is_truth = true;
  settings.noise = noise;
  return statistics::decompose(groups, truth.t(), settings);
}

// One seed: what both say of the rounds, and of fresh samples; and the labels' own squared noise.
struct Said {
  Mlxtend of_rounds, of_fresh;
  statistics::Decomposition rounds, fresh;
  double label_noise;
};

Said said(std::uint64_t seed) {
  const Sample test(seed, "test", 0, test_points);
  const auto truth = line_at(test.x);
  const auto resampled = bootstrapped(seed, test.x), drawn = fresh(seed, test.x);
  return {mlxtend(resampled, test.y), mlxtend(drawn, test.y), ours(resampled, truth),
          ours(drawn, truth), arma::mean(arma::square(test.y - truth))};
}

class MlxtendComparison : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) all_.push_back(said(seed));
  }
  static void TearDownTestSuite() { all_.clear(); }

  static statistics::Summary over_seeds(const std::function<double(const Said&)>& value) {
    std::vector<double> values;
    for (const auto& one : all_) values.push_back(value(one));
    return statistics::summarize(values);
  }

  // Within 3.5 standard errors of the mean over seeds.
  static void expect_mean(const statistics::Summary& found, double truth) {
    EXPECT_LE(std::abs(found.mean - truth), 3.5 * found.se)
        << found.mean << " +- " << found.se << ", expected " << truth;
  }

  static std::vector<Said> all_;
};

std::vector<Said> MlxtendComparison::all_;

// The labels' noise, and beyond it the deviation of the one sample, which is a variance; a label's
// noise is independent of the predictions, so that it adds nothing else on average. Fresh samples
// take that deviation out, all but 1/R of it; the noise stays.
TEST_F(MlxtendComparison, ItsBiasIsNoiseAndTheVarianceOfTheOneSample) {
  const auto bias = over_seeds([](const Said& s) { return s.of_rounds.bias; });
  expect_mean(bias, noise + true_variance);
  EXPECT_GT(bias.mean, 20 * bias.se) << "the true bias is zero";
  const auto beyond = over_seeds([](const Said& s) { return s.of_rounds.bias - s.label_noise; });
  expect_mean(beyond, true_variance);
  EXPECT_GT(beyond.mean, 3.5 * beyond.se);
  expect_mean(over_seeds([](const Said& s) { return s.of_fresh.bias; }),
              noise + true_variance / rounds);
  for (const auto& one : all_)
    expect_relative(one.of_rounds.bias + one.of_rounds.variance, one.of_rounds.loss, 1e-12);
}

TEST_F(MlxtendComparison, OursOfFreshSamplesIsTheTruthWithItsError) {
  expect_mean(over_seeds([](const Said& s) { return s.fresh.bias2.value; }), 0);
  expect_mean(over_seeds([](const Said& s) { return s.fresh.variance.value; }), true_variance);
  int within = 0;
  for (const auto& one : all_) {
    EXPECT_LE(std::abs(one.fresh.bias2.value), 3.5 * one.fresh.bias2.se);
    EXPECT_LE(std::abs(one.fresh.variance.value - true_variance), 3.5 * one.fresh.variance.se);
    within += one.fresh.variance.lo <= true_variance && true_variance <= one.fresh.variance.hi;
    expect_relative(one.of_fresh.variance, one.fresh.variance.value * (rounds - 1) / rounds, 1e-9);
  }
  EXPECT_GE(within, 34) << "of 40 intervals at 95 %; fewer have a probability of 0.0034";
}

// Formulas do not mend the scheme: on rounds of one sample ours have its deviation as bias, too.
TEST_F(MlxtendComparison, OursOfBootstrapRoundsHaveTheSamplesDeviationAsBias) {
  const auto bias2 = over_seeds([](const Said& s) { return s.rounds.bias2.value; });
  expect_mean(bias2, true_variance);
  EXPECT_GT(bias2.mean, 3.5 * bias2.se);
}

std::string row(const char* what, const statistics::Summary& bias,
                const statistics::Summary& variance) {
  return fmt::format("| {} | {:.3g} ± {:.1g} | {:.3g} ± {:.1g} |\n", what, bias.mean, bias.se,
                     variance.mean, variance.se);
}

std::string estimate_of(const statistics::Estimate& estimate) {
  return fmt::format("{:.3g} ± {:.2g}", estimate.value, estimate.se);
}

TEST_F(MlxtendComparison, IsWhatThePageSays) {
  const auto rows =
      row("mlxtend, bootstrap", over_seeds([](const Said& s) { return s.of_rounds.bias; }),
          over_seeds([](const Said& s) { return s.of_rounds.variance; })) +
      row("mlxtend, fresh samples", over_seeds([](const Said& s) { return s.of_fresh.bias; }),
          over_seeds([](const Said& s) { return s.of_fresh.variance; })) +
      row("descent, bootstrap", over_seeds([](const Said& s) { return s.rounds.bias2.value; }),
          over_seeds([](const Said& s) { return s.rounds.variance.value; })) +
      row("descent, fresh samples", over_seeds([](const Said& s) { return s.fresh.bias2.value; }),
          over_seeds([](const Said& s) { return s.fresh.variance.value; }));
  const auto& one = all_.front();
  const auto sentence = fmt::format(
      "mlxtend: bias {:.3g}, variance {:.3g}; descent: bias2 {}, variance {}", one.of_rounds.bias,
      one.of_rounds.variance, estimate_of(one.fresh.bias2), estimate_of(one.fresh.variance));
  std::cout << rows << sentence << '\n';
  std::ifstream page(descent::source_path("docs/bias_variance.md"));
  const std::string text(std::istreambuf_iterator<char>(page), {});
  EXPECT_NE(text.find(rows), std::string::npos) << "docs/bias_variance.md has another table";
  EXPECT_NE(text.find(sentence), std::string::npos) << "docs/bias_variance.md says otherwise";
}

}  // namespace
}  // namespace descent::against_mlxtend
