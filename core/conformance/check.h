// SPDX-License-Identifier: MIT
// The requirements on a plugin as named checks: gradients and the plugin contract. `descent plugins
// check` prints them, and tests apply them to every shipped plugin.
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
  double limit = no_limit;  // without a limit the figure is only reported
  std::string text;         // what the figure measures, or its reason
  std::string left = {};    // how the floating-point environment was left; "": as it should be

  bool holds() const { return figure <= limit; }  // false for NaN
};

struct Check {
  std::string name;
  std::function<Finding()> run;
};

// The checks that apply to the plugin, in the order in which an author wants to read them.
std::vector<Check> checks_of(const host::Plugin& plugin);

// The time of an optimizer step: nanoseconds a float32 weight.
Check cost_of(const host::Plugin& optimizer);

// Runs it in a separate process: a crash, a hang or an exception is a failed check. waiting is
// called if it takes more than two seconds.
Finding run(const Check& check, const std::function<void()>& waiting = {});

// Whether loading the plugin, or the calls of these checks, changed the floating-point environment.
Finding floating_point(const host::Plugin& plugin, const std::vector<Finding>& findings);

}  // namespace descent::conformance
