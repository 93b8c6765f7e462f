// SPDX-License-Identifier: MIT
#include "cli/plugin_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "conformance/check.h"
#include "conformance/vectors.h"
#include "engine/blas_memory.h"

namespace descent::cli {
namespace {

using conformance::Finding;
using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

std::string short_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.3g}", value) : "-";
}

const char* verdict(const Finding& finding) {
  if (std::isinf(finding.limit)) return "told";
  return finding.holds() ? "holds" : "FAILS";
}

void add(const std::string& name, const Finding& finding, Report& report) {
  report.holds &= finding.holds();
  report.text +=
      fmt::format("  {:<24}  {:>10}  {:>8}  {:<6}  {}\n", name, short_number(finding.figure),
                  short_number(finding.limit), verdict(finding), finding.text);
  report.json["checks"].push_back({{"name", name},
                                   {"figure", number(finding.figure)},
                                   {"limit", number(finding.limit)},
                                   {"holds", finding.holds()},
                                   {"text", finding.text}});
}

std::vector<conformance::Comparison> comparisons(const host::Plugin& plugin,
                                                 const std::vector<std::string>& files) {
  std::vector<conformance::Comparison> all;
  for (const auto& file : files)
    for (const auto& one : conformance::cases_for(plugin, file))
      all.push_back(conformance::compare(plugin, one));
  if (all.empty())
    throw Error(
        fmt::format("no case of {} is in the files of --vectors; their key '{}' must be "
                    "'{}'",
                    plugin.label(), host::kind_name(plugin->kind), plugin->name));
  return all;
}

void add_vectors(const host::Plugin& plugin, const std::vector<std::string>& files,
                 Report& report) {
  const auto all = comparisons(plugin, files);
  const auto worst = *std::ranges::max_element(all, {}, [](const auto& one) {
    return one.deviation == one.deviation ? one.deviation : conformance::no_limit;
  });
  const auto passed = std::ranges::count_if(all, [](const auto& one) { return one.matches(); });
  report.json["vectors"] = {{"cases", all.size()},
                            {"passed", passed},
                            {"largest_deviation", number(worst.deviation)},
                            {"of_case", worst.id},
                            {"failed", json::array()}};
  Finding finding{worst.deviation, 1,
                  fmt::format("{} of {} cases pass; largest deviation in tolerances, of {}", passed,
                              all.size(), worst.id)};
  if (worst.deviation != worst.deviation) finding.figure = conformance::no_limit;
  add("reference cases", finding, report);
  for (const auto& one : all) {
    if (one.matches()) continue;
    report.text += fmt::format("    {}: {}\n", one.id, one.text);
    report.json["vectors"]["failed"].push_back({{"id", one.id}, {"text", one.text}});
  }
}

}  // namespace

Report check_plugin(const host::Plugin& plugin, const std::vector<std::string>& vectors) {
  engine::reserve_blas_memory();
  Report report;
  report.text = fmt::format("{}: {}\n  {:<24}  {:>10}  {:>8}  {:<6}\n", plugin.label(),
                            plugin.path(), "check", "figure", "limit", "");
  report.json = {{"kind", host::kind_name(plugin->kind)},
                 {"name", plugin->name},
                 {"path", plugin.path()},
                 {"checks", json::array()}};
  std::vector<Finding> findings;
  for (const auto& check : conformance::checks_of(plugin)) {
    findings.push_back(run(check));
    add(check.name, findings.back(), report);
  }
  add("floating point", conformance::floating_point(plugin, findings), report);
  if (!vectors.empty()) add_vectors(plugin, vectors, report);
  report.json["holds"] = report.holds;
  report.text += report.holds ? "all of it holds\n" : "NOT all of it holds\n";
  return report;
}

}  // namespace descent::cli
