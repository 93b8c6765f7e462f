// SPDX-License-Identifier: MIT
// The text of errors and suggestions.
#include "base/error.h"

#include <gtest/gtest.h>

#include "base/element.h"

namespace descent {
namespace {

TEST(Place, IsFileLineAndColumn) {
  EXPECT_EQ((Place{"a.yaml", 12, 9}).text(), "a.yaml:12:9");
  EXPECT_EQ((Place{"a.yaml", 0, 0}).text(), "a.yaml");
  EXPECT_EQ(Place{}.text(), "");
}

TEST(Problem, ReadsAsACompilersLine) {
  EXPECT_EQ((Problem{{"a.yaml", 12, 9}, "lr = 7"}).line(), "a.yaml:12:9: error: lr = 7");
  EXPECT_EQ((Problem{{"a.csv", 0, 0}, "cannot be read"}).line(), "a.csv: error: cannot be read");
  EXPECT_EQ((Problem{{}, "unknown"}).line(), "error: unknown");
}

TEST(Error, SaysEveryProblemALineEach) {
  const Error error({{{"a.yaml", 1, 2}, "one"}, {{"a.yaml", 3, 4}, "two"}});
  EXPECT_STREQ(error.what(), "a.yaml:1:2: error: one\na.yaml:3:4: error: two");
  ASSERT_EQ(error.problems().size(), 2u);
  EXPECT_EQ(error.problems()[1], (Problem{{"a.yaml", 3, 4}, "two"}));
}

TEST(Error, MayHaveNoPlace) {
  EXPECT_STREQ(Error("no such thing").what(), "error: no such thing");
  EXPECT_STREQ(Error({"x.so", 0, 0}, "is broken").what(), "x.so: error: is broken");
}

TEST(StoreError, IsAnErrorOfItsOwnKind) {
  try {
    throw StoreError({"r.db", 0, 0}, "is locked");
  } catch (const Error& error) {
    EXPECT_NE(dynamic_cast<const StoreError*>(&error), nullptr);
    EXPECT_STREQ(error.what(), "r.db: error: is locked");
  }
}

TEST(Element, ChoosesTheTypeOnce) {
  const auto size = []<class T>() { return sizeof(T); };
  EXPECT_EQ(with_element(Element::float32, size), 4u);
  EXPECT_EQ(with_element(Element::float64, size), 8u);
  EXPECT_EQ(element_of<float>, Element::float32);
  EXPECT_EQ(element_of<double>, Element::float64);
}

}  // namespace
}  // namespace descent
