// SPDX-License-Identifier: MIT
// Content hashes.
#include "base/hash.h"

#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <set>

#include "base/error.h"
#include "folder.h"

namespace descent {
namespace {

// The published XXH3 values of the empty input: stored results are keyed by these numbers.
TEST(Hash, IsXxh3) {
  EXPECT_EQ(hash64(""), 0x2d06800538d394c2u);
  EXPECT_EQ(hash128(""), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash, DependsOnEveryByteAndOnTheSeed) {
  std::set<std::string> seen;
  std::string bytes(300, 'a');
  for (auto& byte : bytes) {
    byte = 'b';
    seen.insert(hash128(bytes));
    byte = 'a';
  }
  EXPECT_EQ(seen.size(), bytes.size());
  EXPECT_NE(hash64("data", 1), hash64("data", 2));
  EXPECT_NE(hash64("data", 0), hash64("dat"));
  EXPECT_NE(hash128(std::string("a\0", 2)), hash128("a"));
}

TEST(Hash, IsThirtyTwoHexadecimalDigits) {
  for (int i = 0; i < 200; ++i) {
    const auto text = hash128(std::to_string(i));
    EXPECT_EQ(text.size(), 32u);
    for (const char c : text) EXPECT_TRUE(std::isdigit(c) || ('a' <= c && c <= 'f')) << text;
  }
}

TEST(Hash, OfAFileIsThatOfItsBytes) {
  const Folder folder;
  const auto path = folder.path("bytes");
  const std::string bytes("a\r\n\0b", 5);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(hash128_of_file(path), hash128(bytes));
}

TEST(Hash, OfAFileThatIsNotThereIsAnError) {
  try {
    hash128_of_file("/nowhere/at/all");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "/nowhere/at/all: error: cannot be read");
  }
}

}  // namespace
}  // namespace descent
