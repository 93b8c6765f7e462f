// SPDX-License-Identifier: MIT
// An experiment file, read and checked: a description and a grid of resolved points.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "experiment/language/report.h"
#include "experiment/language/stages.h"
#include "host/catalog.h"
#include "train/settings.h"

namespace descent::experiment {

// One complete configuration. `configuration` is the resolved content and the point's identity:
// defaults filled in, sorted keys, numbers as numbers, paths of data files relative to the file.
// A plugin is {"name": NAME, hyper: value, ...}; any other choice keeps its argument under its
// name, as the file does: {"name": "polynomial", "polynomial": {"degree": 3}}, {"name": "linear",
// "linear": 16, "bias": true}. Keys that change neither what a replicate computes nor what is
// stored of it are not in it (identity_of() in experiment.cc).
struct Point {
  train::Settings settings;
  nlohmann::json configuration;
};

class Experiment {
 public:
  // Reads file, applies `path=value` overrides (override.h), checks a point of every variant; of
  // more than 20,000, points in which every value of every axis occurs (grid/one_factor_design.h).
  // Throws one Error with every problem of the file, in its order: place, what was found, what is
  // valid, the nearest name. The catalog must outlive the experiment and its copies.
  static Experiment read(const std::string& file, const std::vector<std::string>& overrides,
                         const host::Catalog& catalog);
  // Each of the files.
  static std::vector<Experiment> read(const std::vector<std::string>& files,
                                      const std::vector<std::string>& overrides,
                                      const host::Catalog& catalog);
  // The same for a text in place of the file's; paths in it are relative to the file.
  static Experiment parse(const std::string& file, const std::string& source,
                          const std::vector<std::string>& overrides, const host::Catalog& catalog);

  // The files that read() reads: the file and what it includes, missing ones too.
  static std::vector<std::string> files(const std::string& file,
                                        const std::vector<std::string>& overrides);

  const std::string& file() const;
  const std::string& name() const;  // [a-z0-9-]+
  const std::string& description() const;
  // The file's text; where it includes others or there are overrides, all texts one after another,
  // each after a comment with its file's name, and the overrides as comments.
  const std::string& source() const;

  std::uint64_t size() const;      // points that are planned
  std::uint64_t failing() const;   // points of the grid that are not, as they fail `where`
  std::uint64_t repeated() const;  // and as they repeat an earlier draw
  // 0 .. size() - 1, in the file's order, last axis fastest. Throws Error as read() does.
  Point point(std::uint64_t index) const;

  // Where the file writes what resolves at a dotted path of a point, such as "data.csv.path".
  Place place(std::uint64_t index, const std::string& path) const;

  // The points fall into variants (point_grid.h): those of a variant differ only in numbers on
  // which nothing else depends. What is checked or loaded for one of its members holds for all.
  std::uint64_t variants() const;
  std::uint64_t variant(std::uint64_t index) const;         // of a point
  std::uint64_t variant_size(std::uint64_t variant) const;  // how many points
  std::uint64_t member(std::uint64_t variant) const;        // the index of one of its points

  // The numbers in which points of a variant differ, each once: where it resolves, and where the
  // file writes it. Of an axis of more than 20,000 values its ends.
  struct FreeNumber {
    std::string path;
    double value;
    Place place;
  };
  std::vector<FreeNumber> free_numbers() const;

  // point(index).configuration.dump(), without the work of resolving the point.
  std::string identity(std::uint64_t index) const;

  // The resolved file: YAML that reads as the same points, axes as axes, with all defaults and
  // hyperparameters, each value with its origin as a comment. Derived defaults that differ between
  // points are left out. Paths are relative to the file's folder.
  std::string resolved() const;

  // Dotted paths of the values that differ between points, in the file's order: "optimizer",
  // "optimizer.lr", "regularizer.lambda", "train.batch". What only one choice of a plugin has is
  // among them only when it takes several values.
  const std::vector<std::string>& swept() const;

  // Nothing if the file has no stages. With stages, this experiment is the grid as it is tuned.
  const std::optional<Stages>& stages() const;

  // Pictures that the file asks for; of a rerun, none.
  const std::vector<ReportPicture>& pictures() const;

  // The experiment NAME-rerun: these points as they are without tuning, on replicates that tuning
  // does not see. REQUIRES: stages(), at least one point.
  Experiment rerun(const std::vector<std::uint64_t>& points) const;

 private:
  struct Impl;
  nlohmann::json agreed() const;
  explicit Experiment(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

// The text of a file with points of these configurations, in order; of at least one. Throws
// Error when one names a plugin that does not exist.
std::string file_of(const std::string& name, const std::string& description,
                    const std::vector<nlohmann::json>& configurations,
                    const host::Catalog& catalog);

}  // namespace descent::experiment
