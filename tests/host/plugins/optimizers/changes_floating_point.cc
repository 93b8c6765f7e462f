// SPDX-License-Identifier: MIT
// Gradient descent that changes the floating-point environment: denormal numbers are zero as soon
// as it is loaded, as crtfastm.o of -ffast-math does it, and rounding is upward from step `at` on
// and after it is unloaded.
#include <cfenv>

#include "sdk/optimizer.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
__attribute__((constructor)) static void flush_to_zero() { _mm_setcsr(_mm_getcsr() | 0x8040); }
#endif
__attribute__((destructor)) static void round_upward() { std::fesetround(FE_UPWARD); }

struct ChangesFloatingPoint {
  static constexpr auto doc = "gradient descent that changes the floating-point environment";
  double lr = 0.01;
  int at = 80;
  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1, "step size");
    hyper(at, "at", 1, 1'000'000, "the step that rounds upward from there on");
  }
  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t) const {
    x -= T(lr) * gradient;
    if (t == at) std::fesetround(FE_UPWARD);
  }
};
DESCENT_OPTIMIZER_PLUGIN(ChangesFloatingPoint);
