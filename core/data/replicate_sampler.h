// SPDX-License-Identifier: MIT
// The data of one point: built once, gives the training set of every replicate.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/data_source.h"
#include "data/dataset.h"
#include "data/spec.h"

namespace descent::data {

class ReplicateSampler {
 public:
  // Reads, compiles and checks everything; throws Error. kind: the targets that the loss reads.
  // several_splits: replicates may have splits of their own.
  ReplicateSampler(const DataSpec& spec, TargetKind kind, Resampling resampling, std::uint64_t seed,
                   bool several_splits = false);

  // The training set of a replicate: a function of seed and replicate alone.
  //   fresh      inputs and targets of the replicate's own streams (a fixed design: targets only)
  //   noise      replicate 0's inputs, targets of the replicate's own stream
  //   bootstrap  as many samples drawn from replicate 0's with replacement
  //   subsample  half of replicate 0's samples (rounded down), without replacement, in order
  //   disjoint   the pool, replicate 0's samples, shuffled and cut into equal parts (a
  //              remainder is not used): one part; the next `parts` replicates cut it again
  //   kfold      the same cut into parts of sizes that differ by at most one: all but one part
  //   none       replicate 0's
  // of its split, which has the number 0 unless there are several. Throws Error where a drawn input
  // gives no valid target.
  Dataset training(std::uint64_t replicate, std::uint64_t split = 0) const;

  // Of a split; references live until another split is asked for.
  const Dataset& pool(std::uint64_t split = 0) const { return at(split).pool; }  // replicate 0's
  const TestSet& test(std::uint64_t split = 0) const { return at(split).test; }
  const Dataset& validation(std::uint64_t split = 0) const {  // for choices during tuning
    return at(split).validation;
  }
  // How a new file becomes inputs like those of the split.
  const Preparation& preparation(std::uint64_t split = 0) const { return at(split).preparation; }
  const Names& names() const { return source_.names; }
  const std::vector<std::string>& notes() const { return source_.notes; }
  const std::vector<std::string>& warnings() const { return source_.first.warnings; }  // leaks.h

  std::uint64_t inputs() const { return pool().features.n_rows; }  // before feature maps
  std::uint64_t outputs() const;        // classes, or rows of the targets
  std::uint64_t training_size() const;  // samples in the smallest training set

 private:
  const SplitData& at(std::uint64_t split) const;

  DataSource source_;
  Resampling resampling_;
  std::uint64_t seed_;
  mutable std::uint64_t other_number_ = 0;  // of the split in other_; 0: none
  mutable SplitData other_;
};

}  // namespace descent::data
