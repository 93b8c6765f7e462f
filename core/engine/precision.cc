// SPDX-License-Identifier: MIT
#include "engine/precision.h"

#include <algorithm>
#include <cmath>

namespace descent::engine {
namespace {

// The largest error, as a multiple of the requested one; an unknown error counts as infinite.
double excess_error(const train::Until& until, const statistics::Decomposition& found) {
  const auto ratio = [](double se, double asked) {
    if (asked == 0) return 0.0;
    return std::isnan(se) ? std::numeric_limits<double>::infinity() : se / asked;
  };
  return std::max({ratio(found.total.se, until.total_se), ratio(found.bias2.se, until.bias2_se),
                   ratio(found.variance.se, until.variance_se)});
}

// Those that lack to least_growing; what did not end well counts neither as group nor as replicate.
std::uint64_t missing_groups(const statistics::Decomposition& found) {
  const auto there = std::min(found.groups, found.replicates);
  return there < least_growing ? least_growing - there : 0;
}

}  // namespace

bool is_precise(const VariantPlan& point, const statistics::Decomposition& found) {
  return !point.until || excess_error(*point.until, found) <= 1;
}

std::uint64_t next_goal(const VariantPlan& point, const statistics::Decomposition& found,
                        std::uint64_t so_far) {
  if (!point.until) return so_far;
  const double excess = excess_error(*point.until, found);
  const auto lacking = missing_groups(found);
  if (excess <= 1 && lacking == 0) return so_far;
  const double wanted = std::clamp(excess * excess, 1.0, 2.0) * double(so_far);
  const auto least = so_far + std::max<std::uint64_t>(lacking, 1) * point.block;
  return whole_groups(std::max(least, std::uint64_t(std::ceil(wanted))), point.most, point.block);
}

}  // namespace descent::engine
