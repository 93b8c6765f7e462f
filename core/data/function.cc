// SPDX-License-Identifier: MIT
#include "data/function.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <muParser.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace descent {
namespace {

constexpr std::size_t most_characters = 10'000;

// A wide input list is cut short in messages.
std::string variables(std::uint64_t inputs) {
  return inputs <= 3 ? fmt::format("{}", fmt::join(input_names(inputs), ", "))
                     : fmt::format("x1 .. x{}", inputs);
}

std::string unknown(const std::string& token, const mu::Parser& parser, std::uint64_t inputs) {
  std::vector<std::string> functions, names = input_names(inputs);
  for (const auto& [name, callback] : parser.GetFunDef()) functions.push_back(name);
  if (std::ranges::count(functions, token))
    return fmt::format("function '{0}' needs its arguments in parentheses: {0}(...)", token);
  names.insert(names.end(), {"pi", "e"});
  names.insert(names.end(), functions.begin(), functions.end());
  const auto nearest = suggestion(token, names);
  return fmt::format("'{}' is not known{}", token,
                     nearest.starts_with("; did")
                         ? nearest
                         : fmt::format("; variables: {}; constants: pi, e; functions: {}",
                                       variables(inputs), fmt::join(functions, ", ")));
}

// What muParser found wrong, in the words of the other messages.
std::string reason(const mu::ParserError& e, const mu::Parser& parser, std::uint64_t inputs) {
  auto token = e.GetToken();
  token.erase(token.find_last_not_of(' ') + 1);
  switch (e.GetCode()) {
    case mu::ecUNASSIGNABLE_TOKEN:
      return unknown(token, parser, inputs);
    case mu::ecUNEXPECTED_OPERATOR:
      return fmt::format("the operator '{}' cannot stand here (powers are written x^2)", token);
    case mu::ecUNEXPECTED_VAL:
    case mu::ecUNEXPECTED_VAR:
    case mu::ecUNEXPECTED_FUN:
      return fmt::format("an operator is missing before '{}' (products are written 2*x)", token);
    case mu::ecUNEXPECTED_PARENS:
      return fmt::format("the parenthesis '{}' cannot stand here", token);
    case mu::ecMISSING_PARENS:
      return "a parenthesis is not closed";
    case mu::ecUNEXPECTED_EOF:
      return "the expression ends too early";
    case mu::ecTOO_MANY_PARAMS:
      return fmt::format("too many arguments for '{}'", token);
    case mu::ecTOO_FEW_PARAMS:
      return fmt::format("too few arguments for '{}'", token);
    case mu::ecMISSING_ELSE_CLAUSE:
      return "a condition is written a ? b : c";
    case mu::ecEMPTY_EXPRESSION:
      return fmt::format("it is empty; write an expression of {}", variables(inputs));
    default:
      return e.GetMsg();
  }
}

Error refused(const std::string& text, int position, const std::string& why) {
  const auto where = position < 0 ? "" : fmt::format(" at character {}", position + 1);
  return Error(fmt::format("function '{}'{}: {}", text, where, why));
}

bool assigns(const mu::Parser& parser) {
  const auto& code = parser.GetByteCode();
  return std::any_of(code.GetBase(), code.GetBase() + code.GetSize(),
                     [](const mu::SToken& token) { return token.Cmd == mu::cmASSIGN; });
}

}  // namespace

struct Function::Compiled {
  std::string text;
  mu::Parser parser;
  std::vector<double> at;  // where the parser reads the variables
};

std::vector<std::string> input_names(std::uint64_t inputs) {
  if (inputs == 1) return {"x"};
  std::vector<std::string> names;
  for (std::uint64_t i = 1; i <= inputs; ++i) names.push_back(fmt::format("x{}", i));
  return names;
}

std::string show(const arma::vec& input) {
  const auto names = input_names(input.n_elem);
  const auto shown = std::min<std::size_t>(names.size(), 4);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < shown; ++i)
    parts.push_back(fmt::format("{} = {}", names[i], input[i]));
  return fmt::format("{}{}", fmt::join(parts, ", "), shown < names.size() ? ", ..." : "");
}

Function::Function(const std::string& text, std::uint64_t inputs)
    : compiled_(std::make_shared<Compiled>()) {
  if (text.size() > most_characters)
    throw Error(fmt::format("the function has {} characters; at most {} are read", text.size(),
                            most_characters));
  auto& [kept, parser, at] = *compiled_;
  kept = text;
  at.assign(inputs, 0.5);
  try {
    const auto names = input_names(inputs);
    for (std::uint64_t i = 0; i < inputs; ++i) parser.DefineVar(names[i], &at[i]);
    parser.DefineConst("pi", std::numbers::pi);
    parser.DefineConst("e", std::numbers::e);
    parser.SetExpr(text);
    parser.Eval();
  } catch (const mu::ParserError& e) {
    throw refused(text, e.GetPos(), reason(e, parser, inputs));
  }
  if (parser.GetNumResults() != 1) throw refused(text, -1, "one value is wanted, not a list");
  if (assigns(parser)) throw refused(text, -1, "it assigns with '='; equality is written '=='");
}

arma::rowvec Function::operator()(const arma::mat& x) const {
  auto& [kept, parser, at] = *compiled_;
  arma::rowvec values(x.n_cols);
  // One sample at a time: muParser's bulk mode starts OpenMP threads, and a parent that forks
  // workers must not have any.
  for (arma::uword i = 0; i < x.n_cols; ++i) {
    std::copy(x.begin_col(i), x.end_col(i), at.begin());
    values[i] = parser.Eval();
    if (!std::isfinite(values[i]))
      throw Error(fmt::format("function '{}' is {} at {}; a target must be a finite number", kept,
                              values[i], show(x.col(i))));
  }
  return values;
}

const std::string& Function::text() const { return compiled_->text; }

}  // namespace descent
