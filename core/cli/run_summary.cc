// SPDX-License-Identifier: MIT
#include "cli/run_summary.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/warnings.h"

namespace descent::cli {
namespace {

nlohmann::json json_of(const engine::Plan& plan, const engine::Outcome& outcome,
                       const std::string& database) {
  nlohmann::json experiments = nlohmann::json::array();
  for (const auto& experiment : plan.experiments())
    experiments.push_back({{"name", experiment.name()}, {"points", experiment.size()}});
  nlohmann::json all{{"database", database},
                     {"experiments", experiments},
                     {"points", plan.size()},
                     {"runs", outcome.planned},
                     {"stored", outcome.stored},
                     {"trained", outcome.trained()},
                     {"imprecise_points", outcome.imprecise_points},
                     {"seconds", outcome.seconds},
                     {"interrupted", outcome.interrupted}};
  for (const auto status :
       {record::Status::done, record::Status::diverged, record::Status::failed,
        record::Status::timeout, record::Status::crashed, record::Status::pruned})
    all[std::string(record::status_name(status))] = outcome.count(status);
  return all;
}

nlohmann::json json_of(const std::vector<engine::Selection>& selections) {
  auto all = nlohmann::json::array();
  for (const auto& [experiment, record, chosen, without_any] : selections) {
    auto rows = nlohmann::json::array();
    for (const auto& row : record.rows)
      if (row.chosen)
        rows.push_back({{"point_id", row.point_id},
                        {"per", row.per},
                        {"value", row.value},
                        {"reason", row.reason},
                        {"rerun_point_id", row.rerun_point_id}});
    all.push_back({{"experiment", record.experiment},
                   {"metric", record.metric},
                   {"rule", record.rule},
                   {"chosen", rows},
                   {"without_any", without_any}});
  }
  return all;
}

}  // namespace

void print_summary(const engine::Plan& plan, const engine::Outcome& outcome,
                   const std::string& database) {
  std::string ends;
  for (const auto status :
       {record::Status::diverged, record::Status::failed, record::Status::timeout,
        record::Status::crashed, record::Status::pruned})
    if (outcome.count(status) > 0)
      ends += fmt::format(", {} {}", outcome.count(status), record::status_name(status));
  std::cout << fmt::format(
      "{} point{}, {} run{}: {} stored before, {} trained in {:.2f} s ({} done{}) -> {}\n",
      plan.size(), plan.size() == 1 ? "" : "s", outcome.planned, outcome.planned == 1 ? "" : "s",
      outcome.stored, outcome.trained(), outcome.seconds, outcome.count(record::Status::done), ends,
      database);
  if (const auto n = outcome.imprecise_points; n > 0)
    std::cerr << fmt::format(
        "warning: {} point{} reached replicates.max with larger standard errors than "
        "replicates.until asks for; raise max to train more\n",
        n, n == 1 ? "" : "s");
}

nlohmann::json summary_of(const engine::Plan& plan, const engine::Outcome& outcome,
                          const engine::Reruns& reruns, const std::string& database) {
  auto all = json_of(plan, outcome, database);
  if (const auto warnings = warnings_of(plan); !warnings.empty()) all["warnings"] = warnings;
  if (!reruns.selections.empty()) all["selections"] = json_of(reruns.selections);
  if (reruns.plan) all["rerun"] = json_of(*reruns.plan, reruns.outcome, database);
  return all;
}

}  // namespace descent::cli
