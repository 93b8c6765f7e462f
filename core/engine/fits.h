// SPDX-License-Identifier: MIT
// What a point of one input and one output learned, for pictures of the data and the fit.
#pragma once

#include <cstdint>
#include <vector>

#include "statistics/decomposition.h"
#include "statistics/state.h"
#include "store/records.h"
#include "train/training.h"

namespace descent::engine {

// Whether a decomposed point has such a picture: one input before feature maps, one output, squared
// error of single replicates, and record.fit.
bool has_fit(const train::Training& training);

// The recorded epochs, by place, with predictions that are stored: that of the least total and the
// last. rows: of the epochs, each with so many metrics, the primary one first.
std::vector<std::size_t> epochs_of_fits(const std::vector<store::BiasVarianceRow>& rows,
                                        std::size_t metrics);

// Adds the mean and the standard deviation of the predictions at up to 200 test inputs, evenly
// chosen by rank. groups: the states of the primary metric at this epoch. REQUIRES: has_fit().
void add_fit(store::FitRecord& fit, const train::Training& training, std::uint64_t epoch,
             const statistics::GroupSource<statistics::State>& groups);

// Adds the predictions of the first replicates, as many as record.fit says, at up to 50 test
// inputs. groups: at the last epoch. Nothing where a group holds several of the replicates: beyond
// statistics::max_groups.
void add_replicates(store::FitRecord& fit, const train::Training& training,
                    const statistics::GroupSource<statistics::State>& groups,
                    std::uint64_t replicates);

// Adds up to 200 training samples of each of the first three replicates.
void add_samples(store::FitRecord& fit, const train::Training& training);

}  // namespace descent::engine
