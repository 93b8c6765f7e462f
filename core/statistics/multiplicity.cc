// SPDX-License-Identifier: MIT
#include "statistics/multiplicity.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
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

// Of n pairs, t has the noncentrality sqrt(n) effect, and is found beyond either quantile. Where
// that is large, the mean does not vary next to it, and t = noncentrality / sqrt(chi^2 / (n - 1)).
bool finds(double n, double effect, double alpha, double power) {
  const double noncentrality = std::sqrt(n) * effect;
  const double reach = t_quantile(n - 1, 1 - alpha);
  if (noncentrality > 1e4) {
    const double ratio = std::min(noncentrality / reach, 1e100);
    return boost::math::cdf(boost::math::chi_squared(n - 1), (n - 1) * ratio * ratio) >= power;
  }
  const boost::math::non_central_t t(n - 1, noncentrality);
  return boost::math::cdf(boost::math::complement(t, reach)) + boost::math::cdf(t, -reach) >= power;
}

// The number for normal quantiles: fewer than those of t need, but hardly.
double normal_number(double effect, double alpha, double power) {
  const boost::math::normal normal;
  const double reach = boost::math::quantile(boost::math::complement(normal, alpha / 2)) +
                       boost::math::quantile(normal, power);
  return reach * reach / (effect * effect);
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
  const double near = normal_number(effect, alpha, power);
  if (!(near < static_cast<double>(most_replicates))) return most_replicates;
  auto n = std::max<std::uint64_t>(2, static_cast<std::uint64_t>(near));
  const auto is_enough = [&](std::uint64_t pairs) {
    return finds(static_cast<double>(pairs), effect, alpha, power);
  };
  while (n > 2 && is_enough(n - 1)) --n;
  while (n < most_replicates && !is_enough(n)) ++n;
  return n;
}

}  // namespace descent::statistics
