// SPDX-License-Identifier: MIT
#include "cli/plugin_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>

#include "base/error.h"
#include "conformance/against.h"
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
  if (std::isinf(finding.limit)) return "noted";
  return finding.holds() ? "holds" : "FAILS";
}

// The rows of one plugin: printed as they come, and collected.
class Rows {
 public:
  explicit Rows(const std::function<void(const std::string&)>& print) : print_(print) {}

  void add(const std::string& name, const Finding& finding) {
    report_.holds &= finding.holds();
    print_(fmt::format("  {:<24}  {:>10}  {:>8}  {:<6}  {}\n", name, short_number(finding.figure),
                       short_number(finding.limit), verdict(finding), finding.text));
    report_.json["checks"].push_back({{"name", name},
                                      {"figure", number(finding.figure)},
                                      {"limit", number(finding.limit)},
                                      {"holds", finding.holds()},
                                      {"text", finding.text}});
  }

  void print(const std::string& text) const { print_(text); }
  Report& report() { return report_; }

 private:
  const std::function<void(const std::string&)>& print_;
  Report report_;
};

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

void add_vectors(const host::Plugin& plugin, const std::vector<std::string>& files, Rows& rows) {
  auto& report = rows.report();
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
  rows.add("reference cases", finding);
  for (const auto& one : all) {
    if (one.matches()) continue;
    rows.print(fmt::format("    {}: {}\n", one.id, one.text));
    report.json["vectors"]["failed"].push_back({{"id", one.id}, {"text", one.text}});
  }
}

// "lr=0.1,beta1=0.8"
std::map<std::string, double> hyperparameters_of(const std::string& text) {
  std::map<std::string, double> given;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto word = text.substr(at, end - at);
    const auto sign = word.find('=');
    char* rest = nullptr;
    const double value = sign == word.npos ? 0 : std::strtod(word.c_str() + sign + 1, &rest);
    if (sign == word.npos || sign + 1 == word.size() || *rest != '\0')
      throw Error(fmt::format("--against: '{}' is not of the form lr=0.1", word));
    given[word.substr(0, sign)] = value;
    at = end + 1;
  }
  return given;
}

conformance::Check comparison_with(const host::Catalog& catalog, const host::Plugin& plugin,
                                   const std::string& word) {
  if (word.ends_with(".csv")) return conformance::against_table(plugin, word);
  const auto colon = std::min(word.find(':'), word.size());
  const auto given = colon < word.size() ? hyperparameters_of(word.substr(colon + 1))
                                         : std::map<std::string, double>();
  const auto& other = catalog.get(plugin->kind, word.substr(0, colon));
  other.settle(given);  // or the error would be a row
  return conformance::against(plugin, other, given);
}

}  // namespace

std::vector<conformance::Check> comparisons_with(const host::Catalog& catalog,
                                                 const host::Plugin& plugin,
                                                 const std::vector<std::string>& words) {
  std::vector<conformance::Check> all;
  for (const auto& word : words) all.push_back(comparison_with(catalog, plugin, word));
  for (const auto& name : catalog.names(plugin->kind)) {
    if (!catalog.objection(plugin->kind, name).empty()) continue;
    const auto& other = catalog.get(plugin->kind, name);
    if (other.hash() != plugin.hash() && conformance::same_claim(plugin, other))
      all.push_back(conformance::against(plugin, other, {}));
  }
  return all;
}

Report check_plugin(const host::Plugin& plugin, const Comparisons& comparisons,
                    const std::function<void(const std::string&)>& print) {
  engine::reserve_blas_memory();
  Rows rows(print);
  print(fmt::format("{}: {}\n  {:<24}  {:>10}  {:>8}  {:<6}\n", plugin.label(), plugin.path(),
                    "check", "figure", "limit", ""));
  auto& report = rows.report();
  report.json = {{"kind", host::kind_name(plugin->kind)},
                 {"name", plugin->name},
                 {"path", plugin.path()},
                 {"checks", json::array()}};
  auto checks = conformance::checks_of(plugin);
  checks.insert(checks.end(), comparisons.against.begin(), comparisons.against.end());
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const auto waiting = [&] {
      std::cerr << fmt::format("checking {}, {} of {}\n", checks[i].name, i + 1, checks.size());
    };
    findings.push_back(run(checks[i], waiting));
    rows.add(checks[i].name, findings.back());
  }
  rows.add("floating point", conformance::floating_point(plugin, findings));
  if (!comparisons.vectors.empty()) add_vectors(plugin, comparisons.vectors, rows);
  report.json["holds"] = report.holds;
  print(report.holds ? "all of it holds\n" : "NOT all of it holds\n");
  return report;
}

}  // namespace descent::cli
