// SPDX-License-Identifier: MIT
#include "store/mixed_builds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace descent::store {
namespace {

std::string trained_in(const std::string& schema) {
  return fmt::format(
      "SELECT b.value AS build, a.value AS arithmetic "
      "FROM {0}.provenance a JOIN {0}.provenance b USING (invocation) "
      "WHERE a.key = 'arithmetic' AND b.key = 'build' "
      "  AND (a.invocation IN (SELECT invocation FROM {0}.point_invocations) OR "
      "       a.invocation NOT IN "
      "       (SELECT invocation FROM {0}.provenance WHERE key = 'finished_at'))",
      schema);
}

}  // namespace

std::string mixed_builds(const std::vector<std::string>& schemas) {
  std::vector<std::string> trained;
  trained.reserve(schemas.size());
  for (const auto& schema : schemas) trained.push_back(trained_in(schema));
  return fmt::format(
      "SELECT build FROM (SELECT build FROM ({}) GROUP BY build "
      "HAVING count(DISTINCT arithmetic) > 1)",
      fmt::join(trained, " UNION ALL "));
}

}  // namespace descent::store
