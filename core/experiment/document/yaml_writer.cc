// SPDX-License-Identifier: MIT
#include "experiment/document/yaml_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "experiment/document/axis.h"

namespace descent::experiment {
namespace {

std::string origin(const Place& place) {
  if (place.line > 0) return fmt::format("{}:{}", place.file, place.line);
  const auto path = place.file.substr(0, place.file.find('='));
  return path.ends_with('+') ? path.substr(0, path.size() - 1) : path;
}

std::string comment(const Place& place) { return "  # " + origin(place) + '\n'; }

std::string comment(const Node& node) {
  const bool by_data = node.kind == Node::Kind::scalar && !node.quoted && node.text == "auto";
  return "  # " + origin(node.place) + (by_data ? ", chosen by data\n" : "\n");
}

// Whether a text may stand without quotes, in brackets too.
bool is_plain(const std::string& text) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const auto inner = [&](char c) {
    return letter(c) || std::string("_.+-/*^()= ").find(c) != std::string::npos;
  };
  if (text.empty() || text.back() == ' ' || !std::ranges::all_of(text, inner)) return false;
  const bool signs = (text[0] == '-' || text[0] == '+' || text[0] == '.') && text.size() > 1;
  return letter(text[0]) || text[0] == '/' || text[0] == '_' ||
         (signs && (letter(text[1]) || text[1] == '.' || text[1] == '/'));
}

// YAML reads it as nothing.
bool is_null(const std::string& text) { return text == "null" || text == "Null" || text == "NULL"; }

std::string word(const std::string& text, bool is_quoted = false) {
  return is_quoted || !is_plain(text) || is_null(text) ? nlohmann::json(text).dump() : text;
}

std::string scalar(const Node& node) { return word(node.text, node.quoted); }

// An axis between two ends.
bool is_space(const Node& node) { return is_axis(node) && node.items.empty(); }

std::string ends(const Node& axis) {
  if (is_random_axis(axis)) return fmt::format("[{}, {}]", axis.from, axis.to);
  return fmt::format("[{}, {}, {}]", axis.from, axis.to, axis.steps);
}

// The name by which an axis advances, as a further key.
std::string zip(const Node& axis) {
  if (axis.zip.empty() || is_random_axis(axis)) return "";
  Node name;
  name.text = axis.zip;
  return "zip: " + scalar(name);
}

// Whether a node and its comment take one line.
bool is_line(const Node& node) {
  if (node.kind == Node::Kind::scalar || node.kind == Node::Kind::nothing || is_space(node))
    return true;
  if (node.kind == Node::Kind::map) return node.entries.empty();
  return std::ranges::all_of(node.items, [&](const Tree& item) {
    return item->kind == Node::Kind::scalar && origin(item->place) == origin(node.place);
  });
}

std::string line(const Node& node) {
  if (node.kind == Node::Kind::scalar) return scalar(node);
  if (node.kind == Node::Kind::nothing) return "null";
  if (node.kind == Node::Kind::map) return "{}";
  std::string items;
  for (const auto& item : node.items) items += (items.empty() ? "" : ", ") + scalar(*item);
  auto values = is_space(node) ? ends(node) : "[" + items + "]";
  if (!is_axis(node)) return values;
  const auto further = zip(node);
  return fmt::format("{{{}: {}{}{}}}", axis_word(node.kind), values, further.empty() ? "" : ", ",
                     further);
}

std::string block(const Node& node, std::size_t indent);

std::string items(const Node& list, std::size_t indent) {
  const std::string pad(indent, ' ');
  std::string all;
  for (const auto& item : list.items) {
    auto text =
        is_line(*item) ? pad + "  " + line(*item) + comment(*item) : block(*item, indent + 2);
    all += text.replace(indent, 1, "-");
  }
  return all;
}

std::string block(const Node& node, std::size_t indent) {
  const std::string pad(indent, ' ');
  if (node.kind == Node::Kind::list) return items(node, indent);
  if (is_axis(node)) {
    const auto further = zip(node);
    return pad + axis_word(node.kind) + ":" + comment(node.place) + items(node, indent + 2) +
           (further.empty() ? "" : pad + further + '\n');
  }
  std::string all;
  for (const auto& entry : node.entries) {
    const auto& value = *entry.value;
    all += pad + word(entry.key) + ":" +
           (is_line(value) ? " " + line(value) + comment(value)
                           : comment(entry.place) + block(value, indent + 2));
  }
  return all;
}

}  // namespace

std::string yaml_text(const Tree& tree) { return block(*tree, 0); }

}  // namespace descent::experiment
