// SPDX-License-Identifier: MIT
// Why points are new although a store holds points of the same experiment: what changed since.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/plan.h"
#include "store/reader.h"

namespace descent::cli {

struct Change {
  std::string kind;  // key, replicates, data, build, or a plugin's: loss, optimizer, regularizer
  std::string name;  // "optimizer.lr", "adam", "points.csv"
  std::string before, now;  // values, or hashes; empty: there was or is none
};

// Points that are new for the same reason.
struct Reason {
  std::uint64_t points = 0;
  std::vector<Change> changes;        // none: see text
  std::vector<std::int64_t> nearest;  // stored points compared with, where keys differ; a few
  std::string text;                   // without the number of points
};

// A planned point with content that is stored, with fewer replicates than are planned now.
struct Grown {
  std::uint64_t before = 0, now = 0;  // replicates
};

// new_points: positions in the plan of points of one experiment with content that is not stored. A
// point of the same configuration is what they are compared with, else the one that differs in the
// fewest keys. Only the first `most_explained` are looked at; the rest is one reason of its own.
inline constexpr std::size_t most_explained = 10'000;
std::vector<Reason> explain_new(const engine::Plan& plan, store::Reader& reader,
                                const std::string& experiment,
                                const std::vector<std::uint64_t>& new_points,
                                const std::vector<Grown>& grown);

nlohmann::json as_json(const std::vector<Reason>& reasons);

}  // namespace descent::cli
