// SPDX-License-Identifier: MIT
#include "engine/runner.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <set>
#include <stdexcept>

#include "base/hash.h"
#include "engine/fits.h"
#include "engine/footprint.h"
#include "engine/precision.h"
#include "engine/records.h"

namespace descent::engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_variants = 4096;  // of which the shared part of the rows is kept

// Results are allocated and freed by the megabyte. Memory returned to the system would be requested
// again at once, page by page. The workers inherit this setting.
void keep_freed_memory() {
  constexpr int most_kept = 64 << 20;
  ::mallopt(M_TRIM_THRESHOLD, most_kept);
  ::mallopt(M_MMAP_THRESHOLD, most_kept / 2);
}

bool holds(const std::vector<std::uint64_t>& replicates, const statistics::ReplicateRange& chunk) {
  const auto first = std::lower_bound(replicates.begin(), replicates.end(), chunk.first);
  const auto last = std::lower_bound(first, replicates.end(), chunk.first + chunk.count);
  return std::uint64_t(last - first) == chunk.count;
}

}  // namespace

std::uint64_t Outcome::trained() const {
  return std::accumulate(by_status.begin(), by_status.end(), std::uint64_t(0));
}

Runner::Runner(const Plan& plan, store::Store& store, RunOptions options)
    : plan_(plan), store_(store), options_(std::move(options)) {
  if (const auto why = plan_.too_large(); !why.empty()) throw Error(why);
  store::Store::Transaction transaction(store_);
  register_points();
  transaction.commit();
}

Runner::Runner(const Plan& plan, store::Store& store, RunOptions options,
               const std::vector<Assignment>& assigned)
    : plan_(plan), store_(store), options_(std::move(options)), all_(false) {
  for (const auto& one : assigned) assigned_.emplace(one.position, one);
  store::Store::Transaction transaction(store_);
  register_points();
  transaction.commit();
}

// Of a point at a rung, the results go to another store, which decides what follows.
bool Runner::is_mine(std::uint64_t position, const Halving& halving) const {
  if (all_) return !halving.is_undecided(plan_.planned(position).experiment);
  const auto found = assigned_.find(position);
  return found != assigned_.end() && found->second.epochs == 0;
}

const Assignment* Runner::part_of(std::uint64_t position) const {
  const auto found = assigned_.find(position);
  return found == assigned_.end() || found->second.is_whole ? nullptr : &found->second;
}

void Runner::register_points() {
  std::vector<std::int64_t> experiment_ids;
  for (std::size_t e = 0; e < plan_.experiments().size(); ++e) {
    experiment_ids.push_back(
        store_.register_experiment(experiment_record(plan_.experiments()[e], plan_.measures(e))));
    store_.record(experiment_ids.back(), warning_records(plan_.warnings(e)));
  }
  std::map<std::pair<std::size_t, std::uint64_t>, store::PointRecord> variants;
  for (std::uint64_t i = 0; i < plan_.size(); ++i) {
    if (!is_mine(i)) {
      point_ids_.push_back(0);
      continue;
    }
    const auto planned = plan_.planned(i);
    if (variants.size() > most_variants) variants.clear();
    auto [variant, is_new] = variants.try_emplace({planned.experiment, planned.variant});
    auto& record = variant->second;
    if (is_new) {
      const auto point = plan_.point(i);
      record = variant_record(planned, plan_.inputs(point), plan_.training(point));
      record.experiment_id = experiment_ids[planned.experiment];
    }
    record.position = planned.index;
    record.configuration = plan_.configuration(i);
    record.configuration_hash = hash128(record.configuration);
    record.content_hash = plan_.content_hash(i, record.configuration);
    if (!all_) record.point_id = assigned_.at(i).point_id;
    point_ids_.push_back(store_.add_point(record));
    if (options_.fresh) store_.forget(point_ids_.back());
  }
  for (const auto id : experiment_ids) store_.describe_points(id);
  // Once more: the views show the swept paths of the points, which are stored only now.
  for (const auto& experiment : plan_.experiments())
    store_.register_experiment(experiment_record(experiment));
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
    const bool is_well =
        record::Status(s) == record::Status::done || record::Status(s) == record::Status::pruned;
    if (!is_well) outcome_.stored_not_done -= trained[s];
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
  if (work.missing.empty() && !part_of(position)) finish_stored(position, work);
}

// All chunks were stored before: by a run that ended between the last one and the decomposition.
void Runner::finish_stored(std::uint64_t position, Work& work) {
  try {
    finish(position, work);
  } catch (const LostChunk& lost) {
    const auto runs = forget_lost(position, work, lost);
    missing_runs_ += runs;
    outcome_.stored -= runs;
  }
}

