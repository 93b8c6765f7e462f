// SPDX-License-Identifier: MIT
// descent run: experiments in, results in the store, a short report on the terminal.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/json_output.h"
#include "cli/own_pictures.h"
#include "cli/provenance.h"
#include "cli/report.h"
#include "cli/report_file.h"
#include "cli/run_summary.h"
#include "cli/warnings.h"
#include "cli/watch.h"
#include "cli/worker_options.h"
#include "engine/reruns.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

struct RunRequest {
  const Arguments& arguments;  // as given
  po::variables_map values;
  Arguments files;
};

int report_interruption() {
  std::cerr
      << "interrupted: every finished chunk is stored; the same command continues from there\n";
  return interrupted;
}

// With --report, the page is kept while a run goes on, and written at its end.
std::unique_ptr<ReportKeeper> keeper_of(const RunRequest& request) {
  if (request.values.count("report") == 0) return {};
  if (request.values["report"].as<std::string>() == "-")
    throw Error("--report needs the name of a file");
  return std::make_unique<ReportKeeper>(ReportRequest{
      request.values["db"].as<std::string>(), request.values["report"].as<std::string>(), {}});
}

void finish_report(const RunRequest& request, std::unique_ptr<ReportKeeper> keeper, bool quiet) {
  if (!keeper) return;
  keeper.reset();
  const auto file = request.values["report"].as<std::string>();
  write_report({request.values["db"].as<std::string>(), file, {}}, false);
  if (!quiet) std::cout << fmt::format("report: {}; open it in a browser\n", file);
}

store::Store open_store(const po::variables_map& values) {
  store::StoreOptions options;
  options.durable = values.count("durable") > 0;
  options.private_files = values.count("private") > 0;
  options.any_cpu = values.count("any-cpu") > 0;
  return store::Store::open(values["db"].as<std::string>(), options);
}

void print_warnings(const engine::Plan& plan) {
  for (const auto& warning : warnings_of(plan)) std::cerr << printable(warning) << '\n';
}

// Trains again what stages select; without stages nothing.
engine::Reruns train_selected(const engine::Plan& plan, const engine::Runner& runner,
                              const host::Catalog& catalog, store::Store& store,
                              const engine::RunOptions& options, bool quiet) {
  auto reruns = engine::prepare_reruns(plan, runner.point_ids(), catalog, store, options);
  if (!quiet) print_selections(store.path(), plan, reruns.selections);
  if (!reruns.runner) return reruns;
  std::cout.flush();  // before workers are forked
  reruns.outcome = reruns.runner->run(stop_signal);
  if (quiet) return reruns;
  std::cout << '\n';
  print_summary(*reruns.plan, reruns.outcome, store.path());
  if (!reruns.outcome.interrupted)
    print_report(store.path(), *reruns.plan, reruns.runner->point_ids());
  return reruns;
}

// Round 0 is all there is unless somebody watches; a later one compares with the one before.
int train(const RunRequest& request, int round) {
  const auto& values = request.values;
  const auto workers = worker_count(values);
  const auto catalog = open_catalog(values);
  const auto experiments =
      experiment::Experiment::read(request.files, words_of(values, "set"), catalog);
  const engine::Plan plan(experiments, catalog);
  if (const auto why = plan.too_large(); !why.empty()) throw Error(why);
  check_own_pictures(experiments);

  const auto database = values["db"].as<std::string>();
  auto keeper = keeper_of(request);  // a process, so before the store is open
  auto store = open_store(values);
  const bool quiet = values.count("quiet") || values.count("json");
  if (!quiet) print_warnings(plan);
  const auto last = round > 0 ? last_point(database) : 0;
  const auto invocation = store.begin_invocation(provenance("run", request.arguments, workers));
  const bool fresh = round == 0 && values.count("fresh") > 0;
  const engine::RunOptions options{workers, fresh, !quiet && isatty(STDERR_FILENO)};
  engine::Runner runner(plan, store, options);
  const auto outcome = runner.run(stop_signal);
  if (!quiet) {
    print_summary(plan, outcome, database);
    if (!outcome.interrupted && round == 0) print_report(database, plan, runner.point_ids());
    if (!outcome.interrupted && round > 0) print_changes(database, plan, last);
  }

  engine::Reruns reruns;
  if (!outcome.interrupted) reruns = train_selected(plan, runner, catalog, store, options, quiet);
  store.end_invocation(invocation);
  finish_report(request, std::move(keeper), quiet);

  if (values.count("json")) std::cout << json_output(summary_of(plan, outcome, reruns, database));
  if (outcome.interrupted || reruns.outcome.interrupted) return report_interruption();
  return outcome.all_done() && reruns.all_done() ? all_done : some_not_done;
}
int watch(const RunRequest& request) {
  const auto folders = plugin_folders(request.values);
  std::cerr << "watching plugins and experiment files; Ctrl-C ends it\n";
  const auto files = [&] {
    std::vector<std::filesystem::path> all;
    for (const auto& file : request.files)
      for (auto& one : experiment::Experiment::files(file, words_of(request.values, "set")))
        all.emplace_back(std::move(one));
    return all;
  };
  cli::watch(files, host::Catalog::standard_folders({folders.begin(), folders.end()}), stop_signal,
             [&](int round) { return train(request, round); });
  return interrupted;
}

int run(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("db",
                        po::value<std::string>()->default_value("results.db")->value_name("FILE"),
                        "the store; created if it does not exist");
  add_set_option(options);
  options.add_options()("fresh", "retrain everything, including stored runs")(
      "watch", "train again when a plugin is rebuilt or a file is edited, until Ctrl-C")(
      "durable", "stored results survive a power failure (PRAGMA synchronous = FULL)")(
      "private", "only you can read the files of the store (mode 0600)")(
      "report", po::value<std::string>()->value_name("FILE"),
      "write the page of descent report, and update it during the run")(
      "quiet,q", "print errors only")("json", "print a summary as JSON");
  add_workers_option(options);
  add_plugins_option(options);
  RunRequest request{arguments, {}, {}};
  const Help help{
      "run FILE... [--db results.db] [--workers N] [--set path=value]... [--fresh] [--watch]\n"
      "            [--report report.html]",
      "Trains all runs that the experiment files plan and that are not stored yet. With stages,\n"
      "it selects the best points and trains them again on new replicates. The same file, seed\n"
      "and build give the same results for any number of workers.",
      "descent run experiments/optimizers.yaml --set optimizer.lr=0.1"};
  if (!parse(arguments, help, options, request.values, request.files)) return all_done;
  if (request.files.empty())
    throw Error("run needs at least one experiment file; see descent run --help");
  catch_signals();
  return request.values.count("watch") ? watch(request) : train(request, 0);
}

}  // namespace

const Command run_command{"run", "train the runs of experiment files and store the results", run};

}  // namespace descent::cli
