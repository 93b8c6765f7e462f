// SPDX-License-Identifier: MIT
#include "base/random.h"

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <utility>

#include "base/hash.h"

namespace descent {

Random::Random(std::uint64_t seed, std::string_view purpose, std::uint64_t index)
    : seed_(hash64(purpose, hash64({reinterpret_cast<const char*>(&index), sizeof index}, seed))) {}

boost::random::mt19937_64& Random::engine() {
  if (!engine_) engine_.emplace(seed_);
  return *engine_;
}

double Random::uniform(double low, double high) {
  if (!(low < high)) return low;
  return boost::random::uniform_real_distribution<double>(low, high)(engine());
}

double Random::normal(double mean, double sd) {
  return boost::random::normal_distribution<double>(mean, sd)(engine());
}

std::uint64_t Random::below(std::uint64_t bound) {
  return boost::random::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine());
}

void Random::shuffle(std::span<std::uint64_t> items) {
  for (auto left = items.size(); left > 1; --left) std::swap(items[left - 1], items[below(left)]);
}

}  // namespace descent
