// SPDX-License-Identifier: MIT
#include "statistics/multiplicity.h"

#include <algorithm>
#include <cmath>

#include "statistics/estimate.h"

namespace descent::statistics {
namespace {

// Positions of the p values that are numbers, smallest first.
std::vector<std::size_t> ascending(std::span<const double> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  return order;
}

bool finds(double n, double effect, double alpha, double power) {
  // The one-sided quantile of `power` is the two-sided one of level 2 power - 1.
  const double reach = t_quantile(n - 1, 1 - alpha) + t_quantile(n - 1, 2 * power - 1);
  return std::sqrt(n) * effect >= reach;
}

}  // namespace

// With p_(0) <= ... <= p_(k-1): the adjusted p_(i) is the largest (k - j) p_(j) over j <= i, at
// most
// 1. The running maximum keeps the order: a hypothesis is rejected only if those before it are.
std::vector<double> holm(std::span<const double> p) {
  std::vector<double> adjusted(p.size(), not_recorded);
  const auto order = ascending(p);
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, static_cast<double>(order.size() - i) * p[order[i]]);
    adjusted[order[i]] = std::min(1.0, largest);
  }
  return adjusted;
}

// The adjusted p_(i) is the smallest k / (j + 1) p_(j) over j >= i. From the largest on, as all up
// to the last rejected hypothesis are rejected.
std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<double> adjusted(p.size(), not_recorded);
  const auto order = ascending(p);
  double least = 1;
  for (auto i = order.size(); i-- > 0;) {
    least = std::min(least,
                     static_cast<double>(order.size()) / static_cast<double>(i + 1) * p[order[i]]);
    adjusted[order[i]] = least;
  }
  return adjusted;
}

std::optional<std::uint64_t> replicates_needed(double difference, double sd, double alpha,
                                               double power) {
  if (std::isnan(difference) || std::isnan(sd) || difference == 0) return {};
  if (sd == 0) return 2;
  const double effect = std::abs(difference) / sd;
  std::uint64_t low = 2, high = most_replicates;  // the answer is in [low, high]
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (finds(static_cast<double>(middle), effect, alpha, power))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace descent::statistics
