// SPDX-License-Identifier: MIT
// A store opened for reading only, and one SELECT at a time over it. A statement that writes, or
// accesses other files, is refused before it runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"

namespace descent::store {

struct Blob {
  std::string bytes;

  bool operator==(const Blob&) const = default;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;  // first: NULL

class Reader {
 public:
  // Throws StoreError when the file does not exist, is not a store, is newer or locked.
  static Reader open(const std::string& path, double busy_seconds = 10);

  // The rows of a query, one after the other. The Reader outlives it.
  class Rows {
   public:
    const std::vector<std::string>& columns() const;
    bool next(std::vector<Value>& row);  // false: there was no further row

   private:
    friend class Reader;
    struct State;
    explicit Rows(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
  };

  // A double-quoted word is always a name, never text. Throws Error with SQLite's message, the
  // position marked under the query, and the nearest name where a column or table is unknown.
  // The values are bound to its question marks, in order.
  Rows query(const std::string& sql, const std::vector<Value>& values = {});

 private:
  struct Content;
  explicit Reader(std::shared_ptr<Content> content);
  std::shared_ptr<Content> content_;
};

// Calls use(row) for every row of a query.
template <class Use>
void for_each_row(Reader& reader, const std::string& sql, const Use& use,
                  const std::vector<Value>& values = {}) {
  auto rows = reader.query(sql, values);
  for (std::vector<Value> row; rows.next(row);) use(row);
}

}  // namespace descent::store
