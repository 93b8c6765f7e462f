// SPDX-License-Identifier: MIT
#include "cluster/slurm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <utility>

#include "base/file.h"
#include "base/quotes.h"
#include "cluster/job.h"

namespace descent::cluster {
namespace {

struct ShellResult {
  int code = -1;
  std::string text;  // both outputs
};

// A line for /bin/sh.
std::FILE* start_shell(const std::string& line) {
  return ::popen(("(" + line + ") 2>&1").c_str(), "re");
}

// Its output, read to the end, and its exit code.
ShellResult wait_for(std::FILE* pipe) {
  ShellResult result;
  if (!pipe) return result;
  std::array<char, 4096> buffer;
  while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    result.text.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  while (!result.text.empty() && result.text.back() == '\n') result.text.pop_back();
  return result;
}

ShellResult shell(const std::string& line) { return wait_for(start_shell(line)); }

std::string name_of(const Job& job) {
  return fmt::format("descent-{}-{}", job.state.id, job.state.round.number);
}

std::string program_of(const Job& job) {
  return job.state.settings.freeze ? job.path("frozen/descent") : own_executable();
}

std::string collector_of(const Job& job) { return name_of(job) + "-collect"; }

bool is_queued_as(const std::string& id, const std::string& name) {
  if (id.empty()) return false;
  const auto answer = shell("squeue -h -j " + shell_word(id) +
                            (name.empty() ? "" : " --name=" + shell_word(name)) + " -o %i");
  if (answer.code == 0) return !answer.text.empty();
  return answer.text.find("Invalid job id") == answer.text.npos;
}

// The folder for temporary files of the job that submits is gone when its tasks begin: sites name
// it after the job.
std::string without_own_folder() {
  const auto* const job = std::getenv("SLURM_JOB_ID");
  if (!job) return "";
  const auto* const folder = std::getenv("TMPDIR");
  const bool is_own = folder && std::string(folder).find(job) != std::string::npos;
  return std::string("env -u SLURM_TMPDIR ") + (is_own ? "-u TMPDIR " : "");
}

// The script is the program alone, so that the batch step's signals reach it.
std::string submitted(const Job& job, const std::string& options, const std::string& command) {
  const auto line = fmt::format(
      "printf '%s\\n' '#!/bin/sh' {} | {}sbatch --parsable --requeue "
      "--open-mode=append {} {}",
      shell_word(fmt::format("exec {} {} {}", shell_word(program_of(job)), command,
                             shell_word(job.folder()))),
      without_own_folder(), options, job.state.settings.slurm);
  const auto answer = shell(line);
  if (answer.code != 0) throw SchedulerError("sbatch refused: " + answer.text);
  // Warnings may come before; the cluster's name after a semicolon.
  const auto last = answer.text.substr(answer.text.rfind('\n') + 1);
  return last.substr(0, last.find(';'));
}

void submit_array(Job& job) {
  const auto& settings = job.state.settings;
  const auto processors = settings.cpus > 0 ? fmt::format("--cpus-per-task={}", settings.cpus)
                                            : std::string("--exclusive -N1");
  const auto options = fmt::format("-J {} --signal=B:TERM@60 --array=0-{} -o {} {}", name_of(job),
                                   job.state.round.shares - 1,
                                   shell_word(job.round_folder() + "/%a.log"), processors);
  auto& excluded = job.state.excluded;
  if (!excluded.empty()) {
    const auto nodes = fmt::format("{}", fmt::join(excluded, ","));
    try {
      job.state.array = submitted(job, options + " --exclude=" + shell_word(nodes), "share");
      return;
    } catch (const SchedulerError& error) {  // too few are left, or one is no longer there
      job.log(fmt::format("cannot leave out {}: {}", nodes, error.what()));
      excluded.clear();
    }
  }
  job.state.array = submitted(job, options, "share");
}

void submit_collector(Job& job) {
  job.state.collector = submitted(job,
                                  fmt::format("-J {} -d afterany:{} -o {}", collector_of(job),
                                              job.state.array, shell_word(job.path("collect.log"))),
                                  "submit --job");
  job.save();
}

}  // namespace

void submit_round(Job& job) {
  if (job.state.array.empty()) {
    submit_array(job);
    job.save();
  }
  submit_collector(job);
  job.log(fmt::format("round {}: jobs {} and {}", job.state.round.number, job.state.array,
                      job.state.collector));
}

bool is_queued(const std::string& id) { return is_queued_as(id, ""); }
bool is_array_queued(const Job& job) { return is_queued_as(job.state.array, name_of(job)); }
bool is_collector_queued(const Job& job) {
  return is_queued_as(job.state.collector, collector_of(job));
}

QueueRequest::QueueRequest(const Job& job) {
  if (job.state.is_done || job.state.settings.by_hand || job.state.array.empty()) return;
  const auto jobs =
      job.state.array + (job.state.collector.empty() ? "" : "," + job.state.collector);
  pipe_ = start_shell("timeout 5 squeue -h -r -j " + shell_word(jobs) + " -o '%T %r'");
}

QueueRequest::~QueueRequest() {
  if (pipe_) ::pclose(pipe_);
}

std::string QueueRequest::answer() {
  if (!pipe_) return "";
  const auto answer = wait_for(std::exchange(pipe_, nullptr));
  if (answer.code != 0)
    return answer.text.find("Invalid job id") == answer.text.npos ? "squeue does not answer" : "";
  std::map<std::string, int> counts;
  std::istringstream lines(answer.text);
  for (std::string state, reason; lines >> state && std::getline(lines >> std::ws, reason);)
    ++counts[state == "PENDING" ? fmt::format("PENDING ({})", reason) : state];
  std::string text;
  for (const auto& [state, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, state);
  return text;
}

void adopt_round(Job& job) {
  if (job.state.round.number == 0 || !job.state.array.empty()) return;
  const auto answer = shell("squeue -h --name=" + name_of(job) + " -o %F");
  if (answer.code != 0 || answer.text.empty()) return;
  job.state.array = answer.text.substr(0, answer.text.find('\n'));
  job.log(fmt::format("round {}: found its jobs {} by their name", job.state.round.number,
                      job.state.array));
  job.save();
}

std::string node_name() {
  const auto* const name = std::getenv("SLURMD_NODENAME");
  return name && *name ? name : host_name();
}

std::uint64_t most_shares(bool by_hand) {
  constexpr std::uint64_t usual = 1000;
  if (by_hand) return usual;
  const auto answer = shell("scontrol show config");
  const std::string key = "MaxArraySize";
  const auto at = answer.text.find(key);
  if (answer.code != 0 || at == answer.text.npos) return usual;
  const auto value = answer.text.find('=', at);
  return std::max<std::uint64_t>(2, std::strtoull(answer.text.c_str() + value + 1, nullptr, 10)) -
         1;
}

}  // namespace descent::cluster
