// SPDX-License-Identifier: MIT
// Curves drawn in text, for a terminal.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace descent::cli {

struct Curve {
  std::string name;
  std::vector<std::pair<double, double>>
      points;           // by x, ascending; a y that is not finite is a gap
  bool is_line = true;  // else only its points
};

struct PlotStyle {
  int width = 80, height = 16;  // of all of it but the legend
  bool unicode = true;
  bool log_x = false;           // of an x below 0, nothing is drawn; 0 stands left of the others
  std::optional<bool> log_y{};  // nothing: where all values are positive and span a factor of 20
};

// With axes and a legend. The y axis is logarithmic only if all values are positive. Where curves
// meet, the first one is seen. Empty when there is nothing to draw.
std::string plot(const std::vector<Curve>& curves, const PlotStyle& style);

// The terminal's width, else COLUMNS, else 80; Unicode when the locale is UTF-8.
PlotStyle terminal_style();

}  // namespace descent::cli
