// SPDX-License-Identifier: MIT
// The accumulators of chunks as bytes: how they are cut into pieces, and how those of a point are
// read again one at a time. A piece holds some recorded epochs of a chunk, so that a decomposition
// reads what it needs and no more.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decomposer.h"
#include "engine/plan.h"

namespace descent::engine {

// [recorded epoch][metric]
using EpochStates = std::vector<std::vector<statistics::State>>;

// A function of the point alone: as many epochs as make a piece worth a read, at least one.
std::size_t epochs_per_piece(const VariantPlan& planned, const Decomposer& decomposer);

std::vector<std::string> encode(const EpochStates& epochs, std::size_t epochs_per_piece);

// A chunk that has lost its accumulators: it has to be trained again.
struct LostChunk {
  std::size_t chunk;  // its position among those that are read
};

// The states of a point's groups, in memory one at a time, and the bytes of one piece of every
// chunk if these are few.
class ChunkStates {
 public:
  // The bytes of a piece of a chunk, as encode() made them; nothing: they are lost.
  using ReadPiece = std::function<std::optional<std::string>(std::size_t chunk, std::size_t piece)>;

  // ends: of each group of the jackknife, the number of chunks up to its end.
  ChunkStates(std::vector<std::size_t> ends, std::size_t epochs_per_piece, ReadPiece read);

  // The states of all groups for an epoch and a metric. Reading one throws LostChunk. The source
  // must not outlive this, and is valid until another one is asked for.
  statistics::GroupSource<statistics::State> at(std::size_t epoch, std::size_t metric);

 private:
  struct Piece {
    std::optional<std::string> bytes;
    std::vector<std::vector<std::string_view>> states;  // in bytes: [epoch][metric]
  };

  const statistics::State& group(std::size_t number);
  statistics::State state(std::size_t chunk);
  const Piece& loaded(std::size_t chunk);

  std::vector<std::size_t> ends_;
  std::size_t epochs_per_piece_;
  ReadPiece read_;
  std::size_t epoch_ = 0, metric_ = 0;
  std::optional<std::size_t> piece_;
  std::vector<Piece> pieces_;  // by chunk
  statistics::State group_;    // the last one that was read
};

}  // namespace descent::engine