// The missing chunks of the first replicates; if there are none, of the replicates that the
// standard errors require.
Runner::Work Runner::find_missing(std::uint64_t position) {
  const auto id = point_ids_[position];
  const auto planned = plan_.planned(position);
  const auto chunks = chunks_of(planned, planned.most);
  Work work;
  work.replicates = store_.stored_replicates(id);
  for (const auto& chunk : store_.stored_chunks(id))
    if (std::find(chunks.begin(), chunks.end(),
                  statistics::ReplicateRange{chunk.first, chunk.count}) != chunks.end())
      work.states.emplace(chunk.first, Pieces());
    else
      store_.drop_chunk(id, chunk.first);  // of another number of replicates, divided differently
  if (const auto* part = part_of(position)) {
    work.chunks = part->chunks;
    work.goal = part->runs();
    find_missing(work, planned.is_decomposed);
    return work;
  }
  auto goal = planned.replicates;
  do {
    extend(position, work, goal);
    if (!work.missing.empty()) break;
    try {
      goal = next_goal(position, work);
    } catch (const LostChunk& lost) {
      forget_lost(position, work, lost);
      break;
    }
  } while (goal > work.goal);
  return work;
}

// Sets the goal to this many replicates. A chunk is complete when its accumulators are stored or,
// for points that are not decomposed, when all its rows are.
void Runner::extend(std::uint64_t position, Work& work, std::uint64_t goal) const {
  const auto planned = plan_.planned(position);
  const auto before = work.chunks.size();
  work.goal = goal;
  work.chunks = chunks_of(planned, goal);
  find_missing(work, planned.is_decomposed, before);
}

// Of the chunks from this one on.
void Runner::find_missing(Work& work, bool is_decomposed, std::size_t from) {
  for (auto c = from; c < work.chunks.size(); ++c) {
    const auto& chunk = work.chunks[c];
    const bool is_there =
        is_decomposed ? work.states.contains(chunk.first) : holds(work.replicates, chunk);
    if (!is_there) work.missing.push_back(c);
  }
}

// This chunk and others that are lost are to be trained again. Returns their runs.
std::uint64_t Runner::forget_lost(std::uint64_t position, Work& work, const LostChunk& lost) {
  const auto id = point_ids_[position];
  if (!work.states[work.chunks[lost.chunk].first].empty())
    throw std::logic_error("the accumulators that a worker sent cannot be read");
  store_.drop_chunk(id, work.chunks[lost.chunk].first);
  std::set<std::uint64_t> there;
  for (const auto& chunk : store_.stored_chunks(id)) there.insert(chunk.first);
  std::uint64_t runs = 0;
  for (std::size_t c = 0; c < work.chunks.size(); ++c) {
    const auto& [first, count] = work.chunks[c];
    if (c != lost.chunk && (there.contains(first) || !work.states[first].empty())) continue;
    work.states.erase(first);
    work.missing.push_back(c);
    runs += count;
  }
  return runs;
}

// REQUIRES: the states of all chunks up to work.goal. Throws LostChunk.
std::uint64_t Runner::next_goal(std::uint64_t position, const Work& work) const {
  const auto planned = plan_.planned(position);
  if (!planned.until) return work.goal;
  const auto ready = training(position, work);
  const Decomposer decomposer(ready);
  auto states = states_of(position, work, decomposer);
  const auto last = states.at(ready.recorded_epochs().size() - 1, 0);
  return descent::engine::next_goal(planned, decomposer.decompose(0, last), work.goal);
}

// Those that arrived last are in memory, the others in the store.
ChunkStates Runner::states_of(std::uint64_t position, const Work& work,
                              const Decomposer& decomposer) const {
  const auto planned = plan_.planned(position);
  std::vector<std::size_t> ends;  // of groups, in chunks
  for (std::size_t c = 0; c < work.chunks.size(); ++c)
    if (continues_group(planned, work.goal, work.chunks[c]))
      ++ends.back();
    else
      ends.push_back(c + 1);
  return {std::move(ends), epochs_per_piece(planned, decomposer),
          [this, &work, id = point_ids_[position]](
              std::size_t chunk, std::size_t piece) -> std::optional<std::string> {
            const auto& [first, count] = work.chunks[chunk];
            if (const auto& pieces = work.states.at(first); !pieces.empty())
              return piece < pieces.size() ? std::optional(pieces[piece]) : std::nullopt;
            return store_.chunk_piece(id, {first, count}, piece);
          }};
}

