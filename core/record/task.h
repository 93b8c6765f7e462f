// SPDX-License-Identifier: MIT
// Which settings two points must share to be compared, by the dotted paths of their configurations.
// Points that share them are of one task.
#pragma once

#include <string_view>

namespace descent::record {

inline bool is_at_or_below(std::string_view path, std::string_view above) {
  return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '.');
}

// What a replicate draws and what it is tested on. How many training samples there are, and where,
// does not change the test set.
inline bool decides_the_draws(std::string_view path) {
  if (path == "data.synthetic.train" || is_at_or_below(path, "data.synthetic.x")) return false;
  return path == "seed" || is_at_or_below(path, "data") || is_at_or_below(path, "replicates");
}

// What a loss measures, and in which unit.
inline bool decides_the_unit(std::string_view path) {
  return is_at_or_below(path, "loss") || path == "data.csv.path" ||
         is_at_or_below(path, "data.csv.target") || path == "data.csv.standardize_target" ||
         path == "data.synthetic.function" || is_at_or_below(path, "data.surface");
}

// Of errors in the unit of the target, whatever the loss.
inline bool decides_the_unit_of_targets(std::string_view path) {
  return decides_the_unit(path) && !is_at_or_below(path, "loss");
}

inline bool decides_the_task(std::string_view path) {
  return decides_the_draws(path) || decides_the_unit(path);
}

}  // namespace descent::record
