// SPDX-License-Identifier: MIT
#include "experiment/grid/zip.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/suggestion.h"
#include "experiment/document/axis.h"
#include "experiment/grid/random_axis.h"
#include "experiment/schema/schema_cursor.h"

namespace descent::experiment {
namespace {

struct Zipped {
  const Node* axis;
  std::string path;
};
using Zips = std::map<std::string, std::vector<Zipped>>;

// The blocks of a union share the axes of the file.
bool is_known(const std::vector<Zipped>& all, const Node& axis, const std::string& path) {
  return std::ranges::any_of(
      all, [&](const Zipped& one) { return one.axis == &axis && one.path == path; });
}

void collect(const Node& node, const SchemaCursor& here, Zips& zips) {
  if (!node.varies || is_random_axis(node)) return;
  if (is_zipped(node) && !is_known(zips[node.zip], node, here.path))
    zips[node.zip].push_back({&node, here.path});
  const bool is_list = !is_axis(node);
  for (std::size_t i = 0; i < node.items.size(); ++i)
    collect(*node.items[i], is_list ? here.item(i) : here, zips);
  for (const auto& entry : node.entries) collect(*entry.value, here.entry(node, entry), zips);
}

std::string where(const Zipped& one) {
  return one.axis->place.line ? fmt::format("{} (line {})", one.path, one.axis->place.line)
                              : one.path;
}

void check_lengths(const std::string& name, const std::vector<Zipped>& all,
                   std::vector<Problem>& problems) {
  const auto length = axis_length(*all.front().axis);
  for (const auto& one : all)
    if (axis_length(*one.axis) != length)
      report(problems, one.axis->place,
             fmt::format("zip '{}': {} has {} values, but {} has {}; axes that advance together "
                         "are of one length",
                         name, where(one), axis_length(*one.axis), where(all.front()), length));
}

}  // namespace

void check_zips(const Tree& file, const Schema& schema, std::vector<Problem>& problems) {
  Zips zips;
  collect(*file, {&schema, false, "", ""}, zips);
  for (const auto& [name, all] : zips) {
    check_lengths(name, all, problems);
    if (all.size() > 1) continue;
    std::vector<std::string> others;
    for (const auto& other : zips)
      if (other.first != name) others.push_back(other.first);
    report(problems, all.front().axis->place,
           fmt::format("zip '{}' is the name of this axis only{}", name,
                       suggestion(name, others)
                           ? did_you_mean(name, others)
                           : "; give the axis it advances together with the same name, or leave "
                             "zip out"));
  }
}

}  // namespace descent::experiment
