// SPDX-License-Identifier: MIT
// Numbers of an experiment other than 0 that are 0 in its dtype: with such a lr nothing is learnt.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/element.h"
#include "experiment/experiment.h"

namespace descent::engine {

// The warning of the number at this path; "" if it is not 0 in the type, or written as 0.
std::string underflow_warning(const std::string& path, double value, Element type);

// Of all numbers of a point, with their paths.
std::vector<std::pair<std::string, std::string>> underflow_warnings(const experiment::Point& point);

}  // namespace descent::engine
