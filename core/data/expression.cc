// SPDX-License-Identifier: MIT
#include "data/expression.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <muParser.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "base/error.h"
#include "base/suggestion.h"
#include "data/foreign_syntax.h"

namespace descent::data {
namespace {

constexpr std::size_t most_characters = 10'000;

std::string unknown(const std::string& token, const mu::Parser& parser,
                    const Expression::Names& known) {
  std::vector<std::string> functions, names = known.variables;
  for (const auto& [name, callback] : parser.GetFunDef()) functions.push_back(name);
  if (std::ranges::count(functions, token))
    return fmt::format("function '{0}' needs its arguments in parentheses: {0}(...)", token);
  names.insert(names.end(), {"pi", "e"});
  names.insert(names.end(), functions.begin(), functions.end());
  return fmt::format("'{}' is not known{}", token,
                     suggestion(token, names)
                         ? did_you_mean(token, names)
                         : fmt::format("; variables: {}; constants: pi, e; functions: {}",
                                       known.listed, fmt::join(functions, ", ")));
}

// muParser's error in the words of our other messages.
std::string reason(const mu::ParserError& e, const mu::Parser& parser,
                   const Expression::Names& names) {
  auto token = e.GetToken();
  token.erase(token.find_last_not_of(' ') + 1);
  switch (e.GetCode()) {
    case mu::ecUNASSIGNABLE_TOKEN:
      return unknown(token, parser, names);
    case mu::ecUNEXPECTED_OPERATOR:
      if (token == "=") return "equality is written '=='";
      return fmt::format("the operator '{}' is not valid here (powers are written x^2)", token);
    case mu::ecUNEXPECTED_VAL:
    case mu::ecUNEXPECTED_VAR:
    case mu::ecUNEXPECTED_FUN:
      return fmt::format("an operator is missing before '{}' (products are written 2*x)", token);
    case mu::ecUNEXPECTED_PARENS:
      return fmt::format("the parenthesis '{}' is not valid here", token);
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
      return fmt::format("it is empty; write an expression of {}", names.listed);
    default:
      return e.GetMsg();
  }
}

Error refused(const Expression::Names& names, const std::string& text, int position,
              const std::string& why) {
  const bool inside = position >= 0 && std::size_t(position) < text.size();
  const auto where = !inside ? "" : fmt::format(" at character {}", position + 1);
  return Error(fmt::format("{} '{}'{}: {}", names.noun,
                           names.written.empty() ? text : names.written, where, why));
}

// Where a second comparison follows without && or ||, which muParser takes for one of 0 or 1; -1:
// nowhere.
int chained_comparison(const std::string& text) {
  std::vector<bool> compared{false};  // at each depth of parentheses
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool before_equals = i + 1 < text.size() && text[i + 1] == '=';
    if (c == '(') compared.push_back(false);
    if (c == ')' && compared.size() > 1) compared.pop_back();
    if (std::string_view(",?:&|").find(c) != std::string_view::npos) compared.back() = false;
    if (c != '<' && c != '>' && !((c == '=' || c == '!') && before_equals)) continue;
    if (compared.back()) return int(i);
    compared.back() = true;
    i += before_equals;
  }
  return -1;
}

bool assigns(const mu::Parser& parser) {
  const auto& code = parser.GetByteCode();
  return std::any_of(code.GetBase(), code.GetBase() + code.GetSize(),
                     [](const mu::SToken& token) { return token.Cmd == mu::cmASSIGN; });
}

// muParser's own rounds halves up.
double rounded(double x) { return std::nearbyint(x); }

void define_names(mu::Parser& parser) {
  parser.DefineFun("rint", rounded);
  parser.DefineConst("pi", std::numbers::pi);
  parser.DefineConst("e", std::numbers::e);
}

}  // namespace

struct Expression::Compiled {
  mu::Parser parser;
  std::vector<double> at;  // where the parser reads the variables
};

Expression::Expression(const std::string& text, const Names& names)
    : compiled_(std::make_shared<Compiled>()) {
  if (text.size() > most_characters)
    throw Error(fmt::format("the {} has {} characters; at most {} are read", names.noun,
                            text.size(), most_characters));
  auto& [parser, at] = *compiled_;
  at.assign(names.variables.size(), 0.5);
  try {
    parser.DefineNameChars("0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for (std::size_t i = 0; i < at.size(); ++i) parser.DefineVar(names.variables[i], &at[i]);
    define_names(parser);
    parser.SetExpr(text);
    parser.Eval();
  } catch (const mu::ParserError& e) {
    if (const auto foreign = foreign_syntax(text, names.variables))
      throw refused(names, text, int(foreign->position), foreign->hint);
    throw refused(names, text, e.GetPos(), reason(e, parser, names));
  }
  if (const int chain = chained_comparison(text); chain >= 0)
    throw refused(
        names, text, chain,
        "this compares the result of a comparison, 0 or 1; for an interval write a < b && "
        "b < c, else put the first comparison in parentheses");
  if (parser.GetNumResults() != 1)
    throw refused(names, text, -1, "one value is wanted, not a list");
  if (assigns(parser))
    throw refused(names, text, -1, "it assigns with '='; equality is written '=='");
}

double& Expression::variable(std::size_t i) { return compiled_->at[i]; }

double Expression::value() const { return compiled_->parser.Eval(); }

bool is_reserved(const std::string& name) {
  static const auto all = [] {
    mu::Parser parser;
    define_names(parser);
    std::vector<std::string> names;
    for (const auto& [one, callback] : parser.GetFunDef()) names.push_back(one);
    for (const auto& [one, value] : parser.GetConst()) names.push_back(one);
    return names;
  }();
  return std::ranges::count(all, name) > 0;
}

}  // namespace descent::data
