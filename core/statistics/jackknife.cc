// SPDX-License-Identifier: MIT
#include "statistics/jackknife.h"

#include <cmath>
#include <numeric>

#include "statistics/estimate.h"

namespace descent::statistics {

// Computed from shift_g = without_g - whole, which keeps the digits that cancel in pseudo-values:
//   pseudo_g - whole  = -(h_g - 1) shift_g
//   corrected - whole = sum_g (pseudo_g - whole) / h_g = -sum_g (1 - n_g / n) shift_g
Jackknife jackknife(double whole, std::span<const double> without, std::span<const double> counts) {
  if (without.size() < 2) return {not_recorded, not_recorded};
  const double n = std::accumulate(counts.begin(), counts.end(), 0.0);
  double correction = 0;
  for (std::size_t g = 0; g < without.size(); ++g)
    correction -= (1 - counts[g] / n) * (without[g] - whole);
  double sum = 0;
  for (std::size_t g = 0; g < without.size(); ++g) {
    const double h = n / counts[g];
    const double deviation = -(h - 1) * (without[g] - whole) - correction;
    sum += deviation * deviation / (h - 1);
  }
  return {whole + correction, std::sqrt(sum / static_cast<double>(without.size()))};
}

}  // namespace descent::statistics
