// SPDX-License-Identifier: MIT
// descent report: what a store holds as one page for a browser.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "base/error.h"
#include "cli/command.h"
#include "cli/report_file.h"
#include "cli/worker_options.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

void say_where(const std::string& file) {
  if (file == "-") return;
  std::cout << fmt::format("{} ({} kB); open it in a browser\n", file,
                           std::filesystem::file_size(file) / 1000);
}

int make_report(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("output,o",
                        po::value<std::string>()->default_value("report.html")->value_name("FILE"),
                        "the page; an existing report is replaced")(
      "experiment", po::value<Arguments>()->composing()->value_name("NAME"),
      "only this experiment (repeatable)")(
      "watch", "update the page while a run fills the store; browsers reload it");
  po::variables_map values;
  Arguments words;
  const Help help{
      "report DB [--output report.html] [--experiment NAME]... [--watch]",
      "Writes one HTML file with pictures, tables and an answer for each experiment. The file\n"
      "needs no other file and no network. Under each picture are its data and its SQL.",
      "descent report results.db --output report.html"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.size() != 1) throw Error("report takes one store; see descent report --help");
  ReportRequest request{words[0], values["output"].as<std::string>(), {}};
  if (request.file.empty()) throw Error("--output needs the name of a file, or - for the terminal");
  if (values.count("experiment")) request.experiments = values["experiment"].as<Arguments>();
  if (values.count("watch") == 0) {
    write_report(request, false);
    say_where(request.file);
    return all_done;
  }
  if (request.file == "-") throw Error("--watch needs a file; give one with --output");
  catch_signals();
  std::cerr << fmt::format("writing {} while the store changes; Ctrl-C ends it\n", request.file);
  const bool is_finished = keep_report(request, stop_signal);
  say_where(request.file);
  return is_finished ? all_done : interrupted;
}

}  // namespace

const Command report_command{"report", "write a page with pictures of all results", make_report};

}  // namespace descent::cli
