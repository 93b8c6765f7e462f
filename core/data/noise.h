// SPDX-License-Identifier: MIT
// Draws targets about a known expectation f(x) = E[y|x], and the truth of such a test set.
#pragma once

#include <armadillo>

#include "base/random.h"
#include "data/dataset.h"
#include "data/spec.h"

namespace descent::data {

// Throws Error when such targets cannot be drawn: classes are 0 and 1 and need bernoulli;
// probabilities stay in [0, 1] only without noise or with bernoulli.
void check(const NoiseSpec& noise, TargetKind kind);

// Whether f must lie in [0, 1].
bool needs_probability(const NoiseSpec& noise, TargetKind kind);

// Sets targets or classes of data to one draw about f. REQUIRES: its features are set.
void draw_targets(Dataset& data, const arma::rowvec& f, const NoiseSpec& noise, TargetKind kind,
                  Random random);

// The truth of a drawn test set: rows f, of classes 1-f and f; variance sd^2 or f(1-f).
void set_truth(TestSet& test, const arma::rowvec& f, const NoiseSpec& noise, TargetKind kind);

}  // namespace descent::data
