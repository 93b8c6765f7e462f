// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace descent {
namespace {

std::string lines(const std::vector<Problem>& problems) {
  std::vector<std::string> all;
  for (const auto& problem : problems) all.push_back(problem.line());
  return fmt::format("{}", fmt::join(all, "\n"));
}

}  // namespace

std::string Place::text() const {
  if (line == 0) return file;
  return fmt::format("{}:{}:{}", file, line, column);
}

std::string Problem::line() const {
  const auto where = place.text();
  return where.empty() ? "error: " + text : fmt::format("{}: error: {}", where, text);
}

Error::Error(std::vector<Problem> problems)
    : std::runtime_error(lines(problems)), problems_(std::move(problems)) {}

}  // namespace descent
