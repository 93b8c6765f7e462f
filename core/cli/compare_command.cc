// SPDX-License-Identifier: MIT
// descent compare: tests which configurations differ from a baseline.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <iostream>
#include <limits>
#include <optional>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/comparison_table.h"
#include "cli/output_file.h"
#include "cli/provenance.h"
#include "cli/worker_options.h"
#include "engine/confirmation.h"
#include "engine/runner.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

// A store is made or migrated by opening it to write; one that cannot be written is only read.
struct OpenedStore {
  std::optional<store::Store> store;
  std::string why_not;  // it is not written
};

OpenedStore open_if_writable(const std::string& path, bool any_cpu) {
  store::Reader::open(path);  // throws unless there is one
  try {
    return {store::Store::open(path, {.any_cpu = any_cpu}), ""};
  } catch (const StoreError& error) {
    return {{}, error.what()};
  }
}

// What is shown: the family, then what a confirmation found.
struct Findings {
  engine::Comparison comparison;
  std::vector<store::ContrastRow> confirmed;
  std::vector<store::StoredPoint> confirmed_points;
};

void print_family(const Findings& found, store::Format format) {
  const auto& [comparison, confirmed, confirmed_points] = found;
  if (format == store::Format::csv || format == store::Format::json) {
    auto rows = comparison.family.rows;
    auto points = comparison.points;
    rows.insert(rows.end(), confirmed.begin(), confirmed.end());
    points.insert(points.end(), confirmed_points.begin(), confirmed_points.end());
    return store::print(whole_table(comparison, rows, points), format, std::cout,
                        audience_of(std::cout));
  }
  std::cout << printable_lines(fmt::format("{}: {} against {}\n\n", comparison.experiment.name,
                                           comparison.family.metrics, comparison.family.baseline));
  store::print(short_table(comparison, comparison.family.rows, comparison.points), format,
               std::cout);
  std::cout << '\n' << legend(comparison) << '\n';
  if (confirmed.empty()) return;
  std::cout << fmt::format("\nthe best of these by {}, again on {} fresh replicates:\n\n",
                           comparison.family.metrics.substr(0, comparison.family.metrics.find(',')),
                           confirmed.front().fresh_replicates);
  store::print(short_table(comparison, confirmed, confirmed_points), format, std::cout);
}

constexpr auto as_many = std::numeric_limits<std::int64_t>::min();  // --confirm without a number

void check_confirm(const po::variables_map& values) {
  const auto wanted = values["confirm"].as<std::int64_t>();
  if (wanted < 1 && wanted != as_many)
    throw Error(fmt::format("--confirm {}: expected a whole number >= 1", wanted));
}

std::uint64_t fresh_count(const po::variables_map& values, const store::StoredPoint& best) {
  const auto wanted = values["confirm"].as<std::int64_t>();
  return wanted == as_many ? best.replicates : std::uint64_t(wanted);
}

// Trains the best point and its baseline on replicates that the choice has not seen.
engine::Outcome confirm(const Arguments& arguments, const po::variables_map& values,
                        store::Store& store, const engine::ComparisonRequest& request,
                        Findings& found) {
  auto reader = store::Reader::open(store.path());
  const auto& comparison = found.comparison;
  const auto* best =
      engine::best_of(reader, comparison, request.metrics.front(), request.options.survivors);
  if (!best)
    throw Error(
        fmt::format("--confirm: no point has a {} in most of its runs, so none is best{}",
                    request.metrics.front(),
                    request.options.survivors ? "" : "; --survivors judges by completed runs"));
  const auto &a = engine::point_of(comparison, best->a), &b = engine::point_of(comparison, best->b);
  const auto catalog = open_catalog(values);
  const std::vector<experiment::Experiment> experiments{engine::next_confirmation(
      reader, comparison.experiment, a, b, fresh_count(values, a), catalog)};
  const engine::Plan plan(experiments, catalog);
  const auto workers = worker_count(values);
  const auto invocation = store.begin_invocation(provenance("compare", arguments, workers));
  engine::Runner runner(plan, store, {workers, false, isatty(STDERR_FILENO) != 0});
  catch_signals();
  const auto outcome = runner.run(stop_signal);
  store.end_invocation(invocation);
  if (outcome.interrupted) return outcome;
  const auto& ids = runner.point_ids();
  found.confirmed = engine::confirmed(reader, comparison.experiment, ids.at(0), ids.at(1),
                                      request.metrics, request.options);
  found.confirmed_points =
      store::points_of(reader, engine::find_experiment(reader, experiments.front().name()).id);
  return outcome;
}

