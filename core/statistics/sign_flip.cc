// SPDX-License-Identifier: MIT
#include "statistics/sign_flip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/not_recorded.h"
#include "base/random.h"
#include "statistics/groups.h"

namespace descent::statistics {
namespace {

constexpr std::size_t most_exact = 16;
constexpr std::uint64_t samples = 1u << most_exact;

std::vector<double> group_sums(std::span<const double> differences) {
  std::vector<double> sums;
  for (const auto& group : groups_of(differences.size())) {
    const auto part = differences.subspan(group.first, group.count);
    sums.push_back(std::accumulate(part.begin(), part.end(), 0.0));
  }
  return sums;
}

// Eight differences with any choice of signs: the sums, by the bits of those that are flipped.
using Sums = std::array<double, 256>;

std::vector<Sums> sums_of_eight(const std::vector<double>& values) {
  std::vector<Sums> all;
  for (std::size_t first = 0; first < values.size(); first += 8) {
    auto& sums = all.emplace_back();
    const auto last = std::min(values.size(), first + 8);
    for (std::size_t bits = 0; bits < sums.size(); ++bits) {
      sums[bits] = 0;
      for (auto i = first; i < last; ++i)
        sums[bits] += (bits >> (i - first) & 1) != 0 ? -values[i] : values[i];
    }
  }
  return all;
}

// The choices of signs, one after the other: all of them, or those of a stream.
class Choices {
 public:
  explicit Choices(bool all) : all_(all) {}

  // |sum| with the next choice. The first one is the given signs.
  double next(const std::vector<Sums>& eights) {
    double sum = 0;
    for (std::size_t i = 0; i < eights.size(); ++i) sum += eights[i][bits(i)];
    ++choice_;
    return std::abs(sum);
  }

 private:
  std::size_t bits(std::size_t eight) {
    if (choice_ == 0) return 0;
    if (all_) return choice_ >> 8 * eight & 255;
    if (eight % 4 == 0) word_ = random_.below(std::uint64_t{1} << 32);
    return word_ >> 8 * (eight % 4) & 255;
  }

  bool all_;
  std::uint64_t choice_ = 0, word_ = 0;
  Random random_{0, "sign flips"};
};

}  // namespace

double sign_flip_p(std::span<const double> differences) {
  if (differences.size() < 2) return not_recorded;
  const auto sums = group_sums(differences);
  const bool exact = sums.size() <= most_exact;
  const auto count = exact ? std::uint64_t{1} << sums.size() : samples;
  double size = 0;
  for (const double sum : sums) size += std::abs(sum);
  const auto eights = sums_of_eight(sums);
  Choices choices(exact);
  // Sums that are equal but for rounding are as large.
  const double least = choices.next(eights) - 1e-12 * size;
  std::uint64_t as_large = 1;
  for (std::uint64_t choice = 1; choice < count; ++choice)
    as_large += choices.next(eights) >= least;
  return static_cast<double>(as_large) / static_cast<double>(count);
}

}  // namespace descent::statistics
