// SPDX-License-Identifier: MIT
// Columns that should not be inputs.
#include "data/leaks.h"

#include <gmock/gmock.h>

#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::open;
using testing::TemporaryFile;

TEST(Leaks, AreRowNumbers) {
  std::string text = "userID,x,y\n", tens = "n,x,y\n", some = "n,x,y\n", alone = "id,y\n";
  for (int i = 0; i < 12; ++i) {
    const auto rest = fmt::format("{},{}\n", i * 7 % 5, i % 3);
    text += fmt::format("{},", 7 * i * i) + rest;      // called so
    tens += fmt::format("{},", 1000 + 10 * i) + rest;  // counted
    some += fmt::format("{},", 30 + i * i) + rest;     // different by chance, and rising
    alone += fmt::format("{},{}\n", i, i % 3);
  }
  const TemporaryFile file(text);
  EXPECT_THAT(open(csv_spec(file.path())).warnings(),
              ElementsAre("column 'userID' looks like a row number: it is different in every row; "
                          "leave it out with data.csv.columns: {leave: [userID]}"));
  auto left = csv_spec(file.path());
  left.columns.leave = {"userID"};
  EXPECT_THAT(open(left).warnings(), ElementsAre());
  const TemporaryFile counted(tens), measured(some), single(alone);
  EXPECT_THAT(open(csv_spec(counted.path())).warnings(),
              ElementsAre(HasSubstr("column 'n' looks like a row number")));
  EXPECT_THAT(open(csv_spec(measured.path())).warnings(), ElementsAre());
  EXPECT_THAT(open(csv_spec(single.path())).warnings(), ElementsAre()) << "a line over time";
}

TEST(Leaks, AreCopiesOfTheTarget) {
  std::string text = "fahrenheit,x,y\n";
  for (int i = 0; i < 12; ++i)
    text += fmt::format("{},{},{}\n", 32 + 1.8 * (i * 7 % 12), i * i % 5, i * 7 % 12);
  const TemporaryFile file(text);
  EXPECT_THAT(open(csv_spec(file.path())).warnings(),
              ElementsAre("input 'fahrenheit' is the target itself, but for scale; leave it out"));
}

}  // namespace
}  // namespace descent
