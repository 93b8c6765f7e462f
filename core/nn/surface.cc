// SPDX-License-Identifier: MIT
#include "nn/surface.h"

#include "autograd/ops.h"

namespace descent::nn {
namespace {

using Form = SurfaceSpec::Kind;

template <class T>
Var<T> saddle(const Var<T>& x, const Var<T>& y) {
  return square(x) * 0.5 - square(y) * 0.5 + square(square(y)) * 0.25;
}

template <class T>
Var<T> rosenbrock(const Var<T>& x, const Var<T>& y) {
  return square(1 - x) + 100 * square(y - square(x));
}

template <class T>
Var<T> beale(const Var<T>& x, const Var<T>& y) {
  return square(1.5 - x + x * y) + square(2.25 - x + x * square(y)) +
         square(2.625 - x + x * y * square(y));
}

template <class T>
Var<T> himmelblau(const Var<T>& x, const Var<T>& y) {
  return square(square(x) + y - 11) + square(x + square(y) - 7);
}

template <class T>
Var<T> bowl(const Var<T>& x, const Var<T>& y, double condition) {
  return square(x) * 0.5 + square(y) * (condition / 2);
}

template <class T>
Var<T> plateau(const Var<T>& x, const Var<T>& y) {
  return 1 - exp((square(x) + square(y)) * -0.5);
}

}  // namespace

std::span<const Surface> surfaces() {
  static constexpr Surface all[] = {
      {Form::saddle, "saddle", "x^2/2 - y^2/2 + y^4/4: a strict saddle at 0", {1, 0}},
      {Form::rosenbrock, "rosenbrock", "(1-x)^2 + 100 (y-x^2)^2: a bent valley", {-1.2, 1}},
      {Form::beale, "beale", "Beale's function, minimum at (3, 1/2)", {1, 1}},
      {Form::himmelblau, "himmelblau", "(x^2+y-11)^2 + (x+y^2-7)^2: four minima", {0, 0}},
      {Form::bowl, "bowl", "(x^2 + condition y^2) / 2", {1, 1}},
      {Form::plateau, "plateau", "1 - exp(-(x^2+y^2)/2): almost flat far away", {2, 2}}};
  return all;
}

template <class T>
Var<T> surface(const SurfaceSpec& spec, const Var<T>& point) {
  const auto x = rows(point, 0, 0), y = rows(point, 1, 1);
  switch (spec.kind) {
    case Form::saddle:
      return saddle(x, y);
    case Form::rosenbrock:
      return rosenbrock(x, y);
    case Form::beale:
      return beale(x, y);
    case Form::himmelblau:
      return himmelblau(x, y);
    case Form::bowl:
      return bowl(x, y, spec.condition);
    case Form::plateau:
      break;
  }
  return plateau(x, y);
}

template Var<float> surface(const SurfaceSpec&, const Var<float>&);
template Var<double> surface(const SurfaceSpec&, const Var<double>&);

}  // namespace descent::nn
