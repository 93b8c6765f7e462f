// SPDX-License-Identifier: MIT
// The names by which a command line asks for a picture of an experiment's page.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/picture.h"

namespace descent::report {

using NamedPicture = std::pair<std::string, Picture>;

// "learning-curves" for the first picture of a figure, "learning-curves/test-loss" for the others;
// a name that is taken gets a number.
std::vector<NamedPicture> named(const std::vector<Figure>& figures);

}  // namespace descent::report
