// SPDX-License-Identifier: MIT
#include "data/target_kind.h"

namespace descent::data {
namespace {

struct Kind {
  const char *noun, *values, *violation, *remedy;
};

const Kind& facts(TargetKind kind) {
  static constexpr const char* recode =
      "divide percentages by 100, code two classes as 0 and 1, or choose a loss of numbers, such "
      "as "
      "mse, "
      "or of more classes, such as cross_entropy";
  static constexpr const char* numbers =
      "leave out such rows, or choose a loss of numbers, such as mse";
  static constexpr Kind all[] = {
      {"numbers", "the numbers", "not a number", "choose a loss of classes, such as cross_entropy"},
      {"classes", "the classes", "not a class", "choose a loss of numbers, such as mse"},
      {"probabilities", "[0, 1]", "outside [0, 1]", recode},
      {"probabilities", "[0, 1]", "outside [0, 1]", recode},
      {"log-probabilities", "the numbers <= 0", "above 0",
       "leave out log_target if the file holds probabilities"},
      {"signs", "-1 and 1", "neither -1 nor 1",
       "code two classes as -1 and 1 or as 0 and 1, or choose a loss of numbers, such as mse, or "
       "of "
       "more "
       "classes, such as cross_entropy"},
      {"counts", "the numbers >= 0", "below 0", numbers},
      {"positive numbers", "the numbers > 0", "not above 0", numbers}};
  return all[static_cast<int>(kind)];
}

bool holds(TargetKind kind, double target) {
  using enum TargetKind;
  switch (kind) {
    case probabilities:
    case distributions:
      return target >= 0 && target <= 1;
    case log_distributions:
      return target <= 0;
    case signs:
      return target == -1 || target == 1;
    case counts:
      return target >= 0;
    case positive:
      return target > 0;
    case numbers:
    case classes:
      break;
  }
  return true;
}

}  // namespace

const char* noun(TargetKind kind) { return facts(kind).noun; }
const char* values(TargetKind kind) { return facts(kind).values; }
const char* remedy(TargetKind kind) { return facts(kind).remedy; }

bool is_distribution(TargetKind kind) {
  return kind == TargetKind::distributions || kind == TargetKind::log_distributions;
}

std::string objection(TargetKind kind, double target) {
  return holds(kind, target) ? "" : facts(kind).violation;
}

}  // namespace descent::data
