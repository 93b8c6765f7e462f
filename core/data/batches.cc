// SPDX-License-Identifier: MIT
#include "data/batches.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace descent::data {

Batches::Batches(std::uint64_t samples, std::uint64_t batch, Random random, bool replacement)
    : order_(samples),
      size_(batch == 0 ? samples : std::min(batch, samples)),
      random_(random),
      replacement_(replacement) {
  assert(samples > 0);
  std::iota(order_.begin(), order_.end(), std::uint64_t{0});
}

void Batches::next_epoch() {
  if (replacement_)
    for (auto& index : order_) index = random_.below(order_.size());
  else if (size_ < order_.size())
    random_.shuffle(order_);
}

std::span<const std::uint64_t> Batches::batch(std::uint64_t i) const {
  assert(i < count());
  const auto first = i * size_;
  return std::span(order_).subspan(first, std::min<std::uint64_t>(size_, order_.size() - first));
}

}  // namespace descent::data
