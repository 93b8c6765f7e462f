// SPDX-License-Identifier: MIT
// Input and output of the store: plain values, named like the columns in docs/results.md.
// A double that is NaN is stored as NULL; infinities are stored as they are.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "record/run.h"

namespace descent::store {

// How a store is opened for writing.
struct StoreOptions {
  double busy_seconds = 10;    // how long to wait for another writer
  bool durable = false;        // commits survive a power cut; else only integrity does
  bool private_files = false;  // its files can be read by their owner alone
  bool any_cpu = false;        // runs of one build with different arithmetic may be mixed
};

// Where a weight matrix or bias, column-major, lies in the weights of a run.
struct WeightBlock {
  std::string name;
  std::uint64_t offset = 0, rows = 0, cols = 0;
};

// Consecutive replicates first .. first + count - 1 of a point: one run each, in any order.
struct ChunkRecord {
  std::int64_t point_id = 0;
  std::uint64_t first = 0, count = 0;
  std::vector<record::Run> runs;
  // The accumulators of these runs, kept until the point is finished; none: nothing to keep.
  std::vector<std::string> pieces;
  std::vector<WeightBlock> blocks{};  // of the weights of these runs
};

struct ChunkRange {
  std::uint64_t first = 0, count = 0;
};

struct BiasVarianceRow {
  struct Estimate {
    double value = not_recorded, se = not_recorded, lo = not_recorded, hi = not_recorded;
  };
  std::uint64_t epoch = 0;
  std::string metric;  // mse, nll, brier, zero_one, ...
  Estimate total, bias2, variance, excess;
  double noise = not_recorded;
  bool bias_includes_noise = false;
  double bias2_plugin = not_recorded, variance_plugin = not_recorded;
  double identity_residual = not_recorded;
  std::uint64_t replicates = 0, left_out = 0;  // included; of these, not done
  std::uint64_t jackknife_groups = 0, test_points = 0;
  std::string resample, central = "mean";
  double ci_level = not_recorded, df = not_recorded;
  std::string se_method;
  bool floor_used = false;
  double max_replicate_share = not_recorded;
  double clip_eps = not_recorded;
  std::optional<std::uint64_t> n_clipped, tie_count;
  std::string layout = "single";
  std::optional<std::uint64_t> seeds;  // replicates of a block

  struct Errors {
    double total = not_recorded, bias2 = not_recorded, variance = not_recorded;
  };
  Errors se_points, se_two_way;  // over test points alone; over replicates and test points

  // Of losses without bias2 and variance: a row each of the table effects.
  struct Effect {
    std::string definition, term;  // once each
    Estimate estimate;
  };
  std::vector<Effect> effects;

  // At the last recorded epoch: rows of the table jackknife, in the order of its parts.
  struct Part {
    std::uint64_t left_out = 0;
    double total = not_recorded, bias2 = not_recorded, variance = not_recorded;
  };
  std::vector<Part> jackknife;

