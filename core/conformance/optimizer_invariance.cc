// SPDX-License-Identifier: MIT
// Checks of what must not change the trajectory of an optimizer: the element type, the origin, the
// order of blocks, other instances; and of what must: the gradient of the step.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "conformance/hyperparameter_changes.h"
#include "conformance/optimizer_checks.h"
#include "conformance/walk.h"
#include "host/isolated.h"

namespace descent::conformance {
namespace {

// What float cannot avoid. Numbers that are kept between steps are rounded after each; a step
// rounds more often than that, at most 30 times as often. What it decomposes is as uncertain as
// gradients that are known to 1e-7 make it. And a hyperparameter like 0.9999 leaves 1e-4 with a
// relative error of 6e-8 / 1e-4.
double allowed_in_float(const host::Plugin& plugin, const Values& hyperparameters,
                        const Course& course) {
  constexpr double of_hyperparameters = 1e-3, roundings = 30;
  return std::max(roundings * rounding_to_float(plugin, hyperparameters, course),
                  tolerance(plugin, hyperparameters, course, 1e-7, of_hyperparameters));
}

// How often as far as allowed the types part, how far, and how far they may. A rule that asks for
// the objective compares its values, and trajectories part where the types disagree: it is followed
// for a few steps only.
struct InFloat {
  double share = 0, off = 0, limit = no_limit;
  arma::uword steps = 50;
};

InFloat in_float(const host::Plugin& plugin, const Values& hyperparameters) {
  InFloat found;
  if (evaluates(plugin, hyperparameters)) found.steps = draws(plugin, hyperparameters) ? 1 : 3;
  const auto course = Course::usual(found.steps);
  const auto exact = trajectory<double>(plugin, hyperparameters, course);
  if (!exact.is_finite() && hyperparameters != defaults(plugin))
    return found;  // no option for this course
  found.off =
      trajectory_distance(exact, trajectory<float>(plugin, hyperparameters, course), course.start);
  found.limit = allowed_in_float(plugin, hyperparameters, course);
  found.share = found.off / found.limit;
  return found;
}

Finding step_single_precision(const host::Plugin& plugin) {
  InFloat worst;
  worst_of_bases(plugin, [&](const Values& hyperparameters) {
    const auto found = in_float(plugin, hyperparameters);
    const bool is_nan = worst.share != worst.share;
    if (!is_nan && !(found.share < worst.share)) worst = found;
    return 0.0;
  });
  return {worst.off, worst.limit,
          fmt::format("float against double over {} steps, relative to its length, with each "
                      "hyperparameter changed",
                      worst.steps)};
}

Finding shifted(const host::Plugin& plugin) {
  if (has_trait(plugin, DESCENT_DECAYS)) return {0, no_limit, "declared: weights decay"};
  if (has_trait(plugin, DESCENT_RELATIVE))
    return {0, no_limit, "declared: the step depends on the size of the weights"};
  if (plugin->base) return {0, no_limit, "the wrapped optimizer may decay"};
  constexpr double shift = 0.75;
  const auto hyperparameters = without_decay(plugin, defaults(plugin));
  const auto course = Course::usual();
  auto other = course;
  other.start += shift;
  const arma::mat plain = trajectory<double>(plugin, hyperparameters, course);
  const arma::mat moved = trajectory<double>(plugin, hyperparameters, other) - shift;
  // Larger weights are rounded more coarsely, which matters to a rule of their differences.
  const auto coarse =
      trajectory<double>(plugin, hyperparameters, course, [](Walk<double>& walk, arma::uword) {
        walk.x() += shift;
        walk.x() -= shift;
      });
  constexpr double roundings = 30;
  return {
      trajectory_distance(plain, moved, course.start),
      std::max(tolerance(plugin, hyperparameters, course, 1e-13, 1e-8),
               roundings * trajectory_distance(plain, coarse, course.start)),
      "shifting start and objective shifts the trajectory; otherwise declare decays or relative"};
}

Finding order_of_blocks(const host::Plugin& plugin) {
  const auto hyperparameters = defaults(plugin);
  if (draws(plugin, hyperparameters))
    return {0, no_limit, "its random numbers depend on the order"};
  const std::vector<std::size_t> order = {1, 0, 3, 2};
  const auto course = Course::usual();
  const auto whole = trajectory<double>(plugin, hyperparameters, course);
  const auto other = trajectory<double>(plugin, hyperparameters, reordered(course, order));
  const arma::uword n = course.start.n_elem;
  auto from = places(course, order);
  if (whole.n_rows > n) from = arma::join_cols(from, from + n);
  return {trajectory_distance(whole.rows(from), other, reordered(course, order).start),
          tolerance(plugin, hyperparameters, course, 1e-13, 1e-8), "the blocks in another order"};
}

// Rows and columns of every block in another order: of each weight, where it was.
arma::uvec shuffled(const Course& course) {
  arma::uvec from(course.start.n_elem);
  for (const auto& b : course.blocks)
    for (arma::uword j = 0; j < b.cols; ++j)
      for (arma::uword i = 0; i < b.rows; ++i)
        from(b.offset + i + b.rows * j) = b.offset + (i + 1) % b.rows + b.rows * ((j + 1) % b.cols);
  return from;
}

// A unit of a layer has no number for a rule: what takes matrices for others, or a part of them, is
// seen here. Vectors of a decomposition may be any where values are equal.
Finding order_of_units(const host::Plugin& plugin) {
  const auto hyperparameters = defaults(plugin);
  if (draws(plugin, hyperparameters))
    return {0, no_limit, "its random numbers depend on the order"};
  if (decomposes(plugin)) return {0, no_limit, "it decomposes matrices"};
  const auto course = Course::usual();
  auto other = course;
  auto from = shuffled(course);
  other.start = course.start.elem(from);
  other.gradients = course.gradients.rows(from);
  other.curvature = course.curvature.elem(from);
  const auto whole = trajectory<double>(plugin, hyperparameters, course);
  const arma::uword n = course.start.n_elem;
  if (whole.n_rows > n) from = arma::join_cols(from, from + n);
  return {trajectory_distance(whole.rows(from), trajectory<double>(plugin, hyperparameters, other),
                              other.start),
          tolerance(plugin, hyperparameters, course, 1e-13, 1e-8),
          "rows and columns of the matrices in another order"};
}

// Ways as bytes, to compare with those of a process that has seen no other call.
template <class T>
std::string bytes_of(const arma::Col<T>& x) {
  return {reinterpret_cast<const char*>(x.memptr()), x.n_elem * sizeof(T)};
}

template <class T>
arma::Col<T> alone(const host::Plugin& plugin, const Values& hyperparameters,
                   const Course& course) {
  const auto ran = host::isolated(
      [&] {
        Walk<T> walk(plugin, hyperparameters, course);
        walk.go(course.gradients.n_cols);
        return bytes_of(walk.x());
      },
      20);
  if (!ran.returned || ran.text.size() != course.start.n_elem * sizeof(T))
    throw std::runtime_error(ran.text);
  arma::Col<T> x(course.start.n_elem);
  std::memcpy(x.memptr(), ran.text.data(), ran.text.size());
  return x;
}

Values halved(const host::Plugin& plugin, Values hyperparameters) {
  for (std::size_t i = 0; i < hyperparameters.size(); ++i)
    if (auto other = hyperparameters; plugin->hypers[i].type == DESCENT_REAL) {
      other[i] /= 2;
      if (plugin.objection(i, other[i]).empty() && plugin.conflict(other).empty())
        hyperparameters = other;
    }
  return hyperparameters;
}

// The second instance has other blocks, the third another type.
double in_turn_at(const host::Plugin& plugin, const Values& one) {
  const auto other = halved(plugin, one);
  const auto first = Course::usual(20), third = Course::usual(20, 9);
  const auto second = reordered(Course::usual(20, 8), {1, 0, 3});
  const auto a = alone<double>(plugin, one, first);
  const auto b = alone<double>(plugin, other, second);
  const auto c = alone<float>(plugin, other, third);
  Walk<double> walk(plugin, one, first), next(plugin, other, second);
  Walk<float> last(plugin, other, third);
  for (int t = 0; t < 20; ++t) {
    walk.step();
    next.step();
    last.step();
    next.optimizer().evaluation_weights(next.x());
  }
  return worse(worse(largest<double>(walk.x() - a), largest<double>(next.x() - b)),
               largest<float>(last.x() - c));
}

Finding in_turn(const host::Plugin& plugin) {
  return {worst_of_bases(
              plugin,
              [&](const Values& hyperparameters) { return in_turn_at(plugin, hyperparameters); }),
          0, "three instances stepped in turn, against each in a process of its own"};
}

template <class T>
double another_trajectory(const host::Plugin& plugin, const Values& hyperparameters) {
  const auto course = Course::usual(20);
  return largest<double>(trajectory<T>(plugin, hyperparameters, course) -
                         trajectory<T>(plugin, hyperparameters, course));
}

Finding deterministic(const host::Plugin& plugin) {
  const double worst = worst_of_bases(plugin, [&](const Values& hyperparameters) {
    return worse(another_trajectory<double>(plugin, hyperparameters),
                 another_trajectory<float>(plugin, hyperparameters));
  });
  return {worst, 0, "two equal runs of 20 steps"};
}

// An optimizer for each block alone, against one for all.
Finding elementwise(const host::Plugin& plugin) {
  const auto course = Course::usual(20);
  const auto whole = trajectory<double>(plugin, defaults(plugin), course);
  double worst = 0;
  for (std::size_t i = 0; i < course.blocks.size(); ++i) {
    const auto at = places(course, {i});
    auto part = reordered(course, {i});
    worst = worse(
        worst,
        largest<double>(trajectory<double>(plugin, defaults(plugin), part).head_rows(at.n_elem) -
                        whole.rows(at)));
  }
  return {worst, 1e-12, "blocks alone against the whole"};
}

// How many weights move as before in a step with its gradient reversed.
arma::uword unmoved(const host::Plugin& plugin, const Values& hyperparameters, arma::uword turn) {
  Walk<double> walk(plugin, hyperparameters, Course::usual(20)),
      other(plugin, hyperparameters, Course::usual(20));
  walk.go(turn - 1);
  other.go(turn - 1);
  const arma::vec before = walk.x();
  other.flip();
  walk.go(turn);
  other.go(turn);
  const double size = largest<double>(walk.x() - before);
  const arma::vec off = arma::abs(walk.x() - other.x());
  return arma::accu(off <= visible * size);
}

// Signs and clipped steps may stay as they are, but not those of all weights; unless the rule does
// not read the gradient, but searches by values.
Finding heeds_gradient(const host::Plugin& plugin) {
  const auto hyperparameters = defaults(plugin);
  auto course = Course::usual(20);
  const auto straight = trajectory<double>(plugin, hyperparameters, course);
  course.misled = 2;
  if (evaluates(plugin, hyperparameters) &&
      largest<double>(straight - trajectory<double>(plugin, hyperparameters, course)) == 0)
    return {0, no_limit, "it does not read the gradient"};
  arma::uword fewest = layered_size;
  for (const arma::uword turn : {10, 11, 12})
    fewest = std::min(fewest, unmoved(plugin, hyperparameters, turn));
  return {double(fewest), double(layered_size - 1),
          "weights with the same step when its gradient is reversed"};
}

Finding random_stream(const host::Plugin& plugin) {
  const bool random = draws(plugin, defaults(plugin));
  const bool declared = has_trait(plugin, DESCENT_NOISY);
  // Random signs cancel in products with the diagonal Hessian of a walk.
  const bool may_cancel = (plugin->needs & DESCENT_NEEDS_HESSIAN) != 0;
  return {double(declared && !random && !may_cancel), 0,
          declared ? random ? "declared: noisy" : "declared noisy, but not by the step's seed"
          : random ? "the trajectory depends on the seed; declare noisy"
                   : "the trajectory does not depend on the seed"};
}

}  // namespace

std::vector<Check> invariance_checks(const host::Plugin& plugin) {
  std::vector<Check> all = {
      {"single precision", [plugin] { return step_single_precision(plugin); }},
      {"shifted", [plugin] { return shifted(plugin); }},
      {"order of blocks", [plugin] { return order_of_blocks(plugin); }},
      {"order of units", [plugin] { return order_of_units(plugin); }},
      {"instances in turn", [plugin] { return in_turn(plugin); }},
      {"deterministic", [plugin] { return deterministic(plugin); }},
      {"random numbers", [plugin] { return random_stream(plugin); }},
      {"gradient of the step", [plugin] { return heeds_gradient(plugin); }}};
  if (has_trait(plugin, DESCENT_ELEMENTWISE))
    all.push_back({"elementwise", [plugin] { return elementwise(plugin); }});
  return all;
}

}  // namespace descent::conformance
