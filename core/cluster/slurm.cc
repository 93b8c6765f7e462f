// SPDX-License-Identifier: MIT
#include "cluster/slurm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "cluster/job.h"

namespace descent::cluster {
namespace {

namespace fs = std::filesystem;

struct Spoken {
  int code = -1;
  std::string text;  // both outputs
};

// A line for /bin/sh.
Spoken shell(const std::string& line) {
  Spoken spoken;
  std::FILE* const pipe = ::popen(("(" + line + ") 2>&1").c_str(), "re");
  if (!pipe) return spoken;
  std::array<char, 4096> buffer;
  while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    spoken.text.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  spoken.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  while (!spoken.text.empty() && spoken.text.back() == '\n') spoken.text.pop_back();
  return spoken;
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

bool is_on_the_path(const std::string& program) {
  const auto* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (std::error_code failed; fs::exists(fs::path(folder) / program, failed)) return true;
  return false;
}

std::string name_of(const Job& job) {
  return fmt::format("descent-{}-{}", job.state.id, job.state.round.number);
}

std::string program_of(const Job& job) {
  return job.state.settings.freeze ? job.path("frozen/descent") : own_executable();
}

// The script is the program alone, so that the batch step's signals reach it.
std::string submitted(const Job& job, const std::string& options, const std::string& command) {
  const auto line = fmt::format(
      "printf '%s\\n' '#!/bin/sh' {} | sbatch --parsable --requeue "
      "--open-mode=append {} {}",
      quoted(fmt::format("exec {} {} {}", quoted(program_of(job)), command, quoted(job.folder()))),
      options, job.state.settings.slurm);
  const auto answer = shell(line);
  if (answer.code != 0) throw SchedulerError("sbatch refused: " + answer.text);
  // Warnings may come before; the cluster's name after a semicolon.
  const auto last = answer.text.substr(answer.text.rfind('\n') + 1);
  return last.substr(0, last.find(';'));
}

void submit_collector(Job& job) {
  job.state.collector = submitted(job,
                                  fmt::format("-J {}-collect -d afterany:{} -o {}", name_of(job),
                                              job.state.array, quoted(job.path("collect.log"))),
                                  "submit --job");
  job.save();
}

}  // namespace

void check_slurm(const std::string& options) {
  if (!is_on_the_path("sbatch"))
    throw Error("sbatch is not on the PATH; run this on a login node, or use --by-hand");
  std::istringstream words(options);
  for (std::string word; words >> word;)
    for (const std::string mine : {"--array", "-a", "--dependency", "-d", "--wrap", "--output",
                                   "-o", "--job-name", "-J", "--parsable"})
      if (word == mine || (mine.size() > 2 && word.starts_with(mine + "=")))
        throw Error(fmt::format("--slurm: {} is set by submit; leave it out", mine));
}

void submit_round(Job& job) {
  const auto& settings = job.state.settings;
  if (job.state.array.empty()) {
    const auto& excluded = job.state.excluded;
    const auto elsewhere =
        excluded.empty() ? std::string() : fmt::format("--exclude={}", fmt::join(excluded, ","));
    const auto processors = settings.cpus > 0 ? fmt::format("--cpus-per-task={}", settings.cpus)
                                              : std::string("--exclusive -N1");
    job.state.array =
        submitted(job,
                  fmt::format("-J {} --signal=B:TERM@60 --array=0-{} -o {} {} {}", name_of(job),
                              job.state.round.shares - 1, quoted(job.round_folder() + "/%a.log"),
                              processors, elsewhere),
                  "share");
    job.save();
  }
  submit_collector(job);
  job.log(fmt::format("round {}: {} shares, {} runs; jobs {} and {}", job.state.round.number,
                      job.state.round.shares, job.state.round.runs, job.state.array,
                      job.state.collector));
}

bool is_queued(const std::string& id) {
  if (id.empty()) return false;
  const auto answer = shell("squeue -h -j " + quoted(id) + " -o %i");
  if (answer.code == 0) return !answer.text.empty();
  return answer.text.find("Invalid job id") == answer.text.npos;
}

std::string queue_of(const Job& job) {
  if (job.state.array.empty()) return "";
  const auto jobs =
      job.state.array + (job.state.collector.empty() ? "" : "," + job.state.collector);
  const auto answer = shell("squeue -h -r -j " + quoted(jobs) + " -o %T");
  if (answer.code != 0) return "";
  std::map<std::string, int> counts;
  std::istringstream words(answer.text);
  for (std::string word; words >> word;) ++counts[word];
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
