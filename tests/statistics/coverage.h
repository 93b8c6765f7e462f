// SPDX-License-Identifier: MIT
// How often intervals contain the truth, over many master seeds.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>

#include "statistics/estimate.h"

namespace descent {

class Coverage {
 public:
  void add(const statistics::Estimate& estimate, double truth) {
    ++trials_;
    below_ += estimate.hi < truth;
    above_ += estimate.lo > truth;
  }

  double share() const { return 1 - (below_ + above_) / trials_; }

  // Within [least, most], but for 3.5 binomial standard errors of this many trials.
  void expect_between(double least, double most, const std::string& what) const {
    std::cout << what << ": " << share() << " (below " << below_ / trials_ << ", above "
              << above_ / trials_ << ")\n";
    EXPECT_GE(share(), least - allowance(least)) << what;
    EXPECT_LE(share(), most + allowance(most)) << what;
  }

 private:
  double allowance(double share) const { return 3.5 * std::sqrt(share * (1 - share) / trials_); }

  double trials_ = 0, below_ = 0, above_ = 0;
};

}  // namespace descent
