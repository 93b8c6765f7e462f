// SPDX-License-Identifier: MIT
// A summary of the predictions of consecutive replicates for one loss: an accumulator, votes, the
// predictions themselves, or blocks. Converts it to bytes and back.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "statistics/accumulator.h"
#include "statistics/blocks.h"
#include "statistics/predictions.h"
#include "statistics/votes.h"

namespace descent::statistics {

using State = std::variant<Accumulator, Votes, Predictions, Blocks>;

// The replicates that follow these. Throws Error when the other is of another type or test set.
void merge(State& into, const State& later);

std::string serialize(const State& state);
// Throws Error unless the bytes are whole and of one of the formats.
State deserialize_state(std::string_view bytes);

}  // namespace descent::statistics
