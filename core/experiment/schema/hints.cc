// SPDX-License-Identifier: MIT
#include "experiment/schema/hints.h"

#include <fmt/format.h>

#include <vector>

#include "base/number.h"
#include "base/suggestion.h"
#include "experiment/document/axis.h"
#include "experiment/document/syntax_error.h"

namespace descent::experiment {

std::string blank_hint(const std::string& word) {
  const auto better = with_blank(word);
  return better.empty() ? "" : fmt::format("; a blank is missing after the colon: `{}`", better);
}

std::string axis_hint(const Schema& schema, const Node& node) {
  if (schema.kind == Schema::Kind::tuple || schema.kind == Schema::Kind::list) return "";
  if (node.kind == Node::Kind::list) return "; for an axis of values: {grid: [...]}";
  if (node.kind != Node::Kind::map || node.entries.size() != 1) return "";
  std::vector<std::string> axes;
  for (const auto& [kind, word] : axis_words) axes.emplace_back(word);
  const auto& key = node.entries.front().key;
  return suggestion(key, axes) ? did_you_mean(key, axes) : "";
}

std::string counted_hint(const Schema& schema, const Node& node, const std::string& path) {
  const auto blank = node.text.find(' ');
  if (node.kind != Node::Kind::scalar || blank == std::string::npos) return "";
  const auto value = node.text.substr(0, blank), unit = node.text.substr(blank + 1);
  if (!number_of(value)) return "";
  for (const auto& key : schema.keys)
    if (unit == key.name || unit + "s" == key.name)
      return fmt::format("; write `{}: {{{}: {}}}`", path.substr(path.rfind('.') + 1), key.name,
                         value);
  return "";
}

std::string colon_hint(const Schema& schema, const Entry& entry) {
  if (auto hint = blank_hint(entry.key); !hint.empty()) return hint;
  const auto blank = entry.key.find(' ');
  const auto key = entry.key.substr(0, blank);
  if (blank == entry.key.npos || !schema.find(key)) return "";
  const auto rest = entry.key.substr(blank + 1);
  if (rest.starts_with('{') || rest.starts_with('['))
    return fmt::format("; a colon is missing after '{}': `{}: {}: {}`", key, key, rest,
                       entry.value->kind == Node::Kind::scalar ? entry.value->text : "...");
  if (entry.value->kind != Node::Kind::nothing) return "";
  return fmt::format("; a key ends with a colon: `{}:{}`", key, entry.key.substr(blank));
}

}  // namespace descent::experiment
