// SPDX-License-Identifier: MIT
// Everything that is to run, checked before anything runs: the points of one or more experiments.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/data_files.h"
#include "engine/planned_point.h"
#include "experiment/experiment.h"
#include "record/metric.h"
#include "train/training.h"

namespace descent::engine {

// An input that, in addition to the configuration, determines a point's results.
struct Input {
  std::string kind;  // build, data, loss, optimizer, regularizer
  std::string name;  // "descent", a path as the configuration has it, a plugin's
  std::string hash;
};

// Keeps what the points of a variant share and computes a point on request, so that memory does not
// grow with the number of points.
class Plan {
 public:
  // Reads the data and checks that the parts fit together. Throws one Error with all problems.
  // The catalog must outlive the plan.
  Plan(std::vector<experiment::Experiment> experiments, const host::Catalog& catalog);

  const std::vector<experiment::Experiment>& experiments() const { return experiments_; }
  std::uint64_t size() const { return size_; }  // points
  std::string too_large() const;                // why it cannot be run; empty if it can
  std::uint64_t runs() const;                   // without those that `until` may call for
  std::uint64_t runs(std::size_t experiment) const { return runs_.at(experiment); }
  std::uint64_t most_runs(std::size_t experiment) const { return most_runs_.at(experiment); }

  std::uint64_t first(std::size_t experiment) const;    // position of its first point
  std::uint64_t longest(std::size_t experiment) const;  // training, in epochs
  std::optional<train::Prune> prune(std::size_t experiment) const;

  // Metrics that some of its points record besides losses and accuracies, in the metrics' order.
  std::vector<std::string> measures(std::size_t experiment) const;

  // What was found in its data files, as that a column is categorical.
  const std::vector<Problem>& notes(std::size_t experiment) const { return notes_.at(experiment); }
  // What fits and is odd, in each variant of an experiment; each once.
  const std::vector<Problem>& warnings(std::size_t experiment) const {
    return warnings_.at(experiment);
  }
  std::vector<PlannedPoint> variants() const;  // the first point of each, of all experiments

  // The point at a position of the plan, in short and whole.
  PlannedPoint planned(std::uint64_t position) const;
  experiment::Point point(std::uint64_t position) const;
  train::Training training(const experiment::Point& point) const;

  // Of everything that determines a point's results: configuration, plugin binaries, data files,
  // build.
  std::string content_hash(std::uint64_t position) const;
  std::string content_hash(std::uint64_t position, const std::string& configuration) const;
  std::string configuration(std::uint64_t position) const;          // JSON, resolved
  std::vector<Input> inputs(const experiment::Point& point) const;  // of a point of this plan

 private:
  struct Variant : VariantPlan {
    std::uint32_t input_hashes;  // position in input_hashes_
  };
  using At = std::pair<std::size_t, std::uint64_t>;  // experiment, index of its point

  void check_variant(std::size_t experiment, std::uint64_t variant, std::vector<Problem>& problems);
  void add_variant(std::size_t experiment, std::uint64_t variant, const experiment::Point& point);
  void check_fit(std::size_t experiment, std::uint64_t index, const experiment::Point& point);
  void warn_of_free_zeros(std::size_t experiment);
  At at(std::uint64_t position) const;
  PlannedPoint planned(const At& at, std::uint64_t variant) const;
  const Variant& variant(const At& at) const;
  std::shared_ptr<const data::ReplicateSampler> source(const experiment::Point& point) const;
  std::uint32_t input_hashes(const experiment::Point& point);

  std::vector<experiment::Experiment> experiments_;
  const host::Catalog& catalog_;
  std::uint64_t size_ = 0;
  std::vector<std::uint64_t> runs_, most_runs_;  // of each experiment
  std::vector<std::optional<train::Prune>> prunes_;
  std::vector<std::vector<Variant>> variants_;  // of each experiment
  std::vector<std::set<record::Metric>> measures_;
  std::vector<std::vector<Problem>> warnings_, notes_;
  std::vector<std::string> input_hashes_;  // hashes of plugins and data files
  mutable DataFiles files_;
  // Shared by points of equal data; a few, as a grid of seeds has data of its own for each.
  mutable std::map<std::string, std::shared_ptr<const data::ReplicateSampler>> sources_;
};

}  // namespace descent::engine
