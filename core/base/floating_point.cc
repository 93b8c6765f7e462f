// SPDX-License-Identifier: MIT
#include "base/floating_point.h"

#include <limits>

namespace descent {
namespace {

// The processor switches the results (flush to zero) and the operands (denormals are zero) apart.
// What is volatile is computed here and now.
template <class T>
bool has_denormals() {
  volatile T least_normal = std::numeric_limits<T>::min();
  volatile T least = std::numeric_limits<T>::denorm_min();
  volatile T result = least_normal / 2;
  volatile T operand = least * T(1 << 20) * T(1 << 20);
  return result != 0 && operand != 0;
}

// The x87 unit can be set to compute long double with fewer digits.
bool has_long_double() {
  volatile long double one = 1, small = std::numeric_limits<long double>::epsilon();
  volatile long double sum = one + small;
  return sum != one;
}

const char* direction(int rounding) {
  if (rounding == FE_UPWARD) return "upward";
  if (rounding == FE_DOWNWARD) return "downward";
  if (rounding == FE_TOWARDZERO) return "toward zero";
  return "not to nearest";
}

}  // namespace

void set_standard_floating_point() { std::fesetenv(FE_DFL_ENV); }

std::string floating_point_deviation() {
  std::string all;
  const auto add = [&](const std::string& text) { all += (all.empty() ? "" : ", ") + text; };
  const KeepFloatingPoint keep;
  const int rounding = std::fegetround(), traps = ::fegetexcept();
  std::fenv_t ignored;
  std::feholdexcept(&ignored);    // without traps and with the standard rounding, so that one
  std::fesetround(FE_TONEAREST);  // deviation is not taken for another
  if (!has_denormals<double>() || !has_denormals<float>()) add("denormal numbers become zero");
  if (!has_long_double()) add("long double has fewer digits");
  if (rounding != FE_TONEAREST) add(std::string("rounding is ") + direction(rounding));
  if (traps != 0) add("exceptions trap");
  return all;
}

}  // namespace descent
