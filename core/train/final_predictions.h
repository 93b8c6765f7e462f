// SPDX-License-Identifier: MIT
// What a trained model predicts of a set of samples, as `record: {predictions: true}` stores it.
#pragma once

#include <armadillo>

#include "data/preparation.h"
#include "record/run.h"
#include "train/samples.h"
#include "train/training.h"

namespace descent::train {

// outputs: of the model. Targets that were standardized, and predictions of them, are in the unit
// of the file. REQUIRES: the loss estimates numbers or classes.
template <class T>
record::Predictions final_predictions(const Training& training,
                                      const data::Preparation& preparation,
                                      const arma::Mat<T>& outputs, const host::Targets<T>& targets);

}  // namespace descent::train
