// SPDX-License-Identifier: MIT
// A walk: an optimizer under gradients that are given beforehand. The objective of a step agrees
// with its gradient, so line searches work as in a training.
#pragma once

#include <armadillo>
#include <functional>
#include <vector>

#include "conformance/test_problems.h"
#include "host/optimizer.h"

namespace descent::conformance {

// Where a walk starts and what it is given; both are numbers of float, so that a walk in either
// type is given the same. The objective of step t is g'(y - x) + sum h (y - x)^2 / 2 + |g|^2 / 2 +
// 1 with the weights x and the gradient g of the step, and h = c (5/4 + sign(g) / 4); at x its
// gradient is g. As its curvature depends on g, so does the difference of two gradients.
struct Course {
  Blocks blocks = layered;
  arma::vec start;
  arma::mat gradients;     // a column a step
  arma::vec curvature;     // c, at least 1
  double pull = 0;         // times x is added to the gradient
  double misled = 1;       // times the gradient is what the rule sees
  bool coarse = false;     // the objective and its gradient are rounded to float
  std::uint64_t seed = 0;  // of the steps' random streams

  // The usual one: gradients and start from a normal distribution.
  static Course usual(arma::uword steps = 50, unsigned seed = 4);
};

// Its blocks in another order: `order` names the blocks of this one.
Course reordered(const Course& course, const std::vector<std::size_t>& order);
// x of the course as that of the reordered one, or of the other way round.
arma::uvec places(const Course& course, const std::vector<std::size_t>& order);

template <class T>
class Walk {
 public:
  Walk(const host::Plugin& plugin, std::vector<double> hyperparameters, Course course);
  Walk(const Walk&) = delete;

  void step();
  void go(arma::uword last);  // up to that step
  void flip();                // reverses the gradient of the next step

  arma::Col<T>& x() { return x_; }
  const arma::Col<T>& gradient() const { return gradient_; }  // of the last step
  host::Optimizer<T>& optimizer() { return optimizer_; }
  const Course& course() const { return course_; }
  std::uint64_t evaluations() const { return evaluations_; }

 private:
  Course course_;
  host::Optimizer<T> optimizer_;
  arma::Col<T> x_, gradient_, curvature_;
  std::uint64_t evaluations_ = 0;
};

// What happens before a step; t is 1 before the first.
template <class T>
using Before = std::function<void(Walk<T>&, arma::uword t)>;

// The weights after each step, a column each; the weights for evaluation below them where the rule
// averages.
template <class T>
arma::mat trajectory(const host::Plugin& plugin, const std::vector<double>& hyperparameters,
                     const Course& course, const Before<T>& before = {});

// A difference of trajectories, as a share of their length, that is more than rounding.
inline constexpr double visible = 1e-9;

// The largest difference of two trajectories over the length of the first: of its largest change of
// a weight.
double trajectory_distance(const arma::mat& a, const arma::mat& b, const arma::vec& start);

// How far apart two trajectories of the course may be if the numbers of one are known to a relative
// error of `rounding` only: at least `least`, more for a rule that magnifies errors.
double tolerance(const host::Plugin& plugin, const std::vector<double>& hyperparameters,
                 const Course& course, double rounding, double least);

// How far apart the trajectories in double are with and without rounding to float: weights, slots
// and state after each step, the objective and its gradient where a step asks for them. A
// trajectory in float cannot avoid it.
double rounding_to_float(const host::Plugin& plugin, const std::vector<double>& hyperparameters,
                         const Course& course);

// Whether its steps ask for the objective.
bool evaluates(const host::Plugin& plugin, const std::vector<double>& hyperparameters);

// Whether the trajectory depends on the seed of the random streams.
bool draws(const host::Plugin& plugin, const std::vector<double>& hyperparameters);

}  // namespace descent::conformance
