// SPDX-License-Identifier: MIT
// An arithmetic expression of named variables, as experiment files write them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace descent::data {

// Operators + - * / ^, comparisons, && ||, a ? b : c; constants pi and e; the usual functions (log
// is the natural logarithm). Copies share the compiled form: one thread at a time.
class Expression {
 public:
  struct Names {
    std::string noun;                    // what messages call the expression: "function"
    std::vector<std::string> variables;  // may contain '.'
    std::string listed;                  // the variables in messages: "x1 .. x8"
    std::string written{};               // the text as messages show it; empty: as it is read
  };
  // Throws Error naming the position and what is valid when the text does not parse.
  Expression(const std::string& text, const Names& names);

  double& variable(std::size_t i);
  double value() const;

 private:
  struct Compiled;
  std::shared_ptr<Compiled> compiled_;
};

// Names that an expression reads as constants or functions.
bool is_reserved(const std::string& name);

}  // namespace descent::data
