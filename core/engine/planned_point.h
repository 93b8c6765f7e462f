// SPDX-License-Identifier: MIT
// A point of a plan in short, and the chunks of its replicates.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/groups.h"
#include "train/settings.h"

namespace descent::engine {

// What all points of a variant share.
struct VariantPlan {
  std::uint64_t replicates = 0;       // without `until` all, else those to begin with
  std::uint64_t first = 0;            // the number of the first of them
  std::uint64_t most = 0;             // with `until`; else replicates
  std::uint64_t block = 1;            // replicates that belong together
  std::optional<train::Until> until;  // more replicates until standard errors are as small
  double timeout_seconds = 0;
  std::uint64_t memory_bytes = 0;  // 0: no limit
  std::uint64_t epochs = 1;
  bool is_decomposed = false;  // into bias and variance: a test set, and replicates that vary
  // Bytes of the accumulators of its largest chunk, and of the test predictions of a run that they
  // are made from.
  std::uint64_t chunk_bytes = 0, prediction_bytes = 0;
  std::uint64_t model_bytes = 0;  // of weights and gradient, at least
};

struct PlannedPoint : VariantPlan {
  std::size_t experiment = 0;  // position among the experiments
  std::uint64_t index = 0;     // of the experiment's point
  std::uint64_t variant = 0;   // of the experiment: its points differ in free values only
};

// The chunks of a point's first `goal` replicates, of whole blocks: the unit of work, of commit and
// of resume. They are the groups of the jackknife, too, unless more may follow: then a chunk
// depends on its place alone, and groups are made of whole chunks.
std::vector<statistics::ReplicateRange> chunks_of(const VariantPlan& plan, std::uint64_t goal);

// Whether a chunk belongs to the same group of the jackknife as the chunk before it.
bool continues_group(const VariantPlan& plan, std::uint64_t goal,
                     const statistics::ReplicateRange& chunk);

// Where more may follow: the replicates of a group of the jackknife when there are so many.
std::uint64_t growing_group(std::uint64_t replicates, std::uint64_t block);

// As many replicates or up to a group more: whole groups, or `most` replicates.
std::uint64_t whole_groups(std::uint64_t replicates, std::uint64_t most, std::uint64_t block);

// With `until`, no point stops with fewer groups or replicates than this, unless no more are
// allowed: with fewer, a standard error that happens to be small would stop it too often.
inline constexpr std::uint64_t least_growing = 20;

std::uint64_t largest_chunk(const VariantPlan& plan);  // its replicates

}  // namespace descent::engine
