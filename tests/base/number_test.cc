// SPDX-License-Identifier: MIT
// Numbers as text: IEEE 754's largest and smallest double, and whole numbers to the last digit.
#include "base/number.h"

#include <gtest/gtest.h>

#include <cmath>

namespace descent {
namespace {

TEST(Number, IsTheNearestDoubleOfTheWholeText) {
  EXPECT_EQ(number_of("0.1"), 0.1);
  EXPECT_EQ(number_of("+2.5e-3"), 2.5e-3);
  EXPECT_EQ(number_of("-0"), 0);
  EXPECT_EQ(number_of("1.7976931348623157e308"), 1.7976931348623157e308);
  for (const auto* text : {"", "1x", " 1", "+-1", "0x10", "1_000", "one"})
    EXPECT_EQ(number_of(text), std::nullopt) << text;
}

TEST(Number, IsInfiniteWhereADoubleIsTooSmallForItAndZeroWhereItIsTooFine) {
  EXPECT_EQ(number_of("1e309"), INFINITY);
  EXPECT_EQ(number_of("-1e309"), -INFINITY);
  EXPECT_EQ(number_of("1e-400"), 0);
  EXPECT_EQ(number_of("-1e-400"), 0);
  EXPECT_EQ(number_of("5e-324"), 5e-324) << "the smallest";
}

TEST(Number, IsNoWordForInfinityOrNotANumber) {
  for (const auto* text : {"inf", "-inf", "infinity", "nan", "NaN", ".inf"})
    EXPECT_EQ(number_of(text), std::nullopt) << text;
}

TEST(WholeNumber, KeepsEveryDigit) {
  EXPECT_EQ(whole_digits("9007199254740993"), "9007199254740993") << "2^53 + 1 is no double";
  EXPECT_EQ(whole_digits("123456789012345678901234567890"), "123456789012345678901234567890");
}

TEST(WholeNumber, HasOneFormHoweverItIsWritten) {
  for (const auto* text : {"120", "0120", "120.0", "1.2e2", "12E+1", "+120", "1200e-1", "120."})
    EXPECT_EQ(whole_digits(text), "120") << text;
  EXPECT_EQ(whole_digits("-1.2e2"), "-120");
  for (const auto* text : {"0", "-0", "0.0", "0e99999999999999999999"})
    EXPECT_EQ(whole_digits(text), "0") << text;
}

TEST(WholeNumber, IsNoFractionHoweverSmall) {
  for (const auto* text : {"0.5", "1e-1", "1.00000000000000000001", "9007199254740992.5", "1e-400"})
    EXPECT_EQ(whole_digits(text), std::nullopt) << text;
}

TEST(WholeNumber, IsNoTextAndNoNumberBeyondDouble) {
  for (const auto* text : {"abc", "", "inf", "1e99999999999999999999"})
    EXPECT_EQ(whole_digits(text), std::nullopt) << text;
}

}  // namespace
}  // namespace descent
