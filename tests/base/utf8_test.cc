// SPDX-License-Identifier: MIT
// Which bytes are text.
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace descent {
namespace {

constexpr auto npos = std::string_view::npos;

std::string complaint(std::string_view bytes) {
  try {
    check_is_text("a.csv", bytes);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Utf8, TakesEveryLengthOfCharacter) {
  for (const auto* text : {"", "abc", "\u00e9", "\u20ac", "\U0001f600", "\u07ff\u0800\U0010ffff"})
    EXPECT_EQ(first_not_text(text), npos) << text;
}

TEST(Utf8, FindsTheFirstByteOfNoCharacter) {
  EXPECT_EQ(first_not_text("ab\xff"), 2u);
  EXPECT_EQ(first_not_text("\xe9t\xe9"), 0u) << "Latin-1";
  EXPECT_EQ(first_not_text("a\x80"), 1u) << "a tail without a head";
  EXPECT_EQ(first_not_text("a\xe2\x82"), 1u) << "cut off";
  EXPECT_EQ(first_not_text("\xc0\xaf"), 0u) << "longer than need be";
  EXPECT_EQ(first_not_text("\xe0\x9f\xbf"), 0u) << "longer than need be";
  EXPECT_EQ(first_not_text("\xed\xa0\x80"), 0u) << "half of a pair";
  EXPECT_EQ(first_not_text("\xf4\x90\x80\x80"), 0u) << "beyond Unicode";
  EXPECT_EQ(first_not_text(std::string_view("a\0b", 3)), 1u);
}

TEST(Utf8, ReportsWhereAndWhatToDo) {
  EXPECT_EQ(complaint("x,y\n1,caf\xe9\n"),
            "a.csv:2:6: error: the byte 0xe9 is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(complaint(std::string_view("x\0", 2)),
            "a.csv:1:2: error: a NUL byte: this is no text file");
  EXPECT_EQ(complaint("\xff\xfex"), "a.csv: error: the file is UTF-16; save it as UTF-8");
}

TEST(Utf8, ShortensBetweenCharacters) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "abc...");
  EXPECT_EQ(shortened("a\u00e9\u00e9", 2), "a...");
}

}  // namespace
}  // namespace descent
