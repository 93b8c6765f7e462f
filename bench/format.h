// SPDX-License-Identifier: MIT
// The format of measurements in the tables of the benchmarks.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace descent {

struct Measured {
  double median = 0, spread = 0;  // the standard deviation, as a share
};

inline std::string seconds(double s) {
  if (s < 1e-6) return fmt::format("{:.0f} ns", s * 1e9);
  if (s < 1e-3) return fmt::format("{:.1f} us", s * 1e6);
  return s < 1 ? fmt::format("{:.2f} ms", s * 1e3) : fmt::format("{:.2f} s", s);
}

inline std::string plus_minus(const Measured& m) {
  return fmt::format(" ± {:.0f} %", m.spread * 100);
}

inline void print_row(const std::vector<std::string>& cells) {
  for (const auto& cell : cells) fmt::print("| {} ", cell);
  fmt::print("|\n");
}

inline void print_head(const std::vector<std::string>& cells) {
  print_row(cells);
  print_row(std::vector<std::string>(cells.size(), "---"));
}

}  // namespace descent
