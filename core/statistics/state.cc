// SPDX-License-Identifier: MIT
#include "statistics/state.h"

#include "base/error.h"

namespace descent::statistics {

void merge(State& into, const State& later) {
  std::visit(
      [&](auto& kept) {
        const auto* same = std::get_if<std::decay_t<decltype(kept)>>(&later);
        if (!same) throw Error("accumulated predictions of two types cannot be merged");
        kept.merge(*same);
      },
      into);
}

std::string serialize(const State& state) {
  const auto bytes = std::visit([](const auto& kept) { return kept.serialize(); }, state);
  return static_cast<char>('0' + state.index()) + bytes;
}

State deserialize_state(std::string_view bytes) {
  if (bytes.empty()) throw Error("the accumulated predictions are truncated");
  const auto content = bytes.substr(1);
  switch (bytes[0]) {
    case '0':
      return Accumulator::deserialize(content);
    case '1':
      return Votes::deserialize(content);
    case '2':
      return Predictions::deserialize(content);
    case '3':
      return Blocks::deserialize(content);
    default:
      throw Error("these are not accumulated predictions, or those of another version");
  }
}

}  // namespace descent::statistics
