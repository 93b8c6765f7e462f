// SPDX-License-Identifier: MIT
// Checks of the table of every plugin.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "conformance/checks.h"
#include "host/elf.h"

namespace descent::conformance {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// The number of hyperparameters that are wrong, and their names.
template <class Wrong>
Finding faulty_hyperparameters(const host::Plugin& plugin, const std::string& what, Wrong&& wrong) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i)
    if (wrong(i, plugin->hypers[i])) names.emplace_back(plugin->hypers[i].name);
  return {double(names.size()), 0,
          names.empty() ? what : fmt::format("{}: {}", what, fmt::join(names, ", "))};
}

bool is_one_line(const char* text) { return text && *text && !std::strchr(text, '\n'); }

Finding interface(const host::Plugin& plugin) {
  return {std::abs(double(plugin->abi) - DESCENT_ABI), 0,
          fmt::format("descent_entry of interface {}", plugin->abi)};
}

Finding symbols(const host::Plugin& plugin) {
  auto others = host::exported_symbols(host::LibraryFile(plugin.path()).bytes());
  std::erase(others, "descent_entry");
  return {double(others.size()), 0,
          others.empty()
              ? "symbols other than descent_entry"
              : fmt::format("link with a version script; exported: {}", fmt::join(others, ", "))};
}

Finding docs(const host::Plugin& plugin) {
  auto finding =
      faulty_hyperparameters(plugin, "hyperparameters without a line of doc",
                             [](auto, const auto& hyper) { return !is_one_line(hyper.doc); });
  if (!is_one_line(plugin->doc)) {
    finding.figure += 1;
    finding.text = "the plugin has no doc of one line";
  }
  return finding;
}

Finding defaults_fit(const host::Plugin& plugin) {
  auto finding = faulty_hyperparameters(
      plugin, "defaults outside their range",
      [&](auto i, const auto& hyper) { return !plugin.objection(i, hyper.fallback).empty(); });
  if (const auto text = plugin.conflict(defaults(plugin)); !text.empty()) {
    finding.figure += 1;
    finding.text = "defaults that do not go together: " + text;
  }
  return finding;
}

Finding ranges(const host::Plugin& plugin) {
  return faulty_hyperparameters(
      plugin, "hyperparameters that take values out of range", [&](auto i, const auto& hyper) {
        const auto takes = [&](double value) { return plugin.objection(i, value).empty(); };
        const double below = std::nextafter(hyper.low, -infinity);
        const double above = std::nextafter(hyper.high, infinity);
        return !(hyper.low <= hyper.high) || takes(nan) ||
               (std::isfinite(hyper.low) && takes(below)) ||
               (std::isfinite(hyper.high) && takes(above)) ||
               (hyper.type != DESCENT_REAL && takes(0.5));
      });
}

}  // namespace

std::vector<Check> checks_of_table(const host::Plugin& plugin) {
  return {{"interface", [plugin] { return interface(plugin); }},
          {"symbols", [plugin] { return symbols(plugin); }},
          {"doc", [plugin] { return docs(plugin); }},
          {"defaults in range", [plugin] { return defaults_fit(plugin); }},
          {"out of range refused", [plugin] { return ranges(plugin); }}};
}

}  // namespace descent::conformance
