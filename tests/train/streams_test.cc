// SPDX-License-Identifier: MIT
// Which replicates share which random streams.
#include <gtest/gtest.h>

#include <vector>

#include "train/settings.h"

namespace descent {
namespace {

using Indices = std::vector<std::uint64_t>;

// data, init, order of a replicate.
Indices indices(const train::ReplicateSettings& settings, std::uint64_t replicate) {
  const auto streams = train::streams_of(settings, replicate);
  return {streams.data, streams.init, streams.order};
}

train::ReplicateSettings in_blocks(train::Layout layout, bool data = true, bool init = true,
                                   bool order = true) {
  train::ReplicateSettings settings;
  settings.vary_data = data;
  settings.vary_init = init;
  settings.vary_order = order;
  settings.layout = layout;
  settings.seeds = layout == train::Layout::single ? 1 : 4;
  return settings;
}

TEST(Streams, OfASingleLayoutAreTheReplicates) {
  EXPECT_EQ(indices(in_blocks(train::Layout::single), 7), (Indices{7, 7, 7}));
  EXPECT_EQ(indices(in_blocks(train::Layout::single, true, false, true), 7), (Indices{7, 0, 7}));
  EXPECT_EQ(train::block_size(in_blocks(train::Layout::single)), 1u);
}

TEST(Streams, NestedSharesTheFirstWithinABlock) {
  EXPECT_EQ(indices(in_blocks(train::Layout::nested), 7), (Indices{1, 7, 7}));
  EXPECT_EQ(indices(in_blocks(train::Layout::nested, false), 7), (Indices{0, 1, 7}));
  EXPECT_EQ(train::block_size(in_blocks(train::Layout::nested)), 4u);
}

TEST(Streams, CrossedHasTheSameRestInEveryBlock) {
  EXPECT_EQ(indices(in_blocks(train::Layout::crossed), 7), (Indices{1, 3, 3}));
  EXPECT_EQ(indices(in_blocks(train::Layout::crossed, true, false), 7), (Indices{1, 0, 3}));
  EXPECT_EQ(indices(in_blocks(train::Layout::crossed, false), 7), (Indices{0, 1, 3}));
}

TEST(Streams, PartsOfAPoolAreABlock) {
  auto settings = in_blocks(train::Layout::single);
  settings.resample = {data::Resample::disjoint, 5};
  EXPECT_EQ(train::block_size(settings), 5u);
  settings.vary_data = false;
  EXPECT_EQ(train::block_size(settings), 1u);
}

}  // namespace
}  // namespace descent
