// SPDX-License-Identifier: MIT
#include "engine/records.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/decomposer.h"

namespace descent::engine {
namespace {

store::BiasVarianceRow::Estimate estimate(const statistics::Estimate& e) {
  return {e.value, e.se, e.lo, e.hi};
}

store::PluginRecord plugin_record(const host::Plugin& plugin) {
  return {plugin.hash(), host::kind_name(plugin->kind), plugin->name, plugin->abi, plugin->doc};
}

}  // namespace

std::vector<store::WeightBlock> weight_blocks(const nn::Model& model) {
  std::vector<store::WeightBlock> blocks;
  for (const auto& block : model.blocks())
    blocks.push_back({block.name, block.offset, block.rows, block.cols});
  return blocks;
}

store::BiasVarianceRow bias_variance_row(const statistics::Decomposition& d, std::uint64_t epoch,
                                         const std::string& metric, const std::string& central,
                                         std::uint64_t trained, const train::Training& training) {
  store::BiasVarianceRow row;
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
  row.resample = data::name(training.settings().replicates.resample.scheme);
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
  row.layout = train::name(training.settings().replicates.layout);
  if (const auto block = train::block_size(training.settings().replicates); block > 1)
    row.seeds = block;
  for (const auto& effect : d.effects)
    row.effects.push_back({effect.definition, effect.term, estimate(effect.estimate)});
  if (epoch != training.settings().train.epochs) return row;
  for (const auto& part : d.without)
    row.jackknife.push_back({part.left_out, part.total, part.bias2, part.variance});
  if (metric == primary_metric(training))
    for (const auto& group : d.point_groups)
      row.point_groups.push_back({group.points, group.total, group.bias2, group.variance});
  return row;
}

store::ExperimentRecord experiment_record(const experiment::Experiment& experiment,
                                          std::vector<std::string> measures) {
  auto report = nlohmann::json::array();
  for (const auto& [title, sql, mark, note] : experiment.pictures())
    report.push_back({{"title", title}, {"sql", sql}, {"mark", mark}, {"note", note}});
  return {experiment.name(),   experiment.description(), experiment.file(),
          experiment.source(), experiment.swept(),       report.dump(),
          std::move(measures)};
}

std::vector<store::WarningRecord> warning_records(const std::vector<Problem>& warnings) {
  std::vector<store::WarningRecord> records;
  records.reserve(warnings.size());
  for (const auto& one : warnings) records.push_back({one.place.text(), one.text});
  return records;
}

store::PointRecord variant_record(const PlannedPoint& planned, const std::vector<Input>& inputs,
                                  const train::Training& training) {
  store::PointRecord record;
  record.replicates = planned.replicates;
  record.primary_metric = primary_metric(training);
  record.ranked_by = ranked_by(training);
  if (training.loss()) record.plugins.push_back(plugin_record(*training.loss()));
  if (training.optimizer())
    for (const auto* rule : training.optimizer()->chain())
      record.plugins.push_back(plugin_record(rule->plugin));
  for (const auto& regularizer : training.regularizers())
    record.plugins.push_back(plugin_record(regularizer.plugin));
  for (const auto& one : inputs)
    if (one.kind == "build" || one.kind == "data")  // plugins have a table of their own
      record.inputs.push_back({one.kind, one.name, one.hash});
  return record;
}

}  // namespace descent::engine
