// SPDX-License-Identifier: MIT
#include "experiment/grid/swept_paths.h"

#include <algorithm>
#include <tuple>

#include "experiment/schema/path.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

auto file_order(const Node& tree, const std::string& path) {
  const auto [depth, place] = locate(tree, path);
  return std::tuple(depth == 0, place.line == 0, place.line, place.column, path);
}

}  // namespace

void SweptPaths::add(const json& configuration) {
  ++points_;
  for (auto& [path, value] : flatten(configuration)) {
    auto& seen = seen_[path];
    if (++seen.points == 1)
      seen.first = std::move(value);
    else
      seen.differs |= seen.first != value;
  }
}

void SweptPaths::differs(const std::string& path) { seen_[path].differs = true; }

bool SweptPaths::is_swept(const std::string& path, const Seen& seen) const {
  if (seen.differs || seen.points == points_) return seen.differs;
  for (auto end = path.rfind('.'); end != path.npos && end > 0; end = path.rfind('.', end - 1)) {
    const auto above = seen_.find(path.substr(0, end));
    if (above != seen_.end()) return !is_swept(above->first, above->second);
  }
  return true;
}

std::vector<std::string> SweptPaths::paths(const Node& tree) const {
  std::vector<std::string> all;
  for (const auto& [path, seen] : seen_)
    if (is_swept(path, seen)) all.push_back(path);
  std::ranges::sort(all, {}, [&](const auto& path) { return file_order(tree, path); });
  return all;
}

}  // namespace descent::experiment
