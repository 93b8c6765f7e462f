// SPDX-License-Identifier: MIT
// The text of a configuration, which is a point's identity, made from what its variant shares.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace descent::experiment {

// A configuration's dump(), cut where the values of free axes stand.
class CanonicalText {
 public:
  CanonicalText() = default;
  // free: the axes' positions and where on the way from the root their values resolve.
  CanonicalText(const nlohmann::json& configuration,
                const std::vector<std::pair<std::size_t, std::string>>& free);

  // With the text of every free value: what dump() of that point's configuration gives.
  std::string with(const std::function<std::string(std::size_t axis)>& value) const;

 private:
  void write(const nlohmann::json& value);

  std::vector<std::pair<const nlohmann::json*, std::size_t>> open_;  // while written
  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>> cuts_;  // offset in text_, axis
};

}  // namespace descent::experiment
