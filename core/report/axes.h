// SPDX-License-Identifier: MIT
// What kind of axis each swept path is, from which the choice of pictures follows.
#pragma once

#include <optional>
#include <vector>

#include "report/grid.h"

namespace descent::report {

// A varied path is
//   a number   with at least three numbers and no text;
//   ordered    with at least three numbers and one or two texts, as the batch sizes 1, 10, full;
//   a word     otherwise.
// A number that follows from the words, as each optimizer's own momentum, is none of them, and
// neither is a number that runs along another one, as in a zip.
struct Axes {
  Paths numbers, ordered, words;  // in the order of the file
  bool is_drawn = false;  // the points fill at most a third of the grid of two or more numbers

  Paths all() const;  // words, ordered, numbers
};

Axes axes_of(const Grid& grid);

// The ordered or number axis along which at least half of the points lie in groups of three or more
// that agree in all else; of several the first. Nothing if there is none.
std::optional<std::size_t> line_axis(const Grid& grid, const Axes& axes);

// The axes but one.
Paths without(const Paths& paths, std::size_t path);

}  // namespace descent::report
