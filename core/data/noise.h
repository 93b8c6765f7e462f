// SPDX-License-Identifier: MIT
// Draws targets about a known expectation f(x) = E[y|x], and the truth of such a test set.
#pragma once

#include <armadillo>
#include <string>

#include "base/random.h"
#include "data/dataset.h"
#include "data/spec.h"

namespace descent::data {

// Throws Error when such targets cannot be drawn: classes are 0 and 1 and need bernoulli; noise
// that is added gives numbers alone; 0 is not positive.
void check(const NoiseSpec& noise, TargetKind kind);

// What is wrong with a value of f, such as "as a probability it must lie in [0, 1]"; "" when
// nothing is. Signs without noise may be written as 0 and 1.
std::string truth_objection(double f, const NoiseSpec& noise, TargetKind kind);

// Sets targets or classes of data to one draw about f. REQUIRES: its features are set, and
// truth_objection() has none to f. Throws Error for signs that are written in two ways.
void draw_targets(Dataset& data, const arma::mat& f, const NoiseSpec& noise, TargetKind kind,
                  Random random);

// The truth of a drawn test set: rows f, of classes 1-f and f; variance that of the noise, which is
// not recorded where it is infinite (student_t with df <= 2), or f(1-f). Of signs drawn with
// bernoulli 2f-1 and 4f(1-f). Of several outputs the mean of their variances.
void set_truth(TestSet& test, const arma::mat& f, const NoiseSpec& noise, TargetKind kind);

// A warning where the noise has no variance; else "".
std::string variance_warning(const NoiseSpec& noise);

// Whether the noise is added to f, so that targets are any numbers.
bool is_added(const NoiseSpec& noise);

// Replaces each label with probability `share` by one of the other classes, each equally likely; of
// probabilities and signs the 0 by the 1, the -1 by the 1, and the reverse.
void flip_labels(Dataset& data, double share, TargetKind kind, std::uint64_t classes,
                 Random random);
// Throws Error unless there are labels to flip. key: of the experiment file, for messages.
void check_flip(double share, TargetKind kind, const char* key);

}  // namespace descent::data
