// SPDX-License-Identifier: MIT
// Which resolved paths differ between points.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

class SweptPaths {
 public:
  void add(const nlohmann::json& configuration);
  void differs(const std::string& path);  // between points that are not added

  // Paths with at least two values, and paths that only some points have, unless the choice above
  // them explains it: momentum is there wherever the optimizer is sgd. A key without a default,
  // which only some points of a choice set, is swept. In the order of the file: what it does not
  // name comes last, after what overrides name.
  std::vector<std::string> paths(const Node& tree) const;

 private:
  struct Choice {
    std::uint64_t points = 0;  // that choose it
  };
  struct Seen {
    nlohmann::json first;
    std::uint64_t points = 0;
    bool differs = false;
    std::map<const Choice*, std::uint64_t> of_choice;  // points by the nearest choice above
  };
  bool is_swept(const Seen& seen) const;

  std::map<std::pair<std::string, std::string>, Choice> choices_;  // by path and name
  std::map<std::string, Seen> seen_;
  std::uint64_t points_ = 0;
};

}  // namespace descent::experiment
