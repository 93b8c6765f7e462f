// SPDX-License-Identifier: MIT
// What a plugin must be, as named checks: its derivatives, its promises, its manners. `descent
// plugins check` prints them, and tests hold every shipped plugin to them.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "host/plugin.h"

namespace descent::conformance {

constexpr double no_limit = std::numeric_limits<double>::infinity();

struct Finding {
  double figure = 0;
  double limit = no_limit;  // without one the figure is told, not judged
  std::string text;         // what the figure is of, or why it is what it is

  bool holds() const { return figure <= limit; }  // never, when it is not a number
};

struct Check {
  std::string name;
  std::function<Finding()> run;
};

// The checks that apply to the plugin, in the order in which an author wants to read them.
std::vector<Check> checks_of(const Plugin& plugin);

// What a step of an optimizer costs: nanoseconds for 10,000 float32 weights.
Check cost_of(const Plugin& optimizer);

// Runs it in a process of its own: a crash, a hang or an exception is a check that does not hold.
Finding run(const Check& check);

}  // namespace descent::conformance
