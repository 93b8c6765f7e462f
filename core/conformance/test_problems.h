// SPDX-License-Identifier: MIT
// The objectives that an optimizer has to descend on, each with where it starts.
#pragma once

#include <random>
#include <vector>

#include "conformance/problems.h"
#include "sdk/abi.h"

namespace descent::conformance {

using Blocks = std::vector<descent_block>;

// A model's layout: two weight matrices, neither of them square, and their biases.
inline const Blocks layered = {{"linear0.weight", 0, 4, 3, false},
                               {"linear1.weight", 12, 2, 4, false},
                               {"linear0.bias", 20, 4, 1, true},
                               {"linear1.bias", 24, 2, 1, true}};
inline constexpr arma::uword layered_size = 26;

struct TestProblem {
  Problem problem;
  arma::vec start;
  Blocks blocks;
};

TestProblem bowl();
TestProblem ill_conditioned();  // curvatures from 0.01 to 10
TestProblem banana();  // Rosenbrock's over 100: its curvature at the start is then about 10, too

// y = x + 1 with noise, a new batch of 16 of the 256 points on every call of next().
class NoisyLine {
 public:
  NoisyLine();

  Problem whole() const { return least_squares(x_, y_); }
  Problem next();

 private:
  std::mt19937_64 engine_;
  arma::mat x_, y_;
};

}  // namespace descent::conformance
