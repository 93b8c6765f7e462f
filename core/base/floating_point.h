// SPDX-License-Identifier: MIT
// The floating-point environment of a thread: rounding, traps, and what happens to denormal
// numbers. Foreign code may change it: a library that is linked with -ffast-math switches denormals
// off while it is loaded.
#pragma once

#include <cfenv>
#include <string>

namespace descent {

// Rounding to nearest, no traps, denormal numbers: what C programs start with, and what results
// are computed in.
void set_standard_floating_point();

// How the environment differs from that, such as "denormal numbers become zero, rounding is
// upward"; "": it does not.
std::string floating_point_deviation();

// Restores the environment at the end of the scope.
class KeepFloatingPoint {
 public:
  KeepFloatingPoint() { std::fegetenv(&saved_); }
  ~KeepFloatingPoint() { std::fesetenv(&saved_); }
  KeepFloatingPoint(const KeepFloatingPoint&) = delete;
  KeepFloatingPoint& operator=(const KeepFloatingPoint&) = delete;

 private:
  std::fenv_t saved_;
};

}  // namespace descent
