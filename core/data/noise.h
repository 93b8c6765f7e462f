// SPDX-License-Identifier: MIT
// Draws targets about a known expectation f(x) = E[y|x], and the truth of such a test set.
#pragma once

#include <armadillo>
#include <string>

#include "base/random.h"
#include "data/dataset.h"
#include "data/spec.h"

namespace descent::data {

// Throws Error when such targets cannot be drawn: classes are 0 and 1 and need bernoulli; normal
// noise gives numbers alone; 0 is not positive.
void check(const NoiseSpec& noise, TargetKind kind);

// What is wrong with a value of f, as "as a probability it must lie in [0, 1]"; "" when nothing is.
// Signs without noise may be written as 0 and 1.
std::string truth_objection(double f, const NoiseSpec& noise, TargetKind kind);

// Sets targets or classes of data to one draw about f. REQUIRES: its features are set, and
// truth_objection() has none to f. Throws Error for signs that are written in two ways.
void draw_targets(Dataset& data, const arma::rowvec& f, const NoiseSpec& noise, TargetKind kind,
                  Random random);

// The truth of a drawn test set: rows f, of classes 1-f and f; variance sd^2 or f(1-f). Of signs
// drawn with bernoulli 2f-1 and 4f(1-f).
void set_truth(TestSet& test, const arma::rowvec& f, const NoiseSpec& noise, TargetKind kind);

}  // namespace descent::data
