// SPDX-License-Identifier: MIT
// The part of a page about one experiment.
#pragma once

#include <string>
#include <vector>

#include "report/draw.h"
#include "report/experiment.h"
#include "report/picture.h"
#include "report/sources.h"

namespace descent::report {

// Figures are numbered in the order of the page; the script finds their pictures by the number.
struct Section {
  std::string html;
  std::vector<Figure> figures;
};

// first_figure: the number of its first figure. store_name: for the commands that it suggests.
Section section(store::Reader& reader, const Experiment& experiment, const Sources& sources,
                Renderer& renderer, const std::string& store_name, std::size_t first_figure);

// "not finished: 3 of 16 points"; empty when all points are finished.
std::string unfinished_text(const Experiment& experiment);

}  // namespace descent::report
