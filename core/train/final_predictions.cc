// SPDX-License-Identifier: MIT
#include "train/final_predictions.h"

#include "train/prediction.h"

namespace descent::train {
namespace {

// Both k x n.
struct Pair {
  arma::mat value, target;
};

template <class T>
Pair of_classes(descent_prediction kind, const arma::Mat<T>& outputs,
                const host::Targets<T>& targets) {
  const arma::mat p = arma::exp(log_probabilities(kind, outputs));
  if (!is_binary(kind)) return {p, target_probabilities(kind, outputs.n_rows, targets)};
  return {arma::reshape(arma::mat(p.row(1)), outputs.n_rows, outputs.n_cols),
          arma::conv_to<arma::mat>::from(targets.values)};
}

}  // namespace

template <class T>
record::Predictions final_predictions(const Training& training,
                                      const data::Preparation& preparation,
                                      const arma::Mat<T>& outputs,
                                      const host::Targets<T>& targets) {
  const auto& meaning = training.meaning();
  const auto pair =
      meaning.estimated == Estimated::classes
          ? of_classes(meaning.kind, outputs, targets)
          : Pair{preparation.unstandardized(estimates(meaning.kind, meaning.logarithms, outputs)),
                 preparation.unstandardized(arma::conv_to<arma::mat>::from(targets.values))};
  const auto& names = training.source().names();
  record::Predictions all;
  all.outputs = names.classes.empty() ? names.targets : names.classes;
  all.value.assign(pair.value.begin(), pair.value.end());
  all.target.assign(pair.target.begin(), pair.target.end());
  return all;
}

template record::Predictions final_predictions(const Training&, const data::Preparation&,
                                               const arma::Mat<float>&,
                                               const host::Targets<float>&);
template record::Predictions final_predictions(const Training&, const data::Preparation&,
                                               const arma::Mat<double>&,
                                               const host::Targets<double>&);

}  // namespace descent::train
