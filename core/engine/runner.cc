// SPDX-License-Identifier: MIT
#include "engine/runner.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <numeric>

#include "engine/footprint.h"
#include "engine/records.h"
#include "engine/registration.h"

namespace descent::engine {
namespace {

using Clock = std::chrono::steady_clock;

// Results are allocated and freed by the megabyte. Memory returned to the system would be requested
// again at once, page by page. The workers inherit this setting.
void keep_freed_memory() {
  constexpr int most_kept = 64 << 20;
  ::mallopt(M_TRIM_THRESHOLD, most_kept);
  ::mallopt(M_MMAP_THRESHOLD, most_kept / 2);
}

}  // namespace

std::uint64_t Outcome::trained() const {
  return std::accumulate(by_status.begin(), by_status.end(), std::uint64_t(0));
}

Runner::Runner(const Plan& plan, store::Store& store, RunOptions options)
    : Runner(plan, store, std::move(options), Assigned()) {}

Runner::Runner(const Plan& plan, store::Store& store, RunOptions options,
               const std::vector<Assignment>& assigned)
    : Runner(plan, store, std::move(options), Assigned(assigned)) {}

Runner::Runner(const Plan& plan, store::Store& store, RunOptions options, Assigned assigned)
    : plan_(plan), store_(store), options_(std::move(options)), assigned_(std::move(assigned)) {
  if (const auto why = plan_.too_large(); assigned_.is_all() && !why.empty()) throw Error(why);
  store::Store::Transaction transaction(store_);
  point_ids_ = register_points(plan_, store_, assigned_, options_.fresh);
  transaction.commit();
}

// Of a point at a rung, the results go to another store, which decides what follows.
bool Runner::is_mine(std::uint64_t position, const Halving& halving) const {
  if (assigned_.is_all()) return !halving.is_undecided(plan_.planned(position).experiment);
  return assigned_.trains_to_end(position);
}

// What the store lacks of a point is determined here to be counted, and again when its turn comes,
// so that not every point is in memory at once. A point that lacks nothing is finished here.
void Runner::count_stored(const Halving& halving) {
  store::Store::Transaction transaction(store_);
  for (std::uint64_t i = 0; i < plan_.size(); ++i)
    if (is_mine(i, halving)) count_stored(i, halving);
  transaction.commit();
  outcome_.planned = outcome_.stored + outcome_.trained() + missing_runs_;
}

// A point that was pruned under another grid or rule is trained to the end now.
void Runner::count_stored(std::uint64_t position, const Halving& halving) {
  const auto id = point_ids_[position];
  if (!halving.pruned().contains(position) && store_.pruned_after(id) > 0) store_.forget_pruned(id);
  const auto trained = halving.trained(position);
  for (std::size_t s = 0; s < record::status_count; ++s) {
    outcome_.by_status[s] += trained[s];
    outcome_.stored -= trained[s];  // the stored rows counted below include them
    if (!record::ended_well(record::Status(s))) outcome_.stored_not_done -= trained[s];
  }
  if (store_.finished(id)) {
    const auto planned = plan_.planned(position);
    outcome_.stored += planned.until ? store_.stored_replicates(id).size() : planned.replicates;
    outcome_.stored_not_done += store_.not_done(id);
    return;
  }
  incomplete_.push_back(position);
  auto work = find_missing(position);
  auto not_done = store_.not_done(id);
  outcome_.stored += work.goal;
  for (const auto c : work.missing) {  // the rows of some may be there, from a rung
    const auto& chunk = work.chunks[c];
    missing_runs_ += chunk.count;
    outcome_.stored -= chunk.count;
    not_done -= store_.not_done(id, chunk.first, chunk.count);
  }
  outcome_.stored_not_done += not_done;
  incomplete_not_done_ += not_done;
  if (work.missing.empty() && !assigned_.part_of(position)) finish_stored(work);
}

// All chunks were stored before: by a run that ended between the last one and the decomposition.
void Runner::finish_stored(PointWork& work) {
  try {
    work.finish();
  } catch (const LostChunk& lost) {
    const auto runs = work.forget_lost(lost);
    missing_runs_ += runs;
    outcome_.stored -= runs;
  }
}

PointWork Runner::find_missing(std::uint64_t position) {
  return {plan_, store_, position, point_ids_[position], assigned_.part_of(position)};
}

// From here on there are results to lose, so a lock is waited for much longer.
Outcome Runner::run(const volatile std::sig_atomic_t& stop) {
  const auto start = Clock::now();
  wait_for_others(options_.patience_seconds);
  // Halving comes first: which points are pruned decides what is missing of the others.
  Halving halving(plan_, store_, point_ids_, session_options());
  outcome_.interrupted =
      !(assigned_.is_all() ? halving.run(stop) : halving.train(assigned_.list(), stop));
  outcome_.planned = plan_.runs();
  if (!outcome_.interrupted) {
    count_stored(halving);
    if (missing_runs_ > 0) train(stop);
  }
  outcome_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return outcome_;
}

TrainingSession::Options Runner::session_options() {
  TrainingSession::Options options{options_.workers, options_.progress, {}};
  if (options_.after_commit) options.after_commit = [this] { options_.after_commit(outcome_); };
  return options;
}

std::vector<Assignment> Runner::lacking() {
  std::vector<Assignment> all;
  Halving halving(plan_, store_, point_ids_, session_options());
  halving.find_lacking(all);
  count_stored(halving);
  outcome_.planned = std::max(outcome_.planned, plan_.runs());
  for (const auto position : incomplete_) {
    const auto id = point_ids_[position];
    if (store_.finished(id)) continue;
    const auto work = find_missing(position);
    Assignment one{position, id, work.missing.size() == work.chunks.size(), 0, {}};
    for (const auto c : work.missing) one.chunks.push_back(work.chunks[c]);
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, {}, &Assignment::position);
  store_.remove_scratch_if_empty();
  return all;
}

// Before anything is trained, rather than in the middle.
void Runner::check_room() const {
  Footprint most;
  for (const auto position : incomplete_) most.extend(footprint(plan_.planned(position)));
  const auto folder = std::filesystem::path(store_.path()).parent_path().string();
  if (const auto why = why_no_room(most, options_.workers, folder); !why.empty()) throw Error(why);
}

void Runner::wait_for_others(double seconds) {
  store_.set_patience(seconds, [this](const std::string& message) {
    std::cerr << (options_.progress ? "\r\033[K" : "") << message << std::endl;
  });
}

void Runner::train(const volatile std::sig_atomic_t& stop) {
  check_room();
  keep_freed_memory();
  TrainingSession session(plan_, missing_runs_, session_options());
  auto& progress = session.progress();
  outcome_.interrupted =
      !session.run([&](ChunkRequest& request) { return next(request); },
                   [&](const ChunkResult& result) { return accept(result, progress); },
                   [&](std::vector<ChunkResult>& arrived) {
                     if (stop) wait_for_others(std::min(10.0, options_.patience_seconds));
                     return commit(arrived, progress);
                   },
                   stop);
  count_what_others_stored();
  store_.remove_scratch_if_empty();
}

// Another program may have trained some of the plan meanwhile, and not all of it ended well.
void Runner::count_what_others_stored() {
  std::uint64_t ended = 0;
  for (const auto position : incomplete_) ended += store_.not_done(point_ids_[position]);
  if (ended > incomplete_not_done_) outcome_.stored_not_done += ended - incomplete_not_done_;
}

// Extended points first, then the point begun last, then the next one: few points are under way at
// once, so few states are in memory.
bool Runner::next(ChunkRequest& request) {
  while (!extended_.empty()) {
    const auto found = work_.find(extended_.back());
    if (found != work_.end() && found->second.given < found->second.missing.size())
      return make_request(found->first, found->second, request);
    extended_.pop_back();
  }
  auto begun = work_.end();
  if (cursor_ > 0) begun = work_.find(cursor_ - 1);
  while (begun == work_.end() || begun->second.given == begun->second.missing.size()) {
    if (cursor_ == plan_.size()) return false;
    const auto position = cursor_++;
    begun = work_.end();
    if (assigned_.trains_to_end(position) && !store_.finished(point_ids_[position]))
      begun = work_.emplace(position, find_missing(position)).first;
  }
  return make_request(begun->first, begun->second, request);
}

bool Runner::make_request(std::uint64_t position, PointWork& work, ChunkRequest& request) {
  const auto chunk = work.missing[work.given++];
  request = {position, chunk, work.chunks[chunk].first, work.chunks[chunk].count, 0, {}};
  return true;
}

// Whether the result is to be committed at once: with the last chunk of an `until` point, the
// workers may have nothing to do until it is known whether the point needs more.
bool Runner::accept(const ChunkResult& result, Progress& progress) {
  std::uint64_t not_done = 0;
  for (const auto& run : result.runs) {
    ++outcome_.by_status[std::size_t(run.status)];
    not_done += run.status != record::Status::done;
  }
  incomplete_not_done_ += not_done;
  progress.add(result.runs.size(), not_done);
  auto& work = work_.at(result.point);
  return ++work.arrived == work.missing.size() && plan_.planned(result.point).until;
}

bool Runner::commit(std::vector<ChunkResult>& arrived, Progress& progress) {
  const auto transaction = store_.try_transaction();
  if (!transaction) return false;
  // All are counted before any is stored: a point completed by this batch needs no stored
  // accumulators. Points are finished last, as one may have several results here.
  for (const auto& result : arrived) ++work_.at(result.point).stored;
  for (auto& result : arrived) store(result);
  for (const auto& result : arrived) {
    const auto found = work_.find(result.point);
    if (found == work_.end() || found->second.stored < found->second.missing.size()) continue;
    if (complete(found->first, found->second, progress)) work_.erase(found);
  }
  transaction->commit();
  return true;
}

// Finishes the point, unless the standard errors require more replicates, or accumulators are lost:
// by a fault of the disk, or because another program finished the point with another number of
// replicates. Then there are more chunks to train.
bool Runner::complete(std::uint64_t position, PointWork& work, Progress& progress) {
  if (assigned_.part_of(position)) return true;
  if (is_finished_by_others(position, work)) return true;
  try {
    if (grow(position, work, progress)) return false;
    const bool is_precise = work.is_precise();
    work.finish();
    if (!is_precise) ++outcome_.imprecise_points;
    return true;
  } catch (const LostChunk& lost) {
    const auto runs = work.forget_lost(lost);
    extended_.push_back(position);
    outcome_.planned += runs;
    progress.expect(runs);
    return false;
  }
}

// With the same result.
bool Runner::is_finished_by_others(std::uint64_t position, const PointWork& work) {
  const auto id = point_ids_[position];
  return store_.finished(id) &&
         (plan_.planned(position).until || store_.stored_replicates(id).size() == work.goal);
}

// Whether the standard errors require more replicates; then extends the point.
bool Runner::grow(std::uint64_t position, PointWork& work, Progress& progress) {
  const auto before = work.goal, goal = work.next_goal();
  if (goal == before) return false;
  work.extend(goal);
  extended_.push_back(position);
  outcome_.planned += goal - before;
  progress.expect(goal - before);
  return true;
}

// Accumulators are stored only while their point has chunks under way, or may get more.
void Runner::store(ChunkResult& result) {
  auto& work = work_.at(result.point);
  store::ChunkRecord record{point_ids_[result.point], result.first, result.count, {}, {}};
  record.blocks = weight_blocks(work.training().model());
  const auto there =
      store_.stored_replicates(record.point_id, result.first, result.count);  // by others, too
  for (auto& run : result.runs)
    if (!std::binary_search(there.begin(), there.end(), run.replicate))
      record.runs.push_back(std::move(run));
  const bool wanted = work.stored < work.missing.size() || plan_.planned(result.point).until ||
                      assigned_.part_of(result.point);
  if (wanted && !store_.finished(record.point_id)) record.pieces = std::move(result.pieces);
  const bool is_stored = store_.write(record);
  auto& states = work.states[result.first];
  if (!is_stored) states = std::move(record.pieces.empty() ? result.pieces : record.pieces);
}

}  // namespace descent::engine
