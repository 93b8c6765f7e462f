// SPDX-License-Identifier: MIT
// Requests that the parent sends to a worker, the results, and the encoding of both as messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "record/run.h"

namespace descent::engine {

// A chunk to train: consecutive replicates of one point of the plan.
struct ChunkRequest {
  std::uint64_t point = 0;  // position in the plan
  std::uint64_t chunk = 0;  // position among the point's chunks
  std::uint64_t first = 0, count = 0;
  std::uint64_t epochs = 0;       // after which its runs are pruned; 0: trained to the end
  std::vector<record::Run> lost;  // ended their worker: they have rows and are not tried again
};

struct ChunkResult {
  std::uint64_t point = 0, chunk = 0, first = 0, count = 0;
  std::vector<record::Run> runs;    // count of them, in replicate order, lost ones included
  std::vector<std::string> pieces;  // the chunk's accumulators; none without decomposition
};

std::string encode(const ChunkRequest& request);
ChunkRequest decode_request(std::string_view bytes);
std::string encode(const ChunkResult& result);
ChunkResult decode_result(std::string_view bytes);

// Messages on a stream: 8 bytes of a mark, 8 of length, then the message.
void append_frame(std::string& stream, std::string_view message);
// Takes the first whole message off the front of the stream; false when there is none yet. Throws
// std::out_of_range where no message begins.
bool take_frame(std::string& stream, std::size_t& position, std::string_view& message);

}  // namespace descent::engine
