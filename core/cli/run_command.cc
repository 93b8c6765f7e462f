// SPDX-License-Identifier: MIT
// descent run: experiments in, results in the store, a short report on the terminal.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/command.h"
#include "cli/provenance.h"
#include "cli/report.h"
#include "cli/training.h"
#include "cli/watch.h"
#include "engine/runner.h"

namespace descent {
namespace {

namespace po = boost::program_options;

nlohmann::json as_json(const Plan& plan, const Outcome& outcome, const std::string& database) {
  nlohmann::json experiments = nlohmann::json::array();
  for (const auto& experiment : plan.experiments())
    experiments.push_back({{"name", experiment.name()}, {"points", experiment.size()}});
  nlohmann::json all{{"database", database},       {"experiments", experiments},
                     {"points", plan.size()},      {"runs", outcome.planned},
                     {"stored", outcome.stored},   {"trained", outcome.trained()},
                     {"seconds", outcome.seconds}, {"interrupted", outcome.interrupted}};
  for (const auto status : {Status::done, Status::diverged, Status::failed, Status::timeout,
                            Status::crashed, Status::pruned})
    all[std::string(status_name(status))] = outcome.count(status);
  return all;
}

void print_summary(const Plan& plan, const Outcome& outcome, const std::string& database) {
  std::string ends;
  for (const auto status :
       {Status::diverged, Status::failed, Status::timeout, Status::crashed, Status::pruned})
    if (outcome.count(status) > 0)
      ends += fmt::format(", {} {}", outcome.count(status), status_name(status));
  std::cout << fmt::format(
      "{} point{}, {} runs: {} stored before, {} trained in {:.2f} s ({} done{}) -> {}\n",
      plan.size(), plan.size() == 1 ? "" : "s", outcome.planned, outcome.stored, outcome.trained(),
      outcome.seconds, outcome.count(Status::done), ends, database);
}

Arguments overrides(const po::variables_map& values) {
  return values.count("set") ? values["set"].as<Arguments>() : Arguments();
}

struct RunRequest {
  const Arguments& arguments;  // as given
  po::variables_map values;
  Arguments files;
};

// Round 0 is all there is unless somebody watches; a later one compares with the one before.
int train(const RunRequest& request, int round) {
  const auto& values = request.values;
  const auto workers = cli::worker_count(values);
  const auto catalog = cli::open_catalog(values);
  std::vector<Experiment> experiments;
  for (const auto& file : request.files)
    experiments.push_back(Experiment::read(file, overrides(values), catalog));
  const Plan plan(experiments, catalog);

  const auto database = values["db"].as<std::string>();
  StoreOptions options;
  options.durable = values.count("durable") > 0;
  options.only_mine = values.count("private") > 0;
  auto store = Store::open(database, options);
  const bool quiet = values.count("quiet") || values.count("json");
  const auto last_point = round > 0 ? cli::last_point(database) : 0;
  const auto invocation =
      store.begin_invocation(cli::provenance("run", request.arguments, workers));
  const bool fresh = round == 0 && values.count("fresh") > 0;
  Runner runner(plan, store, {workers, fresh, !quiet && isatty(STDERR_FILENO)});
  const auto outcome = runner.run(cli::stop_signal);
  store.end_invocation(invocation);

  if (values.count("json")) std::cout << as_json(plan, outcome, database).dump(2) << '\n';
  if (!quiet) {
    print_summary(plan, outcome, database);
    if (!outcome.interrupted && round == 0) cli::print_report(database, plan, runner.point_ids());
    if (!outcome.interrupted && round > 0) cli::print_changes(database, plan, last_point);
  }
  if (outcome.interrupted) {
    std::cerr
        << "interrupted: every finished chunk is stored; the same command goes on from there\n";
    return interrupted;
  }
  return outcome.all_done() ? all_done : some_not_done;
}

int watch(const RunRequest& request) {
  const auto folders = cli::plugin_folders(request.values);
  std::cerr << "watching plugins and experiment files; Ctrl-C ends it\n";
  const auto files = [&] {
    std::vector<std::filesystem::path> all;
    for (const auto& file : request.files)
      for (auto& one : Experiment::files(file, overrides(request.values)))
        all.push_back(std::move(one));
    return all;
  };
  cli::watch(files, Catalog::standard_folders({folders.begin(), folders.end()}), cli::stop_signal,
             [&](int round) { return train(request, round); });
  return interrupted;
}

int run(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("db",
                        po::value<std::string>()->default_value("results.db")->value_name("FILE"),
                        "the store; made if it is not there")(
      "set", po::value<Arguments>()->composing()->value_name("PATH=VALUE"),
      "override a value or make it an axis (repeatable)")("fresh",
                                                          "run everything, whatever is stored")(
      "watch", "run again what a rebuilt plugin or an edited file changes, until Ctrl-C")(
      "durable", "what is stored outlives a power cut (PRAGMA synchronous = FULL)")(
      "private", "nobody but you can read the store's files (mode 0600)")(
      "quiet,q", "print nothing but errors")("json", "print a summary as JSON");
  cli::add_workers_option(options);
  cli::add_plugins_option(options);
  RunRequest request{arguments, {}, {}};
  const cli::Help help{
      "run FILE... [--db results.db] [--workers N] [--set path=value]... [--fresh] [--watch]",
      "Trains what the experiment files plan and the store does not hold yet. The same\n"
      "file, seed and build give the same rows for any number of workers.",
      "descent run experiments/optimizers.yaml --set optimizer.lr=0.1"};
  if (!cli::parse(arguments, help, options, request.values, request.files)) return all_done;
  if (request.files.empty())
    throw Error("run needs at least one experiment file; see descent run --help");
  cli::catch_signals();
  return request.values.count("watch") ? watch(request) : train(request, 0);
}

}  // namespace

const Command run_command{"run", "train what experiment files plan, into the store", run};

}  // namespace descent