engine::ComparisonRequest request_of(const po::variables_map& values) {
  engine::ComparisonRequest request;
  if (values.count("experiment")) request.experiment = values["experiment"].as<std::string>();
  request.baseline = values["baseline"].as<Arguments>();
  auto& options = request.options;
  options.survivors = values.count("survivors") > 0;
  options.population = values.count("population") > 0;
  if (options.population) request.metrics = {"total"};
  if (values.count("metric")) request.metrics = values["metric"].as<Arguments>();
  options.level = values["level"].as<double>();
  if (!(options.level > 0 && options.level < 1))
    throw Error(fmt::format("--level {:g}: expected a number between 0 and 1", options.level));
  return request;
}

int compare_points(const Arguments& arguments, const po::variables_map& values,
                   const std::string& database) {
  const auto format = store::format_named(values["format"].as<std::string>());
  const auto request = request_of(values);
  auto [store, why_not] = open_if_writable(database, values.count("any-cpu") > 0);
  auto reader = store::Reader::open(database);
  Findings found{engine::compare(reader, request), {}, {}};
  engine::Outcome outcome;
  if (values.count("confirm")) {
    if (!store) throw StoreError({}, "--confirm stores what it trains: " + why_not);
    outcome = confirm(arguments, values, *store, request, found);
    if (outcome.interrupted) {
      std::cerr
          << "interrupted: every finished chunk is stored; the same command continues from there\n";
      return interrupted;
    }
  }
  print_family(found, format);
  for (const auto& one : found.comparison.left_out)
    std::cerr << "not compared: " << printable(one) << '\n';
  for (const auto& one : warnings(found.comparison))
    std::cerr << "warning: " << printable(one) << '\n';
  auto family = found.comparison.family;
  family.rows.insert(family.rows.end(), found.confirmed.begin(), found.confirmed.end());
  if (store)
    store->record(family);
  else
    std::cerr << "not recorded: " << why_not << '\n';
  return outcome.all_done() ? all_done : some_not_done;
}

bool is_number(const std::string& word) {
  return !word.empty() && word.size() < 10 && word.find_first_not_of("0123456789") == word.npos;
}

int compare_command_line(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("baseline", po::value<Arguments>()->composing()->value_name("KEY=VALUE"),
                        "swept values of the baseline (separated by commas; repeatable)")(
      "metric", po::value<Arguments>()->composing()->value_name("METRIC"),
      fmt::format("default test_loss; repeatable: {}",
                  fmt::join(engine::comparable_metrics(), ", "))
          .c_str())("experiment", po::value<std::string>()->value_name("NAME"),
                    "the experiment, if the store has several")(
      "level", po::value<double>()->default_value(0.95, "0.95")->value_name("LEVEL"),
      "level of the intervals, and of all verdicts together")(
      "confirm", po::value<std::int64_t>()->implicit_value(as_many, "as many")->value_name("N"),
      "train the best point and its baseline again on N new replicates")(
      "format", po::value<std::string>()->default_value("table")->value_name("FORMAT"),
      "table, csv, json, markdown or latex");
  options.add_options()("survivors",
                        "judge by completed runs only, even if others diverged or failed")(
      "population", "treat test points as a sample: include their error (total, bias2, variance)");
  add_workers_option(options);
  add_plugins_option(options);
  po::variables_map values;
  Arguments words;
  const Help help{
      "compare DB --baseline KEY=VALUE[,...] [--metric METRIC]... [--confirm[=N]]",
      "Compares the points of an experiment with a baseline, replicate by replicate: the same\n"
      "replicate of two points has the same data, initial weights and batch order. If the\n"
      "baseline leaves axes open, each point is compared with the baseline point that agrees\n"
      "with it in them. p values are adjusted for the number of comparisons. The results are\n"
      "stored in the view contrasts; docs/results.md describes its columns.",
      "descent compare results.db --baseline optimizer=sgd,lr=0.1 --metric test_loss"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  // An option with an optional value does not read the next word as its value.
  if (words.size() == 2 && values.count("confirm") && is_number(words[1])) {
    values.at("confirm").value() = std::int64_t(std::stoll(words[1]));
    words.pop_back();
  }
  if (words.size() != 1 || !values.count("baseline"))
    throw Error("compare takes one store and a --baseline; see descent compare --help");
  if (values.count("confirm")) check_confirm(values);
  return compare_points(arguments, values, words[0]);
}

}  // namespace

const Command compare_command{"compare", "test which configurations differ from a baseline",
                              compare_command_line};

}  // namespace descent::cli
