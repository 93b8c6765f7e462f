// SPDX-License-Identifier: MIT
#include "engine/chunk_messages.h"

#include <cstring>
#include <stdexcept>

#include "base/bytes.h"

namespace descent::engine {
namespace {

void put(ByteWriter& out, const record::ConfusionCell& cell) {
  out.put(cell.epoch);
  out.put(cell.set);
  for (const auto* text : {&cell.output, &cell.actual, &cell.predicted})
    out.put(std::string_view(*text));
  out.put(cell.weight);
}

void put(ByteWriter& out, const record::Predictions& set) {
  out.put(set.set);
  out.put(std::uint64_t(set.outputs.size()));
  for (const auto& output : set.outputs) out.put(std::string_view(output));
  out.put_all(set.lines.data(), set.lines.size());
  out.put_all(set.value.data(), set.value.size());
  out.put_all(set.target.data(), set.target.size());
}

void put(ByteWriter& out, const record::Note& note) {
  out.put(note.epoch);
  out.put(std::string_view(note.name));
  out.put(note.value);
}

void put(ByteWriter& out, const record::Run& run) {
  record::for_each_column(run, [&](const char*, const auto& value) { out.put(value); });
  out.put_all(run.curve.data(), run.curve.size());
  out.put_all(run.costs.data(), run.costs.size());
  out.put_all(run.weights.data(), run.weights.size());
  out.put_all(run.step_curve.data(), run.step_curve.size());
  out.put_all(run.measures.data(), run.measures.size());
  out.put(std::uint64_t(run.confusion.size()));
  for (const auto& cell : run.confusion) put(out, cell);
  out.put(std::uint64_t(run.predictions.size()));
  for (const auto& set : run.predictions) put(out, set);
  out.put(std::uint64_t(run.notes.size()));
  for (const auto& note : run.notes) put(out, note);
  out.put(std::uint64_t(run.checkpoints.size()));
  for (const auto& [epoch, weights] : run.checkpoints) {
    out.put(epoch);
    out.put_all(weights.data(), weights.size());
  }
  out.put(std::string_view(run.model));
}

void put(ByteWriter& out, const std::vector<record::Run>& runs) {
  out.put(std::uint64_t(runs.size()));
  for (const auto& run : runs) put(out, run);
}

template <class T>
void get(ByteReader& in, T& value) {
  value = in.get<T>();
}
void get(ByteReader& in, std::string& text) { text = in.text(); }

void get(ByteReader& in, record::ConfusionCell& cell) {
  cell.epoch = in.get<std::uint64_t>();
  cell.set = in.get<record::Set>();
  for (auto* text : {&cell.output, &cell.actual, &cell.predicted}) *text = in.text();
  cell.weight = in.get<double>();
}

void get(ByteReader& in, record::Predictions& set) {
  set.set = in.get<record::Set>();
  for (auto outputs = in.get<std::uint64_t>(); outputs > 0; --outputs)
    set.outputs.push_back(in.text());
  set.lines = in.all<std::uint64_t>();
  set.value = in.all<double>();
  set.target = in.all<double>();
}

void get(ByteReader& in, record::Note& note) {
  note.epoch = in.get<std::uint64_t>();
  note.name = in.text();
  note.value = in.get<double>();
}

void get(ByteReader& in, std::vector<record::Run>& runs) {
  for (auto left = in.get<std::uint64_t>(); left > 0; --left) {
    auto& run = runs.emplace_back();
    record::for_each_column(run, [&](const char*, auto& value) { get(in, value); });
    run.curve = in.all<record::CurvePoint>();
    run.costs = in.all<record::CurveCost>();
    run.weights = in.all<double>();
    run.step_curve = in.all<record::StepPoint>();
    run.measures = in.all<record::MetricValue>();
    for (auto cells = in.get<std::uint64_t>(); cells > 0; --cells)
      get(in, run.confusion.emplace_back());
    for (auto sets = in.get<std::uint64_t>(); sets > 0; --sets)
      get(in, run.predictions.emplace_back());
    for (auto notes = in.get<std::uint64_t>(); notes > 0; --notes)
      get(in, run.notes.emplace_back());
    for (auto kept = in.get<std::uint64_t>(); kept > 0; --kept) {
      auto& checkpoint = run.checkpoints.emplace_back();
      checkpoint.epoch = in.get<std::uint64_t>();
      checkpoint.weights = in.all<double>();
    }
    run.model = in.text();
  }
}

// Precedes each message, so that stray bytes of a plugin are not taken for one.
constexpr std::uint64_t frame_mark = 0xd35ce27a9b51f0c4;
constexpr std::size_t frame_head = 2 * sizeof(std::uint64_t);

// About the number of bytes that put() writes.
std::size_t size_of(const std::vector<record::Predictions>& predictions) {
  std::size_t size = 0;
  for (const auto& set : predictions) size += 8 * (set.lines.size() + 2 * set.value.size()) + 64;
  return size;
}

std::size_t size_of(const record::Run& run) {
  return 160 + run.reason.size() + run.curve.size() * sizeof(record::CurvePoint) +
         run.costs.size() * sizeof(record::CurveCost) + run.weights.size() * sizeof(double) +
         run.step_curve.size() * sizeof(record::StepPoint) + size_of(run.predictions) +
         run.model.size();
}

}  // namespace

std::string encode(const ChunkRequest& request) {
  ByteWriter out;
  for (const auto value :
       {request.point, request.chunk, request.first, request.count, request.epochs})
    out.put(value);
  put(out, request.lost);
  return out.take();
}

ChunkRequest decode_request(std::string_view bytes) {
  ByteReader in(bytes);
  ChunkRequest request;
  for (auto* value :
       {&request.point, &request.chunk, &request.first, &request.count, &request.epochs})
    *value = in.get<std::uint64_t>();
  get(in, request.lost);
  return request;
}

std::string encode(const ChunkResult& result) {
  ByteWriter out;
  std::size_t size = 64;
  for (const auto& piece : result.pieces) size += piece.size() + 8;
  for (const auto& run : result.runs) size += size_of(run);
  out.reserve(size);
  for (const auto value : {result.point, result.chunk, result.first, result.count}) out.put(value);
  put(out, result.runs);
  out.put(std::uint64_t(result.pieces.size()));
  for (const auto& piece : result.pieces) out.put(std::string_view(piece));
  return out.take();
}

ChunkResult decode_result(std::string_view bytes) {
  ByteReader in(bytes);
  ChunkResult result;
  for (auto* value : {&result.point, &result.chunk, &result.first, &result.count})
    *value = in.get<std::uint64_t>();
  get(in, result.runs);
  for (auto left = in.get<std::uint64_t>(); left > 0; --left) result.pieces.push_back(in.text());
  return result;
}

void append_frame(std::string& stream, std::string_view message) {
  for (const std::uint64_t word : {frame_mark, std::uint64_t(message.size())})
    stream.append(reinterpret_cast<const char*>(&word), sizeof word);
  stream.append(message);
}

bool take_frame(std::string& stream, std::size_t& position, std::string_view& message) {
  std::uint64_t mark = frame_mark, size = 0;
  const auto left = stream.size() - position;
  if (left >= sizeof mark) std::memcpy(&mark, stream.data() + position, sizeof mark);
  if (mark != frame_mark) throw std::out_of_range("no message begins so");
  if (left >= frame_head) std::memcpy(&size, stream.data() + position + sizeof mark, sizeof size);
  if (left < frame_head || left - frame_head < size) {
    stream.erase(0, position);
    position = 0;
    return false;
  }
  message = std::string_view(stream).substr(position + frame_head, size);
  position += frame_head + size;
  return true;
}

}  // namespace descent::engine
