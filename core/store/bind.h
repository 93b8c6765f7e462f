// SPDX-License-Identifier: MIT
// Binding a row's values one after the other. For the .cc files of this floor.
#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/status.h"

namespace descent::store {

// Leaves a statement ready for other values, also when it fails.
struct Resetting {
  SQLite::Statement& statement;
  ~Resetting() { statement.tryReset(); }
};

inline void execute(SQLite::Statement& statement) {
  const Resetting resetting{statement};
  statement.exec();
}

// make(query) of every row. Leaves the statement as execute() does.
template <class Make>
auto rows(SQLite::Statement& query, const Make& make) {
  const Resetting resetting{query};
  std::vector<decltype(make(query))> all;
  while (query.executeStep()) all.push_back(make(query));
  return all;
}

// The first column of the first row; 0 when there is none, or NULL. Leaves the statement as
// execute() does.
inline std::int64_t first(SQLite::Statement& query) {
  const Resetting resetting{query};
  return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

// Text is not copied: it has to live until the statement is executed. NaN is bound as NULL, which
// SQLite does by itself.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement, int first = 1)
      : statement_(statement), index_(first) {}

  Binder& operator()(double value) { return statement_.bind(index_++, value), *this; }
  Binder& operator()(bool value) { return statement_.bind(index_++, value ? 1 : 0), *this; }
  Binder& operator()(std::int64_t value) { return statement_.bind(index_++, value), *this; }
  Binder& operator()(std::uint64_t value) { return (*this)(static_cast<std::int64_t>(value)); }
  Binder& operator()(const std::string& value) {
    return statement_.bindNoCopy(index_++, value), *this;
  }
  Binder& operator()(const std::optional<std::uint64_t>& value) {
    return value ? (*this)(*value) : null();
  }
  Binder& operator()(
      record::Status value) {  // a literal, which ends in a zero byte and lives for ever
    return statement_.bindNoCopy(index_++, record::status_name(value).data()), *this;
  }
  Binder& null() { return statement_.bind(index_++), *this; }

  Binder& operator()(const char*) = delete;  // would be taken for a bool

  void exec() { execute(statement_); }

 private:
  SQLite::Statement& statement_;
  int index_;
};

// "(?, ?, ?)", that many times: "(?, ?, ?), (?, ?, ?)".
std::string placeholders(int columns, int rows = 1);

}  // namespace descent::store
