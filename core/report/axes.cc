// SPDX-License-Identifier: MIT
#include "report/axes.h"

#include <algorithm>
#include <map>

namespace descent::report {
namespace {

constexpr std::size_t fewest_numbers = 3;
constexpr std::size_t most_texts = 2;  // of an ordered axis
constexpr double filled = 0.35;        // of a grid: not drawn at random

Paths joined(Paths a, const Paths& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Whether b never falls, or never rises, while a rises.
bool is_monotone(const Grid& grid, std::size_t a, std::size_t b) {
  std::vector<std::pair<int, int>> pairs;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const int x = grid.paths()[a].codes[i], y = grid.paths()[b].codes[i];
    if (x >= 0 && y >= 0) pairs.emplace_back(x, y);
  }
  std::ranges::sort(pairs);
  bool rises = true, falls = true;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    rises = rises && pairs[i - 1].second <= pairs[i].second;
    falls = falls && pairs[i - 1].second >= pairs[i].second;
  }
  return rises || falls;
}

// Values are sorted, so their codes are, and each is determined by the other.
bool runs_along(const Grid& grid, std::size_t path, std::size_t other, const Paths& words) {
  return grid.follows(path, joined(words, {other})) && grid.follows(other, joined(words, {path})) &&
         is_monotone(grid, path, other);
}

// All combinations of the numbers' values, for every combination of words that occurs.
double cells(const Grid& grid, const Axes& axes) {
  const auto groups = grid.classes(joined(axes.words, axes.ordered));
  double count = groups.empty() ? 0 : double(std::ranges::max(groups) + 1);
  for (const auto p : axes.numbers) count *= double(grid.paths()[p].values.size());
  return count;
}

}  // namespace

Paths Axes::all() const { return joined(joined(words, ordered), numbers); }

Paths without(const Paths& paths, std::size_t path) {
  Paths rest;
  std::ranges::copy_if(paths, std::back_inserter(rest), [&](auto p) { return p != path; });
  return rest;
}

Axes axes_of(const Grid& grid) {
  Axes axes;
  Paths numbers;
  for (const auto p : grid.varied()) {
    const auto& path = grid.paths()[p];
    const auto texts = path.values.size() - path.numbers();
    if (path.numbers() < fewest_numbers || texts > most_texts)
      axes.words.push_back(p);
    else
      (texts == 0 ? numbers : axes.ordered).push_back(p);
  }
  for (const auto p : numbers) {
    const auto along = [&](auto kept) { return runs_along(grid, p, kept, axes.words); };
    if (!grid.follows(p, axes.words) && std::ranges::none_of(axes.numbers, along))
      axes.numbers.push_back(p);
  }
  axes.is_drawn = axes.numbers.size() >= 2 && double(grid.size()) < filled * cells(grid, axes);
  return axes;
}

std::optional<std::size_t> line_axis(const Grid& grid, const Axes& axes) {
  for (const auto x : joined(axes.ordered, axes.numbers)) {
    Paths rest;
    for (const auto p : grid.varied())
      if (p != x && !grid.follows(p, {x})) rest.push_back(p);
    const auto groups = grid.classes(rest);
    std::map<std::size_t, std::size_t> sizes;
    for (const auto group : groups) ++sizes[group];
    std::size_t inside = 0;
    for (const auto& [group, size] : sizes) inside += size >= fewest_numbers ? size : 0;
    if (2 * inside >= grid.size()) return x;
  }
  return {};
}

}  // namespace descent::report
