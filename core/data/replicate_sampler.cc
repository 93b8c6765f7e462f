// SPDX-License-Identifier: MIT
#include "data/replicate_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "data/spec_problems.h"

namespace descent::data {
namespace {

DataSource open(const DataSpec& spec, TargetKind kind, std::uint64_t seed, bool several_splits) {
  if (const auto* function = std::get_if<SyntheticSpec>(&spec))
    return synthetic(*function, kind, seed);
  if (const auto* file = std::get_if<CsvSpec>(&spec)) return csv(*file, kind, seed, several_splits);
  DataSource nothing;
  nothing.first.pool.features.set_size(0, 1);
  nothing.first.pool.targets.zeros(1, 1);
  return nothing;
}

std::vector<std::uint64_t> with_replacement(std::uint64_t samples, Random random) {
  std::vector<std::uint64_t> chosen(samples);
  for (auto& index : chosen) index = random.below(samples);
  return chosen;
}

std::vector<std::uint64_t> shuffled(std::uint64_t samples, Random random) {
  std::vector<std::uint64_t> order(samples);
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  random.shuffle(order);
  return order;
}

std::vector<std::uint64_t> half(std::uint64_t samples, Random random) {
  auto chosen = shuffled(samples, random);
  chosen.resize(samples / 2);
  std::ranges::sort(chosen);
  return chosen;
}

// Part `part` of `parts` of a cut; it begins and ends where the others leave off.
std::vector<std::uint64_t> part_of(std::vector<std::uint64_t> order, std::uint64_t part,
                                   std::uint64_t parts) {
  const auto size = order.size() / parts;
  std::vector<std::uint64_t> chosen(order.begin() + long(part * size),
                                    order.begin() + long((part + 1) * size));
  std::ranges::sort(chosen);
  return chosen;
}

std::vector<std::uint64_t> all_but(std::vector<std::uint64_t> order, std::uint64_t part,
                                   std::uint64_t parts) {
  const auto n = order.size();
  order.erase(order.begin() + long(part * n / parts), order.begin() + long((part + 1) * n / parts));
  std::ranges::sort(order);
  return order;
}

}  // namespace

const char* name(Resample scheme) {
  constexpr const char* names[] = {"fresh",    "noise", "bootstrap", "subsample",
                                   "disjoint", "kfold", "none"};
  return names[static_cast<int>(scheme)];
}

ReplicateSampler::ReplicateSampler(const DataSpec& spec, TargetKind kind, Resampling resampling,
                                   std::uint64_t seed, bool several_splits)
    : source_(open(spec, kind, seed, several_splits)), resampling_(resampling), seed_(seed) {
  const bool redraws = bool(source_.first.draw);
  if (auto problem = problem_of_resampling(resampling_, redraws, pool().size()))
    throw Error(std::vector{std::move(*problem)});
}

const SplitData& ReplicateSampler::at(std::uint64_t split) const {
  if (split == 0 || !source_.split) return source_.first;
  if (split == other_number_) return other_;
  other_ = source_.split(split);
  other_number_ = split;
  return other_;
}

Dataset ReplicateSampler::training(std::uint64_t replicate, std::uint64_t split) const {
  const auto& from = at(split);
  const auto& pool = from.pool;
  const auto [scheme, parts] = resampling_;
  const auto resample = [&] { return Random(seed_, "resample", replicate); };
  const auto cut = [&, n = parts] {
    return shuffled(pool.size(), Random(seed_, "resample", replicate / n));
  };
  switch (scheme) {
    case Resample::fresh:
      return from.draw(replicate, replicate);
    case Resample::noise:
      return from.draw(0, replicate);
    case Resample::bootstrap:
      return select(pool, with_replacement(pool.size(), resample()));
    case Resample::subsample:
      return select(pool, half(pool.size(), resample()));
    case Resample::disjoint:
      return select(pool, part_of(cut(), replicate % parts, parts));
    case Resample::kfold:
      return select(pool, all_but(cut(), replicate % parts, parts));
    case Resample::none:
      break;
  }
  return pool;
}

std::uint64_t ReplicateSampler::outputs() const {
  return names().classes.empty() ? pool().targets.n_rows : names().classes.size();
}

std::uint64_t ReplicateSampler::training_size() const {
  const auto n = pool().size(), parts = resampling_.parts;
  switch (resampling_.scheme) {
    case Resample::subsample:
      return n / 2;
    case Resample::disjoint:
      return n / parts;
    case Resample::kfold:
      return n - (n + parts - 1) / parts;
    default:
      return n;
  }
}

}  // namespace descent::data
