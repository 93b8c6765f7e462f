// SPDX-License-Identifier: MIT
// That the reference vectors are there at all, and the groups nothing reads yet.
#include "train/reference.h"

namespace descent::testing {
namespace {

TEST(ReferenceVectors, HoldCasesOfEveryGroup) {
  for (const char* group : {"losses", "regularizers", "optimizers", "schedules", "training"})
    EXPECT_FALSE(cases(group).empty()) << group << " in " << reference_folder();
}

TEST(ReferenceVectors, AreFoundByTheirIds) {
  for (const char* group : {"losses", "regularizers", "optimizers"})
    for (const auto& one : {cases(group).front(), cases(group).back()})
      EXPECT_EQ(read(one).at("id"), one.id);
}

TEST(ReferenceVectors, HaveNoParameterThatIsPassedOver) {
  const auto catalog = plugins();
  const Plugin& sgd = catalog.get(DESCENT_OPTIMIZER, "sgd");
  EXPECT_NO_THROW(settled(sgd, {{"lr", 0.1}, {"maximize", false}}));
  EXPECT_ANY_THROW(settled(sgd, {{"lr", 0.1}, {"maximize", true}}));
  EXPECT_ANY_THROW(settled(sgd, {{"lr", 0.1}, {"warmth", 0.0}}));
}

class Schedules : public ::testing::TestWithParam<Case> {};

TEST_P(Schedules, Match) {
  GTEST_SKIP() << "there are no schedules: " << read(GetParam()).at("schedule");
}

INSTANTIATE_TEST_SUITE_P(Reference, Schedules, ::testing::ValuesIn(cases("schedules")), test_name);

}  // namespace
}  // namespace descent::testing