// From here on there are results to lose, so a lock is waited for much longer.
Outcome Runner::run(const volatile std::sig_atomic_t& stop) {
  const auto start = Clock::now();
  wait_for_others(options_.patience_seconds);
  // Halving comes first: which points are pruned decides what is missing of the others.
  Halving halving(plan_, store_, point_ids_, session_options());
  outcome_.interrupted = !(all_ ? halving.run(stop) : halving.train(assignments(), stop));
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

std::vector<Assignment> Runner::assignments() const {
  std::vector<Assignment> all;
  for (const auto& [position, one] : assigned_) all.push_back(one);
  return all;
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
  for (const auto position : incomplete_) {
    const auto one = footprint(plan_.planned(position));
    most.scratch = std::max(most.scratch, one.scratch);
    most.worker = std::max(most.worker, one.worker);
  }
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
      !session.run([&](Task& task) { return next(task); },
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
bool Runner::next(Task& task) {
  while (!extended_.empty()) {
    const auto found = work_.find(extended_.back());
    if (found != work_.end() && found->second.given < found->second.missing.size())
      return make_task(found->first, found->second, task);
    extended_.pop_back();
  }
  auto begun = work_.end();
  if (cursor_ > 0) begun = work_.find(cursor_ - 1);
  while (begun == work_.end() || begun->second.given == begun->second.missing.size()) {
    if (cursor_ == plan_.size()) return false;
    const auto position = cursor_++;
    begun = work_.end();
    const bool is_here =
        all_ || (assigned_.contains(position) && assigned_.at(position).epochs == 0);
    if (is_here && !store_.finished(point_ids_[position]))
      begun = work_.emplace(position, find_missing(position)).first;
  }
  return make_task(begun->first, begun->second, task);
}

bool Runner::make_task(std::uint64_t position, Work& work, Task& task) {
  const auto chunk = work.missing[work.given++];
  task = {position, chunk, work.chunks[chunk].first, work.chunks[chunk].count, 0, {}};
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
bool Runner::complete(std::uint64_t position, Work& work, Progress& progress) {
  if (part_of(position)) return true;
  if (is_finished_by_others(position, work)) return true;
  try {
    if (grow(position, work, progress)) return false;
    finish(position, work);
    return true;
  } catch (const LostChunk& lost) {
    const auto runs = forget_lost(position, work, lost);
    extended_.push_back(position);
    outcome_.planned += runs;
    progress.expect(runs);
    return false;
  }
}

// With the same result.
bool Runner::is_finished_by_others(std::uint64_t position, const Work& work) {
  const auto id = point_ids_[position];
  return store_.finished(id) &&
         (plan_.planned(position).until || store_.stored_replicates(id).size() == work.goal);
}

// Whether the standard errors require more replicates; then extends the point.
bool Runner::grow(std::uint64_t position, Work& work, Progress& progress) {
  const auto before = work.goal, goal = next_goal(position, work);
  if (goal == before) return false;
  extend(position, work, goal);
  extended_.push_back(position);
  outcome_.planned += goal - before;
  progress.expect(goal - before);
  return true;
}

// Accumulators are stored only while their point has chunks under way, or may get more.
void Runner::store(ChunkResult& result) {
  auto& work = work_.at(result.point);
  if (!work.training)
    work.training = std::make_unique<train::Training>(plan_.training(plan_.point(result.point)));
  store::ChunkRecord record{point_ids_[result.point], result.first, result.count, {}, {}};
  record.blocks = weight_blocks(work.training->model());
  const auto there =
      store_.stored_replicates(record.point_id, result.first, result.count);  // by others, too
  for (auto& run : result.runs)
    if (!std::binary_search(there.begin(), there.end(), run.replicate))
      record.runs.push_back(std::move(run));
  const bool wanted = work.stored < work.missing.size() || plan_.planned(result.point).until ||
                      part_of(result.point);
  if (wanted && !store_.finished(record.point_id)) record.pieces = std::move(result.pieces);
  const bool is_stored = store_.write(record);
  auto& states = work.states[result.first];
  if (!is_stored) states = std::move(record.pieces.empty() ? result.pieces : record.pieces);
}

void Runner::finish(std::uint64_t position, const Work& work) {
  std::vector<store::BiasVarianceRow> rows;
  store::FitRecord fit;
  if (plan_.planned(position).is_decomposed) {
    const auto ready = training(position, work);
    const Decomposer decomposer(ready);
    const auto recorded = ready.recorded_epochs();
    auto states = states_of(position, work, decomposer);
    for (std::size_t e = 0; e < recorded.size(); ++e)
      for (std::size_t i = 0; i < decomposer.size(); ++i)
        rows.push_back(bias_variance_row(decomposer.decompose(i, states.at(e, i)), recorded[e],
                                         decomposer.metric(i), decomposer.central(i), work.goal,
                                         ready));
    if (has_fit(ready)) {
      for (const auto e : epochs_of_fits(rows, decomposer.size()))
        add_fit(fit, ready, recorded[e], states.at(e, 0));
      add_replicates(fit, ready, states.at(recorded.size() - 1, 0), work.goal);
      add_samples(fit, ready);
    }
  }
  store_.finish(point_ids_[position], work.goal, rows, fit);
}

train::Training Runner::training(std::uint64_t position, const Work& work) const {
  return work.training ? *work.training : plan_.training(plan_.point(position));
}

}  // namespace descent::engine
