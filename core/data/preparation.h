// SPDX-License-Identifier: MIT
// Everything between a data file and the feature maps, as a value: how the file is read, how its
// columns were coded in training, and what the targets were. A stored model carries it.
#pragma once

#include <armadillo>
#include <optional>
#include <string>
#include <vector>

#include "data/coding.h"
#include "data/spec.h"

namespace descent::data {

struct Preparation {
  CsvSpec spec;   // dialect, columns and missing values; its paths and splits do not matter
  Coding inputs;  // empty for synthetic data: then the inputs are x, or x1 .. xd
  TargetKind kind = TargetKind::numbers;
  std::vector<std::string> targets;  // names
  std::vector<std::string> classes;  // labels of the class indices; empty unless kind is classes
  // Of a target that was standardized: predictions are scale % y + shift. Empty: not standardized.
  arma::vec shift, scale;
  // Of each target column the two texts that were coded as the lower and the upper number; none: it
  // held numbers.
  std::vector<std::vector<std::string>> labels{};

  // The d x n inputs of a file with the training file's columns; columns of other names and those
  // of the targets may be there or not. Rows keep their order; none is left out. Throws Error as
  // read_table() and Coding::apply() do.
  arma::mat read(const std::string& path) const;

  // k x n targets or predictions on the file's scale, from the one on which they were trained.
  arma::mat unstandardized(arma::mat values) const;

  std::string text() const;  // JSON; numbers exactly
  // The inverse of text(). Throws Error for any other text.
  static Preparation from_text(const std::string& text);
};

}  // namespace descent::data
