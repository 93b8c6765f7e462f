// SPDX-License-Identifier: MIT
// Squared error of replicates in blocks: the sources of the variance (law of total variance), or
// the variance within partitions of one pool.
//
// nested   A data sets x b seeds of their own [Neal et al., 2018]: inner = mean s^2 within a data
//          set, the interaction included; outer = s^2 of the data sets' means - inner/b;
//          bias2 = |mean|^2 - s^2 of the means / A
// crossed  the same b seeds on every data set [Adlam & Pennington, 2020], the analysis of variance
//          of two random factors: interaction = MS_E, outer = (MS_D - MS_E)/b,
//          inner = (MS_O - MS_E)/A; bias2 = |mean|^2 - outer/A - inner/b - interaction/(A b)
// partitions
//          b parts of one pool, cut A times [Yang et al., 2020]: variance = mean s^2 within a
//          partition, bias2 = mean loss - variance, which holds the pool's own deviation. All parts
//          share one pool, so their spread gives no standard error.
//
// All are unbiased, and may be negative by chance. variance is the sum of the components; the mean
// loss is bias2 + variance exactly.
//
// Standard errors: the jackknife leaves out whole data sets. For crossed blocks, the squared error
// of leaving out a seed is added (conservative), with the df of the smaller of the two numbers. The
// interval of a part is that of the difference of the two mean squares which give it.
#pragma once

#include <string>

#include "statistics/blocks.h"
#include "statistics/decomposition.h"

namespace descent::statistics {

enum class Design { nested, crossed, partitions };

struct Attribution {
  Design design = Design::nested;
  std::string outer = "data", inner = "init_order";  // what varies between and within blocks
};

// The parts are effects: definition nested or crossed, terms outer, inner and interaction. groups:
// in replicate order; empty ones are left out. Throws Error when groups and target are not of one
// test set.
Decomposition decompose(const GroupSource<Blocks>& groups, const arma::mat& target,
                        const Attribution& attribution, const DecompositionSettings& settings = {});

}  // namespace descent::statistics
