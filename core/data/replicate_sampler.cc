// SPDX-License-Identifier: MIT
#include "data/replicate_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace descent::data {
namespace {

DataSource open(const DataSpec& spec, TargetKind kind, std::uint64_t seed) {
  if (const auto* function = std::get_if<SyntheticSpec>(&spec))
    return synthetic(*function, kind, seed);
  if (const auto* file = std::get_if<CsvSpec>(&spec)) return csv(*file, kind, seed);
  DataSource nothing;
  nothing.draw = [](auto, auto) {
    Dataset data;
    data.features.set_size(0, 1);
    data.targets.zeros(1, 1);
    return data;
  };
  return nothing;
}

void check(const Resampling& resampling, const DataSource& source, std::uint64_t samples) {
  const auto [scheme, parts] = resampling;
  const bool drawn = scheme == Resample::fresh || scheme == Resample::noise;
  if (drawn && !source.redraws)
    throw Error(fmt::format(
        "replicates.resample: {} needs targets that can be redrawn, and this file's are fixed; "
        "use another scheme, as bootstrap, or give data.csv both truth and noise",
        name(scheme)));
  if (scheme == Resample::subsample && samples < 2)
    throw Error("replicates.resample: subsample needs at least 2 training samples");
  const bool cut = scheme == Resample::disjoint || scheme == Resample::kfold;
  if (cut && samples < parts)
    throw Error(fmt::format("replicates.parts: {} training samples cannot be cut into {} parts",
                            samples, parts));
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
                                   std::uint64_t seed)
    : source_(open(spec, kind, seed)),
      resampling_(resampling),
      seed_(seed),
      pool_(source_.draw(0, 0)) {
  check(resampling_, source_, pool_.size());
}

Dataset ReplicateSampler::training(std::uint64_t replicate) const {
  const auto [scheme, parts] = resampling_;
  const auto resample = [&] { return Random(seed_, "resample", replicate); };
  const auto cut = [&, n = parts] {
    return shuffled(pool_.size(), Random(seed_, "resample", replicate / n));
  };
  switch (scheme) {
    case Resample::fresh:
      return source_.draw(replicate, replicate);
    case Resample::noise:
      return source_.draw(0, replicate);
    case Resample::bootstrap:
      return select(pool_, with_replacement(pool_.size(), resample()));
    case Resample::subsample:
      return select(pool_, half(pool_.size(), resample()));
    case Resample::disjoint:
      return select(pool_, part_of(cut(), replicate % parts, parts));
    case Resample::kfold:
      return select(pool_, all_but(cut(), replicate % parts, parts));
    case Resample::none:
      break;
  }
  return pool_;
}

std::uint64_t ReplicateSampler::outputs() const {
  return names().classes.empty() ? pool_.targets.n_rows : names().classes.size();
}

std::uint64_t ReplicateSampler::training_size() const {
  const auto n = pool_.size(), parts = resampling_.parts;
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
