// SPDX-License-Identifier: MIT
// The bytes of an accumulator: a header of 8-byte fields, the mean, M2 where there is one, and a
// hash of everything before it. Numbers are in the machine's byte order, which the magic number
// identifies.
#include <cstring>

#include "base/error.h"
#include "base/hash.h"
#include "statistics/accumulator.h"

namespace descent::statistics {
namespace {

constexpr std::uint64_t accumulator_magic = 0x3163636154435344;  // "DSCTacc1": format 1

struct Header {
  std::uint64_t magic, divergence, count, clipped, rows, cols, has_m2;
  double clip_eps, loss_sum, largest_loss;
};
static_assert(sizeof(Header) == std::size_t{10} * 8);

void append(std::string& bytes, const void* data, std::size_t size) {
  bytes.append(static_cast<const char*>(data), size);
}

void append(std::string& bytes, const arma::mat& matrix) {
  append(bytes, matrix.memptr(), matrix.n_elem * sizeof(double));
}

arma::mat take_matrix(std::string_view& bytes, arma::uword rows, arma::uword cols) {
  arma::mat matrix(rows, cols, arma::fill::none);
  const auto size = matrix.n_elem * sizeof(double);
  if (size > 0) std::memcpy(matrix.memptr(), bytes.data(), size);
  bytes.remove_prefix(size);
  return matrix;
}

// Divides instead of multiplying: the product of a foreign header's numbers may overflow.
bool has_size(const Header& header, std::size_t doubles) {
  const auto matrices = header.has_m2 ? 2u : 1u;
  if (doubles % matrices != 0) return false;
  const auto cells = doubles / matrices;
  if (header.rows == 0 || header.cols == 0) return cells == 0;
  return cells % header.rows == 0 && cells / header.rows == header.cols;
}

Header checked_header(std::string_view bytes) {
  Header header{};
  std::uint64_t hash = 0;
  const auto frame = sizeof header + sizeof hash;
  if (bytes.size() < frame || bytes.size() % sizeof(double) != 0)
    throw Error("the accumulated predictions are truncated");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != accumulator_magic || header.divergence > 1)
    throw Error("these are not accumulated predictions, or those of another version or machine");
  if (!has_size(header, (bytes.size() - frame) / sizeof(double)))
    throw Error("the accumulated predictions are truncated");
  std::memcpy(&hash, bytes.data() + bytes.size() - sizeof hash, sizeof hash);
  if (hash != hash64(bytes.substr(0, bytes.size() - sizeof hash)))
    throw Error("the accumulated predictions are damaged: their hash does not fit");
  return header;
}

}  // namespace

std::string Accumulator::serialize() const {
  const Header header{accumulator_magic,
                      static_cast<std::uint64_t>(divergence_),
                      count_,
                      clipped_,
                      mean_.n_rows,
                      mean_.n_cols,
                      m2_.is_empty() ? 0u : 1u,
                      clip_eps_,
                      loss_sum_,
                      largest_loss_};
  std::string bytes;
  bytes.reserve(sizeof header + (mean_.n_elem + m2_.n_elem + 1) * sizeof(double));
  append(bytes, &header, sizeof header);
  append(bytes, mean_);
  append(bytes, m2_);
  const auto hash = hash64(bytes);
  append(bytes, &hash, sizeof hash);
  return bytes;
}

Accumulator Accumulator::deserialize(std::string_view bytes) {
  const auto header = checked_header(bytes);
  Accumulator state(static_cast<Divergence>(header.divergence), header.clip_eps);
  state.count_ = header.count;
  state.clipped_ = header.clipped;
  state.loss_sum_ = header.loss_sum;
  state.largest_loss_ = header.largest_loss;
  bytes.remove_prefix(sizeof header);
  state.mean_ = take_matrix(bytes, header.rows, header.cols);
  if (header.has_m2) state.m2_ = take_matrix(bytes, header.rows, header.cols);
  return state;
}

}  // namespace descent::statistics
