// SPDX-License-Identifier: MIT
#include "cluster/cutting.h"

#include <algorithm>
#include <cmath>

namespace descent::cluster {
namespace {

using engine::Assignment;

// What goes to one share, with its cost.
struct Unit {
  Assignment assignment;
  double cost = 0;
};

std::vector<Unit> units_of(const std::vector<Assignment>& lacking, const CutOptions& options,
                           double most_cost) {
  std::vector<Unit> units;
  for (const auto& one : lacking) {
    const auto seconds = options.seconds_per_run(one);
    const auto cost = seconds * double(one.runs());
    if (cost <= most_cost || one.chunks.size() == 1 || !options.is_divisible(one)) {
      units.push_back({one, cost});
      continue;
    }
    for (const auto& chunk : one.chunks)
      units.push_back({{one.position, one.point_id, false, one.epochs, {chunk}},
                       seconds * double(chunk.count)});
  }
  return units;
}

// Chunks of a point that are in one share again belong together.
void add(Share& share, const Assignment& one) {
  if (!share.empty() && share.back().position == one.position && share.back().epochs == one.epochs)
    share.back().chunks.insert(share.back().chunks.end(), one.chunks.begin(), one.chunks.end());
  else
    share.push_back(one);
}

double cost_of(const std::vector<Assignment>& lacking, const CutOptions& options) {
  double total = 0;
  for (const auto& one : lacking) total += options.seconds_per_run(one) * double(one.runs());
  return total;
}

}  // namespace

std::vector<Share> cut(const std::vector<Assignment>& lacking, const CutOptions& options) {
  if (lacking.empty()) return {};
  const auto total = std::max(cost_of(lacking, options), 1e-9);
  auto count = options.shares;
  if (count == 0)
    count = std::uint64_t(std::clamp(std::ceil(total / options.share_seconds), 1.0,
                                     double(std::max<std::uint64_t>(1, options.most))));
  const auto each = total / double(count);
  std::vector<Share> shares(count);
  double before = 0;
  for (const auto& [assignment, cost] : units_of(lacking, options, each * 1.000001)) {
    const auto middle = (before + cost / 2) / each;
    add(shares[std::min(count - 1, std::uint64_t(middle))], assignment);
    before += cost;
  }
  std::erase_if(shares, [](const Share& share) { return share.empty(); });
  return shares;
}

}  // namespace descent::cluster
