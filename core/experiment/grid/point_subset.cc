// SPDX-License-Identifier: MIT
#include "experiment/grid/point_subset.h"

#include <algorithm>
#include <bit>

#include "experiment/document/random_value.h"

namespace descent::yaml {

Selection::Selection(const Families& families) : families_(&families), size_(families.points()) {}

Selection::Selection(const Families& families, const Keeps& keeps)
    : families_(&families), all_(false), bits_((families.points() + 63) / 64) {
  for (std::uint64_t i = 0; i < families.points(); ++i) {
    const auto member = families.member(i);
    if (!keeps(i, member)) continue;
    bits_[i / 64] |= std::uint64_t{1} << i % 64;
    const auto [number, is_new] = numbers_.emplace(member.family, kept_.size());
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

std::uint64_t Selection::index(std::uint64_t position) const {
  if (all_) return position;
  const auto after = std::ranges::upper_bound(before_, position);
  const auto word = std::size_t(after - before_.begin()) - 1;
  auto rest = bits_[word];
  for (auto skip = position - before_[word]; skip > 0; --skip) rest &= rest - 1;
  return word * 64 + std::uint64_t(std::countr_zero(rest));
}

std::uint64_t Selection::families() const { return all_ ? families_->count() : kept_.size(); }

std::uint64_t Selection::family(const Member& member) const {
  return all_ ? member.family : numbers_.at(member.family);
}

std::uint64_t Selection::family_size(std::uint64_t family) const {
  return all_ ? families_->size(family) : kept_.at(family).size;
}

std::uint64_t Selection::first(std::uint64_t family,
                               const std::vector<std::uint64_t>& values) const {
  return all_ ? families_->index(family, values) : kept_.at(family).first;
}

bool Selection::keeps(std::uint64_t index) const {
  return all_ || (bits_[index / 64] >> index % 64 & 1);
}

Repeats::Repeats(const Families& families) : families_(families) {
  for (const auto& axis : families.drawn_axes()) {
    first_.push_back(first_draws(*axis));
    any_ |= !first_.back().empty();
  }
}

bool Repeats::is_repeat(std::uint64_t index) {
  const auto draw = families_.draw(index, axes_);
  return !axes_.empty() && repeated(axes_)[draw];
}

// A draw repeats when an earlier one has the same value on every axis.
const std::vector<bool>& Repeats::repeated(const std::vector<std::size_t>& axes) {
  const auto [found, is_new] = known_.try_emplace(axes);
  if (!is_new) return found->second;
  auto& repeats = found->second;
  std::map<std::vector<std::uint64_t>, std::uint64_t> seen;
  for (std::uint64_t k = 0; k < families_.drawn_axes()[axes.front()]->steps; ++k) {
    std::vector<std::uint64_t> values;
    for (const auto axis : axes) values.push_back(first_[axis].empty() ? k : first_[axis][k]);
    repeats.push_back(!seen.emplace(std::move(values), k).second);
  }
  return repeats;
}

}  // namespace descent::yaml
