// SPDX-License-Identifier: MIT
// A command of the program: its --help text, and how its arguments are read.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "host/catalog.h"

namespace descent::cli {

enum ExitCode {
  all_done = 0,
  some_not_done = 1,
  usage_error = 2,
  store_error = 3,
  round_waits = 4,  // of submit --by-hand: shares are to be run
  scheduler_refused = 5,
  interrupted = 130
};

using Arguments = std::vector<std::string>;

struct Command {
  std::string name;
  std::string summary;  // one line
  int (*run)(const Arguments&);
};

extern const Command run_command, plan_command, data_command, sql_command, plugins_command,
    merge_command, schema_command, compare_command, export_command, show_command, report_command,
    plot_command, submit_command, share_command, status_command, predict_command, model_command;

// What a command's help consists of besides its options.
struct Help {
  std::string usage;    // after "descent "
  std::string about;    // sentences
  std::string example;  // a command line, or several
};

// Parses the options; other words go to `positional` in order. Returns false if --help
// was given and printed. Throws Error on an unknown option, naming the nearest one.
bool parse(const Arguments& arguments, const Help& help,
           boost::program_options::options_description& options,
           boost::program_options::variables_map& values, Arguments& positional);

// The values of a repeatable option, in order.
Arguments words_of(const boost::program_options::variables_map& values, const char* option);

// --set PATH=VALUE, repeatable, of the commands that read experiment files.
void add_set_option(boost::program_options::options_description& options);

// --plugins DIR (repeatable) and --allow-writable, shared by the commands that load plugins.
void add_plugins_option(boost::program_options::options_description& options);
host::Catalog open_catalog(const boost::program_options::variables_map& values);
std::vector<std::string> plugin_folders(const boost::program_options::variables_map& values);

}  // namespace descent::cli
