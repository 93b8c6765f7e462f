// SPDX-License-Identifier: MIT
#include "cluster/collector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <ratio>
#include <set>

#include "base/error.h"
#include "cluster/lacking.h"
#include "cluster/lock.h"
#include "cluster/parts.h"
#include "cluster/share.h"
#include "cluster/slurm.h"
#include "cluster/slurm_options.h"
#include "engine/arithmetic.h"

namespace descent::cluster {
namespace {

namespace fs = std::filesystem;

constexpr unsigned most_stalled = 2;     // rounds that brought nothing
constexpr double soon_trained = 2 * 60;  // seconds: not worth the way through the queue

constexpr double bytes_per_run = 700;  // with 22 rows of curves; until it is known

// What parts and store will need, and as much again for what is written next to them.
void check_space(const Job& job, const Lacking& lacking) {
  const auto& out = job.state.settings.out;
  std::uint64_t runs = 0;
  for (const auto& one : lacking.assignments) runs += one.runs();
  const auto stored = job.state.planned - std::min(job.state.planned, runs);
  std::error_code unknown;
  const auto size = fs::file_size(out, unknown);
  const auto each =
      unknown || stored < 1000 ? bytes_per_run : std::min(1e6, double(size) / double(stored));
  const auto needed = 2 * each * double(runs);
  for (const auto& folder : {job.folder(), fs::path(out).parent_path().string()}) {
    const auto free = double(fs::space(folder, unknown).available);
    if (!unknown && free < needed)
      throw StoreError(
          {folder, 0, 0},
          fmt::format("{} runs need about {:.0f} MB here, and {:.0f} MB are free; free "
                      "some space, or record less (record.every)",
                      runs, needed / 1e6 + 1, free / 1e6));
  }
}

// The folder appears before the state that names it; one that no state names is made again.
void begin_round(Job& job, const Lacking& lacking, const std::vector<Share>& shares) {
  auto& round = job.state.round;
  round = {round.number + 1, shares.size(), 0, lacking.is_rerun, lacking.chosen};
  std::error_code failed;
  fs::remove_all(job.round_folder(), failed);
  fs::create_directories(job.round_folder(), failed);
  if (failed)
    throw StoreError({job.round_folder(), 0, 0},
                     fmt::format("cannot be made: {}", failed.message()));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    write_share(job.share_file(i, "share"), shares[i]);
    for (const auto& one : shares[i]) {
      round.runs += one.runs();
      if (!one.is_whole && one.epochs == 0) job.state.has_divided = true;
    }
  }
  job.state.stored = job.state.planned - std::min(job.state.planned, round.runs);
  job.state.array.clear();
  job.state.collector.clear();
  job.save();
  job.log(fmt::format("round {}: {} share{} of {} runs", round.number, round.shares,
                      round.shares == 1 ? "" : "s", round.runs));
}

// Bias and variance of a point with chunks from several shares are computed here.
void check_own_arithmetic(const Job& job) {
  const auto& state = job.state;
  if (!state.has_divided || state.settings.any_cpu || state.arithmetic.empty() ||
      engine::arithmetic() == state.arithmetic)
    return;
  throw Error(fmt::format(
      "this machine ({}) gives other floating-point results than those that trained, and has "
      "to finish points that were divided between them; run `descent submit "
      "--job {}` on a machine of their kind, or accept both with --any-cpu",
      host_name(), job.folder()));
}

// Whether a round lacks what the last one lacked. A share may bring scores of a rung without a run
// that is new: where the runs were trained to the end before.
bool lacks_the_same(const Job& job, const Lacking& lacking) {
  const auto& round = job.state.round;
  if (round.is_rerun != lacking.is_rerun) return false;
  std::set<std::array<std::uint64_t, 4>> before, now;
  const auto add = [](auto& all, const std::vector<engine::Assignment>& assignments) {
    for (const auto& one : assignments)
      for (const auto& chunk : one.chunks)
        all.insert({one.position, one.epochs, chunk.first, chunk.count});
  };
  try {
    for (std::uint64_t i = 0; i < round.shares; ++i)
      add(before, read_share(job.share_file(i, "share")));
  } catch (const Error&) {
    return true;
  }
  add(now, lacking.assignments);
  return before == now;
}

bool was_tried(const Job& job) {
  for (std::uint64_t i = 0; i < job.state.round.shares; ++i)
    if (fs::exists(job.share_file(i, "json")) || fs::exists(job.share_file(i, "log"))) return true;
  return false;
}

std::string last_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  std::string text;
  for (auto i = lines.size() - std::min<std::size_t>(3, lines.size()); i < lines.size(); ++i)
    text += "\n    " + lines[i];
  return text;
}

// The last words of three shares.
std::vector<std::string> complaints(const Job& job) {
  std::vector<std::string> all;
  for (std::uint64_t i = 0; i < job.state.round.shares && all.size() < 3; ++i) {
    ShareProgress progress;
    const auto log = last_lines(job.share_file(i, "log"));
    if (read_progress(job.share_file(i, "json"), progress) && !progress.error.empty())
      all.push_back(fmt::format("share {} on {}: {}", i, progress.node, progress.error));
    else if (!log.empty())
      all.push_back(fmt::format("share {}, {}:{}", i, job.share_file(i, "log"), log));
  }
  return all;
}

