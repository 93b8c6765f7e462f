// SPDX-License-Identifier: MIT
#include "engine/point_work.h"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "engine/decomposer.h"
#include "engine/fits.h"
#include "engine/precision.h"
#include "engine/records.h"

namespace descent::engine {
namespace {

bool holds(const std::vector<std::uint64_t>& replicates, const statistics::ReplicateRange& chunk) {
  const auto first = std::lower_bound(replicates.begin(), replicates.end(), chunk.first);
  const auto last = std::lower_bound(first, replicates.end(), chunk.first + chunk.count);
  return std::uint64_t(last - first) == chunk.count;
}

}  // namespace

PointWork::PointWork(const Plan& plan, store::Store& store, std::uint64_t position, std::int64_t id,
                     const Assignment* part)
    : plan_(&plan),
      store_(&store),
      position_(position),
      id_(id),
      replicates_(store.stored_replicates(id)) {
  const auto planned = plan.planned(position);
  const auto possible = chunks_of(planned, planned.most);
  for (const auto& chunk : store.stored_chunks(id))
    if (std::ranges::count(possible, statistics::ReplicateRange{chunk.first, chunk.count}) > 0)
      states.emplace(chunk.first, Pieces());
    else
      store.drop_chunk(id, chunk.first);  // of another number of replicates, divided differently
  if (part) {
    chunks = part->chunks;
    goal = part->runs();
    find_missing(0);
    return;
  }
  auto next = planned.replicates;
  do {
    extend(next);
    if (!missing.empty()) break;
    try {
      next = next_goal();
    } catch (const LostChunk& lost) {
      forget_lost(lost);
      break;
    }
  } while (next > goal);
}

void PointWork::extend(std::uint64_t to) {
  const auto before = chunks.size();
  goal = to;
  chunks = chunks_of(plan_->planned(position_), goal);
  find_missing(before);
}

// A chunk is complete when its accumulators are stored or, for points that are not decomposed, when
// all its rows are.
void PointWork::find_missing(std::size_t from) {
  const bool is_decomposed = plan_->planned(position_).is_decomposed;
  for (auto c = from; c < chunks.size(); ++c) {
    const bool is_there =
        is_decomposed ? states.contains(chunks[c].first) : holds(replicates_, chunks[c]);
    if (!is_there) missing.push_back(c);
  }
}

std::uint64_t PointWork::forget_lost(const LostChunk& lost) {
  if (!states[chunks[lost.chunk].first].empty())
    throw std::logic_error("the accumulators that a worker sent cannot be read");
  store_->drop_chunk(id_, chunks[lost.chunk].first);
  std::set<std::uint64_t> there;
  for (const auto& chunk : store_->stored_chunks(id_)) there.insert(chunk.first);
  std::uint64_t runs = 0;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    const auto& [first, count] = chunks[c];
    if (c != lost.chunk && (there.contains(first) || !states[first].empty())) continue;
    states.erase(first);
    missing.push_back(c);
    runs += count;
  }
  return runs;
}

std::uint64_t PointWork::next_goal() const {
  const auto planned = plan_->planned(position_);
  return planned.until ? engine::next_goal(planned, last_decomposition(), goal) : goal;
}

bool PointWork::is_precise() const {
  const auto planned = plan_->planned(position_);
  return !planned.until || engine::is_precise(planned, last_decomposition());
}

// Of the primary metric, after the last epoch.
statistics::Decomposition PointWork::last_decomposition() const {
  const auto trained = ready();
  const Decomposer decomposer(trained);
  auto all = chunk_states(decomposer);
  const auto last = all.at(trained.recorded_epochs().size() - 1, 0);
  return decomposer.decompose(0, last);
}

// Those that arrived last are in memory, the others in the store.
ChunkStates PointWork::chunk_states(const Decomposer& decomposer) const {
  const auto planned = plan_->planned(position_);
  std::vector<std::size_t> ends;  // of groups, in chunks
  for (std::size_t c = 0; c < chunks.size(); ++c)
    if (continues_group(planned, goal, chunks[c]))
      ++ends.back();
    else
      ends.push_back(c + 1);
  return {std::move(ends), epochs_per_piece(planned, decomposer),
          [this](std::size_t chunk, std::size_t piece) -> std::optional<std::string> {
            const auto& [first, count] = chunks[chunk];
            if (const auto& pieces = states.at(first); !pieces.empty())
              return piece < pieces.size() ? std::optional(pieces[piece]) : std::nullopt;
            return store_->chunk_piece(id_, {first, count}, piece);
          }};
}

void PointWork::finish() const {
  std::vector<store::BiasVarianceRow> rows;
  store::FitRecord fit;
  if (plan_->planned(position_).is_decomposed) {
    const auto trained = ready();
    const Decomposer decomposer(trained);
    const auto recorded = trained.recorded_epochs();
    auto all = chunk_states(decomposer);
    rows.reserve(recorded.size() * decomposer.size());
    for (std::size_t e = 0; e < recorded.size(); ++e)
      for (std::size_t i = 0; i < decomposer.size(); ++i)
        rows.push_back(bias_variance_row(decomposer.decompose(i, all.at(e, i)), recorded[e],
                                         decomposer.metric(i), decomposer.central(i), goal,
                                         trained));
    if (has_fit(trained)) {
      for (const auto e : epochs_of_fits(rows, decomposer.size()))
        add_fit(fit, trained, recorded[e], all.at(e, 0));
      add_replicates(fit, trained, all.at(recorded.size() - 1, 0), goal);
      add_samples(fit, trained);
    }
  }
  store_->finish(id_, goal, rows, fit);
}

const train::Training& PointWork::training() {
  if (!training_) training_ = std::make_unique<train::Training>(ready());
  return *training_;
}

train::Training PointWork::ready() const {
  return training_ ? *training_ : plan_->training(plan_->point(position_));
}

}  // namespace descent::engine
