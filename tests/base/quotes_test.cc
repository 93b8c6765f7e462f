// SPDX-License-Identifier: MIT
// What is quoted is read back as it was.
#include "base/quotes.h"

#include <gtest/gtest.h>

namespace descent {
namespace {

TEST(Quotes, LeaveAPlainWordOfTheShellAsItIs) {
  EXPECT_EQ(shell_word("results-2.db"), "results-2.db");
  EXPECT_EQ(shell_word("größe"), "größe");
}

TEST(Quotes, KeepAShellFromReadingMore) {
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("$(rm x)"), "'$(rm x)'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
}

TEST(Quotes, AreDoubledInSql) {
  EXPECT_EQ(sql_name("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(sql_text("it's"), "'it''s'");
}

}  // namespace
}  // namespace descent
