// SPDX-License-Identifier: MIT
#include "statistics/difference.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "statistics/jackknife.h"
#include "statistics/scale.h"
#include "statistics/summary.h"

namespace descent::statistics {
namespace {

// What rounding leaves of differences of numbers as large as these: those of a training in single
// precision, of which a run records doubles.
double rounding_of(std::span<const double> a, std::span<const double> b) {
  double largest = 0;
  for (const auto values : {a, b})
    for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest * std::numeric_limits<float>::epsilon();
}

double two_sided_p(const Estimate& e, double df, std::uint64_t replicates, double rounding) {
  if (std::isnan(e.se) || !(df >= 1)) return not_recorded;
  if (e.se == 0 && e.value == 0) return 1;
  const boost::math::students_t t(df);
  const double p =
      e.se == 0 ? 0 : 2 * boost::math::cdf(boost::math::complement(t, std::abs(e.value) / e.se));
  if (e.se > rounding) return p;
  const double of_signs = std::exp2(1 - static_cast<double>(replicates));
  return std::max({p, of_signs, std::numeric_limits<double>::min()});
}

// From var(a - b) = var(a) + var(b) - 2 cov(a, b).
double correlation_of(double se_a, double se_b, double se_difference) {
  if (!(se_a > 0) || !(se_b > 0)) return not_recorded;
  const double scale = scale_of(std::array{se_a, se_b, se_difference});
  const double a = se_a / scale, b = se_b / scale, difference = se_difference / scale;
  return std::clamp((a * a + b * b - difference * difference) / (2 * a * b), -1.0, 1.0);
}

using Part = double LeaveOneOut::*;

std::vector<double> values_of(std::span<const LeaveOneOut> without, Part part) {
  std::vector<double> values;
  for (const auto& one : without) values.push_back(one.*part);
  return values;
}

bool same_groups(std::span<const LeaveOneOut> a, std::span<const LeaveOneOut> b) {
  return std::ranges::equal(a, b, {}, &LeaveOneOut::left_out, &LeaveOneOut::left_out);
}

// The first value is that of all replicates; the others leave out a group each.
Jackknife jackknife_of(const std::vector<double>& values, std::span<const double> counts) {
  return jackknife(values[0], std::span(values).subspan(1), counts);
}

class PairedJackknife {
 public:
  PairedJackknife(std::span<const LeaveOneOut> a, std::span<const LeaveOneOut> b,
                  std::uint64_t replicates, double level)
      : a_(a), b_(b), replicates_(replicates), level_(level) {
    std::uint64_t largest = 0;
    for (const auto& one : a.subspan(1)) {
      counts_.push_back(static_cast<double>(one.left_out));
      largest = std::max(largest, one.left_out);
    }
    leaves_two_ = replicates >= largest + 2;
  }

  // Bias and variance need two remaining replicates, whichever group is left out.
  bool leaves_two() const { return leaves_two_; }

  // The jackknife of the differences a - b, group by group: what the two share cancels. The
  // standard error is at least least_se.
  Difference of(Part part, bool is_corrected, double least_se) const {
    const auto a = values_of(a_, part), b = values_of(b_, part);
    auto difference = a;
    for (std::size_t i = 0; i < b.size(); ++i) difference[i] -= b[i];
    const auto jack = jackknife_of(difference, counts_);
    const double df = static_cast<double>(counts_.size()) - 1;
    // NaN if either is.
    const double se = jack.se < least_se || std::isnan(least_se) ? least_se : jack.se;
    const auto estimate = t_estimate(is_corrected ? jack.corrected : difference[0], se, df, level_);
    const double correlation =
        correlation_of(jackknife_of(a, counts_).se, jackknife_of(b, counts_).se, jack.se);
    const double p = two_sided_p(estimate, df, replicates_, rounding_of(a, b));
    return {estimate, correlation, df, p, replicates_};
  }

