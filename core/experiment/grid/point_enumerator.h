// SPDX-License-Identifier: MIT
// The points of a tree with axes, counted and numbered without listing them. For example
//
//   optimizer: {grid: [{sgd: {lr: {grid: [0.1, 0.2]}}}, adam]}     width: {grid: [8, 16]}
//
// is the product of a sum (the grid of optimizers: an axis of 2 values, or a fixed choice) and an
// axis of 2 values. It has (2 + 1) * 2 = 6 points; the last axis varies fastest:
//
//   index   0            1            2            3            4         5
//   point   sgd 0.1, 8   sgd 0.1, 16  sgd 0.2, 8   sgd 0.2, 16  adam, 8   adam, 16
//   coord.  0 0 0        0 0 1        0 1 0        0 1 1        1 0       1 1
//
// Index 3 is decoded in a mixed radix: 3 / 2 = 1 is the way through the optimizer, 3 % 2 = 1 the
// width 16. Way 1 lies within the two ways of choice 0 (sgd), as its value 1 (0.2).
//
// In general a list or map offers the product of its children's ways, a grid the sum of its
// choices' ways, and an axis its values. Axes of one group (`zip`) advance together: the group's
// length multiplies once for points that hold at least one of them, and not at all for others. If
// lr and width above were zipped, there would be 4 points: sgd 0.1, 8; adam, 8; sgd 0.2, 16;
// adam, 16.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace descent::experiment {

// A part of a tree in which something may vary. A grid with fixed choices is an axis, too.
struct Subgrid {
  enum class Kind { fixed, axis, sum, product };
  Kind kind = Kind::fixed;
  std::vector<Subgrid> parts;        // sum: every choice; product: the children that vary
  std::uint64_t length = 1;          // axis: how many values
  bool listed = false;               // axis: written value by value
  std::optional<std::size_t> group;  // axis or sum: the group with which it advances

  std::optional<std::size_t> free;    // axis: position among the free ones (point_grid.h)
  std::optional<std::size_t> random;  // axis: position among the random ones
};

struct Group {
  std::string name;
  std::uint64_t length = 1;
  bool free = true;              // all its axes are
  bool value_dependent = false;  // what a point holds may depend on the value: an axis below it
};

// A point as the choice at each of its sums and the value at each of its axes, in the order of the
// tree. Choices that were not taken have no coordinates, so their number varies.
using Coordinates = std::vector<std::uint64_t>;

class PointEnumerator {
 public:
  PointEnumerator() = default;
  PointEnumerator(const Subgrid& root, std::vector<Group> groups);

  // The number of points, at most `max_points`; also `max_points` if they cannot be counted.
  std::uint64_t count() const { return count_; }

  // The coordinates of point `index`, 0 .. count - 1. Points that hold the same groups are
  // adjacent; among them the first group varies slowest, and after the groups the last axis of the
  // tree fastest.
  void coordinates(std::uint64_t index, Coordinates& coordinates) const;
  // The inverse; none when choices of a value-dependent group disagree. REQUIRES:
  // coordinates fit the parts, and those of axes of another group agree.
  std::optional<std::uint64_t> index(const Coordinates& coordinates) const;

 private:
  // The groups that a point holds, one element per group: 0: not held; 1: held; for a
  // value-dependent group, 1 + its value. Only equal values may be combined (merged()).
  using Key = std::vector<std::uint32_t>;

  // Some of the ways of a row. Of a sum: a choice and a row of its table; of a product: a row of
  // the first child's table and one of the rest's.
  struct Alternative {
    std::uint32_t first, second;
    std::uint64_t before;  // ways by the alternatives before it
  };
  // All ways through a part that hold the same groups. The values of the groups are not ways: they
  // multiply once, at the root.
  struct Row {
    Key key;
    std::uint64_t ways = 0;
    std::vector<Alternative> alternatives;  // rising by first, second
  };
  using Table = std::vector<Row>;

  struct CountedPart {
    Subgrid::Kind kind;
    std::optional<std::size_t> group;
    std::vector<CountedPart> parts;
    Table table;
    std::vector<Table> rests;  // product: of the children from the second, third, ... on
  };
  struct Found {
    std::size_t row;
    std::uint64_t way;
  };

  CountedPart counted(const Subgrid& part);
  void add_axis(CountedPart& counted, std::uint64_t length);
  void add_sum(CountedPart& counted);
  void add_product(CountedPart& counted);
  Table product(const Table& first, const Table& rest);
  void add(Table& table, Key key, std::uint64_t ways, std::uint32_t first, std::uint32_t second);
  Key held(std::size_t group, std::uint64_t value) const;
  static std::optional<Key> merged(const Key& a, const Key& b);

  void decode(const CountedPart& counted, std::size_t row, std::uint64_t way,
              const Coordinates& values, Coordinates& coordinates) const;
  std::optional<Found> encode(const CountedPart& counted, const Coordinates& coordinates,
                              std::size_t& at, Coordinates& values) const;
  static const Alternative& alternative(const Row& row, std::uint64_t way);
  static std::optional<Found> found(const Table& table, const Key& a, const Key& b,
                                    std::uint32_t first, std::uint32_t second);

  std::vector<Group> groups_;
  bool is_bounded_ = true;  // before root_: changed while that is made
  CountedPart root_;
  std::vector<std::uint64_t> before_;  // of each row of the root's table: points by rows before it
  std::uint64_t count_ = 0;
};

}  // namespace descent::experiment
