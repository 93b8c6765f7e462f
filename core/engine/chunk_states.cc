// SPDX-License-Identifier: MIT
#include "engine/chunk_states.h"

#include <algorithm>
#include <exception>

#include "base/bytes.h"
#include "base/error.h"

namespace descent::engine {
namespace {

constexpr std::uint64_t least_piece = 64 << 10;   // bytes; smaller reads cost more than they save
constexpr std::size_t most_in_memory = 32 << 20;  // bytes of all chunks

// The bytes of each state: [epoch][metric]. Throws std::out_of_range if they are not those of a
// piece.
std::vector<std::vector<std::string_view>> states_in(const std::string& bytes) {
  std::vector<std::vector<std::string_view>> epochs;
  for (ByteReader in(bytes); !in.at_end();) {
    auto& states = epochs.emplace_back();
    for (auto left = in.get<std::uint64_t>(); left > 0; --left)
      states.push_back(in.view(in.get<std::uint64_t>()));
  }
  return epochs;
}

}  // namespace

std::size_t epochs_per_piece(const VariantPlan& planned, const Decomposer& decomposer) {
  const auto each = decomposer.state_bytes(largest_chunk(planned));
  return std::size_t(std::max<std::uint64_t>(1, least_piece / each));
}

std::vector<std::string> encode(const EpochStates& epochs, std::size_t epochs_per_piece) {
  std::vector<std::string> pieces;
  for (std::size_t first = 0; first < epochs.size(); first += epochs_per_piece) {
    ByteWriter out;
    for (auto e = first; e < std::min(epochs.size(), first + epochs_per_piece); ++e) {
      out.put(std::uint64_t(epochs[e].size()));
      for (const auto& state : epochs[e]) out.put(std::string_view(statistics::serialize(state)));
    }
    pieces.push_back(out.take());
  }
  return pieces;
}

ChunkStates::ChunkStates(std::vector<std::size_t> ends, std::size_t epochs_per_piece,
                         ReadPiece read)
    : ends_(std::move(ends)),
      epochs_per_piece_(epochs_per_piece),
      read_(std::move(read)),
      pieces_(ends_.empty() ? 0 : ends_.back()),
      group_(statistics::Votes()) {}

statistics::GroupSource<statistics::State> ChunkStates::at(std::size_t epoch, std::size_t metric) {
  epoch_ = epoch % epochs_per_piece_;
  metric_ = metric;
  if (const auto piece = epoch / epochs_per_piece_; piece_ != piece) {
    piece_ = piece;
    std::ranges::fill(pieces_, Piece());
  }
  return {ends_.size(),
          [this](std::size_t number) -> const statistics::State& { return group(number); }};
}

const statistics::State& ChunkStates::group(std::size_t number) {
  auto chunk = number == 0 ? 0 : ends_[number - 1];
  group_ = state(chunk);
  while (++chunk < ends_[number]) statistics::merge(group_, state(chunk));
  return group_;
}

// Bytes that are whole and cannot be read were written by nobody: as lost as missing ones.
statistics::State ChunkStates::state(std::size_t chunk) {
  try {
    const auto& piece = loaded(chunk);
    auto state = statistics::deserialize_state(piece.states.at(epoch_).at(metric_));
    if (piece.bytes->size() * pieces_.size() > most_in_memory) pieces_[chunk] = Piece();
    return state;
  } catch (const std::out_of_range&) {
    throw LostChunk{chunk};
  } catch (const StoreError&) {
    throw;
  } catch (const Error&) {
    throw LostChunk{chunk};
  }
}

const ChunkStates::Piece& ChunkStates::loaded(std::size_t chunk) {
  auto& piece = pieces_[chunk];
  if (piece.bytes) return piece;
  piece.bytes = read_(chunk, *piece_);
  if (!piece.bytes) throw LostChunk{chunk};
  piece.states = states_in(*piece.bytes);
  return piece;
}

}  // namespace descent::engine
