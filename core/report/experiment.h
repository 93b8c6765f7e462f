// SPDX-License-Identifier: MIT
// What a store holds about one experiment, as far as the choice of pictures depends on it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "report/axes.h"
#include "report/grid.h"
#include "store/reader.h"

namespace descent::report {

// A row of the view scores.
struct Score {
  store::Value mean, lo, hi;  // NULL unless all runs are done
  store::Value mean_done;
  std::int64_t runs = 0;
};

struct Experiment {
  std::int64_t id = 0;
  std::string name, view, description, file, source, registered;
  std::string objective;  // total, test_loss or train_loss
  std::string metric;     // as in scores: by which the points are ranked
  Grid grid;              // points that are not superseded, by id
  Axes axes;
  Points ranked;                                               // the best first
  Score best;                                                  // of the first of them
  std::int64_t equal_to_best = 0;                              // other points of its rank
  std::vector<std::pair<std::string, std::int64_t>> statuses;  // of runs; done first
  std::int64_t planned = 0, runs = 0, done = 0;
  std::size_t finished = 0;     // points
  bool is_decomposed = false;   // some point has bias2
  bool has_selections = false;  // between stages

  std::int64_t point_id(std::size_t point) const { return grid.ids()[point]; }
  const std::string& path_name(std::size_t path) const { return grid.paths()[path].name; }
  std::string objective_text() const;  // "total error", "test loss", "training loss"
};

// All experiments, in the order of the store.
std::vector<std::string> experiment_names(store::Reader& reader);

Experiment read_experiment(store::Reader& reader, const std::string& name);

// The first value of the first row: NULL if there is none.
store::Value first_value(store::Reader& reader, const std::string& sql,
                         const std::vector<store::Value>& values = {});
std::int64_t first_integer(store::Reader& reader, const std::string& sql,
                           const std::vector<store::Value>& values = {});
std::vector<std::string> texts(store::Reader& reader, const std::string& sql,
                               const std::vector<store::Value>& values = {});

}  // namespace descent::report
