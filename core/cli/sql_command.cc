// SPDX-License-Identifier: MIT
// descent sql: one read-only question to a store, or what there is to ask.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/json_output.h"
#include "cli/output_file.h"
#include "store/describe_schema.h"
#include "store/query.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

// "-": the query is what standard input holds.
std::string query_of(const std::string& word) {
  if (word != "-") return word;
  if (isatty(STDIN_FILENO))
    std::cerr << "enter a query, then Ctrl-D (descent sql DB --list describes the tables)\n";
  std::string query{std::istreambuf_iterator<char>(std::cin), {}};
  if (!std::cin || std::ferror(stdin)) throw Error("standard input could not be read");
  return query;
}

void list_as_text(const std::vector<store::Described>& all) {
  for (const auto& one : all) {
    std::cout << fmt::format("{} {}\n  {}\n", one.kind, printable(one.name), one.meaning);
    std::size_t width = 0;
    for (const auto& column : one.columns) width = std::max(width, column.first.size());
    for (const auto& [name, meaning] : one.columns)
      std::cout << fmt::format("    {:<{}}  {}\n", printable(name), width, meaning);
    if (!one.example.empty()) std::cout << "  example: " << one.example << '\n';
    std::cout << '\n';
  }
}

void list_as_json(const std::vector<store::Described>& all) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : all) {
    auto columns = nlohmann::ordered_json::array();
    for (const auto& [name, meaning] : one.columns)
      columns.push_back({{"name", name}, {"meaning", meaning}});
    list.push_back({{"kind", one.kind},
                    {"name", one.name},
                    {"meaning", one.meaning},
                    {"example", one.example},
                    {"columns", columns}});
  }
  std::cout << json_output(list);
}

// A row a column; of what has none, a row.
store::Table flat(const std::vector<store::Described>& all) {
  store::Table table{{"kind", "name", "column", "meaning"}, {}};
  for (const auto& one : all) {
    table.rows.push_back({one.kind, one.name, std::monostate{}, one.meaning});
    for (const auto& [name, meaning] : one.columns)
      table.rows.push_back({one.kind, one.name, name, meaning});
  }
  return table;
}

void print_list(store::Reader& reader, store::Format format) {
  const auto all = store::describe(reader);
  if (format == store::Format::table) return list_as_text(all);
  if (format == store::Format::json) return list_as_json(all);
  store::print(flat(all), format, std::cout, audience_of(std::cout));
}

int sql(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("format",
                        po::value<std::string>()->default_value("table")->value_name("FORMAT"),
                        "table, csv, json, markdown or latex")(
      "list", "describe all tables, views, columns and functions, with examples");
  po::variables_map values;
  Arguments words;
  const Help help{
      "sql DB QUERY|- [--format table|csv|json|markdown|latex] | sql DB --list [--format ...]",
      "Runs one SQL query on a store; - reads it from standard input. The store is opened\n"
      "read-only: statements that write, or open another file, are refused. In addition to the\n"
      "functions of SQLite there are median, quantile, stddev, ci_low, ci_high, geomean and\n"
      "log10. --list describes what can be queried, as docs/results.md does.",
      "descent sql results.db 'SELECT * FROM leaderboard'\n  descent sql results.db --list"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  const bool lists = values.count("list") > 0;
  if (words.size() != (lists ? 1u : 2u))
    throw Error(lists ? "sql --list takes a store and no query; see descent sql --help"
                      : "sql takes a store and one query, or - to read it from standard input; "
                        "see descent sql --help");
  const auto format = store::format_named(values["format"].as<std::string>());
  auto reader = store::Reader::open(words[0]);
  if (lists) return print_list(reader, format), all_done;
  auto rows = reader.query(query_of(words[1]));
  store::print(rows, format, std::cout, audience_of(std::cout));
  return all_done;
}

}  // namespace

const Command sql_command{"sql", "query a store in SQL, read-only", sql};

}  // namespace descent::cli
