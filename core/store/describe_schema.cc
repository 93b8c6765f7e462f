// SPDX-License-Identifier: MIT
#include "store/describe_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "record/metric.h"
#include "store/sql_texts.h"

namespace descent::store {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \n");
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

// "| `a`, `b` | what they are |": the names, and what they are. Only names are in backquotes
// there.
struct Row {
  std::vector<std::string> names;
  std::string meaning;
};

Row row_of(const std::string& line) {
  Row row;
  const auto bar = line.find(" | ");
  row.meaning = trimmed(line.substr(bar + 3, line.rfind('|') - bar - 3));
  const auto cell = line.substr(0, bar);
  for (auto open = cell.find('`'); open != cell.npos; open = cell.find('`', open)) {
    const auto close = cell.find('`', open + 1);
    row.names.push_back(cell.substr(open + 1, close - open - 1));
    open = close + 1;
  }
  return row;
}

// Reads the page's parts Views, Tables and Functions: a heading of the third level is a table or
// view; the paragraph below it describes it, the table describes its columns, and the first
// query is the example.
class Page {
 public:
  explicit Page(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) take(line);
  }

  std::vector<Described> all;

 private:
  void take(const std::string& line) {
    if (in_query_) return take_query(line);
    if (line.starts_with("## ")) return open_part(line.substr(3));
    if (kind_.empty()) return;
    if (line.starts_with("### ")) {
      all.push_back({kind_, line.substr(4), "", "", {}});
      has_meaning_ = false;
      return;
    }
    if (line == "```sql") {
      in_query_ = true;
      is_example_ = kind_ != "function" && !all.empty() && all.back().example.empty();
      return;
    }
    if (line.starts_with("| ")) return take_row(line);
    in_columns_ = false;
    if (kind_ != "function" && !all.empty()) take_meaning(line);
  }

  void open_part(const std::string& name) {
    static const std::map<std::string, std::string> kinds{
        {"Views", "view"}, {"Tables", "table"}, {"Functions", "function"}};
    const auto found = kinds.find(name);
    kind_ = found == kinds.end() ? "" : found->second;
    has_meaning_ = true;  // text before the first heading belongs to no table
  }

  void take_query(const std::string& line) {
    if (line == "```")
      in_query_ = false;
    else if (is_example_)
      all.back().example += (all.back().example.empty() ? "" : "\n") + line;
  }

  void take_row(const std::string& line) {
    if (line == "| column | meaning |" || line == "| function | gives |")
      in_columns_ = true;
    else if (in_columns_ && line.starts_with("| `"))
      take_names(row_of(line));
  }

  void take_names(const Row& row) {
    for (const auto& name : row.names)
      if (kind_ == "function")
        all.push_back({kind_, name, row.meaning, "", {}});
      else
        all.back().columns.emplace_back(name, row.meaning);
  }

  void take_meaning(const std::string& line) {
    auto& meaning = all.back().meaning;
    if (line.empty()) has_meaning_ = has_meaning_ || !meaning.empty();
    if (!has_meaning_ && !line.empty()) meaning += (meaning.empty() ? "" : " ") + line;
  }

  std::string kind_;
  bool in_query_ = false, is_example_ = false, in_columns_ = false, has_meaning_ = true;
};

std::vector<std::string> names(Reader& reader, const std::string& sql,
                               const std::vector<Value>& bound) {
  auto rows = reader.query(sql, bound);
  std::vector<std::string> all;
  for (std::vector<Value> row; rows.next(row);) all.push_back(std::get<std::string>(row.at(0)));
  return all;
}

std::vector<std::string> columns_of(Reader& reader, const std::string& table) {
  return names(reader, "SELECT name FROM pragma_table_xinfo(?) ORDER BY cid", {table});
}

const Described* find(const std::vector<Described>& all, const std::string& name) {
  const auto found = std::ranges::find(all, name, &Described::name);
  return found == all.end() ? nullptr : &*found;
}

std::string meaning_of(const Described* described, const std::string& column) {
  if (!described) return "";
  const auto found =
      std::ranges::find(described->columns, column, &std::pair<std::string, std::string>::first);
  return found == described->columns.end() ? "" : found->second;
}

// As far as the page says it; a column or table that it does not know has an empty meaning.
Described of_store(Reader& reader, const std::string& kind, const std::string& name,
                   const Described* on_page) {
  Described described{
      kind, name, on_page ? on_page->meaning : "", on_page ? on_page->example : "", {}};
  for (const auto& column : columns_of(reader, name))
    described.columns.emplace_back(column, meaning_of(on_page, column));
  return described;
}

// Of a column that only an experiment's view has.
std::string meaning_of_own(const std::string& column) {
  for (const auto& [ending, what] :
       {std::pair<std::string, const char*>{"_mean", "mean of this measure over the runs"},
        {"_se", "standard error of this mean"}})
    if (column.ends_with(ending) &&
        record::find_metric(column.substr(0, column.size() - ending.size())))
      return what;
  return "value of this swept path";
}

Described of_experiment(Reader& reader, const std::string& experiment, const std::string& view,
                        const Described* results) {
  Described described{"view",
                      view,
                      fmt::format("The points of the experiment `{}`: `results` with a column for "
                                  "each swept path.",
                                  experiment),
                      fmt::format("SELECT * FROM \"{}\";", view),
                      {}};
  for (const auto& column : columns_of(reader, view)) {
    const auto meaning = meaning_of(results, column);
    described.columns.emplace_back(column, meaning.empty() ? meaning_of_own(column) : meaning);
  }
  return described;
}

}  // namespace

std::vector<Described> describe(Reader& reader) {
  const auto page = Page(results_page).all;
  std::vector<Described> all;
  const auto present = [&](const std::string& type) {
    return names(reader,
                 "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite\\_%' "
                 "ESCAPE '\\' AND name NOT IN (SELECT view_name FROM experiments) ORDER BY rowid",
                 {type});
  };
  for (const std::string kind : {"table", "view"}) {
    const auto there = present(kind);
    for (const auto& entry : page)
      if (entry.kind == kind && std::ranges::count(there, entry.name))
        all.push_back(of_store(reader, kind, entry.name, &entry));
    for (const auto& name : there)
      if (!find(page, name)) all.push_back(of_store(reader, kind, name, nullptr));
  }
  for (const auto& view :
       names(reader, "SELECT view_name FROM experiments ORDER BY experiment_id", {}))
    all.push_back(of_experiment(
        reader, names(reader, "SELECT name FROM experiments WHERE view_name = ?", {view}).at(0),
        view, find(page, "results")));
  for (const auto& entry : page)
    if (entry.kind == "function") all.push_back(entry);
  return all;
}

}  // namespace descent::store
