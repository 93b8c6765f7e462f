// SPDX-License-Identifier: MIT
#include "train/settings.h"

namespace descent::train {

const char* name(Layout layout) {
  constexpr const char* names[] = {"single", "nested", "crossed"};
  return names[static_cast<int>(layout)];
}

std::uint64_t total_steps(const TrainSettings& settings, std::uint64_t batches) {
  return settings.steps > 0 ? settings.steps : settings.epochs * batches;
}

Streams streams_of(const ReplicateSettings& s, std::uint64_t replicate) {
  const auto outer = s.layout == Layout::single ? replicate : replicate / s.seeds;
  const auto inner = s.layout == Layout::crossed ? replicate % s.seeds : replicate;
  const bool init_is_outer = !s.vary_data, order_is_outer = init_is_outer && !s.vary_init;
  return {s.vary_data ? outer : 0,
          !s.vary_init    ? 0
          : init_is_outer ? outer
                          : inner,
          !s.vary_order    ? 0
          : order_is_outer ? outer
                           : inner,
          s.vary_split ? replicate : 0};
}

std::uint64_t block_size(const ReplicateSettings& s) {
  if (s.layout != Layout::single) return s.seeds;
  const bool cut =
      s.resample.scheme == data::Resample::disjoint || s.resample.scheme == data::Resample::kfold;
  return cut && s.vary_data ? s.resample.parts : 1;
}

}  // namespace descent::train
