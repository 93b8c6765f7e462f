// SPDX-License-Identifier: MIT
// A search along a line for a step that satisfies the strong Wolfe conditions, by bracketing and
// zooming with cubic interpolation (Nocedal & Wright 2006, algorithms 3.5 and 3.6), with the
// safeguards of PyTorch.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace descent {

// The function at x + t d.
struct LinePoint {
  double t, value, slope;  // slope: along d
  int gradient;            // which of the caller's three buffers holds the gradient there
};

// Where the cubic through two points with their slopes is least, kept in [low, high]; the middle if
// it has no minimum (equation 3.59).
inline double cubic_minimum(const LinePoint& a, const LinePoint& b, double low, double high) {
  const auto& [left, right] = a.t <= b.t ? std::pair(a, b) : std::pair(b, a);
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const double t = right.t - (right.t - left.t) *
                                 ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return std::min(std::max(t, low), high);
}

// at(t, buffer) evaluates the function and writes its gradient into the buffer, 0, 1 or 2. start is
// the point at 0, its gradient in buffer 0; t is tried first; reach is the largest change of a
// weight by a step of length 1.
template <class At>
LinePoint strong_wolfe(At&& at, const LinePoint& start, double t, double reach) {
  constexpr int most = 25;
  constexpr double narrowest = 1e-9;
  const auto too_high = [&](const LinePoint& p) {
    return p.value > start.value + 1e-4 * p.t * start.slope;
  };
  const auto is_flat = [&](const LinePoint& p) { return std::abs(p.slope) <= -0.9 * start.slope; };

  // Longer and longer steps, until two of them have a good one between them.
  LinePoint last = start, now = at(t, 1);
  int tried = 0;
  for (; tried < most; ++tried) {
    if (too_high(now) || (tried > 1 && now.value >= last.value)) break;
    if (is_flat(now)) return now;
    if (now.slope >= 0) break;
    const double next = cubic_minimum(last, now, now.t + 0.01 * (now.t - last.t), 10 * now.t);
    last = now;
    now = at(next, 3 - last.gradient);
  }
  if (tried == most) last = start;

  std::array<LinePoint, 2> ends{last, now};
  int low = ends[0].value <= ends[1].value ? 0 : 1;
  bool stalled = false;
  for (; tried < most; ++tried) {
    const auto [left, right] = std::minmax(ends[0].t, ends[1].t);
    if ((right - left) * reach < narrowest) break;
    t = cubic_minimum(ends[0], ends[1], left, right);
    // Twice close to the same end, or on it: move away from it by a tenth.
    const double margin = 0.1 * (right - left);
    if (std::min(right - t, t - left) < margin) {
      const bool moves = stalled || t >= right || t <= left;
      if (moves) t = std::abs(t - right) < std::abs(t - left) ? right - margin : left + margin;
      stalled = !moves;
    } else {
      stalled = false;
    }

    const int a = ends[0].gradient, b = ends[1].gradient;
    now = at(t, a == b ? (a + 1) % 3 : 3 - a - b);
    const int high = 1 - low;
    if (too_high(now) || now.value >= ends[low].value) {
      ends[high] = now;
      low = ends[0].value <= ends[1].value ? 0 : 1;
      continue;
    }
    if (is_flat(now)) return now;
    if (now.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
    ends[low] = now;
  }
  return ends[low];
}

}  // namespace descent
