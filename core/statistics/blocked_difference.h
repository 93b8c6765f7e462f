// SPDX-License-Identifier: MIT
// The difference of two configurations by replicates that share draws in blocks, as the seeds of
// one data set do. Replicates of a block are not independent, so the blocks are what is counted.
#pragma once

#include <cstdint>
#include <span>

#include "statistics/difference.h"

namespace descent::statistics {

struct ReplicateBlocks {
  std::uint64_t size = 1;   // replicates of a block, consecutive; 1: all are independent
  bool is_crossed = false;  // the same position of every block shares draws as well
};

// As paired_difference(), of the replicates with these numbers. In blocks, a and b are replaced by
// their means over each block. Crossed: the squared error of the means over each position is added
// (conservative), with the smaller of the degrees of freedom, as in the analysis of variance of
// crossed blocks. `replicates` of the result counts blocks. REQUIRES: all spans of one length.
Difference blocked_difference(std::span<const std::uint64_t> replicates, std::span<const double> a,
                              std::span<const double> b, const ReplicateBlocks& blocks,
                              double level);

// The mean of the values of each block, in the order of the blocks.
std::vector<double> block_means(std::span<const std::uint64_t> replicates,
                                std::span<const double> values, std::uint64_t size);

}  // namespace descent::statistics
