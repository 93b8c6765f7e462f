// SPDX-License-Identifier: MIT
#include "experiment/grid/sampler.h"

#include <boost/random/sobol.hpp>
#include <cmath>
#include <limits>

#include "base/hash.h"

namespace descent::experiment {
namespace {

using Sequences = std::vector<std::vector<double>>;

// Multiples of 2^-53 in [0, 1).
double unit(std::uint64_t bits) { return double(bits >> 11) * 0x1p-53; }

// Bits for a path, and for one of its draws, that no stream of training shares.
std::uint64_t bits_of(std::uint64_t seed, const std::string& path) {
  return hash64("draws of " + path, seed);
}
std::uint64_t bits_of(std::uint64_t of_path, std::uint64_t k) {
  return hash64({reinterpret_cast<const char*>(&k), sizeof k}, of_path);
}

std::uint64_t next_prime(std::uint64_t above) {
  const auto is_prime = [](std::uint64_t n) {
    for (std::uint64_t d = 2; d * d <= n; ++d)
      if (n % d == 0) return false;
    return true;
  };
  do ++above;
  while (!is_prime(above));
  return above;
}

// The digits of k mirrored at the point (Halton 1960). The digits' sum is exact in 53 bits at most.
double radical_inverse(std::uint64_t k, std::uint64_t base) {
  std::uint64_t mirrored = 0, scale = 1;
  for (; k > 0; k /= base, scale *= base) mirrored = mirrored * base + k % base;
  return double(mirrored) / double(scale);
}

// Shifted modulo 1 (Cranley and Patterson 1976).
Sequences halton(std::uint64_t seed, const std::vector<std::string>& paths, std::uint64_t draws) {
  Sequences all;
  std::uint64_t base = 1;
  for (const auto& path : paths) {
    base = next_prime(base);
    const double shift = unit(bits_of(seed, path));
    auto& sequence = all.emplace_back();
    for (std::uint64_t k = 0; k < draws; ++k) {
      const double shifted = radical_inverse(k, base) + shift;
      sequence.push_back(shifted < 1 ? shifted : shifted - 1);
    }
  }
  return all;
}

// Shifted bit by bit (Owen 2003). The engine leaves out the sequence's first point, 0.
Sequences sobol(std::uint64_t seed, const std::vector<std::string>& paths, std::uint64_t draws) {
  if (paths.empty()) return {};
  boost::random::sobol engine(paths.size());
  Sequences all(paths.size());
  std::vector<std::uint64_t> shifts;
  for (const auto& path : paths) shifts.push_back(bits_of(seed, path));
  for (std::uint64_t k = 0; k < draws; ++k)
    for (std::size_t i = 0; i < paths.size(); ++i)
      all[i].push_back(unit((k == 0 ? 0 : std::uint64_t(engine())) ^ shifts[i]));
  return all;
}

Sequences random(std::uint64_t seed, const std::vector<std::string>& paths, std::uint64_t draws) {
  Sequences all;
  for (const auto& path : paths) {
    auto& sequence = all.emplace_back();
    const auto of_path = bits_of(seed, path);
    for (std::uint64_t k = 0; k < draws; ++k) sequence.push_back(unit(bits_of(of_path, k)));
  }
  return all;
}

}  // namespace

Sequences unit_draws(Sampler sampler, std::uint64_t seed, const std::vector<std::string>& paths,
                     std::uint64_t draws) {
  switch (sampler) {
    case Sampler::halton:
      return halton(seed, paths, draws);
    case Sampler::sobol:
      return sobol(seed, paths, draws);
    default:
      return random(seed, paths, draws);
  }
}

std::size_t most_dimensions(Sampler sampler) {
  return sampler == Sampler::sobol ? 1000 : std::numeric_limits<std::size_t>::max();
}

}  // namespace descent::experiment
