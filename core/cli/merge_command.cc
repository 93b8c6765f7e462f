// SPDX-License-Identifier: MIT
// descent merge: stores of several machines or days into one.
#include <fmt/format.h>

#include <iostream>

#include "base/error.h"
#include "cli/command.h"
#include "store/merge.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

int merge_stores(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("private", "only you can read the files of OUT (mode 0600)")(
      "any-cpu", "merge runs of different kinds of processors");
  po::variables_map values;
  Arguments words;
  const Help help{
      "merge OUT.db IN.db...",
      "Merges every IN into OUT, which is created if it does not exist. Merging again changes\n"
      "nothing. A store with runs that contradict those of OUT is reported and not merged.",
      "descent merge all.db monday.db tuesday.db"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.size() < 2)
    throw Error("merge takes a store to write and at least one to read; see descent merge --help");
  store::StoreOptions how;
  how.private_files = values.count("private") > 0;
  how.any_cpu = values.count("any-cpu") > 0;
  const auto report = store::merge(words[0], {words.begin() + 1, words.end()}, how);
  std::cout << fmt::format("{} points and {} runs were new -> {}\n", report.points, report.runs,
                           words[0]);
  return all_done;
}

}  // namespace

const Command merge_command{"merge", "merge several stores into one", merge_stores};

}  // namespace descent::cli
