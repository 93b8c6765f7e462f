// SPDX-License-Identifier: MIT
#include "report/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/text.h"

namespace descent::report {
namespace {

bool is_text(const store::Value& value) { return std::holds_alternative<std::string>(value); }

bool is_empty(const store::Value& value) { return std::holds_alternative<std::monostate>(value); }

std::string cell(const store::Value& value, bool is_words) {
  const std::string kind = is_words ? " class=\"t\"" : "";
  if (is_empty(value)) return fmt::format("<td{}>–</td>", kind);
  if (const auto* real = std::get_if<double>(&value))
    return fmt::format("<td{} data-v=\"{:.7g}\">{}</td>", kind, *real, number_text(*real));
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return fmt::format("<td{} data-v=\"{}\">{}</td>", kind, *whole, count_text(*whole));
  return fmt::format("<td{}>{}</td>", kind, html_text(value_text(value)));
}

}  // namespace

Table with_rows(store::Reader& reader, Table table) {
  auto rows = reader.query(table.sql);
  table.columns = rows.columns();
  for (Row row; rows.next(row);) table.rows.push_back(row);
  return table;
}

void drop_empty_columns(Table& table) {
  for (std::size_t c = table.columns.size(); c-- > 0;) {
    if (!std::ranges::all_of(table.rows, [&](const Row& row) { return is_empty(row[c]); }))
      continue;
    table.columns.erase(table.columns.begin() + std::ptrdiff_t(c));
    for (auto& row : table.rows) row.erase(row.begin() + std::ptrdiff_t(c));
  }
}

std::string html_table(const Table& table) {
  std::string head, body;
  std::vector<bool> words;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    words.push_back(
        std::ranges::any_of(table.rows, [&](const Row& row) { return is_text(row[c]); }));
    head += fmt::format("<th scope=\"col\"{}><button type=\"button\">{}</button></th>",
                        words[c] ? " class=\"t\"" : "", html_text(table.columns[c]));
  }
  for (const auto& row : table.rows) {
    body += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) body += cell(row[c], words[c]);
    body += "</tr>\n";
  }
  return fmt::format("<table class=\"data\"><thead><tr>{}</tr></thead><tbody>\n{}</tbody></table>",
                     head, body);
}

std::string scrolling(const std::string& label, const std::string& html) {
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n",
      html_text(label), html);
}

std::string sql_details(const std::string& sql) {
  return fmt::format(
      "<details class=\"sql\"><summary>SQL</summary><pre tabindex=\"0\">{}</pre></details>",
      html_text(sql));
}

}  // namespace descent::report
