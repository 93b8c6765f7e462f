// SPDX-License-Identifier: MIT
// descent status: the progress of a job.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/command.h"
#include "cli/json_output.h"
#include "cluster/slurm.h"
#include "cluster/status.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

std::string time_left(double seconds) {
  if (seconds < 0) return "";
  if (seconds < 90) return fmt::format("; about {:.0f} s left", seconds);
  return fmt::format("; about {:.0f} min left", seconds / 60);
}

void print_status(const cluster::Job& job, const cluster::Status& status) {
  if (status.is_done) {
    std::cout << fmt::format("{}: done in {} round{}; {} runs -> {}\n", status.name, status.round,
                             status.round == 1 ? "" : "s", status.planned, job.state.settings.out);
    return;
  }
  std::cout << fmt::format(
      "{}: round {}; {} of {} runs, {} not done; {} of {} shares done, {} "
      "running{}\n",
      status.name, status.round, status.trained, status.planned, status.not_done,
      status.shares_done, status.shares, status.shares_running, time_left(status.seconds_left));
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(most, status.notes.size()); ++i)
    std::cout << status.notes[i] << '\n';
  if (status.notes.size() > most)
    std::cout << fmt::format("... and {} more shares: --json lists all\n",
                             status.notes.size() - most);
  if (!status.arithmetic.empty()) std::cout << "arithmetic " << status.arithmetic << '\n';
}

void print_queue(const cluster::Job& job, const std::string& queue) {
  if (job.state.is_done || job.state.array.empty()) return;
  std::cout << fmt::format("jobs {} and {}: {}; stop: scancel {} {}\n", job.state.array,
                           job.state.collector, queue.empty() ? "not in the queue" : queue,
                           job.state.collector, job.state.array);
}

int status(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("json", "print it as JSON");
  po::variables_map values;
  Arguments words;
  const Help help{
      "status JOB [--json]",
      "Shows the progress of a job of descent submit, and which of its shares may have problems.\n"
      "Reads the small files that the shares write, and asks Slurm once.",
      "descent status results.db.job"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.size() != 1) throw Error("status takes the folder of a job; see descent status --help");
  const auto job = cluster::Job::open(words[0]);
  cluster::QueueRequest queue(job);
  const auto now = cluster::status_of(job);
  if (!values.count("json")) {
    print_status(job, now);
    std::cout.flush();  // Slurm may take longer
    print_queue(job, queue.answer());
    return all_done;
  }
  const nlohmann::json all{{"name", now.name},
                           {"round", now.round},
                           {"runs", now.planned},
                           {"trained", now.trained},
                           {"not_done", now.not_done},
                           {"shares", now.shares},
                           {"shares_done", now.shares_done},
                           {"shares_running", now.shares_running},
                           {"seconds_left", now.seconds_left},
                           {"notes", now.notes},
                           {"arithmetic", now.arithmetic},
                           {"queue", queue.answer()},
                           {"done", now.is_done}};
  std::cout << json_output(all);
  return all_done;
}

}  // namespace

const Command status_command{"status", "show the progress of a job", status};

}  // namespace descent::cli
