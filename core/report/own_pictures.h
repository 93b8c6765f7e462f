// SPDX-License-Identifier: MIT
// The pictures that an experiment's file asks for with the key `report`.
#pragma once

#include <string>
#include <vector>

#include "report/draw.h"
#include "report/picture.h"

namespace descent::report {

// Each in a figure of its own, in the order of the file. One with a query that fails now has no
// rows, and its note says why.
std::vector<Figure> own_pictures(store::Reader& reader, const std::string& experiment,
                                 Renderer& renderer);

}  // namespace descent::report
