// SPDX-License-Identifier: MIT
#include "engine/halving.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/records.h"
#include "engine/selection.h"

namespace descent::engine {
namespace {

double value_of(const record::Run& run, record::Metric metric) {
  using enum record::Metric;
  if (metric == validation_loss) return run.validation_loss;
  if (metric == train_loss) return run.train_loss;
  if (metric == validation_accuracy) return run.validation_accuracy;
  if (metric == train_accuracy) return run.train_accuracy;
  const auto known = std::ranges::find(run.measures, metric, &record::MetricValue::metric);
  return known == run.measures.end() ? not_recorded : known->value;
}

// Of a score, less is better; of its metric perhaps more.
double sign_of(record::Metric metric) {
  return record::facts_of(metric).better == record::Better::higher ? -1 : 1;
}

// The score of a run at a rung, less is better; that of a run that broke is infinite.
double score(const record::Run& run, const train::Prune& rule) {
  const double value = value_of(run, rule.metric);
  return record::ended_well(run.status) && !std::isnan(value)
             ? sign_of(rule.metric) * value
             : std::numeric_limits<double>::infinity();
}

// floor(n / eta), as Li et al. (2020) keep; one is left where that is none.
std::uint64_t kept_of(std::size_t contenders, const train::Prune& rule) {
  return std::max<std::uint64_t>(1, contenders / rule.reduction);
}

}  // namespace

Halving::Halving(const Plan& plan, store::Store& store, const std::vector<std::int64_t>& point_ids,
                 TrainingSession::Options options)
    : plan_(plan), store_(store), point_ids_(point_ids), options_(std::move(options)) {}

bool Halving::run(const volatile std::sig_atomic_t& stop) {
  for (std::size_t e = 0; e < plan_.experiments().size(); ++e)
    if (const auto rule = plan_.prune(e); rule && !halve(e, *rule, stop)) return false;
  return true;
}

void Halving::find_lacking(std::vector<Assignment>& lacking) {
  const volatile std::sig_atomic_t no_stop = 0;
  lacking_ = &lacking;
  for (std::size_t e = 0; e < plan_.experiments().size(); ++e)
    if (const auto rule = plan_.prune(e); rule && !halve(e, *rule, no_stop)) undecided_.insert(e);
  lacking_ = nullptr;
}

bool Halving::train(const std::vector<Assignment>& assignments,
                    const volatile std::sig_atomic_t& stop) {
  std::map<std::pair<std::size_t, std::uint64_t>, std::vector<const Assignment*>> rungs;
  for (const auto& one : assignments)
    if (one.epochs > 0) rungs[{plan_.planned(one.position).experiment, one.epochs}].push_back(&one);
  for (const auto& [key, of_rung] : rungs) {
    const auto& [experiment, epoch] = key;
    const auto rule = plan_.prune(experiment);
    Rung rung{1, rule->min_epochs, &*rule, &stop};
    for (; rung.epoch < epoch; rung.epoch *= rule->reduction) ++rung.number;
    std::vector<Missing> missing;
    for (const auto* one : of_rung) {
      missing.push_back({one->position, one->chunks});
      for (const auto& chunk : store_.rung_chunks(entry(rung, one->position)))
        std::erase(missing.back().chunks, statistics::ReplicateRange{chunk.first, chunk.count});
    }
    std::erase_if(missing, [](const Missing& one) { return one.chunks.empty(); });
    if (!train(rung, Need::value, missing)) return false;
  }
  return true;
}

// Up to the last rung at which a group has at least two points under way.
bool Halving::halve(std::size_t experiment, const train::Prune& rule,
                    const volatile std::sig_atomic_t& stop) {
  const auto& from = plan_.experiments()[experiment];
  const auto first = plan_.first(experiment);
  Groups live;
  for (std::uint64_t i = 0; i < from.size(); ++i)
    live[group_of(from, rule.per, i)].push_back(first + i);
  Rung rung{1, rule.min_epochs, &rule, &stop};
  for (auto last = plan_.longest(experiment); rung.epoch < last && !live.empty();
       ++rung.number, rung.epoch *= rule.reduction)
    if (!decide(rung, live)) return false;
  return true;
}

// Leaves in live the points that go on. First all values of the rung are computed, then all points
// are ranked, then those behind get the rows they lack; only then one transaction records the rung.
// An interruption thus leaves it undecided, never half decided.
bool Halving::decide(const Rung& rung, Groups& live) {
  for (auto& [group, points] : live)
    std::erase_if(points, [&](std::uint64_t position) {
      return plan_.planned(position).epochs <= rung.epoch;
    });
  std::erase_if(live, [](const auto& group) { return group.second.size() < 2; });
  std::vector<std::uint64_t> contenders, behind;
  for (const auto& [group, points] : live)
    contenders.insert(contenders.end(), points.begin(), points.end());

  // One pass, unless another program that shares points changes the store meanwhile.
  for (auto missing = unvalued(rung, contenders); !missing.empty();
       missing = unvalued(rung, contenders))
    if (!train(rung, Need::value, missing)) return false;

  std::map<std::string, std::vector<Contender>> order;
  for (auto& [group, points] : live) {
    auto& ranks = order[group] = ranked(rung, points);
    points.clear();
    const auto kept = kept_of(ranks.size(), *rung.rule);
    for (std::uint64_t i = 0; i < ranks.size(); ++i)
      (i < kept ? points : behind).push_back(ranks[i].position);
    std::ranges::sort(points);
  }
  if (!train(rung, Need::rows, without_rows(rung, behind))) return false;
  store::Store::Transaction transaction(store_);
  for (const auto& [group, ranks] : order) record(rung, group, ranks);
  transaction.commit();
  return true;
}

// The points with a known value, best first.
std::vector<Halving::Contender> Halving::ranked(const Rung& rung,
                                                const std::vector<std::uint64_t>& contenders) {
  std::vector<Contender> order;
  for (const auto position : contenders)
    if (const auto score = value(rung, position)) order.push_back({position, *score});
  std::ranges::stable_sort(order, {}, &Contender::value);  // equal ones stay in the file's order
  return order;
}

std::optional<double> Halving::value(const Rung& rung, std::uint64_t position) {
  if (const auto decided = store_.rung_value(entry(rung, position)))
    return sign_of(rung.rule->metric) * *decided;
  const auto planned = plan_.planned(position);
  const auto stored = store_.rung_chunks(entry(rung, position));
  double sum = 0;
  for (const auto& [first, count] : chunks_of(planned, planned.replicates)) {
    const statistics::ReplicateRange wanted{first, count};
    const auto found = std::ranges::find_if(stored, [&](const store::RungChunk& chunk) {
      return statistics::ReplicateRange{chunk.first, chunk.count} == wanted;
    });
    if (found == stored.end()) return {};
    sum += found->score;
  }
  return sum / double(planned.replicates);
}

std::vector<Halving::Missing> Halving::unvalued(const Rung& rung,
                                                const std::vector<std::uint64_t>& positions) {
  std::vector<Missing> missing;
  for (const auto position : positions) {
    if (value(rung, position)) continue;
    const auto planned = plan_.planned(position);
    missing.push_back({position, chunks_of(planned, planned.replicates)});
    for (const auto& chunk : store_.rung_chunks(entry(rung, position)))
      std::erase(missing.back().chunks, statistics::ReplicateRange{chunk.first, chunk.count});
  }
  return missing;
}

// Points may have a known score but not all rows of this rung: when the grid was different, their
// runs were pruned at another epoch.
std::vector<Halving::Missing> Halving::without_rows(const Rung& rung,
                                                    const std::vector<std::uint64_t>& positions) {
  std::vector<Missing> missing;
  for (const auto position : positions) {
    const auto id = point_ids_[position];
    const auto epochs = store_.pruned_after(id);
    if (epochs > 0 && epochs != rung.epoch) forget_pruned(position);
    const auto planned = plan_.planned(position);
    const auto stored = store_.stored_replicates(id);
    auto chunks = chunks_of(planned, planned.replicates);
    std::erase_if(chunks, [&](const statistics::ReplicateRange& chunk) {
      const auto from = std::ranges::lower_bound(stored, chunk.first);
      const auto to = std::ranges::lower_bound(stored, chunk.first + chunk.count);
      return std::uint64_t(to - from) == chunk.count;
    });
    if (!chunks.empty()) missing.push_back({position, std::move(chunks)});
  }
  return missing;
}

// Only ranks decide. A point that is behind, but was trained to the end without this rule or ended
// by itself, keeps its runs; it does not compete any more.
void Halving::record(const Rung& rung, const std::string& group,
                     const std::vector<Contender>& ranked) {
  const auto kept = kept_of(ranked.size(), *rung.rule);
  for (std::uint64_t i = 0; i < ranked.size(); ++i) {
    const auto position = ranked[i].position;
    const auto epochs = store_.pruned_after(point_ids_[position]);
    auto row = entry(rung, position);
    row.value = sign_of(rung.rule->metric) * ranked[i].value;
    row.rank = i + 1;
    row.points = ranked.size();
    row.kept = i < kept;
    store_.write_rung(row);
    if (!row.kept)
      prune(row, position,
            fmt::format("rung {} (epoch {}): {} of {}{}{} by {}, the best {} went on", rung.number,
                        row.epoch, row.rank, row.points, group.empty() ? "" : " of ", group,
                        row.metric, kept));
    else if (epochs > 0 && epochs <= rung.epoch)  // pruned at a later rung: that one decides
      forget_pruned(position);
  }
}

void Halving::prune(const store::RungRecord& entry, std::uint64_t position,
                    const std::string& reason) {
  const auto id = point_ids_[position];
  const auto planned = plan_.planned(position);
  store_.forget_rungs(id, entry.epoch);
  if (store_.pruned_after(id) > 0) {
    store_.set_prune_reason(id, reason);
    store_.finish(id, planned.replicates, {});
    pruned_.insert(position);
    settled_.insert(position);
  } else if (!planned.is_decomposed) {
    settled_.insert(position);
  }
}

Halving::Counts Halving::trained(std::uint64_t position) const {
  const auto found = ends_.find(position);
  return found != ends_.end() && settled_.contains(position) ? found->second : Counts{};
}

store::RungRecord Halving::entry(const Rung& rung, std::uint64_t position) const {
  store::RungRecord record;
  record.point_id = point_ids_[position];
  record.epoch = rung.epoch;
  record.metric = record::metric_name(rung.rule->metric);
  record.replicates = plan_.planned(position).replicates;
  return record;
}

void Halving::forget_pruned(std::uint64_t position) {
  store_.forget_pruned(point_ids_[position]);
  if (const auto ends = ends_.find(position); ends != ends_.end())
    ends->second[std::size_t(record::Status::pruned)] = 0;
}

bool Halving::train(const Rung& rung, Need need, const std::vector<Missing>& missing) {
  if (missing.empty()) return true;
  if (lacking_) {
    for (const auto& [position, chunks] : missing)
      lacking_->push_back({position, point_ids_[position], false, rung.epoch, chunks});
    return false;
  }
  std::size_t point = 0, chunk = 0;
  const auto give = [&](ChunkRequest& request) {
    if (point < missing.size() && chunk == missing[point].chunks.size()) ++point, chunk = 0;
    if (point == missing.size()) return false;
    const auto& range = missing[point].chunks[chunk];
    request = {missing[point].position, chunk++, range.first, range.count, rung.epoch, {}};
    return true;
  };
  std::uint64_t runs = 0;
  for (const auto& one : missing)
    for (const auto& range : one.chunks) runs += range.count;

  TrainingSession session(plan_, runs, options_);
  return session.run(
      give,
      [&](const ChunkResult& result) {
        session.progress().add(result.runs.size(), 0);
        return false;
      },
      [&](std::vector<ChunkResult>& arrived) {
        const auto transaction = store_.try_transaction();
        if (!transaction) return false;
        for (const auto& result : arrived) store(rung, need, result);
        transaction->commit();
        return true;
      },
      *rung.stop);
}

// Stored runs that were not pruned stay; only the score of the chunk is new. If another program was
// faster, nothing is written: the point may already be trained further.
void Halving::store(const Rung& rung, Need need, const ChunkResult& result) {
  const auto row = entry(rung, result.point);
  if (need == Need::value && value(rung, result.point)) return;
  const auto epochs = store_.pruned_after(row.point_id);
  if (epochs > 0 && epochs != rung.epoch) forget_pruned(result.point);
  const auto stored = store_.stored_replicates(row.point_id, result.first, result.count);
  const auto training = plan_.training(plan_.point(result.point));
  store::ChunkRecord chunk{row.point_id, result.first, result.count, {}, {}};
  chunk.blocks = weight_blocks(training.model());
  double sum = 0;
  for (const auto& run : result.runs) {
    sum += score(run, *rung.rule);
    if (std::ranges::binary_search(stored, run.replicate)) continue;
    ++ends_[result.point][std::size_t(run.status)];
    chunk.runs.push_back(run);
    if (run.status == record::Status::pruned)
      chunk.runs.back().reason = fmt::format("rung {} is not decided yet", rung.number);
  }
  store_.write(chunk);
  if (need == Need::value) store_.write_rung_chunk(row, {result.first, result.count, sum});
}

}  // namespace descent::engine
