// SPDX-License-Identifier: MIT
#include "data/dataset.h"

#include "data/weights.h"

namespace descent::data {

Dataset select(const Dataset& data, std::span<const std::uint64_t> indices) {
  const arma::uvec columns(std::vector<arma::uword>(indices.begin(), indices.end()));
  Dataset chosen;
  chosen.features = data.features.cols(columns);
  if (!data.targets.is_empty()) chosen.targets = data.targets.cols(columns);
  if (!data.weights.is_empty()) chosen.weights = to_mean_one(data.weights.cols(columns));
  if (!data.classes.empty())
    for (const auto i : indices) chosen.classes.push_back(data.classes[i]);
  if (!data.lines.empty())
    for (const auto i : indices) chosen.lines.push_back(data.lines[i]);
  return chosen;
}

}  // namespace descent::data
