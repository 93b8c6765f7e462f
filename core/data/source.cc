// SPDX-License-Identifier: MIT
#include "data/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace descent {
namespace {

Origin open(const DataSpec& spec, TargetKind kind, std::uint64_t seed) {
  if (const auto* function = std::get_if<SyntheticSpec>(&spec))
    return synthetic(*function, kind, seed);
  return csv(std::get<CsvSpec>(spec), kind, seed);
}

void check(Resample scheme, const Origin& origin, std::uint64_t samples) {
  const bool drawn = scheme == Resample::fresh || scheme == Resample::noise;
  if (drawn && !origin.redraws)
    throw Error(fmt::format(
        "replicates.resample: {} needs targets that can be drawn anew, and this file's are fixed; "
        "use bootstrap, subsample or none, or give data.csv both truth and noise",
        name(scheme)));
  if (scheme == Resample::subsample && samples < 2)
    throw Error("replicates.resample: subsample needs at least 2 training samples");
}

std::vector<std::uint64_t> with_replacement(std::uint64_t samples, Random random) {
  std::vector<std::uint64_t> chosen(samples);
  for (auto& index : chosen) index = random.below(samples);
  return chosen;
}

std::vector<std::uint64_t> half(std::uint64_t samples, Random random) {
  std::vector<std::uint64_t> chosen(samples);
  std::iota(chosen.begin(), chosen.end(), std::uint64_t{0});
  random.shuffle(chosen);
  chosen.resize(samples / 2);
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace

const char* name(Resample scheme) {
  constexpr const char* names[] = {"fresh", "noise", "bootstrap", "subsample", "none"};
  return names[static_cast<int>(scheme)];
}

Source::Source(const DataSpec& spec, TargetKind kind, Resample scheme, std::uint64_t seed)
    : origin_(open(spec, kind, seed)), scheme_(scheme), seed_(seed), pool_(origin_.draw(0, 0)) {
  check(scheme, origin_, pool_.size());
}

Dataset Source::training(std::uint64_t replicate) const {
  const auto resample = [&] { return Random(seed_, "resample", replicate); };
  switch (scheme_) {
    case Resample::fresh:
      return origin_.draw(replicate, replicate);
    case Resample::noise:
      return origin_.draw(0, replicate);
    case Resample::bootstrap:
      return select(pool_, with_replacement(pool_.size(), resample()));
    case Resample::subsample:
      return select(pool_, half(pool_.size(), resample()));
    case Resample::none:
      break;
  }
  return pool_;
}

std::uint64_t Source::outputs() const {
  return names().classes.empty() ? pool_.targets.n_rows : names().classes.size();
}

std::uint64_t Source::training_size() const {
  return scheme_ == Resample::subsample ? pool_.size() / 2 : pool_.size();
}

}  // namespace descent
