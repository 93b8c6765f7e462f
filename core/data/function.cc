// SPDX-License-Identifier: MIT
#include "data/function.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/unsigned_nan.h"

namespace descent::data {

struct Function::Compiled {
  std::string text;
  Expression expression;
};

std::string show(const arma::vec& input) {
  const auto names = input_names(input.n_elem);
  const auto shown = std::min<std::size_t>(names.size(), 4);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < shown; ++i)
    parts.push_back(fmt::format("{} = {}", names[i], input[i]));
  return fmt::format("{}{}", fmt::join(parts, ", "), shown < names.size() ? ", ..." : "");
}

Function::Function(const std::string& text, std::uint64_t inputs)
    : compiled_(std::make_shared<Compiled>(Compiled{text, compile_function(text, inputs)})) {}

arma::rowvec Function::operator()(const arma::mat& x) const {
  auto& [kept, expression] = *compiled_;
  arma::rowvec values(x.n_cols);
  // One sample at a time: muParser's bulk mode starts OpenMP threads, and a parent that forks
  // workers must not have any.
  for (arma::uword i = 0; i < x.n_cols; ++i) {
    for (arma::uword j = 0; j < x.n_rows; ++j) expression.variable(j) = x(j, i);
    values[i] = expression.value();
    if (!std::isfinite(values[i]))
      throw Error::about("data.synthetic.function",
                         fmt::format("function '{}' is {} at {}; a target must be a finite number",
                                     kept, unsigned_nan(values[i]), show(x.col(i))));
  }
  return values;
}

const std::string& Function::text() const { return compiled_->text; }

}  // namespace descent::data
