// SPDX-License-Identifier: MIT
#include "statistics/jackknife.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "statistics/estimate.h"
#include "statistics/scale.h"

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
  std::vector<double> deviations(without.size());
  for (std::size_t g = 0; g < without.size(); ++g)
    deviations[g] = -(n / counts[g] - 1) * (without[g] - whole) - correction;
  const double scale = scale_of(deviations);
  double sum = 0;
  for (std::size_t g = 0; g < without.size(); ++g)
    sum += deviations[g] / scale * (deviations[g] / scale) / (n / counts[g] - 1);
  return {whole + correction, std::sqrt(sum / static_cast<double>(without.size())) * scale};
}

}  // namespace descent::statistics
