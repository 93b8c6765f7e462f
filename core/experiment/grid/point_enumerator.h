// SPDX-License-Identifier: MIT
// The points of a tree with axes, counted and numbered without listing them. A list or map offers
// the product of what its children offer, a grid the sum of its choices', an axis its values. Axes
// of one group advance together: however many of them a point holds, the group's length multiplies
// once, and not at all for points that hold none of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace descent::yaml {

// What varies in a part of a tree. A grid of choices in which nothing varies is an axis too.
struct Part {
  enum class Kind { fixed, axis, sum, product };
  Kind kind = Kind::fixed;
  std::vector<Part> parts;           // sum: every choice; product: the children that vary
  std::uint64_t length = 1;          // axis: how many values
  bool listed = false;               // axis: written value by value
  std::optional<std::size_t> group;  // axis or sum: what it advances with

  std::optional<std::size_t> free;    // axis: position among the free ones (point_grid.h)
  std::optional<std::size_t> random;  // axis: position among the random ones
};

struct Group {
  std::string name;
  std::uint64_t length = 1;
  bool free = true;              // all its axes are
  bool value_dependent = false;  // what a point holds may depend on the value: an axis below it
};

// A point as what was chosen on its way: of a sum the choice, of an axis the value, in the order of
// the tree.
using Coordinates = std::vector<std::uint64_t>;

class PointEnumerator {
 public:
  PointEnumerator() = default;
  PointEnumerator(const Part& root, std::vector<Group> groups);

  // Points: at most `max_points`, which also stands for what cannot be counted.
  std::uint64_t count() const { return count_; }

  // Point index, 0 .. count - 1. Points that hold the same groups stand together; among them
  // the first group varies slowest, and after the groups the last axis of the tree fastest.
  void coordinates(std::uint64_t index, Coordinates& coordinates) const;
  // The inverse; none when what is chosen of a value-dependent group does not agree. REQUIRES:
  // coordinates fit the parts, and those of axes of another group agree.
  std::optional<std::uint64_t> index(const Coordinates& coordinates) const;

 private:
  // The groups a point holds, an element each: 0 not at all, 1 one of its values, of a
  // value-dependent group 1 + the value.
  using Key = std::vector<std::uint32_t>;

  // One way to hold a key's groups: of a sum a choice and a row of its table, of a product rows of
  // the first child's table and of that of the rest.
  struct Alternative {
    std::uint32_t first, second;
    std::uint64_t before;  // ways by the alternatives before it
  };
  struct Row {
    Key key;
    std::uint64_t ways = 0;
    std::vector<Alternative> alternatives;  // rising by first, second
  };
  using Table = std::vector<Row>;

  struct Rule {
    Part::Kind kind;
    std::optional<std::size_t> group;
    std::vector<Rule> rules;
    Table table;
    std::vector<Table> rests;  // product: of the children from the second, third, ... on
  };
  struct Found {
    std::size_t row;
    std::uint64_t way;
  };

  Rule rule(const Part& part);
  void add_axis(Rule& rule, std::uint64_t length);
  void add_sum(Rule& rule);
  void add_product(Rule& rule);
  Table product(const Table& first, const Table& rest);
  void add(Table& table, Key key, std::uint64_t ways, std::uint32_t first, std::uint32_t second);
  Key held(std::size_t group, std::uint64_t value) const;
  static std::optional<Key> merged(const Key& a, const Key& b);

  void decode(const Rule& rule, std::size_t row, std::uint64_t way, const Coordinates& values,
              Coordinates& coordinates) const;
  std::optional<Found> encode(const Rule& rule, const Coordinates& coordinates, std::size_t& at,
                              Coordinates& values) const;
  static const Alternative& alternative(const Row& row, std::uint64_t way);
  static std::optional<Found> found(const Table& table, const Key& a, const Key& b,
                                    std::uint32_t first, std::uint32_t second);

  std::vector<Group> groups_;
  bool is_bounded_ = true;  // before root_: changed while that is made
  Rule root_;
  std::vector<std::uint64_t> before_;  // of each row of the root's table: points by rows before it
  std::uint64_t count_ = 0;
};

}  // namespace descent::yaml
