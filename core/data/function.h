// SPDX-License-Identifier: MIT
// A function of the inputs given as text: `5*x + 7`, `sin(2*pi*x1) + x2^2`, `x > 0.5 ? 1 : 0`.
#pragma once

#include <armadillo>
#include <cstdint>
#include <memory>
#include <string>

#include "data/function_text.h"

namespace descent::data {

// Copies share the compiled form: one thread at a time.
class Function {
 public:
  // Throws what compile_function() throws.
  Function(const std::string& text, std::uint64_t inputs);

  // The value at every column of x (inputs x n): 1 x n. Throws Error where it is not finite.
  arma::rowvec operator()(const arma::mat& x) const;

  const std::string& text() const;

 private:
  struct Compiled;
  std::shared_ptr<Compiled> compiled_;
};

// "x1 = 0.5, x2 = 3": a sample as an error message shows it.
std::string show(const arma::vec& input);

}  // namespace descent::data
