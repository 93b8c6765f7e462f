// SPDX-License-Identifier: MIT
// Axes: what is written in place of a value for several values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// The words that make a map an axis.
struct AxisWord {
  Node::Kind kind;
  const char* word;
};
inline constexpr AxisWord axis_words[] = {{Node::Kind::grid, "grid"},
                                          {Node::Kind::linspace, "linspace"},
                                          {Node::Kind::logspace, "logspace"},
                                          {Node::Kind::uniform, "uniform"},
                                          {Node::Kind::loguniform, "loguniform"},
                                          {Node::Kind::integers, "integers"},
                                          {Node::Kind::logintegers, "logintegers"},
                                          {Node::Kind::choice, "choice"}};
const char* axis_word(Node::Kind kind);                        // REQUIRES: of an axis
std::optional<Node::Kind> axis_kind(const std::string& word);  // nothing: makes none

// A map {grid: [...]}, {linspace: [a, b, n]} or {logspace: [a, b, n]}, each with or without zip:
// NAME, as the axis it is; any other map as it was. Malformed axes are added to problems.
Node as_axis(Node map, std::vector<Problem>& problems);

std::uint64_t axis_length(const Node& axis);  // how many values, or choices
bool is_zipped(const Node& axis);             // whether it advances together with others
bool is_random_axis(const Node& node);        // whether it is a random axis

// Value i of a linspace or logspace. The ends are exact; between them values are rounded to 15
// digits, so that the 0.001 of {logspace: [1.0e-4, 1, 5]} is the number a person would write.
double axis_value(const Node& axis, std::uint64_t i);

// The name by which all random axes (random_axis.h) advance; no file can write it.
inline constexpr auto random_zip = " ";

// A map {integers: [a, b, n]} or {logintegers: [a, b, n]}, of which `word` is the entry: a grid of
// n whole numbers from a to b, those nearest to even spacing. Adds what is wrong to problems.
Node integer_space(const Node& map, const Entry& word, std::vector<Problem>& problems);

// A number of an axis, as a value that stands in its place.
Tree picked_number(const Node& axis, double value);

// Value i of any axis as it would be written in its place; of a grid the choice, with its axes.
Tree value_of(const Node& axis, std::uint64_t i);

}  // namespace descent::experiment
