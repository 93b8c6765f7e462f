// SPDX-License-Identifier: MIT
#include "conformance/check.h"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "conformance/checks.h"
#include "host/isolated.h"

namespace descent::conformance {
namespace {

constexpr unsigned longest_check = 120;  // seconds

// A finding as a message between two processes.
std::string encoded(const Finding& finding) {
  return fmt::format("{} {} {}", finding.figure, finding.limit, finding.text);
}

Finding decoded(const std::string& text) {
  const auto first = text.find(' '), second = text.find(' ', first + 1);
  return {std::strtod(text.c_str(), nullptr), std::strtod(text.c_str() + first, nullptr),
          text.substr(second + 1)};
}

}  // namespace

std::vector<Check> checks_of(const host::Plugin& plugin) {
  auto all = checks_of_table(plugin);
  auto own = plugin->kind == DESCENT_LOSS        ? checks_of_loss(plugin)
             : plugin->kind == DESCENT_OPTIMIZER ? checks_of_optimizer(plugin)
                                                 : checks_of_regularizer(plugin);
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

Finding run(const Check& check) {
  const auto ran = host::isolated([&] { return encoded(check.run()); }, longest_check);
  if (ran.returned) return decoded(ran.text);
  return {std::numeric_limits<double>::quiet_NaN(), 0, ran.text};
}

std::vector<double> defaults(const host::Plugin& plugin) { return plugin.settle({}).hypers; }

std::vector<double> with_settings(const host::Plugin& plugin, const char* settings) {
  std::map<std::string, double> given;
  std::istringstream words(settings ? settings : "");
  for (std::string word; words >> word;) {
    const auto sign = word.find('=');
    given[word.substr(0, sign)] =
        std::strtod(word.c_str() + (sign == word.npos ? 0 : sign + 1), nullptr);
  }
  return plugin.settle(given).hypers;
}

}  // namespace descent::conformance
