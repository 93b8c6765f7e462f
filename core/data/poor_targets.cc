// SPDX-License-Identifier: MIT
#include "data/poor_targets.h"

#include <fmt/format.h>

#include <algorithm>

namespace descent::data {

std::vector<std::string> poor_targets(const Dataset& training, const Names& names) {
  std::vector<std::string> found;
  if (training.size() < 2) return found;
  for (arma::uword k = 0; k < training.targets.n_rows; ++k)
    if (const arma::rowvec row = training.targets.row(k); row.min() == row.max())
      found.push_back(fmt::format("target '{}' is {:.6g} in all {} training rows", names.targets[k],
                                  row[0], training.size()));
  if (training.classes.empty()) return found;
  for (std::size_t c = 0; c < names.classes.size(); ++c)
    if (std::ranges::count(training.classes, std::int64_t(c)) == 0)
      found.push_back(fmt::format("class '{}' is in no training row", names.classes[c]));
  return found;
}

}  // namespace descent::data
