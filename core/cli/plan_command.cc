// SPDX-License-Identifier: MIT
// descent plan: what a run would do, without training.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/explain_new.h"
#include "cli/json_output.h"
#include "cli/own_pictures.h"
#include "cli/warnings.h"
#include "engine/estimate_time.h"
#include "engine/footprint.h"
#include "engine/selection.h"
#include "store/reader.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

struct Row {
  std::string experiment;
  std::uint64_t points = 0, runs = 0, most = 0, stored = 0;
  std::uint64_t failing = 0, repeated = 0;  // points that are not planned
  std::vector<Reason> why_new{};
};

// What a store holds of a point. Small, for a store may hold millions of them.
struct StoredCounts {
  std::array<char, 32> content_hash;
  bool finished = false;
  std::uint32_t replicates = 0;   // planned then
  std::uint32_t runs = 0;         // rows; not counted when finished
  std::uint32_t accumulated = 0;  // of those: with a chunk that still has its accumulators
};

std::array<char, 32> as_key(const std::string& content_hash) {
  std::array<char, 32> key{};
  content_hash.copy(key.data(), key.size());
  return key;
}

std::uint32_t whole(const store::Value& value) {
  return std::uint32_t(std::get<std::int64_t>(value));
}

// Of the experiment of that name, by content hash.
std::vector<StoredCounts> stored_points(store::Reader& reader, const std::string& experiment) {
  auto rows = reader.query(
      "SELECT content_hash, finished, replicates, "
      "CASE WHEN finished THEN 0 ELSE (SELECT count(*) FROM runs r "
      "  WHERE r.point_id = p.point_id) END, "
      "CASE WHEN finished THEN 0 ELSE (SELECT coalesce(sum(c.count), 0) FROM chunks c "
      "  WHERE c.point_id = p.point_id) END "
      "FROM points p WHERE experiment_id = (SELECT experiment_id FROM experiments WHERE name = ?)",
      {experiment});
  std::vector<StoredCounts> stored;
  for (std::vector<store::Value> row; rows.next(row);)
    stored.push_back({as_key(std::get<std::string>(row[0])), whole(row[1]) == 1, whole(row[2]),
                      whole(row[3]), whole(row[4])});
  std::ranges::sort(stored, {}, &StoredCounts::content_hash);
  return stored;
}

// The runs of a planned point that a run would not train, as Runner::find_missing decides.
std::uint64_t kept(const engine::PlannedPoint& planned, const StoredCounts& stored) {
  const auto wanted = planned.replicates;
  if (stored.finished && stored.replicates >= wanted) return wanted;
  const std::uint64_t runs = stored.finished ? stored.replicates : stored.runs;
  if (!planned.is_decomposed) return std::min(runs, wanted);
  if (planned.until) return std::min<std::uint64_t>(stored.accumulated, wanted);
  return stored.replicates == wanted ? stored.accumulated : 0;
}

// Compares the points of one experiment, the first of them at `first`, with the store.
class Comparison {
 public:
  Comparison(const engine::Plan& plan, std::uint64_t first, const std::vector<StoredCounts>& stored,
             bool explain)
      : plan_(plan), stored_(stored), explain_(explain), position_(first) {}

  void add_to(Row& row) {
    for (const auto end = position_ + row.points; position_ < end; ++position_) {
      const auto key = as_key(plan_.content_hash(position_));
      const auto found = std::ranges::lower_bound(stored_, key, {}, &StoredCounts::content_hash);
      if (found != stored_.end() && found->content_hash == key)
        add_stored(row, *found);
      else if (explain_)
        new_points.push_back(position_);
    }
  }

  std::vector<std::uint64_t> new_points;
  std::vector<Grown> grown;

 private:
  void add_stored(Row& row, const StoredCounts& stored) {
    const auto planned = plan_.planned(position_);
    const auto runs = kept(planned, stored);
    row.stored += runs;
    if (explain_ && runs < planned.replicates && stored.replicates < planned.replicates)
      grown.push_back({stored.replicates, planned.replicates});
    else if (explain_ && runs < planned.replicates)
      grown.push_back({runs, planned.replicates});
  }