  // Of the primary metric at the last recorded epoch: rows of the table point_groups.
  struct PointGroup {
    std::uint64_t points = 0;
    double total = not_recorded, bias2 = not_recorded, variance = not_recorded;
  };
  std::vector<PointGroup> point_groups;
};

// What a point of one input and one output learned: rows of the tables fits, by epoch and x,
// replicate_fits and samples, by replicate.
struct FitRecord {
  struct Row {
    std::uint64_t epoch = 0;
    double x = not_recorded, truth = not_recorded, mean = not_recorded, sd = not_recorded;
  };
  struct Sample {
    std::uint64_t replicate = 0;
    double x = not_recorded, y = not_recorded;
  };
  std::vector<Row> rows;
  std::vector<Sample> replicates;  // their predictions
  std::vector<Sample> samples;     // of their training sets
};

// The score of a point at an epoch where some points of its experiment were pruned: the mean of a
// metric over its replicates.
struct RungRecord {
  std::int64_t point_id = 0;
  std::uint64_t epoch = 0;
  std::string metric;
  std::uint64_t replicates = 0;
  double value = not_recorded;         // infinite when a replicate broke
  std::uint64_t rank = 0, points = 0;  // 1: the best of points
  bool kept = false;
};

// The score of a chunk before the rung is decided: the metric summed over the replicates.
struct RungChunk {
  std::uint64_t first = 0, count = 0;
  double score = not_recorded;
};

// A paired comparison of point a with point b, its baseline.
struct ContrastRow {
  std::int64_t a = 0, b = 0;
  std::string metric, quantity;  // test_loss, mean; mse, bias2
  double diff = not_recorded, se_paired = not_recorded, corr = not_recorded, df = not_recorded;
  double lo = not_recorded, hi = not_recorded;
  double p = not_recorded, p_holm = not_recorded, q_bh = not_recorded;
  double p_sign_flip = not_recorded;             // next to p, which is of the t test
  std::uint64_t k_family = 0;                    // comparisons with a p
  std::uint64_t replicates = 0, dropped = 0;     // pairs; replicates that make none
  std::uint64_t not_done_a = 0, not_done_b = 0;  // runs without a value
  double max_replicate_share = not_recorded;     // of a replicate in the sum of |differences|
  double se_points = not_recorded;               // of diff over test points alone
  std::optional<std::uint64_t> more_replicates;
  std::uint64_t fresh_replicates = 0;  // of these pairs: not seen when a was chosen
  std::string verdict;
  // Not stored: the error over test points to that over replicates; what is independent, pairs or
  // blocks of them; whether a part of the error stays however many of them there are, as they share
  // draws or samples; whether it is corrected for samples that splits of one file share.
  double ratio_of_errors = not_recorded;
  std::uint64_t units = 0;
  bool has_fixed_error = false, is_of_splits = false;
};

// The comparisons of one call.
struct ContrastFamily {
  std::int64_t experiment_id = 0;
  std::string baseline, metrics;
  double ci_level = 0.95;
  bool survivors = false, population = false;  // options of the call
  std::vector<ContrastRow> rows;
};

// The result of a selection for a point of its experiment.
struct SelectionRow {
  std::int64_t point_id = 0;
  std::string per;              // the group in which it competes
  double value = not_recorded;  // by the rule; not recorded: it cannot be chosen
  std::optional<std::uint64_t> rank;
  bool chosen = false, tied = false;
  std::uint64_t runs = 0, failed = 0;  // included; of these, not done
  std::string reason;
  std::int64_t rerun_point_id = 0;  // 0: none
};

// Of an experiment with stages.
struct SelectionRecord {
  std::string experiment, metric, rule, failures;
  std::vector<SelectionRow> rows;
};

struct PluginRecord {
  std::string hash, kind, name;
  std::uint32_t abi = 0;
  std::string doc;
};

struct InputRecord {
  std::string kind, name, hash;  // build, descent; data, the file's path
};

struct ExperimentRecord {
  std::string name, description, file, source;
  std::vector<std::string> swept;       // dotted paths, in the file's order
  std::string report = "[]";            // JSON: the file's own pictures, [{title, sql, mark, note}]
  std::vector<std::string> measures{};  // metrics of run_metrics, for columns of the view
};

struct WarningRecord {
  std::string place;  // "file.yaml:12:9"
  std::string text;
};

struct PointRecord {
  std::int64_t experiment_id = 0;
  std::uint64_t position = 0;       // in the grid, from 0
  std::string content_hash;         // configuration + data file + plugin binaries
  std::string configuration_hash;   // configuration alone
  std::string configuration;        // JSON, resolved
  std::uint64_t replicates = 1;     // planned
  std::string primary_metric;       // the views show its bias and variance
  std::string ranked_by = "total";  // of the primary metric; or test_loss
  std::vector<PluginRecord> plugins;
  std::vector<InputRecord> inputs;  // without plugins
  std::int64_t point_id = 0;        // of a new row; 0: the next one
};

}  // namespace descent::store
