// SPDX-License-Identifier: MIT
#include "cluster/job.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "base/build.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/machine_fault.h"

namespace descent::cluster {

namespace fs = std::filesystem;
using nlohmann::json;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(JobSettings, files, overrides, plugins, folder, out, slurm, cpus,
                                   shares, share_seconds, any_cpu, by_hand, keep_parts, freeze,
                                   allow_writable)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InputFile, kind, path, hash)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Round, number, shares, runs, is_rerun, chosen)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(JobState, id, settings, build, inputs, arithmetic, has_divided,
                                   round, stalled, planned, stored, array, collector, excluded,
                                   is_done)

namespace {

[[noreturn]] void cannot_write(const std::string& path) {
  throw StoreError({path, 0, 0}, fmt::format("cannot be written: {}", describe_fault(errno)));
}

std::string now() {
  const auto time = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&time));
  return text;
}

std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

void replace_file(const std::string& path, const std::string& text) {
  const auto temporary = fmt::format("{}.{}.{}", path, host_name(), ::getpid());
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) cannot_write(path);
  const bool whole =
      ::write(file, text.data(), text.size()) == ssize_t(text.size()) && ::fsync(file) == 0;
  const int error = errno;
  if (::close(file) == 0 && whole && ::rename(temporary.c_str(), path.c_str()) == 0) return;
  errno = whole ? errno : error;
  const int reason = errno;
  ::unlink(temporary.c_str());
  errno = reason;
  cannot_write(path);
}

Job Job::open(const std::string& folder) {
  Job job(fs::weakly_canonical(folder).string());
  if (fs::is_regular_file(folder))
    throw Error(fmt::format("{}: is a file, and a job is a folder{}", folder,
                            fs::is_directory(folder + ".job")
                                ? fmt::format("; did you mean {}.job?", folder)
                                : ", by default the name of the store with .job"));
  const auto text = read_file(job.path("job.json"));
  if (!text)
    throw Error(
        fmt::format("{}: there is no job here (job.json: {}); `descent submit FILE --db "
                    "OUT --job {}` makes one",
                    folder, describe_fault(errno), folder));
  try {
    job.state = json::parse(*text).get<JobState>();
  } catch (const json::exception& error) {
    throw Error({job.path("job.json"), 0, 0},
                fmt::format("is not what `descent submit` wrote: {}", error.what()));
  }
  return job;
}

Job Job::create(const std::string& folder, const JobSettings& settings) {
  Job job(fs::weakly_canonical(folder).string());
  std::error_code failed;
  fs::create_directories(job.folder_, failed);
  if (failed) throw StoreError({folder, 0, 0}, fmt::format("cannot be made: {}", failed.message()));
  job.state.id = new_id();
  job.state.settings = settings;
  job.state.build = build_id();
  return job;
}

std::string Job::round_folder() const { return path(fmt::format("round-{}", state.round.number)); }

std::string Job::share_file(std::uint64_t share, const std::string& extension) const {
  return fmt::format("{}/{}.{}", round_folder(), share, extension);
}

std::string Job::files_folder() const {
  return state.settings.freeze ? path("frozen/tree") + state.settings.folder
                               : state.settings.folder;
}

std::vector<std::string> Job::plugin_folders() const {
  if (state.settings.freeze) return {path("frozen/plugins")};
  return state.settings.plugins;
}

void Job::save() const { replace_file(path("job.json"), json(state).dump(2) + "\n"); }

void Job::log(const std::string& line) const {
  std::ofstream(path("log"), std::ios::app) << fmt::format("{} {} {}\n", now(), host_name(), line);
}

void Job::check_inputs() const {
  if (build_id() != state.build)
    throw Error(
        fmt::format("this is another build of descent than the one that made the job {}; "
                    "run {}",
                    folder_, state.settings.freeze ? path("frozen/descent") : "that build"));
  for (const auto& input : state.inputs) {
    if (fs::exists(input.path) && hash128_of_file(input.path) == input.hash) continue;
    throw Error(
        fmt::format("the {} {} has changed since the job {} was made; put it back, or make "
                    "another job",
                    input.kind, input.path, folder_));
  }
}

void write_share(const std::string& path, const std::vector<engine::Assignment>& assignments) {
  std::string text;
  for (const auto& one : assignments) {
    text += fmt::format("{} {} {} {}", one.position, one.point_id, one.is_whole ? "whole" : "part",
                        one.epochs);
    for (const auto& chunk : one.chunks) text += fmt::format(" {}+{}", chunk.first, chunk.count);
    text += '\n';
  }
  text += "end\n";
  std::ofstream file(path);
  file << text;
  if (!file.flush()) cannot_write(path);
}

std::vector<engine::Assignment> read_share(const std::string& path) {
  std::ifstream file(path);
  std::vector<engine::Assignment> all;
  for (std::string line; std::getline(file, line);) {
    if (line == "end") return all;
    std::istringstream words(line);
    std::string kind;
    engine::Assignment one;
    words >> one.position >> one.point_id >> kind >> one.epochs;
    one.is_whole = kind == "whole";
    char plus = 0;
    for (statistics::ReplicateRange chunk; words >> chunk.first >> plus >> chunk.count;)
      one.chunks.push_back(chunk);
    all.push_back(std::move(one));
  }
  throw StoreError({path, 0, 0},
                   "is not there, or not whole; `descent submit --job` cuts it again");
}

}  // namespace descent::cluster
