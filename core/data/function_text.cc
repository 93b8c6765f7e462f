// SPDX-License-Identifier: MIT
#include "data/function_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace descent::data {
namespace {

// A wide input list is cut short in messages.
std::string variables(std::uint64_t inputs) {
  return inputs <= 3 ? fmt::format("{}", fmt::join(input_names(inputs), ", "))
                     : fmt::format("x1 .. x{}", inputs);
}

}  // namespace

std::vector<std::string> input_names(std::uint64_t inputs) {
  if (inputs == 1) return {"x"};
  std::vector<std::string> names;
  for (std::uint64_t i = 1; i <= inputs; ++i) names.push_back(fmt::format("x{}", i));
  return names;
}

Expression compile_function(const std::string& text, std::uint64_t inputs) {
  return Expression(text, {"function", input_names(inputs), variables(inputs)});
}

}  // namespace descent::data
