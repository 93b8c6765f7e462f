// SPDX-License-Identifier: MIT
#include "engine/records.h"

#include <cmath>

#include "base/hash.h"
#include "engine/decomposer.h"
#include "experiment/schema/path.h"

namespace descent {
namespace {

std::vector<WeightRow> weight_rows(const arma::vec& x, const Model& model) {
  std::vector<WeightRow> rows;
  if (x.is_empty()) return rows;
  for (const auto& block : model.blocks())
    for (arma::uword j = 0; j < block.cols; ++j)
      for (arma::uword i = 0; i < block.rows; ++i)
        rows.push_back({block.name, i, j, x(block.offset + i + j * block.rows)});
  return rows;
}

BiasVarianceRow::Estimate estimate(const Estimate& e) { return {e.value, e.se, e.lo, e.hi}; }

PluginRecord plugin_record(const Plugin& plugin) {
  return {plugin.hash(), kind_name(plugin->kind), plugin->name, plugin->abi, plugin->doc};
}

}  // namespace

RunRecord run_record(const Run& run, const Model& model) {
  RunRecord record;
  record.replicate = run.replicate;
  record.status = static_cast<RunStatus>(run.status);
  record.reason = run.reason;
  record.epochs = run.epochs;
  record.steps = run.steps;
  record.train_seconds = run.train_seconds;
  record.train_loss = run.train_loss;
  record.test_loss = run.test_loss;
  record.penalty = run.penalty;
  record.train_accuracy = run.train_accuracy;
  record.test_accuracy = run.test_accuracy;
  record.validation_loss = run.validation_loss;
  record.validation_accuracy = run.validation_accuracy;
  record.last_finite_loss = run.last_finite_loss;
  record.gradient_norm = run.gradient_norm;
  record.weight_norm = run.weight_norm;
  record.zero_weights = run.zero_weights;
  record.curve.reserve(run.curve.size());
  for (const auto& point : run.curve)
    record.curve.push_back({point.epoch, static_cast<CurveMetric>(point.metric), point.value});
  record.weights = weight_rows(run.weights, model);
  return record;
}

BiasVarianceRow bias_variance_row(const Decomposition& d, std::uint64_t epoch,
                                  const std::string& metric, const std::string& central,
                                  std::uint64_t trained, const Training& training) {
  BiasVarianceRow row;
  row.epoch = epoch;
  row.metric = metric;
  row.total = estimate(d.total);
  row.bias2 = estimate(d.bias2);
  row.variance = estimate(d.variance);
  row.excess = estimate(d.excess);
  row.noise = d.noise;
  row.bias_includes_noise = d.bias_includes_noise;
  row.bias2_plugin = d.bias2_plugin;
  row.variance_plugin = d.variance_plugin;
  row.identity_residual = d.identity_residual;
  row.replicates = d.replicates;
  row.left_out = trained - d.replicates;
  row.jackknife_groups = d.groups;
  row.test_points = training.source().test().data.size();
  row.resample = name(training.settings().replicates.resample.scheme);
  row.central = central;
  row.ci_level = d.ci_level;
  row.df = d.df;
  row.se_method = d.se_method;
  row.floor_used = d.floor_used;
  row.max_replicate_share = d.max_replicate_share;
  row.clip_eps = d.clip_eps;
  if (metric == "nll") row.n_clipped = d.clipped;
  row.tie_count = d.ties;
  row.se_points = {d.se_points.total, d.se_points.bias2, d.se_points.variance};
  row.se_two_way = {std::hypot(d.total.se, d.se_points.total),
                    std::hypot(d.bias2.se, d.se_points.bias2),
                    std::hypot(d.variance.se, d.se_points.variance)};
  row.layout = name(training.settings().replicates.layout);
  if (const auto block = block_size(training.settings().replicates); block > 1) row.seeds = block;
  for (const auto& effect : d.effects)
    row.effects.push_back({effect.definition, effect.term, estimate(effect.estimate)});
  if (epoch == training.settings().train.epochs)
    for (const auto& part : d.without)
      row.jackknife.push_back({part.left_out, part.total, part.bias2, part.variance});
  return row;
}

ExperimentRecord experiment_record(const Experiment& experiment) {
  return {experiment.name(), experiment.description(), experiment.file(), experiment.source(),
          experiment.swept()};
}

PointRecord point_record(const PlannedPoint& planned, const std::string& content_hash,
                         const Point& point, const Training& training) {
  PointRecord record;
  record.position = planned.index;
  record.content_hash = content_hash;
  record.configuration = point.configuration;
  record.configuration_hash = hash128(point.configuration.dump());
  record.parameters = yaml::flatten(point.configuration);
  record.replicates = planned.replicates;
  record.primary_metric = primary_metric(training);
  if (training.loss()) record.plugins.push_back(plugin_record(*training.loss()));
  if (training.optimizer()) record.plugins.push_back(plugin_record(*training.optimizer()));
  for (const auto& regularizer : training.regularizers())
    record.plugins.push_back(plugin_record(regularizer.plugin));
  return record;
}

}  // namespace descent
