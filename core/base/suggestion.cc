// SPDX-License-Identifier: MIT
#include "base/suggestion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/foreign_names.h"

namespace descent {
namespace {

// Edit distance in which a swap of neighbours counts once (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

// The nearest in spelling, if it is near.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const std::string* best = nullptr;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const auto d = distance(word, candidate);
    if (d < least) least = d, best = &candidate;
  }
  if (!best || least >= best->size()) return {};
  return *best;
}

std::optional<std::string> same_name(std::string_view word,
                                     const std::vector<std::string>& candidates) {
  const auto plain = plain_name(word);
  for (const auto& candidate : candidates)
    if (plain == plain_name(candidate)) return candidate;
  return {};
}

}  // namespace

std::optional<std::string> suggestion(std::string_view word,
                                      const std::vector<std::string>& candidates,
                                      std::string_view kind) {
  if (auto same = same_name(word, candidates)) return same;
  const auto foreign = foreign_name(word, candidates, kind);
  if (foreign && !foreign->elsewhere) return foreign->ours;
  return nearest(word, candidates);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string_view kind) {
  const auto same = same_name(word, candidates);
  const auto foreign = same ? std::nullopt : foreign_name(word, candidates, kind);
  if (foreign && foreign->ours.empty()) return "; " + foreign->how;
  if (foreign) {
    const bool at_top = foreign->elsewhere && foreign->ours.find('.') == std::string::npos;
    return fmt::format("; did you mean '{}'{}{}{}?", foreign->ours,
                       at_top ? " at the top of the file" : "", foreign->how.empty() ? "" : ", ",
                       foreign->how);
  }
  if (const auto near = same ? same : nearest(word, candidates))
    return fmt::format("; did you mean '{}'?", *near);
  if (candidates.empty()) return "";
  return fmt::format("; valid: {}", fmt::join(candidates, ", "));
}

}  // namespace descent
