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

}  // namespace

std::uint64_t next_goal(const PlannedPoint& point, const statistics::Decomposition& found,
                        std::uint64_t so_far) {
  if (!point.until) return so_far;
  const double excess = excess_error(*point.until, found);
  if (excess <= 1) return so_far;
  const auto chunk = growing_chunk(point.most, point.block);
  const double wanted = std::min(excess * excess, 2.0) * double(so_far);
  const auto goal = std::max(so_far + chunk, std::uint64_t(std::ceil(wanted)));
  return std::min(point.most, (goal + chunk - 1) / chunk * chunk);
}

}  // namespace descent::engine
