// SPDX-License-Identifier: MIT
// Which of a grid's points are planned, and how those are numbered: all, or without those that fail
// `where` and those that repeat an earlier draw.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "experiment/grid/point_grid.h"

namespace descent::experiment {

// More points are not looked at one by one.
inline constexpr std::uint64_t most_selected_from = 10'000'000;

class PointSubset {
 public:
  PointSubset() = default;
  explicit PointSubset(const PointGrid& grid);  // all; the variants must outlive it
  // Those that a predicate of a point's index and member keeps.
  using Keeps = std::function<bool(std::uint64_t, const PointRef&)>;
  PointSubset(const PointGrid& grid, const Keeps& keeps);

  // Positions are 0 .. size() - 1, variants 0 .. variants() - 1, as Experiment numbers them.
  std::uint64_t size() const { return size_; }
  std::uint64_t index(std::uint64_t position) const;  // in the grid
  bool is_all() const { return all_; }
  bool keeps(std::uint64_t index) const;
  std::uint64_t variants() const;
  std::uint64_t variant(const PointRef& ref) const;  // REQUIRES: one that is kept
  std::uint64_t variant_size(std::uint64_t variant) const;
  // Position of one of its points; where all are planned, of that with these values.
  std::uint64_t first(std::uint64_t variant, const std::vector<std::uint64_t>& values) const;

 private:
  struct Kept {
    std::uint64_t size, first;
  };

  const PointGrid* grid_ = nullptr;
  std::uint64_t size_ = 0;
  bool all_ = true;
  std::vector<std::uint64_t> bits_;    // of every point of the grid
  std::vector<std::uint64_t> before_;  // points kept before each word of bits_
  std::vector<Kept> kept_;             // variants
  std::unordered_map<std::uint64_t, std::uint64_t> numbers_;  // of the grid's variants
};

// Tells draws that repeat an earlier one: of a point all random axes it holds have the same values.
class Repeats {
 public:
  explicit Repeats(const PointGrid& grid);
  bool any() const { return any_; }  // there may be
  bool is_repeat(std::uint64_t index);

 private:
  const std::vector<bool>& repeated(const std::vector<std::size_t>& axes);

  const PointGrid& grid_;
  bool any_ = false;
  std::vector<std::vector<std::uint64_t>> first_;  // of each random axis
  std::vector<std::size_t> axes_;                  // of the point looked at
  std::map<std::vector<std::size_t>, std::vector<bool>> known_;
};

}  // namespace descent::experiment
