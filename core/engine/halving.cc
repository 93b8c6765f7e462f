// SPDX-License-Identifier: MIT
#include "engine/halving.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/chunk.h"
#include "engine/pool.h"
#include "engine/progress.h"
#include "engine/records.h"

namespace descent {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto longest_pause = std::chrono::milliseconds(250);
constexpr std::uint64_t most_unstored = 5'000;  // runs

// What a run is worth at a rung: one that broke is worse than any other.
double worth(const Run& run, const Prune& rule) {
  const bool is_well = run.status == Status::pruned || run.status == Status::done;
  const double value =
      rule.metric == Metric::validation_loss ? run.validation_loss : run.train_loss;
  return is_well && !std::isnan(value) ? value : std::numeric_limits<double>::infinity();
}

std::string reason(std::uint64_t rung, const RungRecord& record, std::uint64_t kept) {
  return fmt::format("rung {} (epoch {}): {} of {} by {}, the best {} went on", rung, record.epoch,
                     record.rank, record.points, record.metric, kept);
}

}  // namespace

Halving::Halving(const Plan& plan, Store& store, const std::vector<std::int64_t>& point_ids,
                 Options options)
    : plan_(plan), store_(store), point_ids_(point_ids), options_(options) {}

bool Halving::run(const volatile std::sig_atomic_t& stop) {
  for (std::size_t e = 0; e < plan_.experiments().size(); ++e)
    if (const auto rule = plan_.prune(e); rule && !halve(e, *rule, stop)) return false;
  return true;
}

// To the last rung at which two points or more are still under way.
bool Halving::halve(std::size_t experiment, const Prune& rule,
                    const volatile std::sig_atomic_t& stop) {
  std::vector<std::uint64_t> live(plan_.experiments()[experiment].size());
  const auto first = plan_.first(experiment);
  for (std::uint64_t i = 0; i < live.size(); ++i) live[i] = first + i;
  Rung rung{1, rule.min_epochs, &rule, &stop};
  for (auto last = plan_.longest(experiment); rung.epoch < last && live.size() > 1;
       ++rung.number, rung.epoch *= rule.reduction)
    if (!decide(rung, live)) return false;
  return true;
}

// Leaves in live what goes on. A point that ends before the rung is not ranked there.
bool Halving::decide(const Rung& rung, std::vector<std::uint64_t>& live) {
  std::vector<std::uint64_t> contenders, unknown;
  for (const auto position : live)
    if (plan_.planned(position).epochs > rung.epoch) contenders.push_back(position);
  for (const auto position : contenders)
    if (!store_.rung_value(record(rung, position))) unknown.push_back(position);
  if (!train(rung, unknown)) return false;

  const auto order = ranked(rung, contenders);
  const auto kept = (order.size() + rung.rule->reduction - 1) / rung.rule->reduction;
  if (!prune(rung, order, kept)) return false;
  std::erase_if(live, [&](std::uint64_t position) { return pruned_.contains(position); });
  return true;
}

std::vector<Halving::Contender> Halving::ranked(const Rung& rung,
                                                const std::vector<std::uint64_t>& contenders) {
  std::vector<Contender> order;
  for (const auto position : contenders)
    order.push_back({position, *store_.rung_value(record(rung, position))});
  std::ranges::stable_sort(order, {}, &Contender::value);  // equal ones stay in the file's order
  return order;
}

// A point that was pruned at another epoch, when the grid was another, is trained to this one.
bool Halving::prune(const Rung& rung, const std::vector<Contender>& ranked, std::uint64_t kept) {
  std::vector<std::uint64_t> elsewhere;
  for (auto i = kept; i < ranked.size(); ++i)
    if (const auto at = ranked[i].position; !is_whole(at) && !has_rows(rung, at))
      elsewhere.push_back(at);
  if (!train(rung, elsewhere)) return false;

  Store::Transaction transaction(store_);
  for (std::uint64_t i = 0; i < ranked.size(); ++i) {
    const auto [position, value] = ranked[i];
    const auto id = point_ids_[position];
    auto entry = record(rung, position);
    entry.value = value;
    entry.rank = i + 1;
    entry.points = ranked.size();
    entry.kept = i < kept || is_whole(position);
    store_.write_rung(entry);
    if (entry.kept) {
      const auto epochs = store_.pruned_after(id);  // of a later rung: that one decides
      if (epochs > 0 && epochs <= rung.epoch) store_.forget_pruned(id);
      continue;
    }
    store_.forget_rungs(id, rung.epoch);
    store_.tell_pruned(id, reason(rung.number, entry, kept));
    store_.finish(id, plan_.planned(position).replicates, {});
    pruned_.insert(position);
    if (const auto ends = ends_.find(position); ends != ends_.end()) {
      trained_.insert(position);
      for (std::size_t s = 0; s < status_count; ++s) by_status_[s] += ends->second[s];
    }
  }
  transaction.commit();
  return true;
}

