// SPDX-License-Identifier: MIT
// descent plan: what a run would do, without training.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/json_output.h"
#include "cli/own_pictures.h"
#include "cli/plan_summary.h"
#include "cli/warnings.h"
#include "engine/estimate_time.h"
#include "engine/footprint.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

PlannedExperiment total(const std::vector<PlannedExperiment>& rows) {
  PlannedExperiment all{"total"};
  for (const auto& row : rows) {
    all.points += row.points;
    all.runs += row.runs;
    all.most_runs += row.most_runs;
    all.stored += row.stored;
  }
  return all;
}

std::string duration(double seconds) {
  if (seconds == 0) return "0 s";
  if (seconds < 0.1) return "less than 0.1 s";
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.1f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

void print_row(const PlannedExperiment& row) {
  std::cout << fmt::format("{:<28} {:>9} {:>9} {:>9} {:>9}\n", row.name, row.points, row.runs,
                           row.stored, row.missing());
}

void print_left_out(const experiment::Experiment& experiment) {
  const auto all = experiment.size() + experiment.failing() + experiment.repeated();
  if (experiment.failing() > 0)
    std::cout << fmt::format("{}: where leaves out {} of {} points\n", experiment.name(),
                             experiment.failing(), all);
  if (experiment.repeated() > 0)
    std::cout << fmt::format("{}: {} of {} points repeat an earlier draw\n", experiment.name(),
                             experiment.repeated(), all);
}

void print_resolved(const experiment::Experiment& experiment) {
  const auto folder = std::filesystem::path(experiment.file()).parent_path().string();
  std::cout << fmt::format("# {}, resolved; paths are relative to {}\n{}", experiment.file(),
                           folder.empty() ? "." : folder, experiment.resolved());
}

// What training the missing runs would take on this machine.
struct Cost {
  double seconds = 0;
  bool is_least = false;  // more seconds than these
  engine::Footprint memory;
};

Cost cost_of(const engine::Plan& plan, std::uint64_t runs) {
  const double cores = std::max(1u, std::thread::hardware_concurrency());
  const auto each = runs == 0 ? engine::TimePerRun{0, true} : engine::time_per_run(plan);
  return {each.seconds * double(runs) / cores, !each.whole, engine::footprint(plan)};
}

nlohmann::json as_json(const engine::Plan& plan, const std::vector<PlannedExperiment>& rows,
                       const Cost& cost, bool explain) {
  auto experiments = nlohmann::json::array();
  for (const auto& row : rows) {
    experiments.push_back({{"experiment", row.name},
                           {"points", row.points},
                           {"runs", row.runs},
                           {"stored", row.stored},
                           {"new", row.missing()},
                           {"most_runs", row.most_runs},
                           {"points_failing_where", row.failing},
                           {"points_repeating_draws", row.repeated}});
    if (explain) experiments.back()["why_new"] = as_json(row.why_new);
  }
  nlohmann::json all{{"experiments", experiments},
                     {"estimated_seconds", cost.seconds},
                     {"estimate_is_least", cost.is_least},
                     {"scratch_bytes", cost.memory.scratch},
                     {"worker_bytes", cost.memory.worker}};
  if (const auto why = plan.too_large(); !why.empty()) all["refused"] = why;
  if (const auto warnings = warnings_of(plan); !warnings.empty()) all["warnings"] = warnings;
  return all;
}

void print_table(const engine::Plan& plan, const std::vector<PlannedExperiment>& rows) {
  for (std::size_t e = 0; e < plan.experiments().size(); ++e)
    for (const auto& note : plan.notes(e))
      std::cout << note.place.text() << ": " << note.text << '\n';
  std::cout << fmt::format("{:<28}{:>10}{:>10}{:>10}{:>10}\n", "experiment", "points", "runs",
                           "stored", "new");
  for (const auto& row : rows) print_row(row);
  for (const auto& experiment : plan.experiments()) print_left_out(experiment);
  if (rows.size() > 1) print_row(total(rows));
  for (const auto& row : rows)
    for (const auto& reason : row.why_new)
      std::cout << fmt::format("{}: {} point{}: {}\n", row.name, reason.points,
                               reason.points == 1 ? "" : "s", reason.text);
}

void print_remarks(const engine::Plan& plan, const std::vector<PlannedExperiment>& rows,
                   const Cost& cost) {
  if (const auto why = plan.too_large(); !why.empty())
    std::cout << "descent run would refuse this: " << why << '\n';
  if (cost.memory.scratch > 0)
    std::cout << fmt::format(
        "while running: up to {} of disk next to the store, {} of memory per worker\n",
        engine::in_bytes(cost.memory.scratch), engine::in_bytes(cost.memory.worker));
  const auto all = total(rows);
  if (all.most_runs > all.runs)
    std::cout << fmt::format("replicates.until may add runs, up to {}\n", all.most_runs - all.runs);
  for (const auto& experiment : plan.experiments())
    if (experiment.stages())
      std::cout << fmt::format(
          "{0}-rerun trains the points of {0} that are chosen by {1} {2}; its row is the maximum\n",
          experiment.name(), experiment.stages()->select.rule, experiment.stages()->select.metric);
  std::cout << fmt::format("estimated time: {}{}\n", cost.is_least ? "more than " : "",
                           duration(cost.seconds));
}

int plan(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("db",
                        po::value<std::string>()->default_value("results.db")->value_name("FILE"),
                        "the store to compare with");
  add_set_option(options);
  options.add_options()("resolved",
                        "print the resolved file instead, with the origin of each value")(
      "why-new", "explain what changed since the stored points")("json", "print JSON");
  add_plugins_option(options);
  po::variables_map values;
  Arguments files;
  const Help help{
      "plan FILE... [--db results.db] [--set path=value]... [--resolved] [--why-new]",
      "Prints what a run would do: the number of points and runs, how many are stored, and\n"
      "how long the rest would take with one worker per core (measured on a few runs).",
      "descent plan experiments/digits_mlp.yaml"};
  if (!parse(arguments, help, options, values, files)) return all_done;
  if (files.empty())
    throw Error("plan needs at least one experiment file; see descent plan --help");

  const auto catalog = open_catalog(values);
  const auto overrides = words_of(values, "set");
  if (values.count("resolved")) {
    if (files.size() > 1 || values.count("json"))
      throw Error("--resolved prints one experiment file as YAML: name one file, leave out --json");
    print_resolved(experiment::Experiment::read(files.front(), overrides, catalog));
    return all_done;
  }
  const engine::Plan plan(experiment::Experiment::read(files, overrides, catalog), catalog);
  check_own_pictures(plan.experiments());
  const bool explain = values.count("why-new") > 0;
  const auto rows = summarize(plan, values["db"].as<std::string>(), explain);
  const auto cost = cost_of(plan, total(rows).missing());
  if (values.count("json")) {
    std::cout << json_output(as_json(plan, rows, cost, explain));
  } else {
    for (const auto& warning : warnings_of(plan)) std::cerr << printable(warning) << '\n';
    print_table(plan, rows);
    print_remarks(plan, rows, cost);
  }
  return all_done;
}

}  // namespace

const Command plan_command{"plan", "show what a run would do, without training", plan};

}  // namespace descent::cli
