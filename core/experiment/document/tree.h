// SPDX-License-Identifier: MIT
// The text of an experiment file as a tree: values with their places, and axes recognised where
// they stand. Nodes are immutable and shared; the points of a grid share all they have in common.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace descent::experiment {

struct Node;
using Tree = std::shared_ptr<const Node>;

struct Entry {
  std::string key;
  Place place;  // of the key
  Tree value;
};

struct Node {
  // nothing: an empty value or null. From grid on axes, from uniform on drawn ones. broken: a
  // malformed axis that stands among the problems already.
  enum class Kind {
    nothing,
    scalar,
    list,
    map,
    broken,
    grid,
    linspace,
    logspace,
    uniform,
    loguniform,
    integers,
    logintegers,
    choice
  };

  Kind kind = Kind::nothing;
  Place place;
  std::string text;              // scalar
  bool quoted = false;           // scalar: in quotes or tagged !!str, thus never a number or a flag
  std::optional<double> number;  // scalar: picked from an axis of numbers
  Kind picked_from = Kind::nothing;  // the kind of this axis; its ends are here too
  std::vector<Tree> items;           // list; grid and choice: what is chosen from
  std::vector<Entry> entries;        // map
  double from = 0, to = 0;           // an axis of numbers: the ends, both included
  std::uint64_t steps = 0;           // of an axis but grid: how many values
  std::string zip;                   // of an axis: the name it advances by; empty: by itself
  std::shared_ptr<const std::vector<double>> units;  // of a random axis: each draw in [0, 1)

  bool varies = false;     // an axis stands here or below
  std::uint64_t size = 1;  // nodes, aliases counted as often as they are named
  int depth = 1;           // levels of nodes, this one included

  const Entry* find(const std::string& key) const;  // of a map; null when there is none
};

inline constexpr std::uint64_t max_points = 1'000'000'000'000;  // points in a grid
inline constexpr std::uint64_t largest_tree = 1'000'000;        // nodes in a file
inline constexpr int deepest_tree = 100;  // levels: what walks a tree recurses

// Adds one problem.
void report(std::vector<Problem>& problems, Place place, std::string text);

bool is_axis(const Node& node);

// Fills in varies and size from the children.
Tree make_tree(Node node);

// The tree with f of each child in the child's place, in order; itself where no child changes.
Tree transform(const Tree& tree, const std::function<Tree(const Tree&)>& f);

// A map without keys yet.
Node map_at(const Place& place);

// Where the text comes from. A file's nodes have line and column, an override's only its name.
struct Origin {
  std::string name;
  bool has_lines = true;
};

// Adds what is wrong (syntax, characters, duplicate keys, malformed axes) to problems; a tree with
// problems is as whole as can be. Null when there is no tree at all, or one too large or too deep;
// an empty text is Kind::nothing. An alias is the node it names; merge keys stand as they are
// (merge_keys.h).
Tree parse(const std::string& text, const Origin& origin, std::vector<Problem>& problems);

// A number as YAML writes it: without quotes, neither too large nor too small for a double.
bool read_number(const Node& node, double& value);
// The same of a whole number that a double holds exactly.
bool read_whole(const Node& node, double& value);
// Whether it is a number that no double can hold.
bool is_too_large(const Node& node);
// Whether it is a number other than 0 that as a double would be 0.
bool is_too_small(const Node& node);
// What is found, for messages: "'abc'", "a list", "nothing".
std::string found(const Node& node);

}  // namespace descent::experiment
