// SPDX-License-Identifier: MIT
// The delete-a-group jackknife; with groups of one it is the delete-one jackknife.
#pragma once

#include <span>

namespace descent::statistics {

struct Jackknife {
  double corrected;  // without the bias of order 1/n
  double se;
};

// whole: the statistic of all n observations; without[g]: of all but the counts[g] of group g.
// Pseudo-values of groups of unequal size (Busing, Meijer & van der Leeden, 1999), h_g = n / n_g:
//   pseudo_g = h_g whole - (h_g - 1) without_g,  corrected = sum_g pseudo_g / h_g
//   se^2     = 1/G sum_g (pseudo_g - corrected)^2 / (h_g - 1)
// For equal groups: corrected = G whole - (G - 1) mean(without) and
// se^2 = (G - 1)/G sum_g (without_g - mean(without))^2. Both are NaN for fewer than two groups.
Jackknife jackknife(double whole, std::span<const double> without, std::span<const double> counts);

}  // namespace descent::statistics
