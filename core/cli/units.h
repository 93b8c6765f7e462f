// SPDX-License-Identifier: MIT
// Points with losses of one unit, so that they may stand under one heading.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/reader.h"

namespace descent::cli {

struct UnitGroup {
  std::string name;  // "loss=mse"; empty if all points are of one unit
  std::vector<std::int64_t> points;
};

// In the order in which the units first occur.
std::vector<UnitGroup> by_unit(store::Reader& reader, const std::vector<std::int64_t>& points);

}  // namespace descent::cli
