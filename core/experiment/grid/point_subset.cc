// SPDX-License-Identifier: MIT
#include "experiment/grid/point_subset.h"

#include <algorithm>
#include <bit>

#include "experiment/document/random_value.h"

namespace descent::experiment {

PointSubset::PointSubset(const PointGrid& grid) : grid_(&grid), size_(grid.points()) {}

PointSubset::PointSubset(const PointGrid& grid, const Keeps& keeps)
    : grid_(&grid), all_(false), bits_((grid.points() + 63) / 64) {
  for (std::uint64_t i = 0; i < grid.points(); ++i) {
    const auto ref = grid.ref(i);
    if (!keeps(i, ref)) continue;
    bits_[i / 64] |= std::uint64_t{1} << i % 64;
    const auto [number, is_new] = numbers_.emplace(ref.variant, kept_.size());
    if (is_new) kept_.push_back({0, size_});
    ++kept_[number->second].size;
    ++size_;
  }
  std::uint64_t before = 0;
  for (const auto word : bits_) {
    before_.push_back(before);
    before += std::uint64_t(std::popcount(word));
  }
}

std::uint64_t PointSubset::index(std::uint64_t position) const {
  if (all_) return position;
  const auto after = std::ranges::upper_bound(before_, position);
  const auto word = std::size_t(after - before_.begin()) - 1;
  auto rest = bits_[word];
  for (auto skip = position - before_[word]; skip > 0; --skip) rest &= rest - 1;
  return word * 64 + std::uint64_t(std::countr_zero(rest));
}

std::uint64_t PointSubset::variants() const { return all_ ? grid_->count() : kept_.size(); }

std::uint64_t PointSubset::variant(const PointRef& ref) const {
  return all_ ? ref.variant : numbers_.at(ref.variant);
}

std::uint64_t PointSubset::variant_size(std::uint64_t variant) const {
  return all_ ? grid_->size(variant) : kept_.at(variant).size;
}

std::uint64_t PointSubset::first(std::uint64_t variant,
                                 const std::vector<std::uint64_t>& values) const {
  return all_ ? grid_->index(variant, values) : kept_.at(variant).first;
}

bool PointSubset::keeps(std::uint64_t index) const {
  return all_ || (bits_[index / 64] >> index % 64 & 1);
}

Repeats::Repeats(const PointGrid& grid) : grid_(grid) {
  for (const auto& axis : grid.random_axes()) {
    first_.push_back(first_draws(*axis));
    any_ |= !first_.back().empty();
  }
}

bool Repeats::is_repeat(std::uint64_t index) {
  const auto draw = grid_.draw(index, axes_);
  return !axes_.empty() && repeated(axes_)[draw];
}

// A draw repeats when an earlier one has the same value on every axis.
const std::vector<bool>& Repeats::repeated(const std::vector<std::size_t>& axes) {
  const auto [found, is_new] = known_.try_emplace(axes);
  if (!is_new) return found->second;
  auto& repeats = found->second;
  std::map<std::vector<std::uint64_t>, std::uint64_t> seen;
  for (std::uint64_t k = 0; k < grid_.random_axes()[axes.front()]->steps; ++k) {
    std::vector<std::uint64_t> values;
    for (const auto axis : axes) values.push_back(first_[axis].empty() ? k : first_[axis][k]);
    repeats.push_back(!seen.emplace(std::move(values), k).second);
  }
  return repeats;
}

}  // namespace descent::experiment
