// SPDX-License-Identifier: MIT
// Stages of an experiment: its grid is tuned, the best points are selected, and those are trained
// again on replicates that the choice has not seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace descent::experiment {

struct SelectSettings {
  std::string metric = "validation_loss";  // validation_loss, validation_accuracy, train_loss
  std::string rule = "mean";               // mean, median, worst, upper
  std::vector<std::string> per;      // swept paths: the best for each combination of their values
  std::string failures = "exclude";  // exclude, worst, done
  std::uint64_t top = 1;             // how many of each
};

struct Stages {
  SelectSettings select;
  std::uint64_t first = 0;       // the first replicate that tuning does not see
  std::uint64_t replicates = 0;  // of the rerun
};

}  // namespace descent::experiment
