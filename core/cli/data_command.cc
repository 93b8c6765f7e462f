// SPDX-License-Identifier: MIT
// descent data: what an experiment reads from its data file.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <variant>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/json_output.h"
#include "data/overview.h"
#include "experiment/experiment.h"
#include "train/training.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

constexpr std::size_t most_columns_shown = 100;
constexpr arma::uword most_inputs_shown = 8;

std::size_t characters(const std::string& text) {
  return std::size_t(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  return fmt::format("{:{}}", text, width);  // fmt counts characters, not bytes
}

void print_columns(const data::Overview& all) {
  std::size_t name = 6, role = 8;
  for (const auto& column : all.columns) {
    name = std::max(name, std::min<std::size_t>(characters(column.name), 32));
    role = std::max(role, column.role.size());
  }
  std::cout << fmt::format("{}  {}  missing  values\n", padded("column", name),
                           padded("kind", role));
  for (std::size_t i = 0; i < all.columns.size() && i < most_columns_shown; ++i) {
    const auto& column = all.columns[i];
    auto line =
        fmt::format("{}  {}  {:>7}  {}", padded(printable(shortened(column.name, 29)), name),
                    padded(column.role, role), column.missing, printable(column.values));
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << '\n';
  }
  if (all.columns.size() > most_columns_shown)
    std::cout << fmt::format("... and {} more\n", all.columns.size() - most_columns_shown);
}

void print_first(const data::Overview& all) {
  if (all.first.n_cols == 0) return;
  const auto shown = std::min(all.first.n_rows, most_inputs_shown);
  std::cout << fmt::format("\n{} inputs; the first training samples", all.first.n_rows);
  if (shown < all.first.n_rows) std::cout << fmt::format(" in {} of them", shown);
  std::cout << ":\n";
  for (arma::uword k = 0; k < shown; ++k) {
    std::cout << padded(printable(shortened(all.inputs[k], 29)), 24);
    for (const auto value : arma::rowvec(all.first.row(k)))
      std::cout << fmt::format(" {:>10.5g}", value);
    std::cout << '\n';
  }
}

void print_overview(const data::Overview& all) {
  std::cout << fmt::format("{}: {} rows{}\n\n", all.path, all.rows,
                           all.dialect.empty() ? "" : ", " + all.dialect);
  print_columns(all);
  if (!all.classes.empty()) {
    std::cout << "\nclasses:";
    for (const auto& [label, count] : all.classes)
      std::cout << fmt::format(" {} {}{}", printable(shortened(label, 29)), count,
                               &label == &all.classes.back().first ? "\n" : ",");
  }
  print_first(all);
  std::cout << fmt::format("\nsamples: {} for training, {} for validation, {} to test\n",
                           all.training, all.validation, all.test);
  for (const auto& note : all.notes) std::cout << printable(note) << '\n';
  for (const auto& warning : all.warnings) std::cout << "warning: " << printable(warning) << '\n';
}

nlohmann::json as_json(const data::Overview& all) {
  auto columns = nlohmann::json::array();
  for (const auto& column : all.columns)
    columns.push_back({{"name", column.name},
                       {"kind", column.role},
                       {"values", column.values},
                       {"missing", column.missing}});
  auto classes = nlohmann::json::object();
  for (const auto& [label, count] : all.classes) classes[label] = count;
  return {{"path", all.path},         {"rows", all.rows},
          {"dialect", all.dialect},   {"columns", columns},
          {"inputs", all.inputs},     {"classes", classes},
          {"training", all.training}, {"validation", all.validation},
          {"test", all.test},         {"notes", all.notes},
          {"warnings", all.warnings}};
}

int show_data(const Arguments& arguments) {
  po::options_description options("options");
  add_set_option(options);
  options.add_options()("rows", po::value<std::uint64_t>()->default_value(5)->value_name("N"),
                        "samples to show")("json", "print JSON");
  add_plugins_option(options);
  po::variables_map values;
  Arguments files;
  const Help help{"data FILE.yaml [--set path=value]... [--rows 5]",
                  "Shows what an experiment reads from its data file: columns and their kinds,\n"
                  "missing values, classes, splits, and what looks like a mistake in them.",
                  "descent data experiments/logistic_breast_cancer.yaml"};
  if (!parse(arguments, help, options, values, files)) return all_done;
  if (files.size() != 1) throw Error("data needs one experiment file; see descent data --help");
  const auto catalog = open_catalog(values);
  const auto experiment =
      experiment::Experiment::read(files.front(), words_of(values, "set"), catalog);
  const auto settings = experiment.point(0).settings;
  const auto* csv = std::get_if<data::CsvSpec>(&settings.data);
  if (!csv)
    throw Error(Place{files.front()},
                "this experiment reads no data file; descent data is for data.csv");
  const auto kind = train::target_kind(settings, catalog);
  const data::ReplicateSampler sampler(settings.data, kind, settings.replicates.resample,
                                       settings.seed, settings.replicates.vary_split);
  const auto all = data::overview(*csv, kind, sampler,
                                  std::min<std::uint64_t>(values["rows"].as<std::uint64_t>(), 20));
  if (values.count("json"))
    std::cout << json_output(as_json(all));
  else
    print_overview(all);
  return all_done;
}

}  // namespace

const Command data_command{"data", "show what an experiment reads from its data file", show_data};

}  // namespace descent::cli
