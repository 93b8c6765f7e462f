// SPDX-License-Identifier: MIT
// The points of a grid in variants. Most axes of a large grid are free: hyperparameters of plugins
// and train.batch, numbers that nothing else in a configuration depends on. The points of a variant
// differ in free values only, so what is checked, derived and loaded for one of them holds for all,
// and the cost of a grid is that of its variants and of the values of its free axes, not of their
// product.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/grid/point_enumerator.h"
#include "experiment/schema/schema.h"
#include "experiment/schema/schema_cursor.h"

namespace descent::experiment {

// An axis of single values of a plugin's hyperparameter or of train.batch; that one only in files
// that do not name optimizer exact, which needs the full batch, or steps, with which the epochs
// follow from the batch. Not one that advances together with an axis that is not free.
struct FreeAxis {
  Tree tree;             // a grid of scalars, or an axis of numbers
  const Schema* schema;  // of each value
  std::string path;      // as messages name it: "optimizer.sgd.lr"
  std::string resolved;  // where its value resolves: "optimizer.lr"

  std::uint64_t size() const;
};

// Which point: its variant, and the values of the free axes it has.
struct PointRef {
  struct Value {
    std::size_t axis;     // position in axes()
    std::uint64_t value;  // position on the axis
  };
  std::uint64_t variant = 0;
  std::vector<Value> values;
};

class PointGrid {
 public:
  PointGrid() = default;
  // The schema must outlive the variants. REQUIRES: axes of one name are of one length (zip.h).
  PointGrid(const Tree& tree, const Schema& schema);

  const std::vector<FreeAxis>& axes() const { return axes_; }
  const std::vector<Tree>& random_axes() const { return random_; }
  std::uint64_t points() const { return points_.count(); }   // at most `max_points`
  std::uint64_t count() const { return variants_.count(); }  // of variants

  Tree pick(std::uint64_t index) const;  // point 0 .. points() - 1, without axes
  PointRef ref(std::uint64_t index) const;

  // Which draw a point is, of which of random_axes(); without any, 0.
  std::uint64_t draw(std::uint64_t index, std::vector<std::size_t>& axes) const;

  // The index of the variant's point with these values, one for each of axes(); axes that advance
  // together have the value of the first of them.
  std::uint64_t index(std::uint64_t variant, const std::vector<std::uint64_t>& values) const;
  std::uint64_t size(std::uint64_t variant) const;  // points of a variant

  // Fewer points, rising, in which every choice of every axis occurs (one_factor_design.h).
  std::vector<std::uint64_t> one_factor_design() const;

 private:
  Subgrid part(const Tree& tree, const SchemaCursor& where);
  Subgrid axis(const Tree& tree, const SchemaCursor& where);
  Subgrid sum(const Tree& grid, const SchemaCursor& where);
  Subgrid product(const Node& node, const SchemaCursor& where);
  bool is_free(const Node& axis, const SchemaCursor& where) const;
  std::size_t group(const Node& axis);
  Subgrid of_variants(const Subgrid& part) const;

  Tree tree_;
  bool batch_is_free_ = true;
  std::vector<FreeAxis> axes_;
  std::vector<Tree> random_;
  std::vector<Group> groups_;
  Subgrid root_;
  PointEnumerator points_, variants_;
};

}  // namespace descent::experiment
