// SPDX-License-Identifier: MIT
#include "engine/runner.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/hash.h"
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

EpochStates stored_states(const std::string& bytes, const std::string& path) {
  try {
    auto epochs = decode_states(bytes);
    for (const auto& epoch : epochs)
      if (epoch.empty()) throw std::out_of_range("no metric");
    if (!epochs.empty()) return epochs;
    throw std::out_of_range("no epoch");
  } catch (const std::exception&) {
    throw StoreError(
        {path, 0, 0},
        "is damaged: the state of a chunk cannot be read; use --fresh to retrain everything");
  }
}

// Adds the state of the next chunk, to the last group or as a group of its own.
void add_chunk(std::vector<statistics::State>& groups, statistics::State&& chunk, bool continues) {
  if (continues)
    statistics::merge(groups.back(), chunk);
  else
    groups.push_back(std::move(chunk));
}

}  // namespace

std::uint64_t Outcome::trained() const {
  return std::accumulate(by_status.begin(), by_status.end(), std::uint64_t(0));
}

Runner::Runner(const Plan& plan, store::Store& store, RunOptions options)
    : plan_(plan), store_(store), options_(options) {
  if (const auto why = plan_.too_large(); !why.empty()) throw Error(why);
  store::Store::Transaction transaction(store_);
  register_points();
  transaction.commit();
}

