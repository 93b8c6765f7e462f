// SPDX-License-Identifier: MIT
// descent submit: cuts what experiment files plan into shares for several machines, and between the
// rounds merges what these have trained.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/provenance.h"
#include "cli/warnings.h"
#include "cli/worker_options.h"
#include "cluster/collector.h"
#include "cluster/freeze.h"
#include "cluster/lock.h"
#include "cluster/share.h"
#include "cluster/slurm.h"
#include "cluster/slurm_options.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;
using Next = cluster::Collected::Next;

// "10min", "90s", "2h", "45".
double seconds_of(const std::string& text) {
  std::size_t read = 0;
  double number = 0;
  try {
    number = std::stod(text, &read);
  } catch (const std::exception&) {
    read = 0;
  }
  const auto unit = text.substr(read);
  const double each = unit == "s" || unit.empty() ? 1 : unit == "min" ? 60 : unit == "h" ? 3600 : 0;
  if (read == 0 || each == 0 || !(number * each > 0) || number * each > 1e7)
    throw Error(fmt::format("--share-time {}: expected a time, such as 90s, 10min or 2h", text));
  return number * each;
}

// What is below the current folder has a path relative to it, so its copy is read by the same name.
std::string as_relative(const std::string& file) {
  return fs::path(file).is_absolute()
             ? fs::path(file).lexically_relative(fs::current_path()).string()
             : file;
}

cluster::JobSettings settings_of(const po::variables_map& values, const Arguments& files) {
  cluster::JobSettings settings;
  for (const auto& file : files) settings.files.push_back(as_relative(file));
  settings.overrides = words_of(values, "set");
  for (const auto& folder : plugin_folders(values))
    settings.plugins.push_back(fs::absolute(folder).lexically_normal().string());
  settings.folder = fs::current_path().string();
  settings.out = fs::absolute(values["db"].as<std::string>()).lexically_normal().string();
  settings.slurm = values["slurm"].as<std::string>();
  const auto whole = [&](const char* name) {
    const auto number = values[name].as<int>();
    if (number < 0) throw Error(fmt::format("--{} {}: expected a whole number >= 0", name, number));
    return unsigned(number);
  };
  settings.cpus = whole("cpus");
  settings.shares = whole("shares");
  settings.share_seconds = seconds_of(values["share-time"].as<std::string>());
  settings.any_cpu = values.count("any-cpu") > 0;
  settings.by_hand = values.count("by-hand") > 0;
  settings.keep_parts = values.count("keep-parts") > 0;
  settings.freeze = values.count("no-freeze") == 0;
  settings.allow_writable = values.count("allow-writable") > 0;
  return settings;
}

void refuse_difference(const cluster::Job& job, const cluster::JobSettings& wanted) {
  const auto& before = job.state.settings;
  if (before == wanted) return;
  const std::string what = before.files != wanted.files           ? "of other experiment files"
                           : before.overrides != wanted.overrides ? "with other --set"
                           : before.out != wanted.out             ? "for another store"
                                                                  : "with other options";
  throw Error(
      fmt::format("{} is a job {}; `descent submit --job {}` goes on with it. Give another "
                  "folder as --job, or remove this one",
                  job.folder(), what, job.folder()));
}

void warn_of_size(const engine::Plan& plan) {
  constexpr double most = 2e8;
  double runs = 0;
  for (std::size_t e = 0; e < plan.experiments().size(); ++e) runs += double(plan.runs(e));
  if (runs > most)
    std::cerr << fmt::format(
        "warning: {:.0f} million runs exceed the practical limit of one store, about {:.0f} "
        "million; "
        "divide the grid between several jobs, each with a store of its own\n",
        runs / 1e6, most / 1e6);
}

// The folder of a new job, with all that it reads; nothing is trained or stored yet.
cluster::Job make_job(const std::string& folder, const cluster::JobSettings& settings,
                      const po::variables_map& values) {
  if (!settings.by_hand) cluster::check_slurm(settings.slurm);
  const auto catalog = open_catalog(values);
  const engine::Plan plan(experiment::Experiment::read(settings.files, settings.overrides, catalog),
                          catalog);
  if (const auto why = plan.too_large(); !why.empty()) throw Error(why);
  for (const auto& warning : warnings_of(plan)) std::cerr << printable(warning) << '\n';
  warn_of_size(plan);
  auto job = cluster::Job::create(folder, settings);
  const cluster::JobLock lock(job);
  if (fs::exists(job.path("job.json"))) {  // another submit was faster
    auto made = cluster::Job::open(folder);
    refuse_difference(made, settings);
    return made;
  }
  cluster::freeze(job, plan, catalog);
  job.save();
  return job;
}