 private:
  std::span<const LeaveOneOut> a_, b_;
  std::uint64_t replicates_;
  double level_;
  std::vector<double> counts_;
  bool leaves_two_ = false;
};

}  // namespace

Difference paired_difference(std::span<const double> a, std::span<const double> b, double level) {
  std::vector<double> differences(a.size());
  std::ranges::transform(a, b, differences.begin(), std::minus<>());
  const auto d = summarize(differences, level);
  const double df = static_cast<double>(a.size()) - 1;
  Difference result;
  result.replicates = a.size();
  if (a.empty()) return result;
  result.estimate = {d.mean, d.se, d.lo, d.hi};
  if (a.size() < 2) return result;
  result.correlation = correlation_of(summarize(a, level).se, summarize(b, level).se, d.se);
  result.df = df;
  result.p = two_sided_p(result.estimate, df, a.size(), rounding_of(a, b));
  return result;
}

// Solved for the group's own mean: n whole = n_g mean_g + (n - n_g) without_g.
std::vector<double> total_differences(std::span<const LeaveOneOut> a,
                                      std::span<const LeaveOneOut> b, std::uint64_t replicates) {
  if (a.empty() || !same_groups(a, b)) return {};
  const auto n = static_cast<double>(replicates);
  std::vector<double> sums;
  for (std::size_t g = 1; g < a.size(); ++g)
    sums.push_back(n * (a[0].total - b[0].total) -
                   (n - static_cast<double>(a[g].left_out)) * (a[g].total - b[g].total));
  return sums;
}

double largest_share(std::span<const double> values) {
  double largest = 0, sum = 0;
  for (const double value : values) {
    largest = std::max(largest, std::abs(value));
    sum += std::abs(value);
  }
  return largest / sum;
}

std::optional<DecompositionDifference> paired_decomposition(std::span<const LeaveOneOut> a,
                                                            std::span<const LeaveOneOut> b,
                                                            std::uint64_t replicates,
                                                            bool is_corrected, double level) {
  if (a.empty() || !same_groups(a, b)) return {};
  const PairedJackknife paired(a, b, replicates, level);
  const double none = paired.leaves_two() ? 0 : not_recorded;
  DecompositionDifference d;
  // variance comes before bias2, as its standard error is the floor: se(variance) / sqrt(R).
  d.total = paired.of(&LeaveOneOut::total, false, 0);
  d.variance = paired.of(&LeaveOneOut::variance, is_corrected, none);
  d.bias2 = paired.of(&LeaveOneOut::bias2, is_corrected,
                      d.variance.estimate.se / std::sqrt(static_cast<double>(replicates)));
  return d;
}

PointErrors paired_point_errors(std::span<const PointGroup> a, std::span<const PointGroup> b) {
  if (a.size() < 2 || !std::ranges::equal(a, b, {}, &PointGroup::points, &PointGroup::points))
    return {};
  const auto error = [&](double PointGroup::*part) {
    std::vector<double> deviations;
    double points = 0, sum = 0, squares = 0;
    for (std::size_t g = 0; g < a.size(); ++g) {
      const auto n = static_cast<double>(a[g].points);
      deviations.push_back(a[g].*part - b[g].*part);
      points += n;
      sum += n * deviations.back();
    }
    for (double& deviation : deviations) deviation -= sum / points;
    const double scale = scale_of(deviations);
    for (std::size_t g = 0; g < a.size(); ++g)
      squares +=
          static_cast<double>(a[g].points) * (deviations[g] / scale) * (deviations[g] / scale);
    return std::sqrt(squares / static_cast<double>(a.size() - 1) / points) * scale;
  };
  return {error(&PointGroup::total), error(&PointGroup::bias2), error(&PointGroup::variance)};
}

Difference with_second_error(const Difference& difference, double se, double df, double level) {
  auto result = difference;
  result.df = std::min(difference.df, df);
  result.estimate = t_estimate(difference.estimate.value, std::hypot(difference.estimate.se, se),
                               result.df, level);
  result.p = two_sided_p(result.estimate, result.df, difference.replicates, 0);
  return result;
}

Difference of_population(const Difference& difference, double se_points, std::uint64_t groups,
                         double level) {
  auto result = with_second_error(difference, se_points, static_cast<double>(groups) - 1, level);
  result.estimate.se = difference.estimate.se;
  return result;
}

Difference of_splits(const Difference& difference, double ratio, double level) {
  auto result = difference;
  const double se =
      difference.estimate.se * std::sqrt(1 + ratio * static_cast<double>(difference.replicates));
  result.estimate = t_estimate(difference.estimate.value, se, difference.df, level);
  // Of differences that are equal but for rounding, p is more than the t test says.
  if (!std::isnan(difference.p))
    result.p =
        std::max(difference.p, two_sided_p(result.estimate, result.df, difference.replicates, 0));
  return result;
}

}  // namespace descent::statistics
