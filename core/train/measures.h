// SPDX-License-Identifier: MIT
// The measures of predictions that a file asks for (record/metric.h), and confusion matrices.
#pragma once

#include <armadillo>
#include <optional>
#include <string>
#include <vector>

#include "host/loss.h"
#include "record/metric.h"
#include "train/prediction.h"

namespace descent::train {

// What a model's outputs mean to its loss.
struct Meaning {
  descent_prediction kind;
  Estimated estimated;
  bool logarithms;                      // of rates or variances are predicted (loss_fit.h)
  std::int64_t ignored = none_ignored;  // a class of which no sample counts
};

// Whether a measure can be taken of what is estimated.
bool suits(const record::MeasureFacts& facts, Estimated estimated);

// The values of measures that suit what is estimated, in their order. NaN where a prediction is not
// finite, or the samples do not define the measure. Samples are of the class with their largest
// target.
template <class T>
std::vector<double> measured(const std::vector<record::Measure>& measures, const Meaning& meaning,
                             const arma::Mat<T>& prediction, const host::Targets<T>& targets);

// Of classes, one matrix; of binary outputs, a 2 x 2 matrix for each (statistics/confusion.h).
template <class T>
std::vector<arma::mat> confusions(descent_prediction kind, const arma::Mat<T>& prediction,
                                  const host::Targets<T>& targets,
                                  std::int64_t ignored = none_ignored);

// The measures of a set that record.metrics chooses: of a name without a set, those of the sets
// that training does not see; of the training set where there are none (is_held_out). Throws Error
// for measures that do not suit what is estimated.
std::vector<record::Measure> chosen_measures(const std::optional<std::vector<std::string>>& names,
                                             Estimated estimated, record::Set set,
                                             bool is_held_out);

}  // namespace descent::train
