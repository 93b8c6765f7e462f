// SPDX-License-Identifier: MIT
#include "conformance/check.h"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "base/floating_point.h"
#include "conformance/allocations.h"
#include "conformance/checks.h"
#include "host/isolated.h"

namespace descent::conformance {
namespace {

constexpr unsigned longest_check =
    allocations_are_counted ? 20 : 120;  // seconds; more if sanitized

// A finding as a message between two processes.
std::string encoded(const Finding& finding) {
  return fmt::format("{} {} {}\n{}", finding.figure, finding.limit, finding.left, finding.text);
}

Finding decoded(const std::string& text) {
  const auto first = text.find(' '), second = text.find(' ', first + 1);
  const auto end = text.find('\n', second);
  return {std::strtod(text.c_str(), nullptr), std::strtod(text.c_str() + first, nullptr),
          text.substr(end + 1), text.substr(second + 1, end - second - 1)};
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

Finding run(const Check& check, const std::function<void()>& waiting) {
  const auto work = [&] {
    auto finding = check.run();
    finding.left = floating_point_deviation();
    set_standard_floating_point();  // for the numbers of the message
    return encoded(finding);
  };
  const auto ran = host::isolated(work, longest_check, waiting);
  if (ran.returned) return decoded(ran.text);
  return {std::numeric_limits<double>::quiet_NaN(), 0, ran.text};
}

Finding floating_point(const host::Plugin& plugin, const std::vector<Finding>& findings) {
  if (const auto& loaded = plugin.floating_point(); !loaded.empty())
    return {1, 0,
            fmt::format("while it is loaded, {}; link it without -ffast-math and -Ofast", loaded)};
  for (const auto& finding : findings)
    if (!finding.left.empty())
      return {1, 0, fmt::format("after a call, {}; restore it before returning", finding.left)};
  return {0, 0, "changes of the floating-point environment that stay"};
}

std::vector<double> defaults(const host::Plugin& plugin) {
  return plugin.settle({}).hyperparameters;
}

std::vector<double> with_settings(const host::Plugin& plugin, const char* settings) {
  std::map<std::string, double> given;
  std::istringstream words(settings ? settings : "");
  for (std::string word; words >> word;) {
    const auto sign = word.find('=');
    given[word.substr(0, sign)] =
        std::strtod(word.c_str() + (sign == word.npos ? 0 : sign + 1), nullptr);
  }
  return plugin.settle(given).hyperparameters;
}

}  // namespace descent::conformance
