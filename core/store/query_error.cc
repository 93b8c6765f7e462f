// SPDX-License-Identifier: MIT
#include "store/query_error.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/quotes.h"
#include "base/suggestion.h"
#include "store/database.h"

namespace descent::store {
namespace {

std::vector<std::string> tables(SQLite::Database& database) {
  return texts(database,
               "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name");
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_of_a_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool has_word(const std::string& sql, const std::string& word) {
  for (auto at = sql.find(word); at != std::string::npos; at = sql.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_of_a_name(sql[at - 1])) && (end == sql.size() || !is_of_a_name(sql[end])))
      return true;
  }
  return false;
}

std::vector<std::string> tables_in(SQLite::Database& database, const std::string& sql) {
  auto all = tables(database);
  std::erase_if(all, [&](const std::string& table) { return !has_word(sql, table); });
  return all;
}

std::vector<std::string> columns_of(SQLite::Database& database, const std::string& table) {
  return texts(database, "SELECT name FROM pragma_table_xinfo(" + sql_text(table) + ")");
}

// The columns of the tables that the query names.
std::vector<std::string> columns(SQLite::Database& database, const std::string& sql) {
  std::vector<std::string> all;
  for (const auto& table : tables_in(database, sql))
    for (const auto& column : columns_of(database, table))
      if (!has(all, column)) all.push_back(column);
  return all;
}

// A dotted path has to be quoted as a whole; text has to be quoted with single quotes.
std::string column_hint(SQLite::Database& database, const std::string& sql,
                        const std::string& name) {
  const auto known = columns(database, sql);
  if (has(known, name))
    return fmt::format("; a name with a dot is written in double quotes: \"{}\"", name);
  const auto dot = name.find('.');
  const bool qualified = dot != std::string::npos && sql.find('"' + name) == std::string::npos;
  const auto column = qualified ? name.substr(dot + 1) : name;
  auto hint = did_you_mean(column, known);
  if (!suggestion(column, known) && sql.find(sql_name(name)) != std::string::npos)
    return fmt::format("; text is written in single quotes: {}{}", sql_text(name), hint);
  return hint;
}

std::string ambiguity_hint(SQLite::Database& database, const std::string& sql,
                           const std::string& column) {
  auto owners = tables_in(database, sql);
  std::erase_if(
      owners, [&](const std::string& table) { return !has(columns_of(database, table), column); });
  if (owners.empty()) return "";
  if (owners.size() == 1)
    return fmt::format(
        "; more than one joined table has it, {} among them: write an alias before it",
        owners.front());
  const bool is_plain = std::all_of(column.begin(), column.end(), is_of_a_name);
  return fmt::format(
      "; it is a column of {}: write the table, or its alias, before it, as in {}.{}",
      fmt::join(owners, " and "), owners.front(), is_plain ? column : sql_name(column));
}

std::string view_hint(const std::string& name) {
  return fmt::format("; it is a table or view: SELECT * FROM {} WHERE ...", name);
}

std::string hint(SQLite::Database& database, const std::string& sql, const std::string& message) {
  const auto behind = [&](std::string_view start) { return message.substr(start.size()); };
  if (message.starts_with("no such table: "))
    return did_you_mean(behind("no such table: "), tables(database));
  if (message.starts_with("no such function: ")) {
    const auto name = behind("no such function: ");
    if (has(tables(database), name)) return view_hint(name);
    const std::vector<std::string> functions = {
        "median", "quantile", "stddev", "ci_low",   "ci_high", "geomean",
        "log10",  "avg",      "sum",    "count",    "min",     "max",
        "abs",    "round",    "sqrt",   "coalesce", "iif",     "group_concat"};
    return suggestion(name, functions) ? did_you_mean(name, functions) : "";
  }
  constexpr std::string_view no_function = "' is not a function";  // as in FROM best_per('lr')
  if (message.ends_with(no_function))
    return view_hint(message.substr(1, message.size() - 1 - no_function.size()));
  if (message.starts_with("no such column: "))
    return column_hint(database, sql, behind("no such column: "));
  constexpr std::string_view ambiguous = "ambiguous column name: ";
  if (message.starts_with(ambiguous)) return ambiguity_hint(database, sql, behind(ambiguous));
  return "";
}

// SQLite keeps no position for an unknown table; the name's first occurrence is it.
std::size_t position(const std::string& sql, const std::string& message, int offset) {
  if (offset >= 0) return static_cast<std::size_t>(offset);
  const auto colon = message.rfind(": ");
  if (!message.starts_with("no such") || colon == std::string::npos) return std::string::npos;
  return sql.find(message.substr(colon + 2));
}

// The line of the query with a caret under the position, which counts characters, not bytes.
std::string marked(const std::string& sql, std::size_t at) {
  if (at > sql.size()) return "";
  const auto before = at == 0 ? std::string::npos : sql.rfind('\n', at - 1);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  const auto line = sql.substr(begin, std::min(sql.find('\n', at), sql.size()) - begin);
  const auto characters = std::count_if(sql.begin() + static_cast<std::ptrdiff_t>(begin),
                                        sql.begin() + static_cast<std::ptrdiff_t>(at),
                                        [](char c) { return (c & 0xc0) != 0x80; });
  return fmt::format("\n  {}\n  {:{}}^", line, "", characters);
}

}  // namespace

Error query_error(SQLite::Database& database, const std::string& sql, const std::string& message,
                  int offset) {
  return Error("SQL: " + message + hint(database, sql, message) +
               marked(sql, position(sql, message, offset)));
}

}  // namespace descent::store
