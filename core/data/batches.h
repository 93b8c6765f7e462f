// SPDX-License-Identifier: MIT
// The order of samples in training: mini-batches that cover every sample once an epoch, or as many
// samples drawn with replacement.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"

namespace descent::data {

class Batches {
 public:
  // batch 0, or at least samples: one full batch in a fixed order. samples >= 1. With replacement,
  // a full batch is drawn again at every epoch.
  Batches(std::uint64_t samples, std::uint64_t batch, Random random, bool replacement = false);

  // Draws the order of the next epoch. Nothing is allocated after construction.
  void next_epoch();

  std::uint64_t count() const { return (order_.size() + size_ - 1) / size_; }

  // Sample indices of batch i < count(); the last batch may be shorter.
  std::span<const std::uint64_t> batch(std::uint64_t i) const;

 private:
  std::vector<std::uint64_t> order_;
  std::uint64_t size_;
  Random random_;
  bool replacement_;
};

}  // namespace descent::data
