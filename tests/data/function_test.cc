// SPDX-License-Identifier: MIT
// Functions given as text: values, and errors a person can act on.
#include "data/function.h"

#include "base/error.h"

#include <cmath>
#include <numbers>

#include "data/support.h"

namespace descent {
namespace {

using testing::error_of;

double value(const std::string& text, const arma::vec& x) {
  return data::Function(text, x.n_elem)(x)[0];
}

TEST(Function, EvaluatesEveryColumn) {
  const auto y = data::Function("5*x + 7", 1)(arma::rowvec{0, 0.5, 1});
  EXPECT_TRUE(testing::same(y, arma::rowvec{7, 9.5, 12}));
}

TEST(Function, KnowsConstantsFunctionsPowersAndConditions) {
  EXPECT_NEAR(value("sin(2*pi*x)", {0.25}), 1, 1e-15);
  EXPECT_DOUBLE_EQ(value("ln(e^x)", {3}), 3);
  EXPECT_DOUBLE_EQ(value("log(x)", {2}), std::log(2.0));
  EXPECT_DOUBLE_EQ(value("-x^2", {3}), -9);
  for (const auto& [x, rounded] : {std::pair(0.5, 0.0), {1.5, 2.0}, {2.5, 2.0}, {-1.5, -2.0}})
    EXPECT_EQ(value("rint(x)", {x}), rounded) << x;
  EXPECT_DOUBLE_EQ(value("x > 0.5 ? 1 : 0", {0.7}), 1);
  EXPECT_DOUBLE_EQ(value("x > 0.5 ? 1 : 0", {0.3}), 0);
  EXPECT_DOUBLE_EQ(value("1/(1 + exp(-x))", {0}), 0.5);
}

TEST(Function, NamesSeveralInputsFromOne) { EXPECT_DOUBLE_EQ(value("x1 - 2*x3", {5, 100, 2}), 1); }

TEST(Function, GivesAConstantForEveryColumn) {
  EXPECT_TRUE(testing::same(data::Function("3", 2)(arma::mat(2, 4)), arma::rowvec{3, 3, 3, 3}));
}

TEST(Function, RemembersItsText) { EXPECT_EQ(data::Function("x^2", 1).text(), "x^2"); }

struct Case {
  const char* text;
  std::uint64_t inputs;
  const char* message;
};

TEST(Function, SaysWhereItDoesNotParseAndWhatIsValid) {
  const Case cases[] = {
      {"5*x + sine(x)", 1, "at character 7: 'sine' is not known; did you mean 'sin'?"},
      {"5*zeta + 7", 1, "at character 3: 'zeta' is not known; variables: x; constants: pi, e; "},
      {"unknowable*x1", 8, "at character 1: 'unknowable' is not known; variables: x1 .. x8; "},
      {"sin x", 1, "at character 1: function 'sin' needs its arguments in parentheses: sin(...)"},
      {"5x", 1, "at character 2: an operator is missing before 'x' (products are written 2*x)"},
      {"x**2", 1, "at character 2: powers are written x^2"},
      {"sin(x", 1, ": a parenthesis is not closed"},
      {"sin(x))", 1, "at character 7: the parenthesis ')' is not valid here"},
      {"x +", 1, ": the expression ends too early"},
      {"sin(x, 1)", 1, ": too many arguments for 'sin'"},
      {"sin()", 1, ": too few arguments for 'sin'"},
      {"x ? 1", 1, ": a condition is written a ? b : c"},
      {"", 1, ": it is empty; write an expression of x"},
      {"x, x + 1", 1, ": one value is wanted, not a list"},
      {"0 < x < 1", 1, "at character 7: this compares the result of a comparison, 0 or 1"},
      {"x >= 0.1 != 2", 1, "at character 10: this compares the result of a comparison"},
      {"2*(1 == x == 1)", 1, "at character 11: this compares the result of a comparison"},
      {"mod(x, 2)", 1, "at character 1: there is no remainder of a division"},
      {"x and 1", 1, "at character 3: 'and' is written &&"},
      {"x = 3", 1, ": it assigns with '='; equality is written '=='"},
  };
  for (const auto& [text, inputs, message] : cases) {
    const auto error = error_of([text = text, inputs = inputs] { data::Function(text, inputs); });
    EXPECT_NE(error.find("function '" + std::string(text) + "'"), std::string::npos) << error;
    EXPECT_NE(error.find(message), std::string::npos) << error;
  }
}

TEST(Function, ComparesWhatIsJoinedOrInParentheses) {
  EXPECT_EQ(value("0 < x && x < 1", {0.5}), 1);
  EXPECT_EQ(value("(0 < x) == (x < 1)", {0.5}), 1);
  EXPECT_EQ(value("x > 0 ? x < 1 : x > -1", {2}), 0);
  EXPECT_EQ(value("max(x > 0, x > 1)", {0.5}), 1);
  EXPECT_EQ(value("(x < 0) + (x >= 0.5 || x == 3)", {0.5}), 1);
}

TEST(Function, RefusesAValueThatIsNotFinite) {
  EXPECT_EQ(error_of([] {
              data::Function("1/x1", 2)(arma::vec{0, 3});
            }),
            "error: function '1/x1' is inf at x1 = 0, x2 = 3; a target must be a finite number");
  EXPECT_EQ(error_of([] { data::Function("sqrt(x)", 1)(arma::vec{-1}); }),
            "error: function 'sqrt(x)' is nan at x = -1; a target must be a finite number");
}

TEST(Function, RefusesTextsThatNobodyWrote) {
  try {
    data::Function(std::string(20'000, '('), 1);
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "error: the function has 20000 characters; at most 10000 are read");
  }
}

}  // namespace
}  // namespace descent
