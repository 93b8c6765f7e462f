// SPDX-License-Identifier: MIT
// descent plan: what a run would do, without doing it.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"
#include "cli/command.h"
#include "engine/chunk.h"
#include "engine/estimate_time.h"
#include "store/reader.h"

namespace descent {
namespace {

namespace po = boost::program_options;

struct Row {
  std::string experiment;
  std::uint64_t points = 0, runs = 0, stored = 0;
};

// What a store holds of a point.
struct Stored {
  bool finished = false;
  std::uint64_t replicates = 0;   // planned then
  std::uint64_t runs = 0;         // rows
  std::uint64_t accumulated = 0;  // of those: whose chunk still has its accumulators
};
using StoredPoints = std::map<std::pair<std::string, std::string>, Stored>;  // name, content hash

StoredPoints stored_points(const std::string& database) {
  StoredPoints stored;
  if (!std::filesystem::exists(database)) return stored;
  auto reader = Reader::open(database);
  auto rows = reader.query(
      "SELECT e.name, p.content_hash, p.finished, p.replicates, "
      "(SELECT count(*) FROM runs r WHERE r.point_id = p.point_id), "
      "(SELECT coalesce(sum(c.count), 0) FROM chunks c WHERE c.point_id = p.point_id) "
      "FROM points p JOIN experiments e USING (experiment_id)");
  const auto whole = [](const Value& value) {
    return std::uint64_t(std::get<std::int64_t>(value));
  };
  for (std::vector<Value> row; rows.next(row);)
    stored[{std::get<std::string>(row[0]), std::get<std::string>(row[1])}] = {
        whole(row[2]) == 1, whole(row[3]), whole(row[4]), whole(row[5])};
  return stored;
}

// The runs of a planned point that a run would not train, as Runner::find_missing decides.
std::uint64_t kept(const Plan& plan, std::size_t position, const Stored& stored) {
  const auto wanted = plan.points()[position].replicates;
  if (stored.finished && stored.replicates >= wanted) return wanted;
  if (!is_decomposed(plan.training(plan.point(position)))) return std::min(stored.runs, wanted);
  return stored.replicates == wanted ? stored.accumulated : 0;
}

std::vector<Row> tabulate(const Plan& plan, const StoredPoints& stored) {
  std::vector<Row> rows;
  for (const auto& experiment : plan.experiments()) rows.push_back({experiment.name()});
  for (std::size_t i = 0; i < plan.points().size(); ++i) {
    const auto& point = plan.points()[i];
    auto& row = rows[point.experiment];
    ++row.points;
    row.runs += point.replicates;
    const auto found = stored.find({row.experiment, point.content_hash});
    if (found != stored.end()) row.stored += kept(plan, i, found->second);
  }
  return rows;
}

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.2g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.1f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

int plan(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("db",
                        po::value<std::string>()->default_value("results.db")->value_name("FILE"),
                        "the store to compare with")(
      "set", po::value<Arguments>()->composing()->value_name("PATH=VALUE"),
      "override a value or make it an axis (repeatable)")("json", "print JSON");
  cli::add_plugins_option(options);
  po::variables_map values;
  Arguments files;
  const cli::Help help{
      "plan FILE... [--db results.db] [--set path=value]... [--json]",
      "Says what a run would do: points, runs, how many are stored already, and how long\n"
      "the rest would take with one worker a core (tried on a few runs).",
      "descent plan experiments/digits_mlp.yaml"};
  if (!cli::parse(arguments, help, options, values, files)) return all_done;
  if (files.empty())
    throw Error("plan needs at least one experiment file; see descent plan --help");

  const auto folders = cli::plugin_folders(values);
  const Catalog catalog(Catalog::standard_folders({folders.begin(), folders.end()}));
  const auto overrides = values.count("set") ? values["set"].as<Arguments>() : Arguments();
  std::vector<Experiment> experiments;
  for (const auto& file : files) experiments.push_back(Experiment::read(file, overrides, catalog));
  const Plan plan(experiments, catalog);

  const auto rows = tabulate(plan, stored_points(values["db"].as<std::string>()));
  std::uint64_t missing = 0;
  for (const auto& row : rows) missing += row.runs - row.stored;
  const double cores = std::max(1u, std::thread::hardware_concurrency());
  const auto each = missing == 0 ? TimePerRun{0, true} : time_per_run(plan);
  const double seconds = each.seconds * double(missing) / cores;

  if (values.count("json")) {
    auto json = nlohmann::json::array();
    for (const auto& row : rows)
      json.push_back({{"experiment", row.experiment},
                      {"points", row.points},
                      {"runs", row.runs},
                      {"stored", row.stored},
                      {"new", row.runs - row.stored}});
    std::cout << nlohmann::json{{"experiments", json},
                                {"estimated_seconds", seconds},
                                {"estimate_is_least", !each.whole}}
                     .dump(2)
              << '\n';
    return all_done;
  }
  std::cout << fmt::format("{:<28}{:>10}{:>10}{:>10}{:>10}\n", "experiment", "points", "runs",
                           "stored", "new");
  for (const auto& row : rows)
    std::cout << fmt::format("{:<28}{:>10}{:>10}{:>10}{:>10}\n", row.experiment, row.points,
                             row.runs, row.stored, row.runs - row.stored);
  std::cout << fmt::format("estimated time: {}{}\n", each.whole ? "" : "more than ",
                           duration(seconds));
  return all_done;
}

}  // namespace

const Command plan_command{"plan", "say what a run would do, without doing it", plan};

}  // namespace descent
