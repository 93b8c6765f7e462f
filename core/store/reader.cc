// SPDX-License-Identifier: MIT
#include "store/reader.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/authorizer.h"
#include "store/database.h"
#include "store/functions.h"
#include "store/query_error.h"

namespace descent::store {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

namespace {

Value value_of(sqlite3_stmt* statement, int column) {
  const auto bytes = [&](const void* data) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT:
      return bytes(sqlite3_column_text(statement, column));
    case SQLITE_BLOB:
      return Blob{bytes(sqlite3_column_blob(statement, column))};
    default:
      return std::monostate{};
  }
}

// SQLite's result code.
int bind(sqlite3_stmt* statement, int place, const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, place, *whole);
  if (const auto* real = std::get_if<double>(&value))
    return sqlite3_bind_double(statement, place, *real);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(statement, place, text->c_str(), text->size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  if (const auto* blob = std::get_if<Blob>(&value))
    return sqlite3_bind_blob64(statement, place, blob->bytes.data(), blob->bytes.size(),
                               SQLITE_TRANSIENT);
  return sqlite3_bind_null(statement, place);
}

}  // namespace

struct Reader::Content {
  Content(std::string file, double busy_seconds)
      : path(std::move(file)), database(open_for_reading(path, busy_seconds)) {
    auto* handle = database.getHandle();
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    register_functions(database);
    database.exec("PRAGMA query_only = ON; PRAGMA cache_size = -65536");
    allow_reading_only(handle, refused);
  }

  // The statement, and the text after it in sql.
  std::pair<Statement, std::string_view> prepare(const std::string& whole, std::string_view sql) {
    refused.clear();
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int result = sqlite3_prepare_v2(database.getHandle(), sql.data(),
                                          static_cast<int>(sql.size()), &statement, &rest);
    Statement owned(statement);
    if (result != SQLITE_OK) fail(whole, sql);
    return {std::move(owned), sql.substr(static_cast<std::size_t>(rest - sql.data()))};
  }

  [[noreturn]] void fail(const std::string& whole, std::string_view sql) {
    auto* handle = database.getHandle();
    const int code = sqlite3_errcode(handle);
    if (!refused.empty()) refuse(refused);
    if (code != SQLITE_ERROR && code != SQLITE_TOOBIG)
      throw store_error(path, SQLite::Exception(handle, code));
    const auto begin = static_cast<int>(sql.data() - whole.data());
    const int offset = sqlite3_error_offset(handle);
    const std::string message = sqlite3_errmsg(handle);
    try {
      throw query_error(database, whole, message, offset < 0 ? -1 : begin + offset);
    } catch (const SQLite::Exception& error) {  // a damaged schema has no names to suggest
      throw store_error(path, error);
    }
  }

  [[noreturn]] static void refuse(const std::string& what) {
    throw Error(
        fmt::format("descent sql only reads: {} is refused; copy the file and change the "
                    "copy with sqlite3",
                    what));
  }

  std::string path, refused;
  SQLite::Database database;
};

struct Reader::Rows::State {
  std::shared_ptr<Content> content;
  std::string sql;
  Statement statement;
  std::vector<std::string> columns;
};

Reader::Reader(std::shared_ptr<Content> content) : content_(std::move(content)) {}

Reader Reader::open(const std::string& path, double busy_seconds) {
  return guarded(path, [&] { return Reader(std::make_shared<Content>(path, busy_seconds)); });
}

Reader::Rows Reader::query(const std::string& sql, const std::vector<Value>& values) {
  auto state = std::make_shared<Rows::State>();
  state->content = content_;
  state->sql = sql;
  auto [statement, rest] = content_->prepare(state->sql, state->sql);
  if (!statement) throw Error("the query is empty; for example: SELECT * FROM results");
  if (!sqlite3_stmt_readonly(statement.get())) Content::refuse("a statement that writes");
  while (!rest.empty()) {
    auto [second, behind] = content_->prepare(state->sql, rest);
    if (second) throw Error("one query at a time: a second statement follows the first");
    rest = behind;
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (bind(statement.get(), static_cast<int>(i) + 1, values[i]) != SQLITE_OK)
      content_->fail(sql, sql);
  const int count = sqlite3_column_count(statement.get());
  for (int i = 0; i < count; ++i)
    state->columns.emplace_back(sqlite3_column_name(statement.get(), i));
  state->statement = std::move(statement);
  return Rows(std::move(state));
}

Reader::Rows::Rows(std::shared_ptr<State> state) : state_(std::move(state)) {}

const std::vector<std::string>& Reader::Rows::columns() const { return state_->columns; }

bool Reader::Rows::next(std::vector<Value>& row) {
  auto* statement = state_->statement.get();
  if (!statement) return false;
  const int result = sqlite3_step(statement);
  if (result == SQLITE_ROW) {
    row.clear();
    const int count = sqlite3_column_count(statement);
    for (int i = 0; i < count; ++i) row.push_back(value_of(statement, i));
    return true;
  }
  if (result != SQLITE_DONE) state_->content->fail(state_->sql, state_->sql);
  state_->statement.reset();
  return false;
}

}  // namespace descent::store
