// SPDX-License-Identifier: MIT
// Surfaces: objectives of two weights, the point (x, y), given by formula instead of data.
//   saddle      x^2/2 - y^2/2 + y^4/4    strict saddle at 0, minima -1/4 at (0, -1) and (0, 1);
//               Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.3; Lee,
//               Simchowitz, Jordan & Recht 2016, arXiv:1602.04915
//   rosenbrock  (1 - x)^2 + 100 (y - x^2)^2    a bent valley, minimum 0 at (1, 1);
//               Rosenbrock 1960, The Computer Journal 3
//   beale       (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2    minimum 0 at
//               (3, 1/2); Beale 1958; More, Garbow & Hillstrom 1981, ACM TOMS 7, problem 5
//   himmelblau  (x^2 + y - 11)^2 + (x + y^2 - 7)^2    four minima 0, one at (3, 2);
//               Himmelblau 1972, Applied Nonlinear Programming
//   bowl        (x^2 + condition y^2) / 2    minimum 0 at 0; the condition number is chosen
//   plateau     1 - exp(-(x^2 + y^2) / 2)    minimum 0 at 0, almost flat far from it
#pragma once

#include "autograd/graph.h"
#include "nn/spec.h"

namespace descent::nn {

// The height at a point, 2 x 1, as 1 x 1.
template <class T>
Var<T> surface(const SurfaceSpec& spec, const Var<T>& point);

}  // namespace descent::nn
