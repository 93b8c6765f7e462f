// SPDX-License-Identifier: MIT
// Two small ensembles with independently computed parts, and expectations of estimates.
#pragma once

#include "support.h"

namespace descent {

// Errors of 4 replicates at 3 test points; the exact values are fractions.
inline const arma::mat errors{{1, -0.5, 2}, {0.5, 0, 1}, {1.5, -1, 1.5}, {0, 0.5, 2.5}};
inline const arma::mat zeros(1, 3, arma::fill::zeros);

inline std::vector<statistics::Accumulator> squared_groups(
    const std::vector<statistics::ReplicateRange>& ranges, const arma::mat& rows = errors) {
  const arma::mat target(1, rows.n_cols, arma::fill::zeros);
  std::vector<statistics::Accumulator> groups;
  for (const auto& range : ranges) {
    groups.emplace_back(statistics::Divergence::squared_error);
    for (auto r = range.first; r < range.first + range.count; ++r)
      groups.back().add(rows.row(r), target);
  }
  return groups;
}

inline statistics::DecompositionSettings against_truth(double noise = not_recorded) {
  statistics::DecompositionSettings settings;
  settings.target_is_truth = true;
  settings.noise = noise;
  return settings;
}

// 3 replicates, 2 test points (columns), 3 classes (rows), labels 0 and 1.
inline const arma::mat one_hot{{1, 0}, {0, 1}, {0, 0}};

inline std::vector<statistics::Accumulator> entropy_groups(std::uint64_t replicates = 3) {
  const std::vector<arma::mat> p{{{.7, .1}, {.2, .8}, {.1, .1}},
                                 {{.5, .3}, {.25, .4}, {.25, .3}},
                                 {{.2, .25}, {.5, .5}, {.3, .25}}};
  std::vector<statistics::Accumulator> groups;
  for (std::uint64_t r = 0; r < replicates; ++r) {
    groups.emplace_back(statistics::Divergence::cross_entropy);
    groups.back().add(arma::log(p[r]), one_hot);
  }
  return groups;
}

inline void expect_undefined(const statistics::Estimate& e) {
  for (double value : {e.value, e.se, e.lo, e.hi}) EXPECT_TRUE(std::isnan(value));
}

inline void expect_only_value(const statistics::Estimate& e) {
  EXPECT_TRUE(std::isfinite(e.value));
  for (double value : {e.se, e.lo, e.hi}) EXPECT_TRUE(std::isnan(value));
}

inline void expect_close(const statistics::Estimate& a, const statistics::Estimate& b,
                         double tolerance) {
  expect_relative(a.value, b.value, tolerance);
  expect_relative(a.se, b.se, tolerance);
  expect_relative(a.lo, b.lo, tolerance);
  expect_relative(a.hi, b.hi, tolerance);
}

}  // namespace descent
