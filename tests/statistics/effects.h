// SPDX-License-Identifier: MIT
// Looking up an effect by "definition.term".
#pragma once

#include <string>

#include "golden.h"

namespace descent {

inline statistics::Estimate effect(const statistics::Decomposition& d, const std::string& name) {
  for (const auto& one : d.effects)
    if (one.definition + "." + one.term == name) return one.estimate;
  ADD_FAILURE() << "no effect " << name;
  return {};
}

inline void expect_within(const statistics::Estimate& found, double truth,
                          const std::string& name) {
  EXPECT_LE(std::abs(found.value - truth), 3.5 * found.se)
      << name << " " << found.value << " +- " << found.se << ", truth " << truth;
}

}  // namespace descent
