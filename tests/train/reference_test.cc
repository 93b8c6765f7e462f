// SPDX-License-Identifier: MIT
// The reference vectors exist.
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
  const auto& catalog = plugins();
  const host::Plugin& sgd = catalog.get(DESCENT_OPTIMIZER, "sgd");
  EXPECT_NO_THROW(settled(sgd, {{"lr", 0.1}, {"maximize", false}}));
  EXPECT_ANY_THROW(settled(sgd, {{"lr", 0.1}, {"maximize", true}}));
  EXPECT_ANY_THROW(settled(sgd, {{"lr", 0.1}, {"warmth", 0.0}}));
}

}  // namespace
}  // namespace descent::testing
