// SPDX-License-Identifier: MIT
// A folder for a test's files, and records that look like a small sweep over optimizer and rate.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "folder.h"
#include "store/query.h"
#include "store/store.h"

namespace descent {

class StoreTest : public testing::Test {
 protected:
  std::string file(const std::string& name = "results.db") const { return folder_.path(name); }

  Folder folder_;
};

// The answer without its header, with plain line ends.
inline std::string csv(const std::string& path, const std::string& sql) {
  auto text = store::query(path, sql, store::Format::csv);
  std::erase(text, '\r');
  return text.substr(text.find('\n') + 1);
}

inline store::ExperimentRecord experiment_record(const std::string& name = "rate-sweep") {
  return {name,
          "two optimizers, two rates",
          "rate.yaml",
          "experiment: rate-sweep\n",
          {"optimizer", "optimizer.lr"}};
}

// Point i of a grid of four: sgd and adam at lr 0.1 and 0.01.
inline store::PointRecord point_record(std::int64_t experiment, std::uint64_t i,
                                       const std::string& build = "a") {
  store::PointRecord point;
  point.experiment_id = experiment;
  point.position = i;
  const std::string optimizer = i < 2 ? "sgd" : "adam";
  const double lr = i % 2 == 0 ? 0.1 : 0.01;
  point.configuration_hash = "configuration" + std::to_string(i);
  point.content_hash = "content" + std::to_string(i) + build;
  point.configuration = nlohmann::json({{"model", {{"bias", true}}},
                                        {"optimizer", {{"name", optimizer}, {"lr", lr}}},
                                        {"seed", 42},
                                        {"stop", nullptr}})
                            .dump();
  point.replicates = 10;
  point.primary_metric = "mse";
  point.plugins = {{"hash-" + optimizer + build, "optimizer", optimizer, 1, "steps"}};
  point.inputs = {{"build", "descent", "build" + build}, {"data", "points.csv", "bytes"}};
  return point;
}

// Its numbers depend on point and replicate alone; every seventh replicate diverges.
inline record::Run run_record(std::int64_t point, std::uint64_t replicate) {
  descent::record::Run run;
  run.replicate = replicate;
  const double x = static_cast<double>(point) + static_cast<double>(replicate) / 8;
  const bool diverged = replicate % 7 == 6;
  run.status = diverged ? record::Status::diverged : record::Status::done;
  run.reason = diverged ? "the loss is inf in step 12" : "";
  run.epochs = 4;
  run.steps = diverged ? 12 : 40;
  run.train_seconds = 0.25;
  run.train_loss = diverged ? INFINITY : x / 2;
  run.test_loss = diverged ? NAN : x;
  run.last_finite_loss = x / 2;
  run.weight_norm = 3;
  run.zero_weights = 1;
  for (const std::uint64_t epoch : {0, 2, 4}) {
    run.curve.push_back(
        {epoch, record::Metric::train_loss, x / (1.0 + static_cast<double>(epoch))});
    run.curve.push_back({epoch, record::Metric::test_loss, x});
  }
  run.weights = {x, -x};
  return run;
}

inline store::ChunkRecord chunk_record(std::int64_t point, std::uint64_t first,
                                       std::uint64_t count) {
  store::ChunkRecord chunk{point,
                           first,
                           count,
                           {},
                           {std::string("state\0of ", 9) + std::to_string(first)},
                           {{"layers.0.weight", 0, 1, 1}, {"layers.0.bias", 1, 1, 1}}};
  for (std::uint64_t r = first; r < first + count; ++r) chunk.runs.push_back(run_record(point, r));
  return chunk;
}

inline store::BiasVarianceRow bias_variance_row(std::uint64_t epoch, double bias2) {
  store::BiasVarianceRow row;
  row.epoch = epoch;
  row.metric = "mse";
  row.total = {bias2 + 1, 0.1, bias2 + 0.8, bias2 + 1.2};
  row.bias2 = {bias2, 0.05, bias2 - 0.1, bias2 + 0.1};
  row.variance = {0.75, 0.04, 0.67, 0.84};
  row.excess = {bias2 + 0.75, 0.06, bias2 + 0.6, bias2 + 0.9};
  row.noise = 0.25;
  row.replicates = 9;
  row.left_out = 1;
  row.test_points = 100;
  row.resample = "fresh";
  row.ci_level = 0.95;
  row.df = 8;
  row.se_method = "jackknife";
  return row;
}

// Stores the whole sweep, its chunks in the order given by `backwards`.
inline void store_sweep(store::Store& store, bool backwards = false, bool finish = true,
                        const std::string& name = "rate-sweep") {
  const auto experiment = store.register_experiment(experiment_record(name));
  std::vector<std::int64_t> points;
  for (std::uint64_t i = 0; i < 4; ++i)
    points.push_back(store.add_point(point_record(experiment, i)));
  store.describe_points(experiment);
  for (std::size_t k = 0; k < 8; ++k) {
    const auto c = backwards ? 7 - k : k;
    store.write(chunk_record(points[c / 2], c % 2 * 5, 5));
  }
  for (const auto point : points)
    if (finish) store.finish(point, 10, {bias_variance_row(0, 2), bias_variance_row(4, 0.5)});
}

}  // namespace descent
