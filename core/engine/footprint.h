// SPDX-License-Identifier: MIT
// How much disk and memory the accumulators and the model of a run take, estimated from the plan,
// and whether the machine has as much.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan.h"

namespace descent::engine {

struct Footprint {
  std::uint64_t scratch = 0;  // bytes of the file next to the store, while the largest point is run
  std::uint64_t worker = 0;   // bytes of memory of each worker, beyond data
  std::uint64_t model = 0;    // of these, at least

  void extend(const Footprint& other);  // to the larger of each
};

Footprint footprint(const VariantPlan& point);
Footprint footprint(const Plan& plan);  // the largest of its points

// Why the machine cannot run points of this footprint, with the remedies; empty: it can. folder: of
// the store.
std::string why_no_room(const Footprint& needed, unsigned workers, const std::string& folder);

std::string in_bytes(std::uint64_t bytes);  // "12 MB"

}  // namespace descent::engine