  const engine::Plan& plan_;
  const std::vector<StoredCounts>& stored_;
  bool explain_;
  std::uint64_t position_;
};

// Points that were chosen before by the same stages, and runs of them that are stored.
struct Chosen {
  std::uint64_t points = 0, runs = 0;
};
Chosen chosen_before(store::Reader& reader, const experiment::Experiment& experiment) {
  const auto& [select, first, replicates] = *experiment.stages();
  auto rows = reader.query(
      "SELECT count(*), coalesce(sum((SELECT count(*) FROM runs r WHERE r.point_id = "
      "s.rerun_point_id AND "
      "r.replicate < ?)), 0) FROM selections s JOIN experiments e USING (experiment_id) "
      "WHERE e.name = ? AND s.metric = ? AND s.rule = ? AND s.failures = ? AND s.chosen",
      {std::int64_t(first + replicates), experiment.name(), select.metric, select.rule,
       select.failures});
  std::vector<store::Value> row;
  rows.next(row);
  return {std::uint64_t(std::get<std::int64_t>(row.at(0))),
          std::uint64_t(std::get<std::int64_t>(row.at(1)))};
}

// The last stage of an experiment with a first stage as in the other row. Until that is done,
// as many points as can be chosen at most.
Row rerun_row(const experiment::Experiment& experiment, const Row& tuned,
              std::optional<store::Reader>& reader) {
  const auto chosen =
      reader && tuned.stored == tuned.runs ? chosen_before(*reader, experiment) : Chosen{};
  const auto points = chosen.points > 0 ? chosen.points : engine::rerun_points(experiment);
  const auto runs = points * experiment.stages()->replicates;
  Row row{experiment.name() + "-rerun", points, runs, runs, 0};
  row.stored = std::min(runs, chosen.runs);
  return row;
}

std::vector<Row> tabulate(const engine::Plan& plan, const std::string& database, bool explain) {
  std::optional<store::Reader> reader;
  // A plan that no run takes is not stored; comparing it could take hours.
  std::error_code unclear;  // then opening it says what is wrong
  if ((std::filesystem::exists(database, unclear) || unclear) && plan.too_large().empty())
    reader = store::Reader::open(database);
  std::vector<Row> rows;
  std::uint64_t first = 0;  // position of the experiment's first point
  for (std::size_t e = 0; e < plan.experiments().size(); ++e) {
    const auto& experiment = plan.experiments()[e];
    Row row{experiment.name(),    experiment.size(),    plan.runs(e), plan.most_runs(e), 0,
            experiment.failing(), experiment.repeated()};
    const auto stored =
        reader ? stored_points(*reader, row.experiment) : std::vector<StoredCounts>();
    if (!stored.empty()) {
      Comparison comparison(plan, first, stored, explain);
      comparison.add_to(row);
      if (explain)
        row.why_new =
            explain_new(plan, *reader, row.experiment, comparison.new_points, comparison.grown);
    } else if (explain) {
      row.why_new = {{row.points, {}, {}, "no results of this experiment are stored"}};
    }
    first += row.points;
    rows.push_back(std::move(row));
    if (experiment.stages()) rows.push_back(rerun_row(experiment, rows.back(), reader));
  }
  return rows;
}