void Runner::register_points() {
  std::vector<std::int64_t> experiment_ids;
  for (const auto& experiment : plan_.experiments())
    experiment_ids.push_back(store_.register_experiment(experiment_record(experiment)));
  std::map<std::pair<std::size_t, std::uint64_t>, store::PointRecord> variants;
  for (std::uint64_t i = 0; i < plan_.size(); ++i) {
    const auto planned = plan_.planned(i);
    if (variants.size() > most_variants) variants.clear();
    auto [variant, is_new] = variants.try_emplace({planned.experiment, planned.variant});
    auto& record = variant->second;
    if (is_new) {
      const auto point = plan_.point(i);
      record = variant_record(planned, plan_.ingredients(point), plan_.training(point));
      record.experiment_id = experiment_ids[planned.experiment];
    }
    record.position = planned.index;
    record.configuration = plan_.configuration(i);
    record.configuration_hash = hash128(record.configuration);
    record.content_hash = plan_.content_hash(i, record.configuration);
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
  for (std::uint64_t i = 0; i < plan_.size(); ++i) count_stored(i, halving);
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
  const auto work = find_missing(position);
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
  if (work.missing.empty()) finish(position, work);
}

// The missing chunks of the first replicates; if there are none, of the replicates that the
// standard errors require.
Runner::Work Runner::find_missing(std::uint64_t position) {
  const auto id = point_ids_[position];
  const auto planned = plan_.planned(position);
  const auto chunks = chunks_of(planned, planned.most);
  Work work;
  work.replicates = store_.stored_replicates(id);
  for (auto& chunk : store_.stored_chunks(id))
    if (std::find(chunks.begin(), chunks.end(),
                  statistics::ReplicateRange{chunk.first, chunk.count}) != chunks.end())
      work.states[chunk.first] = std::move(chunk.state);
    else
      store_.drop_chunk(id, chunk.first);  // of another number of replicates, divided differently
  auto goal = planned.replicates;
  do {
    extend(position, work, goal);
    if (work.missing.empty()) goal = next_goal(position, work);
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
  for (auto c = before; c < work.chunks.size(); ++c) {
    const auto& chunk = work.chunks[c];
    const bool is_there =
        planned.is_decomposed ? work.states.contains(chunk.first) : holds(work.replicates, chunk);
    if (!is_there) work.missing.push_back(c);
  }
}

// REQUIRES: the states of all chunks up to work.goal.
std::uint64_t Runner::next_goal(std::uint64_t position, const Work& work) const {
  const auto planned = plan_.planned(position);
  if (!planned.until) return work.goal;
  std::vector<statistics::State> last;
  for (const auto& chunk : work.chunks)
    add_chunk(last,
              std::move(stored_states(work.states.at(chunk.first), store_.path()).back().front()),
              continues_group(planned, work.goal, chunk));
  const auto ready = training(position, work);
  return descent::engine::next_goal(planned, Decomposer(ready).decompose(0, last), work.goal);
}

// The states in replicate order: [epoch][metric][group of the jackknife].
std::vector<EpochStates> Runner::by_epoch(std::uint64_t position, const Work& work) const {
  const auto planned = plan_.planned(position);
  std::vector<EpochStates> epochs;
  for (const auto& one : work.chunks) {
    auto chunk = stored_states(work.states.at(one.first), store_.path());
    epochs.resize(chunk.size());
    for (std::size_t e = 0; e < chunk.size(); ++e) {
      epochs[e].resize(chunk[e].size());
      for (std::size_t i = 0; i < chunk[e].size(); ++i)
        add_chunk(epochs[e][i], std::move(chunk[e][i]), continues_group(planned, work.goal, one));
    }
  }
  return epochs;
}

Outcome Runner::run(const volatile std::sig_atomic_t& stop) {
  const auto start = Clock::now();
  // Halving comes first: which points are pruned decides what is missing of the others.
  Halving halving(plan_, store_, point_ids_, {options_.workers, options_.progress});
  outcome_.interrupted = !halving.run(stop);
  outcome_.planned = plan_.runs();
  if (!outcome_.interrupted) {
    count_stored(halving);
    if (missing_runs_ > 0) train(stop);
  }
  outcome_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return outcome_;
}

void Runner::train(const volatile std::sig_atomic_t& stop) {
  keep_freed_memory();
  TrainingSession session(plan_, missing_runs_, {options_.workers, options_.progress});
  auto& progress = session.progress();
  outcome_.interrupted =
      !session.run([&](Task& task) { return next(task); },
                   [&](const ChunkResult& result) { return accept(result, progress); },
                   [&](std::vector<ChunkResult>& arrived) { commit(arrived, progress); }, stop);
  count_what_others_stored();
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
    if (!store_.finished(point_ids_[position]))
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

void Runner::commit(std::vector<ChunkResult>& arrived, Progress& progress) {
  store::Store::Transaction transaction(store_);
  // All are counted before any is stored: a point completed by this batch needs no stored
  // accumulators. Points are finished last, as one may have several results here.
  for (const auto& result : arrived) ++work_.at(result.point).stored;
  for (auto& result : arrived) store(result);
  for (const auto& result : arrived) {
    const auto found = work_.find(result.point);
    if (found == work_.end() || found->second.stored < found->second.missing.size()) continue;
    if (grow(found->first, found->second, progress)) continue;
    finish(found->first, found->second);
    work_.erase(found);
  }
  transaction.commit();
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
  const bool wanted = work.stored < work.missing.size() || plan_.planned(result.point).until;
  if (wanted && !store_.finished(record.point_id)) record.state = result.state;
  store_.write(record);
  if (!result.state.empty()) work.states[result.first] = std::move(result.state);
}

void Runner::finish(std::size_t position, const Work& work) {
  std::vector<store::BiasVarianceRow> rows;
  if (!work.states.empty()) {
    const auto ready = training(position, work);
    const Decomposer decomposer(ready);
    const auto recorded = ready.recorded_epochs();
    const auto epochs = by_epoch(position, work);
    for (std::size_t e = 0; e < epochs.size(); ++e)
      for (std::size_t i = 0; i < decomposer.size(); ++i)
        rows.push_back(bias_variance_row(decomposer.decompose(i, epochs[e][i]), recorded[e],
                                         decomposer.metric(i), decomposer.central(i), work.goal,
                                         ready));
  }
  store_.finish(point_ids_[position], work.goal, rows);
}

train::Training Runner::training(std::uint64_t position, const Work& work) const {
  return work.training ? *work.training : plan_.training(plan_.point(position));
}

}  // namespace descent::engine
