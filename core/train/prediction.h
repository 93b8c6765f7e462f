// SPDX-License-Identifier: MIT
// The meaning of a model's outputs, as the loss defines it.
#pragma once

#include <armadillo>
#include <cstdint>

#include "data/spec.h"
#include "host/loss.h"
#include "sdk/abi.h"

namespace descent::train {

// What the outputs estimate of the targets: their expectation; the same of signs, so that the sign
// of an output is a class; the probabilities of their classes; or nothing that accuracy or bias and
// variance could be found from.
enum class Estimated { nothing, numbers, signs, classes };
Estimated estimated(descent_prediction prediction, data::TargetKind targets);

// Whether they are measured and decomposed as numbers.
inline bool is_numeric(Estimated estimated) {
  return estimated == Estimated::numbers || estimated == Estimated::signs;
}
inline bool has_accuracy(Estimated estimated) {
  return estimated == Estimated::signs || estimated == Estimated::classes;
}

// Whether each output is a class, 0 or 1, of its own.
inline bool is_binary(descent_prediction kind) {
  return kind == DESCENT_BINARY_LOGITS || kind == DESCENT_BINARY_PROBABILITIES;
}

// Outputs of the model for each row of the target.
inline std::uint64_t outputs_per_target(descent_prediction kind) {
  return kind == DESCENT_MEANS_AND_VARIANCES ? 2 : 1;
}

// The estimates of the target in a prediction: all rows, unless variances follow. logarithms: those
// of rates or variances are predicted (loss_fit.h).
template <class T>
arma::mat estimates(descent_prediction kind, bool logarithms, const arma::Mat<T>& prediction) {
  arma::mat rows = arma::conv_to<arma::mat>::from(
      prediction.head_rows(prediction.n_rows / outputs_per_target(kind)));
  return logarithms && kind != DESCENT_MEANS_AND_VARIANCES ? arma::mat(arma::exp(rows)) : rows;
}

// Of a class that the loss ignores no sample counts in accuracy, measures and confusion matrices.
// Below 0: none is ignored.
constexpr std::int64_t none_ignored = -1;

// The samples' weights in these: 0 of those that do not count. Empty: all 1.
template <class T>
arma::rowvec counted_weights(const host::Targets<T>& targets, std::int64_t ignored);

// Weighted share of samples classified correctly: the largest output is the class (or the largest
// target probability); with binary outputs, share of outputs on the target's side of 1/2; of signs,
// share of outputs above 0 where the target is 1, and not above it where the target is -1.
template <class T>
double accuracy(descent_prediction kind, const arma::Mat<T>& prediction,
                const host::Targets<T>& targets, std::int64_t ignored = none_ignored);

// Logarithms of the predicted class probabilities, classes x columns: a column a sample; with
// binary outputs, 2 x (k n): rows "0" and "1", a column an output of a sample.
template <class T>
arma::mat log_probabilities(descent_prediction kind, const arma::Mat<T>& prediction);

// The target's probabilities in the same shape: one-hot for classes.
template <class T>
arma::mat target_probabilities(descent_prediction kind, arma::uword outputs,
                               const host::Targets<T>& targets);

}  // namespace descent::train
