// SPDX-License-Identifier: MIT
// The file STORE-scratch next to a store: accumulators of points that are not finished. They are
// large and short-lived, and would leave the store a file of empty pages. Rows of the table chunks
// say where in the file the accumulators of a chunk are. For the .cc files of this floor.
//
// Bytes are written before the transaction that commits their row, and every row has a hash of
// them. So a row with bytes that are lost or replaced is recognized, and its chunk is trained
// again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace descent::store {

class ScratchFile {
 public:
  struct Extent {
    std::int64_t position = 0, size = 0;  // in bytes
    std::int64_t hash = 0;                // of sizes and hashes of the pieces
  };

  // As it is written: a header with sizes and hashes of the pieces, then the pieces.
  struct Content {
    explicit Content(const std::vector<std::string>& pieces);
    std::string header;
    const std::vector<std::string>& pieces;  // which outlive this
    std::int64_t size = 0, hash = 0;
  };

  // store: the path of its file.
  explicit ScratchFile(const std::string& store);

  // Creates the file if it is not there, readable as the store is. REQUIRES: the write lock of the
  // store, and that no committed row has any of these bytes.
  Extent write(const Content& content, std::int64_t position) const;

  // Whether the header is there, and as many bytes as it says.
  bool holds(const Extent& extent) const;
  // Nothing: these bytes are lost.
  std::optional<std::string> piece(const Extent& extent, std::size_t number) const;
  std::optional<std::vector<std::string>> pieces(const Extent& extent) const;

  // REQUIRES: the write lock of the store, and that no row of chunks is left.
  void remove() const;

 private:
  std::string store_, path_;
};

}  // namespace descent::store