// With nothing to train, `run` prints the report, and says by its exit code how the runs ended.
int print_results(const cluster::Job& job) {
  const auto& settings = job.state.settings;
  Arguments arguments = settings.files;
  for (const Arguments& more : {Arguments{"--db", settings.out, "--workers", "1", "--any-cpu"}})
    arguments.insert(arguments.end(), more.begin(), more.end());
  for (const auto& one : settings.overrides) {
    arguments.push_back("--set");
    arguments.push_back(one);
  }
  for (const auto& folder : job.plugin_folders()) {
    arguments.push_back("--plugins");
    arguments.push_back(folder);
  }
  if (settings.allow_writable) arguments.push_back("--allow-writable");
  return run_command.run(arguments);
}

int tell_round(const cluster::Job& job, Next next) {
  const auto& round = job.state.round;
  if (next == Next::by_hand) {
    std::cout << fmt::format(
        "round {}: {} share{} of {} runs; run descent share {} I for I = 0 ... {}, then descent "
        "submit --job {}\n",
        round.number, round.shares, round.shares == 1 ? "" : "s", round.runs, job.folder(),
        round.shares - 1, job.folder());
    return round_waits;
  }
  std::cout << fmt::format("round {}: {} share{} of {} runs, jobs {} and {}; descent status {}\n",
                           round.number, round.shares, round.shares == 1 ? "" : "s", round.runs,
                           job.state.array, job.state.collector, job.folder());
  return all_done;
}

// Within a job of Slurm: not on a login node.
cluster::TrainHere training() {
  if (!std::getenv("SLURM_JOB_ID")) return {};
  return [](const cluster::Job& job, std::uint64_t share) {
    catch_signals();
    const auto workers = available_cores();
    return cluster::train_share(
        job, share, {workers, false, provenance("submit", {"--job", job.folder()}, workers)},
        stop_signal);
  };
}

int collect(cluster::Job job) {
  const auto collected = cluster::collect(job, available_cores(), training());
  for (const auto& note : collected.notes) std::cerr << printable_lines(note) << '\n';
  if (collected.parts > 0)
    std::cout << fmt::format("merged {} part{}: {} runs -> {}\n", collected.parts,
                             collected.parts == 1 ? "" : "s", collected.new_runs,
                             job.state.settings.out);
  switch (collected.next) {
    case Next::done:
      return print_results(job);
    case Next::stopped:
      std::cerr << "interrupted: what was trained is saved; descent submit --job " << job.folder()
                << " goes on from there\n";
      return interrupted;
    case Next::gave_up:
      std::cerr << fmt::format(
          "no run was completed in two rounds: stopped. Remove the cause, then descent submit "
          "--job {}\n",
          job.folder());
      return some_not_done;
    default:
      return tell_round(job, collected.next);
  }
}

int submit(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("db",
                        po::value<std::string>()->default_value("results.db")->value_name("OUT"),
                        "the store; created if it does not exist")(
      "job", po::value<std::string>()->value_name("DIR"),
      "the folder of the job, which all machines see; OUT.job if not given");
  add_set_option(options);
  options.add_options()("slurm", po::value<std::string>()->default_value("")->value_name("OPTIONS"),
                        "options of sbatch, such as '-p long -A project -t 2:00:00'")(
      "cpus", po::value<int>()->default_value(0)->value_name("N"),
      "processors of a share; 0: a whole node")(
      "share-time", po::value<std::string>()->default_value("10min")->value_name("TIME"),
      "how long a share should take")("shares", po::value<int>()->default_value(0)->value_name("N"),
                                      "shares of a round; 0: by --share-time")(
      "any-cpu", "merge what different kinds of processors computed")(
      "by-hand", "submit nothing: print the commands to run")("keep-parts",
                                                              "keep the files of the shares")(
      "no-freeze", "read program, plugins and files where they are, not copies");
  add_plugins_option(options);
  po::variables_map values;
  Arguments files;
  const Help help{
      "submit FILE... --db OUT [--slurm 'OPTIONS'] [--cpus N] [--by-hand]\n"
      "       descent submit --job DIR",
      "Trains what the experiment files plan as array jobs of Slurm, or under any scheduler.\n"
      "Rounds follow one another until all runs are stored; the store is the same as from one "
      "machine.\n"
      "The second form goes on with a job, wherever it stopped.",
      "descent submit grid.yaml --db out.db --slurm '-p long -t 2:00:00' --cpus 16"};
  if (!parse(arguments, help, options, values, files)) return all_done;
  try {
    if (files.empty()) {
      if (!values.count("job"))
        throw Error("submit needs experiment files, or --job; see descent submit --help");
      return collect(cluster::Job::open(values["job"].as<std::string>()));
    }
    const auto settings = settings_of(values, files);
    const auto folder =
        values.count("job") ? values["job"].as<std::string>() : settings.out + ".job";
    if (!fs::exists(fs::path(folder) / "job.json"))
      return collect(make_job(folder, settings, values));
    auto job = cluster::Job::open(folder);
    refuse_difference(job, settings);
    return collect(std::move(job));
  } catch (const cluster::SchedulerError& error) {
    std::cerr << "error: " << printable_lines(error.what()) << '\n';
    return scheduler_refused;
  }
}

}  // namespace

const Command submit_command{"submit", "train on a cluster, in shares", submit};

}  // namespace descent::cli
