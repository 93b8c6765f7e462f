// SPDX-License-Identifier: MIT
// A random stream per (seed, purpose, index). A stream never depends on the worker, the time, or
// on how much another stream was used; so the same replicate of two configurations sees the same
// data, initialization and batch order (common random numbers).
#pragma once

#include <boost/random/mersenne_twister.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace descent {

class Random {
 public:
  // purpose: as in docs/design.md, Random streams; index: usually the replicate.
  Random(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0);

  double uniform(double low = 0, double high = 1);  // in [low, high)
  double normal(double mean = 0, double sd = 1);
  std::uint64_t below(std::uint64_t bound);      // 0 .. bound - 1, each equally likely; bound >= 1
  void shuffle(std::span<std::uint64_t> items);  // Fisher-Yates

 private:
  boost::random::mt19937_64& engine();

  std::uint64_t seed_;
  std::optional<boost::random::mt19937_64> engine_;  // once drawn from: seeding it is slow
};

}  // namespace descent
