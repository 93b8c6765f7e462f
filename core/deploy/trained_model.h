// SPDX-License-Identifier: MIT
// A model after training, with everything that predicting needs: names of the inputs, fitted
// feature maps, layers, weights, and what the outputs mean.
#pragma once

#include <armadillo>
#include <string>
#include <string_view>
#include <vector>

#include "base/element.h"
#include "data/features.h"
#include "data/preparation.h"
#include "nn/model.h"
#include "train/training.h"

namespace descent::deploy {

struct TrainedModel {
  Element dtype = Element::float32;
  data::Preparation preparation;     // of files
  std::vector<std::string> inputs;   // the names of the inputs, before the feature maps
  std::vector<std::string> targets;  // columns; of classes one
  std::vector<std::string> classes;  // labels in the order of the outputs; none: numbers
  std::vector<data::FittedMap> features;
  std::vector<nn::LayerSpec> layers;  // units filled in
  std::vector<double> weights;        // the flat vector of nn::Model, exactly
  std::string loss;
  descent_prediction prediction = DESCENT_VALUES;
  bool logarithms = false;  // outputs are logarithms of what is predicted

  // Of each output its class, target, or the label of 1 or of positive scores.
  std::vector<std::string> output_names() const;
  // The two labels of a target that was text; empty for numbers.
  std::vector<std::string> labels(std::size_t target) const;
  arma::uword features_size() const;  // inputs of the first layer
  nn::Model network() const;
};

// The model of a run that is done and has its weights. The features are fitted again on what the
// replicate drew.
TrainedModel model_of(const train::Training& training, const record::Run& run);

// JSON as docs/predict.md describes it, and the inverse. from_text throws Error for other text.
std::string text(const TrainedModel& model);
TrainedModel from_text(std::string_view text);

// "logits", ...: what the outputs are, in JSON.
const char* prediction_name(descent_prediction prediction);

// What the outputs estimate, for inputs.size() x n inputs: k x n numbers in the unit of the file,
// or probabilities of the classes; of binary outputs the probability of 1. The same to the last bit
// as in training, for the same inputs in the same number. Throws Error for a sample with a number
// that the feature maps or the layers cannot compute with.
arma::mat predict(const TrainedModel& model, const arma::mat& inputs);

// Whether predict() gives probabilities.
bool predicts_probabilities(descent_prediction prediction);

}  // namespace descent::deploy
