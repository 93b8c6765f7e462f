// SPDX-License-Identifier: MIT
// descent share: trains one share of a job; what each task of an array runs.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "base/error.h"
#include "cli/command.h"
#include "cli/provenance.h"
#include "cli/worker_options.h"
#include "cluster/share.h"
#include "cluster/slurm.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

std::uint64_t share_number(const std::string& word, const std::string& from) {
  const auto is_digit = [](char c) { return '0' <= c && c <= '9'; };
  if (!word.empty() && word.size() < 10 && std::all_of(word.begin(), word.end(), is_digit))
    return std::stoull(word);
  throw Error(fmt::format("{}'{}' is no share: expected a whole number >= 0", from, word));
}

// Schedulers number the tasks of an array in the environment; SGE's begin at 1.
std::uint64_t share_of_environment() {
  struct Variable {
    const char* name;
    std::uint64_t first;
  };
  static constexpr std::array<Variable, 4> variables{{{"SLURM_ARRAY_TASK_ID", 0},
                                                      {"PBS_ARRAY_INDEX", 0},
                                                      {"SGE_TASK_ID", 1},
                                                      {"JOB_COMPLETION_INDEX", 0}}};
  for (const auto& [name, first] : variables) {
    const auto* const value = std::getenv(name);
    if (!value || std::string(value) == "undefined") continue;
    const auto number = share_number(value, fmt::format("{}: ", name));
    if (number < first) throw Error(fmt::format("{}: expected {} or more", name, first));
    return number - first;
  }
  throw Error(
      "which share? Give its number: descent share JOB I. An array of Slurm, PBS, SGE or "
      "Kubernetes "
      "gives it itself");
}

void note_failure(const cluster::Job& job, std::uint64_t share, const std::string& what) {
  if (share >= job.state.round.shares) return;
  cluster::ShareProgress progress;
  cluster::read_progress(job.share_file(share, "json"), progress);
  progress.host = cluster::host_name();
  progress.node = cluster::node_name();
  progress.pid = ::getpid();
  progress.error = what;
  try {
    cluster::write_progress(job.share_file(share, "json"), progress);
  } catch (const StoreError&) {  // the first error is reported
  }
}

int share(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("workers", po::value<int>()->default_value(0)->value_name("N"),
                        "worker processes; 0: one per core");
  po::variables_map values;
  Arguments words;
  const Help help{
      "share JOB [I] [--workers N]",
      "Trains share I of the job's round and saves what it has trained as JOB/round-R/I.db,\n"
      "every five minutes, at the end, and when it is asked to stop. Run again, it goes on from\n"
      "there. I is taken from the environment in an array of Slurm, PBS, SGE or Kubernetes.",
      "descent share results.db.job 17"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.empty() || words.size() > 2)
    throw Error(
        "share takes the folder of a job, and the number of a share; see descent share --help");
  const auto workers = worker_count(values);
  const auto number = words.size() == 2 ? share_number(words[1], "") : share_of_environment();
  const auto job = cluster::Job::open(words[0]);
  catch_signals();
  const cluster::ShareOptions how{workers, isatty(STDERR_FILENO) != 0,
                                  provenance("share", arguments, workers)};
  try {
    if (cluster::train_share(job, number, how, stop_signal)) return all_done;
  } catch (const Error& error) {
    note_failure(job, number, error.what());
    throw;
  }
  std::cerr << "interrupted: what was trained is saved; the same command goes on from there\n";
  return interrupted;
}

}  // namespace

const Command share_command{"share", "train one share of a job, as a task of a cluster", share};

}  // namespace descent::cli
