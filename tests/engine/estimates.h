// SPDX-License-Identifier: MIT
// Reads bias and variance from a store, and compares them with the exact values.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/laboratory.h"
#include "statistics/decomposition.h"
#include "statistics/support.h"

namespace descent {

// Standard errors that are not known are NaN: then only the estimates are checked.
struct Exact {
  double bias2 = 0, variance = 0;
  double sb = not_recorded, s2 = not_recorded;  // as in Truth
  double kurtosis = 0;  // excess fourth cumulant of |e - E e|^2 / m, 0 for Gaussian predictions
  double rounding = 0;  // what solver and test grid leave open, absolute
  double slack = 0;     // relative error of values that were simulated

  double excess() const { return bias2 + variance; }
};

inline Exact exact(const Truth& truth, double rounding = 0) {
  Exact all;
  all.bias2 = truth.bias2;
  all.variance = truth.variance;
  all.sb = std::max(truth.sb, 0.0);  // rounding may leave a zero below 0
  all.s2 = truth.s2;
  all.rounding = rounding;
  return all;
}

inline void expect_near(const statistics::Estimate& found, double truth, const Exact& exact,
                        const char* name) {
  EXPECT_LE(std::abs(found.value - truth),
            3.5 * found.se + exact.rounding + exact.slack * std::abs(truth))
      << name << " " << found.value << " +- " << found.se << ", truth " << truth;
}

inline void expect_between(double found, double least, double most, const char* name) {
  EXPECT_GE(found, 0.7 * least) << "standard error of " << name;
  EXPECT_LE(found, 1.4 * most) << "standard error of " << name;
}

// The jackknife's error of bias2 is about 2 |S^(1/2) e| / (m sqrt R) with e = b + noise / sqrt R:
// where b is hardly larger than that noise, it is itself as random as the noise, between the floor
// and the triangle inequality's bound.
inline void expect_bias2_error(double found, const Exact& truth, double r) {
  const double square = 2 * truth.s2 / (r - 1);
  const double noise = std::sqrt(truth.s2 / r), signal = std::sqrt(truth.sb);
  const double se = std::sqrt((4 * truth.sb + square) / r);
  if (noise < signal / 4) return expect_between(found, se, se, "bias2");
  const double floor = std::sqrt(square / r);
  expect_between(found, floor, 2 * (signal + 3.5 * noise) / std::sqrt(r), "bias2");
}

// Estimates within 3.5 reported standard errors of the truth; with 100 replicates or more those
// errors within [0.7, 1.4] of the exact ones, where those are known.
inline void expect_agreement(const statistics::Decomposition& d, const Exact& truth) {
  expect_near(d.bias2, truth.bias2, truth, "bias2");
  expect_near(d.variance, truth.variance, truth, "variance");
  expect_near(d.excess, truth.excess(), truth, "excess");
  expect_near(d.total, truth.excess() + d.noise, truth, "total");
  EXPECT_LT(d.identity_residual, 1e-9);
  const auto r = static_cast<double>(d.replicates);
  if (r < 100 || std::isnan(truth.sb)) return;
  const double of_total = std::sqrt((4 * truth.sb + 2 * truth.s2 + truth.kurtosis) / r);
  const double of_variance = std::sqrt(2 * truth.s2 / (r - 1) + truth.kurtosis / r);
  expect_between(d.total.se, of_total, of_total, "total");
  expect_between(d.variance.se, of_variance, of_variance, "variance");
  expect_bias2_error(d.bias2.se, truth, r);
}

struct Misses {
  int bias2 = 0, variance = 0, total = 0;
};

inline bool misses(const statistics::Estimate& estimate, double truth) {
  return truth < estimate.lo || truth > estimate.hi;
}

// More than 6 misses of 40 have a probability of 0.0034 at 95 %.
inline void expect_calibrated(const std::vector<statistics::Decomposition>& found,
                              const Exact& truth) {
  ASSERT_EQ(found.size(), 40u);
  Misses count;
  for (const auto& d : found) {
    count.bias2 += misses(d.bias2, truth.bias2);
    count.variance += misses(d.variance, truth.variance);
    count.total += misses(d.total, truth.excess() + d.noise);
  }
  EXPECT_LE(count.bias2, 6);
  EXPECT_LE(count.variance, 6);
  EXPECT_LE(count.total, 6);
}

inline const std::string forty_seeds = "{linspace: [1, 40, 40]}";

class TruthLaboratory : public Laboratory {
 protected:
  // The decompositions in a store, ordered by point and epoch.
  std::vector<statistics::Decomposition> decompositions(const std::string& store,
                                                        const std::string& where = "1") const {
    std::string columns = "replicates, noise, identity_residual";
    for (const std::string part : {"total", "bias2", "variance", "excess"})
      columns += ", " + part + ", " + part + "_se, " + part + "_lo, " + part + "_hi";
    std::vector<statistics::Decomposition> all;
    for (const auto& row : ask(store, "SELECT " + columns + " FROM bias_variance WHERE " + where +
                                          " ORDER BY point_id, epoch")) {
      statistics::Decomposition d;
      d.replicates = static_cast<std::uint64_t>(std::get<std::int64_t>(row[0]));
      d.noise = real(row[1]);
      d.identity_residual = real(row[2]);
      std::size_t i = 3;
      for (auto* part : {&d.total, &d.bias2, &d.variance, &d.excess})
        for (double* value : {&part->value, &part->se, &part->lo, &part->hi})
          *value = real(row[i++]);
      all.push_back(d);
    }
    return all;
  }

  // Every run has ended well, its solver at a point where the gradient is as good as 0.
  void expect_solved(const std::string& store, double gradient_norm) const {
    EXPECT_EQ(number(store, "SELECT count(*) FROM runs WHERE status <> 'done'"), 0);
    EXPECT_LT(number(store, "SELECT max(gradient_norm) FROM runs"), gradient_norm);
  }

 private:
  static double real(const store::Value& value) {
    const auto* number = std::get_if<double>(&value);
    return number ? *number : not_recorded;
  }
};

}  // namespace descent
