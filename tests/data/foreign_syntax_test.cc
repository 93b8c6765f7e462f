// SPDX-License-Identifier: MIT
// Habits from other languages are named, and only those.
#include "data/foreign_syntax.h"

#include <gtest/gtest.h>

namespace descent::data {
namespace {

std::string hint(const std::string& text, const std::vector<std::string>& variables = {}) {
  const auto found = foreign_syntax(text, variables);
  return found ? std::to_string(found->position) + ": " + found->hint : "";
}

TEST(ForeignSyntax, IsNamedWithWhatIsWrittenHere) {
  EXPECT_EQ(hint("x and y"), "2: 'and' is written &&");
  EXPECT_EQ(hint("x or y"), "2: 'or' is written ||");
  EXPECT_EQ(hint("x & y"), "2: 'and' is written &&");
  EXPECT_EQ(hint("x | y"), "2: 'or' is written ||");
  EXPECT_EQ(hint("|x| + 1"), "0: absolute values are written abs(x)");
  EXPECT_EQ(hint("2 * |x|"), "4: absolute values are written abs(x)");
  EXPECT_EQ(hint("not x"), "0: there is no 'not'; write (condition) == 0");
  EXPECT_EQ(hint("!x"), "0: there is no '!'; write (condition) == 0");
  EXPECT_EQ(hint("x % 2"), "2: there is no remainder of a division");
  EXPECT_EQ(hint("x**2"), "1: powers are written x^2");
  EXPECT_EQ(hint("pow(x, 2)"), "0: there is no function 'pow'; powers are written x^2");
  EXPECT_EQ(hint("1 + 1e400"), "4: 1e400 is too large a number");
}

TEST(ForeignSyntax, IsNotFoundInWhatIsValid) {
  for (const std::string text : {"x && y || x != y", "x^2*1e10 + .5", "modx + floored", "x1.and",
                                 "optimizer == \"not & or\"", "2.5e-3*x", ""})
    EXPECT_EQ(hint(text), "") << text;
  EXPECT_EQ(hint("mod + 1", {"mod"}), "");
}

}  // namespace
}  // namespace descent::data
