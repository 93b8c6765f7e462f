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
  std::vector<std::pair<const std::string*, const Choice*>> above;  // the choices around a path
  for (const auto& [path, value] : flatten(configuration)) {
    while (!above.empty() && !path.starts_with(*above.back().first + '.')) above.pop_back();
    auto& seen = seen_[path];
    if (++seen.points == 1)
      seen.first = value;
    else
      seen.differs |= seen.first != value;
    if (!above.empty()) ++seen.of_choice[above.back().second];
    if (!value.is_string()) continue;
    auto& choice = choices_[{path, value.get<std::string>()}];
    ++choice.points;
    above.emplace_back(&path, &choice);
  }
}

void SweptPaths::differs(const std::string& path) { seen_[path].differs = true; }

bool SweptPaths::is_swept(const Seen& seen) const {
  if (seen.differs || seen.points == points_) return seen.differs;
  std::uint64_t explained = 0;
  for (const auto& [choice, points] : seen.of_choice) {
    if (points < choice->points) return true;
    explained += points;
  }
  return explained < seen.points;
}

std::vector<std::string> SweptPaths::paths(const Node& tree) const {
  std::vector<std::string> all;
  for (const auto& [path, seen] : seen_)
    if (is_swept(seen)) all.push_back(path);
  std::ranges::sort(all, {}, [&](const auto& path) { return file_order(tree, path); });
  return all;
}

}  // namespace descent::experiment
