// SPDX-License-Identifier: MIT
// Which bytes are text.
#include "base/utf8.h"

#include <gtest/gtest.h>

#include "base/printable_json.h"

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
            "a.csv:1:2: error: a NUL byte: this is not a text file");
  EXPECT_EQ(complaint("\xff\xfex"), "a.csv: error: the file is UTF-16; save it as UTF-8");
}

TEST(Utf8, ShortensBetweenCharacters) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "abc...");
  EXPECT_EQ(shortened("a\u00e9\u00e9", 2), "a...");
}

// ECMA-48 (control characters), Unicode 15 UAX #9 (bidirectional marks and embeddings).
TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\x1b[31mb\x07"), "a\\x1b[31mb\\x07");
  EXPECT_EQ(printable("a\tb\r\n"), "a\\tb\\r\\n");
  EXPECT_EQ(printable(std::string_view("\0\x7f", 2)), "\\x00\\x7f");
  EXPECT_EQ(printable("\u009b31m"), "\\x9b31m") << "CSI as one character";
  EXPECT_EQ(printable("\u202egnp.exe\u2066\u200f"), "\\u202egnp.exe\\u2066\\u200f");
  EXPECT_EQ(printable("\x9b\xff\xe2\x82"), "\\x9b\\xff\\xe2\\x82") << "not UTF-8";
}

TEST(Printable, LeavesText) {
  const std::string text = "1 µm, größer, 東京, 𝛼 \\ \"quoted\"";
  EXPECT_EQ(printable(text), text);
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable_lines("one\ntwo\r\x1b"), "one\ntwo\\r\\x1b");
}

// RFC 8259: any character may be written as \u with four digits.
TEST(PrintableJson, EscapesInStringsWhatATerminalWouldObey) {
  EXPECT_EQ(printable_json("[\"\u009b31m\u0085\x7f\", \"\u202egnp\u2066\u200f\u061c\u2028\"]"),
            "[\"\\u009b31m\\u0085\\u007f\", \"\\u202egnp\\u2066\\u200f\\u061c\\u2028\"]");
}

TEST(PrintableJson, LeavesText) {
  const std::string text = "{\"größer\": \"東京 𝛼 \u00a0 \\n\"}\n";
  EXPECT_EQ(printable_json(text), text);
  EXPECT_EQ(printable_json(""), "");
}

}  // namespace
}  // namespace descent
