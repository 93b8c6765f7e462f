// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace descent {
namespace {

std::string lines(const std::vector<Problem>& problems) {
  std::vector<std::string> all;
  all.reserve(problems.size());
  for (const auto& problem : problems) all.push_back(problem.line());
  return fmt::format("{}", fmt::join(all, "\n"));
}

std::string line_of(const Problem& problem, const char* kind) {
  const auto where = problem.place.text();
  return fmt::format("{}{}{}: {}", where, where.empty() ? "" : ": ", kind, problem.text);
}

}  // namespace

std::string Place::text() const {
  if (line == 0) return file;
  if (column == 0) return fmt::format("{}:{}", file, line);
  return fmt::format("{}:{}:{}", file, line, column);
}

std::string Problem::line() const { return line_of(*this, "error"); }
std::string Problem::warning() const { return line_of(*this, "warning"); }

Error::Error(std::vector<Problem> problems)
    : std::runtime_error(lines(problems)), problems_(std::move(problems)) {}

}  // namespace descent
