// SPDX-License-Identifier: MIT
// descent sql: one read-only question to a store.
#include <iostream>

#include "base/error.h"
#include "cli/command.h"
#include "store/query.h"

namespace descent {
namespace {

namespace po = boost::program_options;

int sql(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("format",
                        po::value<std::string>()->default_value("table")->value_name("FORMAT"),
                        "table, csv, json or markdown");
  po::variables_map values;
  Arguments words;
  const cli::Help help{
      "sql DB QUERY [--format table|csv|json|markdown]",
      "Asks a store one question in SQL. The store is opened read-only; what would write\n"
      "is refused. Tables and views: docs/results.md.",
      "descent sql results.db 'SELECT * FROM results'"};
  if (!cli::parse(arguments, help, options, values, words)) return all_done;
  if (words.size() != 2) throw Error("sql takes a store and one query; see descent sql --help");
  const auto format = format_named(values["format"].as<std::string>());
  auto reader = Reader::open(words[0]);
  auto rows = reader.query(words[1]);
  print(rows, format, std::cout);
  return all_done;
}

}  // namespace

const Command sql_command{"sql", "ask a store in SQL, read-only", sql};

}  // namespace descent
