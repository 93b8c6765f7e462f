// SPDX-License-Identifier: MIT
#include "statistics/summary.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/scale.h"

namespace descent::statistics {
namespace {

double mean_of(std::span<const double> values, double scale) {
  double sum = 0;
  for (const double value : values) sum += value / scale;
  return sum / static_cast<double>(values.size()) * scale;  // of none: NaN
}

double sd_of(std::span<const double> values, double mean, double scale) {
  if (values.size() < 2) return not_recorded;
  double sum = 0;
  for (const double value : values) {
    const double deviation = value / scale - mean / scale;
    sum += deviation * deviation;
  }
  return std::sqrt(sum / static_cast<double>(values.size() - 1)) * scale;
}

}  // namespace

Summary summarize(std::span<const double> values, double ci_level) {
  const auto n = static_cast<double>(values.size());
  const double scale = scale_of(values), mean = mean_of(values, scale);
  const double sd = sd_of(values, mean, scale), se = sd / std::sqrt(n);
  const auto interval = t_estimate(mean, se, n - 1, ci_level);
  return {values.size(), mean, sd, se, interval.lo, interval.hi, median(values)};
}

bool is_dominant(double share, std::uint64_t n) {
  return share > std::max(dominant_share, dominant_multiple / static_cast<double>(n));
}

double quantile(std::span<const double> values, double p) {
  std::vector<double> sorted(values.begin(), values.end());
  if (sorted.empty() || std::ranges::any_of(sorted, [](double v) { return std::isnan(v); }))
    return not_recorded;
  std::ranges::sort(sorted);
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const double part = at - static_cast<double>(below);
  if (part == 0) return sorted[below];  // and so no infinity is multiplied by 0
  return sorted[below] * (1 - part) + sorted[below + 1] * part;
}

double median(std::span<const double> values) { return quantile(values, 0.5); }

}  // namespace descent::statistics
