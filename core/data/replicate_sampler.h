// SPDX-License-Identifier: MIT
// The data of one point: built once, gives the training set of every replicate.
#pragma once

#include <cstdint>

#include "data/data_source.h"
#include "data/dataset.h"
#include "data/spec.h"

namespace descent::data {

class ReplicateSampler {
 public:
  // Reads, compiles and checks everything; throws Error. kind: the targets that the loss reads.
  ReplicateSampler(const DataSpec& spec, TargetKind kind, Resampling resampling,
                   std::uint64_t seed);

  // The training set of a replicate: a function of seed and replicate alone.
  //   fresh      inputs and targets of the replicate's own streams (a fixed design: targets only)
  //   noise      replicate 0's inputs, targets of the replicate's own stream
  //   bootstrap  as many samples drawn from replicate 0's with replacement
  //   subsample  half of replicate 0's samples (rounded down), without replacement, in order
  //   disjoint   the pool, replicate 0's samples, shuffled and cut into equal parts (a
  //              remainder is not used): one part; the next `parts` replicates cut it again
  //   kfold      the same cut into parts of sizes that differ by at most one: all but one part
  //   none       replicate 0's
  // Throws Error where a drawn input gives no valid target.
  Dataset training(std::uint64_t replicate) const;

  const Dataset& pool() const { return pool_; }  // replicate 0's training set
  const TestSet& test() const { return source_.test; }
  const Dataset& validation() const { return source_.validation; }  // for choices during tuning
  const Names& names() const { return source_.names; }

  std::uint64_t inputs() const { return pool_.features.n_rows; }  // before feature maps
  std::uint64_t outputs() const;                                  // classes, or rows of the targets
  std::uint64_t training_size() const;  // samples in the smallest training set

 private:
  DataSource source_;
  Resampling resampling_;
  std::uint64_t seed_;
  Dataset pool_;
};

}  // namespace descent::data
