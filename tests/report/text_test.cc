// SPDX-License-Identifier: MIT
#include "report/text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace descent::report {
namespace {

TEST(NumberText, HasFourSignificantDigits) {
  EXPECT_EQ(number_text(0.045612), "0.04561");
  EXPECT_EQ(number_text(1.17436), "1.174");
  EXPECT_EQ(number_text(123456), "123456");
  EXPECT_EQ(number_text(0.5), "0.5");
  EXPECT_EQ(number_text(0), "0");
}

TEST(NumberText, HasATrueMinusSign) { EXPECT_EQ(number_text(-2), "−2"); }

TEST(NumberText, UsesPowersOfTenForTheVeryLargeAndSmall) {
  EXPECT_EQ(number_text(1.5e-7), "1.5×10⁻⁷");
  EXPECT_EQ(number_text(1e6), "10⁶");
  EXPECT_EQ(number_text(-2.5e12), "−2.5×10¹²");
  EXPECT_EQ(number_text(999999.7), "10⁶");
}

TEST(NumberText, HasWordsForWhatIsNoNumber) {
  EXPECT_EQ(number_text(INFINITY), "∞");
  EXPECT_EQ(number_text(-INFINITY), "−∞");
  EXPECT_EQ(number_text(NAN), "–");
}

TEST(CountText, SeparatesThousands) {
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "point"), "1 point");
  EXPECT_EQ(counted(2000, "run"), "2,000 runs");
}

TEST(HtmlText, IsTextInContentAndAttributes) {
  EXPECT_EQ(html_text("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
}

}  // namespace
}  // namespace descent::report
