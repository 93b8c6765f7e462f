// SPDX-License-Identifier: MIT
// What a report needs that a store does not hold: the floors that compare and train supply it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/reader.h"
#include "store/records.h"

namespace descent::report {

struct Sources {
  // All other points of an experiment minus this one, with verdicts at the 95 % level that are
  // adjusted for their number; metric: total, test_loss or train_loss.
  std::function<std::vector<store::ContrastRow>(store::Reader&, const std::string& experiment,
                                                std::int64_t point, const std::string& metric)>
      compare;
  // The heights of a point's surface at x[i], y[i]; the configuration is that of the store.
  std::function<std::vector<double>(const std::string& configuration, const std::vector<double>& x,
                                    const std::vector<double>& y)>
      heights;
};

}  // namespace descent::report
