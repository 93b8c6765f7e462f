// SPDX-License-Identifier: MIT
// Which resolved paths differ between points.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

class SweptPaths {
 public:
  void add(const nlohmann::json& configuration);
  void differs(const std::string& path);  // between points that are not added

  // Paths with at least two values, and paths that only some points have, unless a choice that
  // differs above them explains it (momentum belongs to sgd). In the order of the file: what it
  // does not name comes last, after what overrides name.
  std::vector<std::string> paths(const Node& tree) const;

 private:
  struct Seen {
    nlohmann::json first;
    std::uint64_t points = 0;
    bool differs = false;
  };
  bool is_swept(const std::string& path, const Seen& seen) const;

  std::map<std::string, Seen> seen_;
  std::uint64_t points_ = 0;
};

}  // namespace descent::experiment
