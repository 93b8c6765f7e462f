// SPDX-License-Identifier: MIT
// Where variance comes from: small tables worked out by hand, random effects of known variance, and
// parts of one pool.
#include "statistics/variance_components.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "base/error.h"
#include "golden.h"

namespace descent {
namespace {

// One group a block: predictions' errors at one test point, rows of the table blocks.
std::vector<statistics::Blocks> blocks_of(const arma::mat& table) {
  std::vector<statistics::Blocks> groups;
  for (arma::uword a = 0; a < table.n_rows; ++a) {
    groups.emplace_back(table.n_cols);
    for (arma::uword s = 0; s < table.n_cols; ++s)
      groups.back().add(arma::mat(1, 1, arma::fill::value(table(a, s))), arma::zeros(1, 1));
  }
  return groups;
}

const arma::mat three_by_two{{1, 1.4}, {.2, .6}, {.9, .1}}, at_zero(1, 1, arma::fill::zeros);

statistics::Decomposition attribute(const std::vector<statistics::Blocks>& groups,
                                    statistics::Design design, const arma::mat& target = at_zero) {
  return statistics::decompose(groups, target, {design, "data", "init"}, against_truth(0));
}

std::map<std::string, statistics::Estimate> terms(const statistics::Decomposition& d) {
  std::map<std::string, statistics::Estimate> all;
  for (const auto& effect : d.effects) all[effect.definition + "." + effect.term] = effect.estimate;
  return all;
}

TEST(Nested, GivesTheGoldenValues) {
  const auto d = attribute(blocks_of(three_by_two), statistics::Design::nested);
  auto of = terms(d);
  expect_relative(of["nested.init"].value, .16, 1e-12);
  expect_relative(of["nested.data"].value, .11, 1e-12);
  expect_relative(d.variance.value, .27, 1e-12);
  expect_relative(d.bias2.value, 32. / 75, 1e-12);
  expect_relative(d.total.value, d.bias2.value + d.variance.value, 1e-14);
  EXPECT_LT(d.identity_residual, 1e-14);
  EXPECT_EQ(of.size(), 2u);
  EXPECT_EQ(d.replicates, 6u);
  EXPECT_EQ(d.df, 2);
}

TEST(Crossed, GivesTheGoldenValues) {
  const auto d = attribute(blocks_of(three_by_two), statistics::Design::crossed);
  auto of = terms(d);
  expect_relative(of["crossed.data"].value, .07, 1e-12);
  expect_relative(of["crossed.init"].value, -.08, 1e-12);
  expect_relative(of["crossed.interaction"].value, .24, 1e-12);
  expect_relative(d.variance.value, .23, 1e-12);
  expect_relative(d.bias2.value, 7. / 15, 1e-12);
  EXPECT_LT(d.identity_residual, 1e-14);
  EXPECT_EQ(of.size(), 3u);
  EXPECT_EQ(d.df, 1);
  EXPECT_EQ(d.se_method, "two-way");
}

arma::mat random_table(arma::uword blocks, arma::uword size) {
  Random random(5, "test");
  arma::mat table(blocks, size);
  for (double& value : table) value = random.normal(.3, 1);
  return table;
}

// Recomputes everything from the remaining data, without the formulas for leaving one out.
double jackknife_se(const std::vector<double>& without) {
  double mean = 0, sum = 0;
  const auto n = static_cast<double>(without.size());
  for (const double value : without) mean += value / n;
  for (const double value : without) sum += (value - mean) * (value - mean);
  return std::sqrt(sum * (n - 1) / n);
}

TEST(Nested, LeavesWholeDataSetsOutForItsErrors) {
  const auto table = random_table(6, 4);
  std::vector<double> data, init, bias2;
  for (arma::uword a = 0; a < 6; ++a) {
    auto rest = table;
    rest.shed_row(a);
    const auto d = attribute(blocks_of(rest), statistics::Design::nested);
    data.push_back(terms(d)["nested.data"].value);
    init.push_back(terms(d)["nested.init"].value);
    bias2.push_back(d.bias2.value);
  }
  const auto d = attribute(blocks_of(table), statistics::Design::nested);
  expect_relative(terms(d)["nested.data"].se, jackknife_se(data), 1e-10);
  expect_relative(terms(d)["nested.init"].se, jackknife_se(init), 1e-10);
  const double floor = d.variance.se / std::sqrt(6);
  expect_relative(d.bias2.se, std::max(jackknife_se(bias2), floor), 1e-10);
}

TEST(Crossed, LeavesDataSetsAndSeedsOutForItsErrors) {
  const auto table = random_table(6, 4);
  std::map<std::string, std::vector<double>> rows, columns;
  for (arma::uword a = 0; a < 6; ++a) {
    auto rest = table;
    rest.shed_row(a);
    for (auto& [term, e] : terms(attribute(blocks_of(rest), statistics::Design::crossed)))
      rows[term].push_back(e.value);
  }
  for (arma::uword s = 0; s < 4; ++s) {
    auto rest = table;
    rest.shed_col(s);
    for (auto& [term, e] : terms(attribute(blocks_of(rest), statistics::Design::crossed)))
      columns[term].push_back(e.value);
  }
  for (auto& [term, e] : terms(attribute(blocks_of(table), statistics::Design::crossed)))
    expect_relative(e.se, std::hypot(jackknife_se(rows[term]), jackknife_se(columns[term])), 1e-10);
}

TEST(Partitions, TakeTheVarianceWithinACut) {
  const auto d = attribute(blocks_of(three_by_two), statistics::Design::partitions);
  expect_relative(d.variance.value, .16, 1e-12);
  expect_relative(d.bias2.value, d.total.value - .16, 1e-12);
  EXPECT_TRUE(std::isnan(d.variance.se));
  EXPECT_EQ(d.se_method, "none");
  EXPECT_TRUE(d.effects.empty());
}

TEST(Attribution, OfOneBlockHasOnlyWhatIsInIt) {
  const auto d = attribute(blocks_of(three_by_two.rows(0, 0)), statistics::Design::nested);
  expect_relative(terms(d)["nested.init"].value, .08, 1e-12);
  EXPECT_TRUE(std::isnan(terms(d)["nested.data"].value));
  EXPECT_TRUE(std::isnan(d.variance.value));
  expect_relative(d.total.value, (1 + 1.96) / 2, 1e-12);
}

TEST(Attribution, IsTheSameOverGroupsOfBlocks) {
  const auto table = random_table(6, 4);
  const auto single = blocks_of(table);
  std::vector<statistics::Blocks> groups;
  for (std::size_t a = 0; a < 6; a += 2) {
    groups.push_back(single[a]);
    groups.back().merge(single[a + 1]);
  }
  for (const auto design : {statistics::Design::nested, statistics::Design::crossed}) {
    const auto one = attribute(single, design), two = attribute(groups, design);
    expect_relative(two.bias2.value, one.bias2.value, 1e-12);
    expect_relative(two.variance.value, one.variance.value, 1e-12);
    EXPECT_EQ(two.groups, 3u);
  }
  EXPECT_EQ(attribute(groups, statistics::Design::nested).se_method, "group:3");
}

TEST(Attribution, RefusesTargetsOfAnotherShape) {
  EXPECT_THROW(attribute(blocks_of(three_by_two), statistics::Design::nested, arma::zeros(1, 2)),
               Error);
}

// Errors .5 + d_a + s_b + i_ab at 4 test points, normal with variances .3, .1, .2.
statistics::Decomposition of_random_effects(std::uint64_t seed, statistics::Design design,
                                            arma::uword a, arma::uword b) {
  Random random(seed, "test");
  arma::mat data(4, a), seeds(4, b);
  for (double& value : data) value = random.normal(0, std::sqrt(.3));
  for (double& value : seeds) value = random.normal(0, std::sqrt(.1));
  const arma::mat target(1, 4, arma::fill::zeros);
  std::vector<statistics::Blocks> groups;
  for (arma::uword i = 0; i < a; ++i) {
    groups.emplace_back(b);
    for (arma::uword s = 0; s < b; ++s) {
      arma::rowvec error(4);
      for (arma::uword t = 0; t < 4; ++t) {
        const double own =
            design == statistics::Design::nested ? random.normal(0, std::sqrt(.1)) : seeds(t, s);
        error[t] = .5 + data(t, i) + own + random.normal(0, std::sqrt(.2));
      }
      groups.back().add(error, target);
    }
  }
  return attribute(groups, design, target);
}

void expect_near(const statistics::Estimate& found, double truth) {
  EXPECT_LE(std::abs(found.value - truth), 3.5 * found.se) << found.value << " +- " << found.se;
}

TEST(Nested, FindsKnownVariances) {
  const auto d = of_random_effects(1, statistics::Design::nested, 200, 5);
  expect_near(terms(d)["nested.data"], .3);
  expect_near(terms(d)["nested.init"], .3);
  expect_near(d.variance, .6);
  expect_near(d.bias2, .25);
  EXPECT_LT(terms(d)["nested.data"].se, .05);
}

TEST(Crossed, FindsKnownVariances) {
  const auto d = of_random_effects(2, statistics::Design::crossed, 100, 60);
  expect_near(terms(d)["crossed.data"], .3);
  expect_near(terms(d)["crossed.init"], .1);
  expect_near(terms(d)["crossed.interaction"], .2);
  expect_near(d.variance, .6);
  expect_near(d.bias2, .25);
  EXPECT_LT(terms(d)["crossed.data"].se, .05);
}

int outside(const statistics::Estimate& e, double truth) { return truth < e.lo || truth > e.hi; }

// More than 6 misses of 40 have a probability of 0.0034 at 95 %.
TEST(AttributionCalibration, IntervalsMissSeldomAcrossMasterSeeds) {
  std::map<std::string, int> missed;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto nested = of_random_effects(seed, statistics::Design::nested, 50, 4);
    const auto crossed = of_random_effects(seed, statistics::Design::crossed, 40, 20);
    missed["nested.data"] += outside(terms(nested)["nested.data"], .3);
    missed["nested.init"] += outside(terms(nested)["nested.init"], .3);
    missed["nested bias2"] += outside(nested.bias2, .25);
    missed["crossed.data"] += outside(terms(crossed)["crossed.data"], .3);
    missed["crossed.init"] += outside(terms(crossed)["crossed.init"], .1);
    missed["crossed.interaction"] += outside(terms(crossed)["crossed.interaction"], .2);
    missed["crossed bias2"] += outside(crossed.bias2, .25);
  }
  for (const auto& [what, count] : missed) EXPECT_LE(count, 6) << what;
}

}  // namespace
}  // namespace descent
