// SPDX-License-Identifier: MIT
#include "report/labels.h"

#include <algorithm>
#include <map>

#include "report/text.h"

namespace descent::report {
namespace {

// Words tell most, then numbers in the order of the file.
bool is_word(const SweptPath& path) {
  return !path.values.empty() && path.is_text() &&
         std::ranges::none_of(path.values, is_truth_value);
}

std::string text_of(const SweptPath& path, const store::Value& value) {
  if (std::holds_alternative<std::string>(value) && !is_truth_value(value))
    return std::get<std::string>(value);
  return path.name + " " + value_text(value);
}

std::string what_others_have(const SweptPath& path) {
  return path.values.size() == 1 ? text_of(path, path.values.front()) : path.name;
}

class Labels {
 public:
  Labels(const Grid& grid, const Points& points)
      : grid_(grid), points_(points), texts_(points.size()), lacking_(points.size()) {}

  // Says the words of all points; returns the points in groups that share them.
  std::vector<Points> say_words(const Paths& words) {
    Paths said;
    for (const auto p : words) {
      if (grid_.follows(p, said)) continue;
      said.push_back(p);
      if (parts(everything(), p).size() > 1) say(everything(), p);
    }
    const auto classes = grid_.classes(said);
    std::map<std::size_t, Points> groups;
    for (std::size_t i = 0; i < points_.size(); ++i) groups[classes[points_[i]]].push_back(i);
    std::vector<Points> all;
    for (auto& [number, group] : groups) all.push_back(std::move(group));
    return all;
  }

  // Splits a group by the first path that can, and what is left by the paths after it.
  void split(const Points& group, const Paths& paths, std::size_t from = 0) {
    if (group.size() < 2) return;
    for (auto at = from; at < paths.size(); ++at) {
      const auto all = parts(group, paths[at]);
      if (all.size() < 2) continue;
      say(group, paths[at]);
      for (const auto& [code, part] : all) split(part, paths, at + 1);
      return;
    }
  }

  std::vector<std::string> texts() {
    for (std::size_t i = 0; i < texts_.size(); ++i)
      if (texts_[i].empty()) texts_[i] = lacking_[i].empty() ? "all points" : lacking_[i];
    return texts_;
  }

 private:
  Points everything() const {
    Points all(points_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }

  std::map<int, Points> parts(const Points& group, std::size_t path) const {
    std::map<int, Points> all;
    for (const auto i : group) all[grid_.paths()[path].codes[points_[i]]].push_back(i);
    return all;
  }

  void say(const Points& group, std::size_t path) {
    for (const auto i : group)
      if (const auto* value = grid_.value(path, points_[i]))
        texts_[i] += (texts_[i].empty() ? "" : ", ") + text_of(grid_.paths()[path], *value);
      else if (lacking_[i].empty())
        lacking_[i] = "no " + what_others_have(grid_.paths()[path]);
  }

  const Grid& grid_;
  const Points& points_;
  std::vector<std::string> texts_;
  std::vector<std::string> lacking_;  // what to say of points without any text
};

}  // namespace

std::vector<std::string> labels_of(const Grid& grid, const Points& points, const Paths& paths) {
  auto rest = paths;
  const auto words = std::stable_partition(rest.begin(), rest.end(),
                                           [&](auto p) { return is_word(grid.paths()[p]); });
  Paths numbers(words, rest.end());
  std::stable_partition(numbers.begin(), numbers.end(),
                        [&](auto p) { return grid.paths()[p].has_text(); });
  Labels labels(grid, points);
  for (const auto& group : labels.say_words(Paths(rest.begin(), words)))
    labels.split(group, numbers);
  return labels.texts();
}

}  // namespace descent::report
