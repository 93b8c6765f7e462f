// SPDX-License-Identifier: MIT
#include "cluster/collector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "cluster/cutting.h"
#include "cluster/parts.h"
#include "cluster/share.h"
#include "cluster/slurm.h"
#include "engine/arithmetic.h"
#include "engine/estimate_time.h"
#include "engine/reruns.h"
#include "store/reader.h"

namespace descent::cluster {
namespace {

namespace fs = std::filesystem;

constexpr unsigned most_stalled = 2;  // rounds that brought nothing

// What the store lacks, and the plan that it belongs to.
struct Lacking {
  std::vector<engine::Assignment> assignments;
  bool is_rerun = false;
  std::vector<std::vector<std::uint64_t>> chosen;
  std::vector<double> seconds_per_epoch;  // by experiment of that plan
  std::vector<std::uint64_t> epochs;      // by assignment
  std::vector<std::size_t> experiments;
  std::vector<bool> divisible;
};

// As far as it is known from runs; else 0.
double seconds_per_epoch(store::Reader& reader, const std::string& experiment) {
  auto rows = reader.query(
      "SELECT sum(train_seconds) / sum(epochs) FROM (SELECT train_seconds, epochs FROM runs JOIN "
      "points USING (point_id) JOIN experiments USING (experiment_id) WHERE name = ? AND status = "
      "'done' LIMIT 10000)",
      {experiment});
  std::vector<store::Value> row;
  if (!rows.next(row)) return 0;
  const auto* value = std::get_if<double>(&row[0]);
  return value ? *value : 0;
}

void measure(Lacking& lacking, const engine::Plan& plan, const std::string& out, bool by_time) {
  auto reader = store::Reader::open(out);
  std::optional<double> tried;
  for (const auto& experiment : plan.experiments()) {
    auto seconds = by_time ? seconds_per_epoch(reader, experiment.name()) : 1;
    if (!(seconds > 0)) {
      if (!tried) tried = engine::time_per_run(plan).seconds;
      seconds = *tried / double(plan.longest(lacking.seconds_per_epoch.size()));
    }
    lacking.seconds_per_epoch.push_back(seconds);
  }
  for (const auto& one : lacking.assignments) {
    const auto planned = plan.planned(one.position);
    lacking.epochs.push_back(one.epochs > 0 ? one.epochs : planned.epochs);
    lacking.experiments.push_back(planned.experiment);
    lacking.divisible.push_back(!planned.until);
  }
}

// Registers everything, so that ids follow the plan and not the order in which parts arrive.
Lacking find_lacking(Job& job) {
  const auto& settings = job.state.settings;
  const Workplace place(job);
  const engine::Plan plan(place.experiments, place.catalog);
  auto store = store::Store::open(settings.out);
  const engine::RunOptions options{1, false, false, 600, {}};
  engine::Runner tuned(plan, store, options);
  Lacking lacking;
  lacking.assignments = tuned.lacking();
  job.state.planned = tuned.planned();
  if (!lacking.assignments.empty()) {
    measure(lacking, plan, settings.out, settings.shares == 0);
    return lacking;
  }
  engine::Reruns reruns;
  engine::prepare(reruns, plan, tuned.point_ids(), place.catalog, store, options);
  if (!reruns.runner) return lacking;
  lacking.is_rerun = true;
  lacking.chosen.resize(plan.experiments().size());
  for (const auto& one : reruns.selections) lacking.chosen[one.experiment] = one.chosen;
  lacking.assignments = reruns.runner->lacking();
  job.state.planned += reruns.runner->planned();
  if (!lacking.assignments.empty())
    measure(lacking, *reruns.plan, settings.out, settings.shares == 0);
  return lacking;
}

std::vector<Share> shares_of(const Job& job, const Lacking& lacking, unsigned processors) {
  const auto& settings = job.state.settings;
  const auto at = [&](const engine::Assignment& one) {
    return std::size_t(std::ranges::lower_bound(lacking.assignments, one.position, {},
                                                &engine::Assignment::position) -
                       lacking.assignments.begin());
  };
  CutOptions options;
  options.seconds_per_run = [&](const engine::Assignment& one) {
    const auto i = at(one);
    return lacking.seconds_per_epoch[lacking.experiments[i]] * double(lacking.epochs[i]);
  };
  options.is_divisible = [&](const engine::Assignment& one) { return lacking.divisible[at(one)]; };
  options.share_seconds = settings.share_seconds * (settings.cpus > 0 ? settings.cpus : processors);
  options.shares = settings.shares;
  options.most = most_shares(settings.by_hand);
  return cut(lacking.assignments, options);
}

// The folder appears before the state that names it; one that no state names is made again.
void begin_round(Job& job, const Lacking& lacking, unsigned processors) {
  const auto shares = shares_of(job, lacking, processors);
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
  job.log(fmt::format("round {}: {} shares of {} runs", round.number, round.shares, round.runs));
}

// Bias and variance of a point whose chunks come from several shares are computed here.
void check_own_arithmetic(const Job& job) {
  const auto& state = job.state;
  if (!state.has_divided || state.settings.any_cpu || state.arithmetic.empty() ||
      engine::arithmetic() == state.arithmetic)
    return;
  throw Error(
      fmt::format("this machine ({}) computes other bits than those that trained, and has "
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
      all.push_back(fmt::format("share {} on {}: {}", i, progress.host, progress.error));
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
    (progress.error.empty() ? working : failing).insert(progress.host);
  }
  if (working.empty()) return;
  for (const auto& host : failing)
    if (!working.contains(host) && std::ranges::count(job.state.excluded, host) == 0)
      job.state.excluded.push_back(host);
}

bool is_under_way(Job& job, Collected& collected) {
  adopt_round(job);
  if (!is_queued(job.state.array)) return false;
  const auto* const mine = std::getenv("SLURM_JOB_ID");
  if (mine && job.state.collector == mine) return false;
  if (is_queued(job.state.collector))
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

}  // namespace

Collected collect(Job& job, unsigned processors) {
  const JobLock lock(job);
  if (fs::exists(job.path("job.json"))) job = Job::open(job.folder());
  Collected collected;
  if (!job.state.settings.by_hand && is_under_way(job, collected)) return collected;
  job.check_inputs();
  merge_parts(job, collected);
  check_own_arithmetic(job);
  exclude_failing_nodes(job);
  const auto lacking = find_lacking(job);
  job.state.is_done = lacking.assignments.empty();
  if (job.state.is_done) {
    job.state.stored = job.state.planned;
    job.save();
    job.log("all done");
    return collected;
  }
  const bool has_begun = job.state.round.number > 0;
  if (has_begun && job.state.settings.by_hand && collected.parts == 0 && !was_tried(job)) {
    collected.next = Collected::Next::by_hand;  // the same round is still to be run
    return collected;
  }
  const bool has_stalled = has_begun && collected.new_runs == 0 && lacks_the_same(job, lacking);
  job.state.stalled = has_stalled ? job.state.stalled + 1 : 0;
  if (job.state.stalled >= most_stalled) {
    job.state.stalled = 0;
    job.save();
    job.log("gave up");
    for (auto& line : complaints(job)) collected.notes.push_back(std::move(line));
    collected.next = Collected::Next::gave_up;
    return collected;
  }
  begin_round(job, lacking, processors);
  collected.next = hand_out(job);
  return collected;
}

}  // namespace descent::cluster
