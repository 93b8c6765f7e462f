// SPDX-License-Identifier: MIT
// The labels of points in a picture: only what tells them apart, "sgd, momentum 0.9".
#pragma once

#include <string>
#include <vector>

#include "report/grid.h"

namespace descent::report {

// One label for each of the points. Words are said of every point unless they follow from earlier
// words; of the numbers, each group of points that share their words says those that differ within
// it: "no tanh" where the others have it. A single point is "all points".
std::vector<std::string> labels_of(const Grid& grid, const Points& points, const Paths& paths);

}  // namespace descent::report
