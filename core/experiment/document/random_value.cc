// SPDX-License-Identifier: MIT
#include "experiment/document/random_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <unordered_map>

#include "experiment/document/axis.h"

namespace descent::experiment {
namespace {

using Kind = Node::Kind;

double rounded(double value, int digits) {
  return std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
}

// To the eighth digit of the range: what is far from 0 keeps as many of its own.
double rounded_within(double value, double range) {
  const int decimals = 8 - int(std::floor(std::log10(range)));
  return decimals <= 0 ? std::round(value)
                       : std::strtod(fmt::format("{:.{}f}", value, decimals).c_str(), nullptr);
}

double drawn_number(const Node& axis, double u) {
  const double a = axis.from, b = axis.to;
  if (axis.kind == Kind::integers) return std::min(b, a + std::floor(u * (b - a + 1)));
  if (axis.kind == Kind::logintegers)
    return std::clamp(std::floor(double(a * std::pow((long double)(b + 1) / a, u))), a, b);
  const double value = axis.kind == Kind::uniform
                           ? rounded_within(a + (b - a) * u, b - a)
                           : rounded(double(a * std::pow((long double)b / a, u)), 8);
  return std::clamp(value, a, b);
}

// Draw k of all that is drawn in a tree.
Tree drawn(const Tree& tree, std::uint64_t k) {
  if (!tree->varies) return tree;
  if (is_random_axis(*tree)) return random_value(*tree, k);
  return transform(tree, [&](const Tree& child) { return drawn(child, k); });
}

std::string text_of(const Node& node) {
  if (node.kind == Kind::scalar) return fmt::format("{}{}", node.quoted ? "\"" : "'", node.text);
  std::string all = node.kind == Kind::list ? "[" : "{";
  for (const auto& item : node.items) all += text_of(*item) + ",";
  for (const auto& entry : node.entries) all += entry.key + ":" + text_of(*entry.value) + ",";
  return all + "}";
}

}  // namespace

std::vector<std::uint64_t> first_draws(const Node& axis) {
  std::unordered_map<std::string, std::uint64_t> seen;
  std::vector<std::uint64_t> first;
  for (std::uint64_t k = 0; k < axis.steps; ++k)
    first.push_back(seen.emplace(text_of(*random_value(axis, k)), k).first->second);
  if (seen.size() == axis.steps) first.clear();
  return first;
}

Tree random_value(const Node& axis, std::uint64_t k) {
  const double u = (*axis.units)[k];
  if (axis.kind == Kind::choice)
    return drawn(axis.items[std::size_t(u * double(axis.items.size()))], k);
  return picked_number(axis, drawn_number(axis, u));
}

}  // namespace descent::experiment
