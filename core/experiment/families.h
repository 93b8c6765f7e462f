// SPDX-License-Identifier: MIT
// The points of a grid in families. Most axes of a large grid are free: hypers of plugins and
// train.batch, numbers that nothing else in a configuration depends on. The points of a family
// differ in free values only, so what is checked, derived and loaded for one of them holds for all,
// and the cost of a grid is that of its families and of the values of its free axes, not of their
// product.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiment/shape.h"
#include "experiment/tree.h"

namespace descent::yaml {

// An axis of single values where a plugin's hyper or train.batch stands; that one only in files
// that do not name optimizer exact, which needs the full batch.
struct FreeAxis {
  Tree tree;            // a grid of scalars, linspace or logspace
  const Shape* shape;   // of each value
  std::string path;     // as messages name it: "optimizer.sgd.lr"
  std::string settled;  // where its value settles: "optimizer.lr"

  std::uint64_t size() const { return tree->count; }
};

// Which point: its family, and the values of the free axes it has.
struct Member {
  struct Value {
    std::size_t axis;     // position in axes()
    std::uint64_t value;  // position on the axis
  };
  std::uint64_t family = 0;
  std::vector<Value> values;
};

class Families {
 public:
  Families() = default;
  // The shape must outlive the families.
  Families(const Tree& tree, const Shape& shape);

  const std::vector<FreeAxis>& axes() const { return axes_; }
  std::uint64_t count() const { return root_.families; }

  Member member(std::uint64_t index) const;  // of pick(tree, index)

  // The index of the family's point with these values, one for each of axes().
  std::uint64_t index(std::uint64_t family, const std::vector<std::uint64_t>& values) const;
  std::uint64_t size(std::uint64_t family) const;  // points of a family

 private:
  // What varies in a part of the tree; a part in which nothing does is fixed.
  struct Part {
    enum class Kind { fixed, product, sum, space, free };
    Kind kind = Kind::fixed;
    std::uint64_t count = 1, families = 1;
    std::size_t axis = 0;
    std::vector<Part> parts;  // product: of the children that vary; sum: of every choice
  };

  // Where a part stands. Without a shape nothing below is free.
  struct Where {
    const Shape* shape = nullptr;
    bool in_plugin = false;
    std::string path, settled;
  };

  Part part(const Tree& tree, const Where& where);
  Part sum(const Node& grid, const Where& where);
  Part product(const Node& node, const Where& where);
  bool is_free(const Node& axis, const Where& where) const;
  static Where below(const Node& node, const Where& where, const Entry& entry);

  static std::uint64_t walk(const Part& part, std::uint64_t index, Member& member);
  static std::uint64_t index(const Part& part, std::uint64_t family,
                             const std::vector<std::uint64_t>& values);
  static std::uint64_t size(const Part& part, std::uint64_t family);

  bool batch_is_free_ = true;
  std::vector<FreeAxis> axes_;  // before root_: filled while that is made
  Part root_;
};

}  // namespace descent::yaml
