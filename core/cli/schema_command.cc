// SPDX-License-Identifier: MIT
// descent schema: the JSON Schema of experiment files, for editors.
#include <iostream>

#include "base/error.h"
#include "cli/command.h"
#include "cli/json_output.h"
#include "experiment/language/json_schema.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

int schema(const Arguments& arguments) {
  po::options_description options("options");
  add_plugins_option(options);
  po::variables_map values;
  Arguments words;
  const Help help{
      "schema",
      "Prints a JSON Schema of experiment files, including the options of all available plugins.",
      "descent schema > descent.schema.json"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (!words.empty()) throw Error("schema takes no arguments; see descent schema --help");
  const auto catalog = open_catalog(values);
  std::cout << json_output(experiment::json_schema(catalog));
  return all_done;
}

}  // namespace

const Command schema_command{"schema", "print a JSON Schema of experiment files", schema};

}  // namespace descent::cli
