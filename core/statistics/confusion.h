// SPDX-License-Identifier: MIT
// Confusion matrices and the measures that follow from their counts, as in scikit-learn.
#pragma once

#include <armadillo>
#include <vector>

#include "statistics/point_weights.h"

namespace descent::statistics {

// (i, j): the weight of the samples of class i that are predicted as j; C x C. Each of truth and
// predicted has one class < C a sample.
arma::mat confusion(const std::vector<arma::uword>& truth,
                    const std::vector<arma::uword>& predicted, arma::uword classes,
                    const PointWeights& weights);

// Of each class: the weight predicted right, predicted as the class, and of the class.
struct ClassCounts {
  arma::vec right, predicted, actual;
};

// Of the classes that occur in the targets or the predictions.
ClassCounts counts_of_classes(const arma::mat& confusion);
// Of class 1 of each of these 2 x 2 matrices.
ClassCounts counts_of_outputs(const std::vector<arma::mat>& confusions);

// Means over the classes; 0 where there is nothing to divide by.
double precision(const ClassCounts& counts);
double recall(const ClassCounts& counts);
double f1(const ClassCounts& counts);

// The same counts as one class.
ClassCounts pooled(const ClassCounts& counts);

// The mean recall of the classes that occur in the targets.
double balanced_accuracy(const arma::mat& confusion);

// Gorodkin 2004, Comput. Biol. Chem. 28: of two classes the phi coefficient. 0 where targets or
// predictions are constant.
double matthews_correlation(const arma::mat& confusion);

}  // namespace descent::statistics
