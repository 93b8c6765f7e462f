// SPDX-License-Identifier: MIT
#include "store/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "base/printable_json.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "store/latex.h"

namespace descent::store {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;  // clang 14 does not work it out

std::string shortest(double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string hexadecimal(const Blob& blob) {
  std::string text = "X'";
  for (const unsigned char byte : blob.bytes) text += fmt::format("{:02x}", byte);
  return text + '\'';
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string csv_field(const std::string& text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return '"' + replaced(text, "\"", "\"\"") + '"';
}

std::string csv_text(const Value& value) {
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](std::int64_t x) { return std::to_string(x); },
                               [](double x) { return shortest(x); },
                               [](const std::string& x) { return csv_field(x); },
                               [](const Blob& x) { return hexadecimal(x); }},
                    value);
}

std::string json_string(const std::string& text) {
  return printable_json(
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// A real stays recognisable as one: 1.0, not 1.
std::string json_number(double value) {
  if (std::isinf(value)) return value < 0 ? "-1e999" : "1e999";
  const auto text = shortest(value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string json_text(const Value& value) {
  return std::visit(Overloaded{[](std::monostate) { return std::string("null"); },
                               [](std::int64_t x) { return std::to_string(x); },
                               [](double x) { return json_number(x); },
                               [](const std::string& x) { return json_string(x); },
                               [](const Blob& x) { return json_string(hexadecimal(x)); }},
                    value);
}

std::string shown(const Value& value) {
  return std::visit(Overloaded{[](std::monostate) { return std::string("NULL"); },
                               [](std::int64_t x) { return std::to_string(x); },
                               [](double x) { return fmt::format("{:.7g}", x); },
                               [](const std::string& x) { return x; },
                               [](const Blob& x) { return hexadecimal(x); }},
                    value);
}

bool is_text(const Value& value) {
  return std::holds_alternative<std::string>(value) || std::holds_alternative<Blob>(value);
}

template <class Rows>
void print_csv(Rows& rows, Audience audience, std::ostream& out) {
  const auto line = [&](const auto& items, auto text) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto field = text(items[i]);
      out << (i ? "," : "") << (audience == Audience::terminal ? printable_lines(field) : field);
    }
    out << "\r\n";
  };
  line(rows.columns(), csv_field);
  for (std::vector<Value> row; rows.next(row);) line(row, csv_text);
}

template <class Rows>
void print_json(Rows& rows, std::ostream& out) {
  std::vector<std::string> names;
  for (const auto& name : rows.columns()) {
    names.push_back(json_string(name));
    if (std::ranges::count(rows.columns(), name) > 1)
      throw Error(
          fmt::format("two columns are named '{}', and readers of JSON keep one of them; "
                      "name them apart by AS, or use --format csv",
                      printable(name)));
  }
  const char* before = "[\n";
  for (std::vector<Value> row; rows.next(row); before = ",\n") {
    out << before << "  {";
    for (std::size_t i = 0; i < row.size(); ++i)
      out << (i ? ", " : "") << names[i] << ": " << json_text(row[i]);
    out << '}';
  }
  out << (*before == '[' ? "[]\n" : "\n]\n");
}

// All rows as shown, and which columns hold numbers only.
struct Cells {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> right;
  std::vector<std::size_t> width;
};

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

template <class Rows, class Escape>
Cells cells(Rows& rows, Escape escape) {
  const auto n = rows.columns().size();
  Cells all{{}, {}, std::vector<bool>(n, true), {}};
  for (const auto& name : rows.columns()) all.head.push_back(escape(name));
  for (const auto& name : all.head) all.width.push_back(std::max<std::size_t>(3, width(name)));
  for (std::vector<Value> row; rows.next(row);) {
    auto& texts = all.rows.emplace_back();
    for (std::size_t i = 0; i < n; ++i) {
      texts.push_back(escape(shown(row[i])));
      all.width[i] = std::max(all.width[i], width(texts[i]));
      if (is_text(row[i])) all.right[i] = false;
    }
  }
  return all;
}

std::string padded(const std::string& text, std::size_t to, bool right) {
  const std::string space(to - width(text), ' ');
  return right ? space + text : text + space;
}

void print_line(const Cells& all, const std::vector<std::string>& texts, const char* start,
                const char* between, const char* end, std::ostream& out) {
  std::string line = start;
  for (std::size_t i = 0; i < texts.size(); ++i)
    line += (i ? between : "") + padded(texts[i], all.width[i], all.right[i]);
  line += end;
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << '\n';
}

template <class Rows>
void print_table(Rows& rows, std::ostream& out) {
  const auto all = cells(rows, [](const std::string& text) { return printable(text); });
  std::vector<std::string> rule;
  for (const auto w : all.width) rule.emplace_back(w, '-');
  print_line(all, all.head, "", "  ", "", out);
  print_line(all, rule, "", "  ", "", out);
  for (const auto& row : all.rows) print_line(all, row, "", "  ", "", out);
}

template <class Rows>
void print_markdown(Rows& rows, std::ostream& out) {
  const auto all = cells(rows, [](const std::string& text) {
    return replaced(replaced(printable_lines(text), "|", "\\|"), "\n", "<br>");
  });
  std::vector<std::string> rule;
  for (std::size_t i = 0; i < all.width.size(); ++i)
    rule.push_back(std::string(all.width[i] - 1, '-') + (all.right[i] ? ':' : '-'));
  print_line(all, all.head, "| ", " | ", " |", out);
  print_line(all, rule, "| ", " | ", " |", out);
  for (const auto& row : all.rows) print_line(all, row, "| ", " | ", " |", out);
}

template <class Rows>
void print_latex(Rows& rows, std::ostream& out) {
  Table table{rows.columns(), {}};
  for (std::vector<Value> row; rows.next(row);) table.rows.push_back(row);
  out << latex(table);
}

template <class Rows>
void print_rows(Rows& rows, Format format, std::ostream& out, Audience audience) {
  switch (format) {
    case Format::table:
      return print_table(rows, out);
    case Format::csv:
      return print_csv(rows, audience, out);
    case Format::json:
      return print_json(rows, out);
    case Format::markdown:
      return print_markdown(rows, out);
    case Format::latex:
      return print_latex(rows, out);
  }
}

// A table, read like the rows of a query.
class TableRows {
 public:
  explicit TableRows(const Table& table) : table_(table) {}

  const std::vector<std::string>& columns() const { return table_.columns; }
  bool next(std::vector<Value>& row) {
    if (next_ == table_.rows.size()) return false;
    row = table_.rows[next_++];
    return true;
  }

 private:
  const Table& table_;
  std::size_t next_ = 0;
};

}  // namespace

Format format_named(const std::string& name) {
  static const std::vector<std::string> names = {"table", "csv", "json", "markdown", "latex"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw Error(fmt::format("unknown format '{}'{}", name, did_you_mean(name, names)));
  return static_cast<Format>(found - names.begin());
}

void print(Reader::Rows& rows, Format format, std::ostream& out, Audience audience) {
  print_rows(rows, format, out, audience);
}

void print(const Table& table, Format format, std::ostream& out, Audience audience) {
  TableRows rows(table);
  print_rows(rows, format, out, audience);
}

std::string query(const std::string& path, const std::string& sql, Format format) {
  auto reader = Reader::open(path);
  auto rows = reader.query(sql);
  std::ostringstream out;
  print(rows, format, out);
  return out.str();
}

}  // namespace descent::store
