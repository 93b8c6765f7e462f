// SPDX-License-Identifier: MIT
#include "cli/command.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "base/error.h"
#include "base/suggestion.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

std::vector<std::string> names(const po::options_description& options) {
  std::vector<std::string> all;
  for (const auto& option : options.options()) all.push_back("--" + option->long_name());
  return all;
}

void print_help(const Help& help, const po::options_description& options) {
  std::cout << "usage: descent " << help.usage << "\n\n"
            << help.about << "\n\n"
            << options << "\nexample:\n  " << help.example << "\n";
}

// Program_options' complaint in this program's words.
[[noreturn]] void complain(const po::error& error, const po::options_description& options) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error)) {
    const auto word = unknown->get_option_name();
    throw Error(
        fmt::format("option '{}' is not known{}", word, did_you_mean(word, names(options))));
  }
  throw Error(fmt::format("{}; see --help", error.what()));
}

}  // namespace

bool parse(const Arguments& arguments, const Help& help, po::options_description& options,
           po::variables_map& values, Arguments& positional) {
  options.add_options()("help,h", "print this help");
  auto all = options;
  all.add_options()("positional", po::value<Arguments>(), "");
  po::positional_options_description places;
  places.add("positional", -1);
  try {
    using namespace po::command_line_style;
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(places)
                  .style(unix_style & ~allow_guessing)
                  .run(),
              values);
    if (values.count("help")) {
      print_help(help, options);
      return false;
    }
    po::notify(values);
  } catch (const po::error& error) {
    complain(error, options);
  }
  positional = words_of(values, "positional");
  return true;
}

Arguments words_of(const po::variables_map& values, const char* option) {
  return values.count(option) ? values[option].as<Arguments>() : Arguments();
}

void add_set_option(po::options_description& options) {
  options.add_options()("set", po::value<Arguments>()->composing()->value_name("PATH=VALUE"),
                        "override a value or make it an axis (repeatable)");
}

void add_plugins_option(po::options_description& options) {
  options.add_options()("plugins", po::value<Arguments>()->composing()->value_name("DIR"),
                        "search DIR for plugins first (repeatable; see also DESCENT_PLUGIN_PATH)")(
      "allow-writable", "load plugins that other users can write");
}

host::Catalog open_catalog(const po::variables_map& values) {
  const auto folders = plugin_folders(values);
  for (const auto& folder : folders)
    if (!std::filesystem::is_directory(folder))
      throw Error(fmt::format("--plugins {}: there is no such folder", folder));
  return host::Catalog(host::Catalog::standard_folders({folders.begin(), folders.end()}),
                       values.count("allow-writable") > 0);
}

std::vector<std::string> plugin_folders(const po::variables_map& values) {
  return words_of(values, "plugins");
}

}  // namespace descent::cli