// Nodes on which no share of the round came to its end, if some did on others.
void exclude_failing_nodes(Job& job) {
  std::set<std::string> failing, working;
  for (std::uint64_t i = 0; i < job.state.round.shares; ++i) {
    ShareProgress progress;
    if (!read_progress(job.share_file(i, "json"), progress)) continue;
    (progress.error.empty() ? working : failing).insert(progress.node);
  }
  if (working.empty()) return;
  for (const auto& host : failing)
    if (!working.contains(host) && std::ranges::count(job.state.excluded, host) == 0)
      job.state.excluded.push_back(host);
}

bool is_under_way(Job& job, Collected& collected) {
  adopt_round(job);
  if (!is_array_queued(job)) return false;
  const auto* const mine = std::getenv("SLURM_JOB_ID");
  if (mine && job.state.collector == mine) return false;
  if (is_collector_queued(job))
    throw Error(fmt::format("round {} (jobs {}, {}) is under way; descent status {}",
                            job.state.round.number, job.state.array, job.state.collector,
                            job.folder()));
  submit_round(job);
  collected.notes.push_back(fmt::format("round {} (job {}) is under way; job {} will collect it",
                                        job.state.round.number, job.state.array,
                                        job.state.collector));
  collected.next = Collected::Next::submitted;
  return true;
}

Collected::Next hand_out(Job& job) {
  if (job.state.settings.by_hand) return Collected::Next::by_hand;
  submit_round(job);
  return Collected::Next::submitted;
}

// By the collector: its first runs have shown how long they take and by which arithmetic.
bool is_trained_here(const Job& job, const Lacking& lacking, unsigned processors) {
  const auto& state = job.state;
  if (state.settings.by_hand || state.settings.shares > 0 || state.round.number == 0 ||
      (!state.settings.any_cpu && engine::arithmetic() != state.arithmetic))
    return false;
  return lacking.seconds() <= soon_trained * processors;
}

void end(Job& job) {
  job.state.is_done = true;
  job.state.stored = job.state.planned;
  job.save();
  job.log("all done");
}

void give_up(Job& job, Collected& collected) {
  job.state.stalled = 0;
  job.save();
  job.log("gave up");
  for (auto& line : complaints(job)) collected.notes.push_back(std::move(line));
  collected.next = Collected::Next::gave_up;
}

// One step: merges what is there, and begins what is next. True: what was next is trained already.
bool advance(Job& job, unsigned processors, const TrainHere& train, Collected& collected) {
  const auto before = collected;
  merge_parts(job, collected);
  check_own_arithmetic(job);
  exclude_failing_nodes(job);
  const auto lacking = find_lacking(job);
  if (lacking.assignments.empty()) {
    end(job);
    return false;
  }
  const bool has_begun = job.state.round.number > 0;
  if (has_begun && job.state.settings.by_hand && collected.parts == 0 && !was_tried(job)) {
    collected.next = Collected::Next::by_hand;  // the same round is still to be run
    return false;
  }
  const bool has_stalled =
      has_begun && collected.new_runs == before.new_runs && lacks_the_same(job, lacking);
  job.state.stalled = has_stalled ? job.state.stalled + 1 : 0;
  if (job.state.stalled >= most_stalled) {
    give_up(job, collected);
    return false;
  }
  check_space(job, lacking);
  if (train && is_trained_here(job, lacking, processors)) {
    begin_round(job, lacking, {lacking.assignments});
    job.log(fmt::format("round {}: trained by the collector", job.state.round.number));
    const bool has_ended = train(job, 0);
    if (!has_ended) collected.next = Collected::Next::stopped;
    return has_ended;
  }
  begin_round(job, lacking, shares_of(job, lacking, processors));
  collected.next = hand_out(job);
  return false;
}

// The next round brings as many parts or more.
void warn_of_limit(const Job& job, double minutes, Collected& collected) {
  if (!std::getenv("SLURM_JOB_ID")) return;
  const auto warning = near_limit(minutes, job.state.settings.slurm);
  if (warning.empty()) return;
  job.log(warning);
  collected.notes.push_back(warning);
}

}  // namespace

Collected collect(Job& job, unsigned processors, const TrainHere& train) {
  const auto start = std::chrono::steady_clock::now();
  const JobLock lock(job);
  if (fs::exists(job.path("job.json"))) job = Job::open(job.folder());
  Collected collected;
  if (!job.state.settings.by_hand && is_under_way(job, collected)) return collected;
  job.check_inputs();
  job.state.is_done = false;
  while (advance(job, processors, train, collected)) {
  }
  const std::chrono::duration<double, std::ratio<60>> minutes =
      std::chrono::steady_clock::now() - start;
  warn_of_limit(job, minutes.count(), collected);
  return collected;
}

}  // namespace descent::cluster
