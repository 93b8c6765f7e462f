// SPDX-License-Identifier: MIT
// descent export: a table or view of a store for other programs.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "base/error.h"
#include "base/suggestion.h"
#include "cli/command.h"
#include "cli/output_file.h"
#include "store/latex.h"
#include "store/query.h"
#include "store/schema.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

std::vector<std::string> texts(store::Reader& reader, const std::string& sql,
                               const std::vector<store::Value>& values = {}) {
  std::vector<std::string> all;
  store::for_each_row(
      reader, sql, [&](const auto& row) { all.push_back(std::get<std::string>(row.at(0))); },
      values);
  return all;
}

void check_known(const std::string& what, const std::string& name,
                 const std::vector<std::string>& known, const std::string& where = "this store") {
  if (std::ranges::count(known, name) == 0)
    throw Error(
        fmt::format("{} '{}' is not in {}{}", what, name, where, did_you_mean(name, known)));
}

// The condition that keeps the rows of one experiment, by what the view has.
std::string condition(store::Reader& reader, const std::string& view) {
  const auto columns = texts(reader, "SELECT name FROM pragma_table_xinfo(?)", {view});
  const auto has = [&](const char* name) { return std::ranges::count(columns, name) > 0; };
  if (has("experiment")) return " WHERE experiment = ?";
  const std::string points =
      "(SELECT point_id FROM points JOIN experiments USING (experiment_id) WHERE name = ?)";
  if (has("experiment_id"))
    return " WHERE experiment_id = (SELECT experiment_id FROM experiments WHERE name = ?)";
  if (has("family_id"))
    return " WHERE family_id IN (SELECT family_id FROM contrast_families JOIN experiments USING "
           "(experiment_id) WHERE name = ?)";
  if (has("point_id")) return " WHERE point_id IN " + points;
  if (has("run_id")) return fmt::format(" WHERE run_id / {} IN {}", store::runs_per_point, points);
  if (view == "experiments") return " WHERE name = ?";
  throw Error(
      fmt::format("the rows of '{}' belong to no experiment; leave out --experiment", view));
}

store::Reader::Rows rows_of(store::Reader& reader, const std::string& view,
                            const std::string& experiment,
                            const std::vector<std::string>& columns) {
  check_known("view", view,
              texts(reader,
                    "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND "
                    "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"));
  const auto known = texts(reader, "SELECT name FROM pragma_table_xinfo(?)", {view});
  std::string chosen;
  for (const auto& column : columns) {
    check_known("column", column, known, "'" + view + "'");
    chosen += (chosen.empty() ? "\"" : ", \"") + column + '"';
  }
  // names that are there, which have no quotes
  const auto all = "SELECT " + (chosen.empty() ? "*" : chosen) + " FROM \"" + view + '"';
  if (experiment.empty()) return reader.query(all);
  check_known("experiment", experiment, texts(reader, "SELECT name FROM experiments ORDER BY 1"));
  return reader.query(all + condition(reader, view), {experiment});
}

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) all.push_back(word);
  return all;
}

// With all columns of the view: an interval is part of the column it belongs to.
void print_latex(store::Reader::Rows rows, const store::LatexOptions& options, std::ostream& out) {
  store::Table table{rows.columns(), {}};
  for (std::vector<store::Value> row; rows.next(row);) table.rows.push_back(row);
  out << store::latex(table, options);
}

int export_view(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("format",
                        po::value<std::string>()->default_value("csv")->value_name("FORMAT"),
                        "csv, json, latex, markdown or table")(
      "view", po::value<std::string>()->value_name("NAME"),
      "table or view to write (default: results; for latex: leaderboard)")(
      "experiment", po::value<std::string>()->default_value("")->value_name("NAME"),
      "only the rows of this experiment")(
      "output", po::value<std::string>()->default_value("")->value_name("FILE"),
      "write a file instead of standard output")(
      "columns", po::value<std::string>()->default_value("")->value_name("A,B,..."),
      "only these, in this order (default: all; for latex, without redundant ones)")(
      "caption", po::value<std::string>()->default_value("")->value_name("TEXT"),
      "for latex: caption; makes a floating table")("force",
                                                    "let --output replace an existing file");
  po::variables_map values;
  Arguments words;
  const Help help{
      "export DB [--format csv|json|latex|markdown] [--view results] [--experiment NAME]\n"
      "               [--columns A,B,...] [--caption TEXT] [--output FILE [--force]]",
      "Writes a table or view for other programs. In CSV and JSON numbers read back as the\n"
      "same numbers. LaTeX output has values with half their 95 % interval, rounded accordingly;\n"
      "it needs the package booktabs.",
      "descent export results.db --format latex --experiment rate-sweep --output table.tex"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.size() != 1) throw Error("export takes one store; see descent export --help");
  const auto format = store::format_named(values["format"].as<std::string>());
  const std::string usual = format == store::Format::latex ? "leaderboard" : "results";
  auto reader = store::Reader::open(words[0]);
  const auto experiment = values["experiment"].as<std::string>();
  const auto view = values.count("view") ? values["view"].as<std::string>() : usual;
  const auto columns = list_of(values["columns"].as<std::string>());
  const auto caption = values["caption"].as<std::string>();
  const bool is_latex = format == store::Format::latex;
  if (!is_latex && !caption.empty()) throw Error("--caption needs --format latex");
  auto rows = rows_of(reader, view, experiment, is_latex ? std::vector<std::string>() : columns);
  const auto write = [&](std::ostream& out) {
    if (is_latex)
      print_latex(rows, {caption, experiment.empty() ? view : experiment, columns}, out);
    else
      store::print(rows, format, out, audience_of(out));
  };
  write_output(values["output"].as<std::string>(), values.count("force") > 0, write);
  return all_done;
}

}  // namespace

const Command export_command{"export", "write a table or view as CSV, JSON, LaTeX or Markdown",
                             export_view};

}  // namespace descent::cli