Row total(const std::vector<Row>& rows) {
  Row all{"total"};
  for (const auto& row : rows) {
    all.points += row.points;
    all.runs += row.runs;
    all.most += row.most;
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

void print_row(const Row& row) {
  std::cout << fmt::format("{:<28} {:>9} {:>9} {:>9} {:>9}\n", row.experiment, row.points, row.runs,
                           row.stored, row.runs - row.stored);
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

int plan(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("db",
                        po::value<std::string>()->default_value("results.db")->value_name("FILE"),
                        "the store to compare with")(
      "set", po::value<Arguments>()->composing()->value_name("PATH=VALUE"),
      "override a value or make it an axis (repeatable)")(
      "resolved", "print the resolved file instead, with the origin of each value")(
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
  const auto overrides = values.count("set") ? values["set"].as<Arguments>() : Arguments();
  if (values.count("resolved")) {
    if (files.size() > 1 || values.count("json"))
      throw Error("--resolved prints one experiment file as YAML: name one file, leave out --json");
    print_resolved(experiment::Experiment::read(files.front(), overrides, catalog));
    return all_done;
  }
  std::vector<experiment::Experiment> experiments;
  for (const auto& file : files)
    experiments.push_back(experiment::Experiment::read(file, overrides, catalog));
  const engine::Plan plan(experiments, catalog);
  check_own_pictures(experiments);

  const auto rows = tabulate(plan, values["db"].as<std::string>(), values.count("why-new") > 0);
  std::uint64_t missing = 0;
  std::uint64_t most = 0;
  for (const auto& row : rows) missing += row.runs - row.stored, most += row.most - row.runs;
  const double cores = std::max(1u, std::thread::hardware_concurrency());
  const auto each = missing == 0 ? engine::TimePerRun{0, true} : engine::time_per_run(plan);
  const double seconds = each.seconds * double(missing) / cores;
  const auto needed = engine::footprint(plan);

  if (values.count("json")) {
    auto json = nlohmann::json::array();
    for (const auto& row : rows) {
      json.push_back({{"experiment", row.experiment},
                      {"points", row.points},
                      {"runs", row.runs},
                      {"stored", row.stored},
                      {"new", row.runs - row.stored},
                      {"most_runs", row.most},
                      {"points_failing_where", row.failing},
                      {"points_repeating_draws", row.repeated}});
      if (values.count("why-new")) json.back()["why_new"] = as_json(row.why_new);
    }
    nlohmann::json all{{"experiments", json},
                       {"estimated_seconds", seconds},
                       {"estimate_is_least", !each.whole},
                       {"scratch_bytes", needed.scratch},
                       {"worker_bytes", needed.worker}};
    if (const auto why = plan.too_large(); !why.empty()) all["refused"] = why;
    if (const auto warnings = warnings_of(plan); !warnings.empty()) all["warnings"] = warnings;
    std::cout << json_output(all);
    return all_done;
  }
  for (const auto& warning : warnings_of(plan)) std::cerr << printable(warning) << '\n';
  for (std::size_t e = 0; e < experiments.size(); ++e)
    for (const auto& note : plan.notes(e))
      std::cout << note.place.text() << ": " << note.text << '\n';
  std::cout << fmt::format("{:<28}{:>10}{:>10}{:>10}{:>10}\n", "experiment", "points", "runs",
                           "stored", "new");
  for (const auto& row : rows) print_row(row);
  for (const auto& experiment : experiments) print_left_out(experiment);
  if (rows.size() > 1) print_row(total(rows));
  for (const auto& row : rows)
    for (const auto& reason : row.why_new)
      std::cout << fmt::format("{}: {} point{}: {}\n", row.experiment, reason.points,
                               reason.points == 1 ? "" : "s", reason.text);
  if (const auto why = plan.too_large(); !why.empty())
    std::cout << "descent run would refuse this: " << why << '\n';
  if (needed.scratch > 0)
    std::cout << fmt::format(
        "while running: up to {} of disk next to the store, {} of memory per worker\n",
        engine::in_bytes(needed.scratch), engine::in_bytes(needed.worker));
  if (most > 0) std::cout << fmt::format("replicates.until may add runs, up to {}\n", most);
  for (const auto& experiment : experiments)
    if (experiment.stages())
      std::cout << fmt::format(
          "{0}-rerun trains the points of {0} that are chosen by {1} {2}; its row is the maximum\n",
          experiment.name(), experiment.stages()->select.rule, experiment.stages()->select.metric);
  std::cout << fmt::format("estimated time: {}{}\n", each.whole ? "" : "more than ",
                           duration(seconds));
  return all_done;
}

}  // namespace

const Command plan_command{"plan", "show what a run would do, without training", plan};

}  // namespace descent::cli