RungRecord Halving::record(const Rung& rung, std::uint64_t position) const {
  RungRecord record;
  record.point_id = point_ids_[position];
  record.epoch = rung.epoch;
  record.metric = metric_name(rung.rule->metric);
  record.replicates = plan_.planned(position).replicates;
  return record;
}

bool Halving::is_whole(std::uint64_t position) {
  const auto id = point_ids_[position];
  return store_.finished(id) && store_.pruned_after(id) == 0 && !ends_.contains(position);
}

bool Halving::has_rows(const Rung& rung, std::uint64_t position) {
  const auto id = point_ids_[position];
  const auto epochs = store_.pruned_after(id);
  return store_.stored_replicates(id).size() >= plan_.planned(position).replicates &&
         (epochs == rung.epoch || epochs == 0);
}

bool Halving::train(const Rung& rung, std::vector<std::uint64_t> which) {
  if (which.empty()) return true;
  std::size_t next = 0;
  std::vector<ReplicateRange> chunks;
  std::size_t chunk = 0;
  const auto give = [&](Task& task) {
    if (chunk == chunks.size()) {
      if (next == which.size()) return false;
      const auto planned = plan_.planned(which[next++]);
      chunks = chunks_of(planned, planned.replicates);
      chunk = 0;
    }
    const auto& range = chunks[chunk];
    task = {which[next - 1], chunk++, range.first, range.count, rung.epoch, {}};
    return true;
  };

  Progress progress(runs_of(which), options_.progress);
  const auto take = [&](ChunkResult&& result) {
    progress.add(result.runs.size(), 0);
    const auto position = result.point;
    auto& all = arriving_[position];
    all.push_back(std::move(result));
    const auto planned = plan_.planned(position);
    if (all.size() < chunks_of(planned, planned.replicates).size()) return;
    arrived_runs_ += planned.replicates;
    arrived_.insert(arriving_.extract(position));
    if (arrived_runs_ >= most_unstored || Steady::now() - last_commit_ > longest_pause)
      commit(rung);
  };

  ChunkRunner runner(plan_);
  Pool pool({unsigned(std::min<std::uint64_t>(options_.workers, runs_of(which))),
             [&](std::uint64_t point) { return plan_.planned(point).timeout_seconds; },
             [&](std::uint64_t point) { return plan_.planned(point).memory_bytes; }},
            [&](const Task& task, const auto& before) { return runner.run(task, before); });
  last_commit_ = Steady::now();
  const bool whole = pool.run(
      give, take, [&] { progress.draw(); }, *rung.stop);
  commit(rung);
  arriving_.clear();
  return whole;
}

void Halving::commit(const Rung& rung) {
  last_commit_ = Steady::now();
  Store::Transaction transaction(store_);
  for (auto& [position, results] : arrived_) store(rung, position, results);
  transaction.commit();
  arrived_.clear();
  arrived_runs_ = 0;
}

// What the store holds of runs that were not pruned stays; only what the point was worth is new.
void Halving::store(const Rung& rung, std::uint64_t position, std::vector<ChunkResult>& results) {
  std::ranges::sort(results, {}, &ChunkResult::first);
  const auto planned = plan_.planned(position);
  const auto training = plan_.training(plan_.point(position));
  ChunkRecord chunk{point_ids_[position], planned.first, planned.replicates, {}, {}};
  std::array<std::uint64_t, status_count> ends{};
  auto entry = record(rung, position);
  entry.kept = true;
  if (store_.pruned_after(chunk.point_id) > 0) store_.forget_pruned(chunk.point_id);
  const auto stored = store_.stored_replicates(chunk.point_id);
  double sum = 0;
  for (const auto& result : results)
    for (const auto& run : result.runs) {
      sum += worth(run, *rung.rule);
      if (std::ranges::binary_search(stored, run.replicate)) continue;
      ++ends[std::size_t(run.status)];
      chunk.runs.push_back(run_record(run, training.model()));
      if (run.status == Status::pruned)
        chunk.runs.back().reason = fmt::format("rung {} is not decided yet", rung.number);
    }
  entry.value = sum / double(planned.replicates);
  if (!chunk.runs.empty()) ends_[position] = ends;
  store_.write(chunk);
  store_.write_rung(entry);
}

std::uint64_t Halving::runs_of(const std::vector<std::uint64_t>& positions) const {
  std::uint64_t runs = 0;
  for (const auto position : positions) runs += plan_.planned(position).replicates;
  return runs;
}

}  // namespace descent
