// SPDX-License-Identifier: MIT
// The states of a point's groups, in replicate order. They are read one at a time, as often as
// needed, so that the groups need not be in memory together.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>

namespace descent::statistics {

template <class State>
class GroupSource {
 public:
  // A reference is valid until the next read.
  using Read = std::function<const State&(std::size_t)>;

  GroupSource(std::size_t size, Read read) : size_(size), read_(std::move(read)) {}
  // Groups in memory, which outlive the source.
  template <class Range>
  requires std::convertible_to<const Range&, std::span<const State>> GroupSource(
      const Range& groups)
      : GroupSource(std::span<const State>(groups).size(),
                    [all = std::span<const State>(groups)](std::size_t i) -> const State& {
                      return all[i];
                    }) {}

  std::size_t size() const { return size_; }
  const State& operator[](std::size_t i) const { return read_(i); }

 private:
  std::size_t size_;
  Read read_;
};

}  // namespace descent::statistics
