// SPDX-License-Identifier: MIT
// A target that never changes, and a class that training never sees, are reported.
#include "data/poor_targets.h"

#include <gmock/gmock.h>

#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using ::testing::ElementsAre;
using testing::open;
using testing::TemporaryFile;

TEST(PoorTargets, AreConstant) {
  const TemporaryFile constant("a,y\n1,5\n2,5\n3,5\n"), other("a,y\n1,5\n2,5\n3,6\n");
  EXPECT_THAT(open(csv_spec(constant.path())).warnings(),
              ElementsAre("target 'y' is 5 in all 3 training rows"));
  EXPECT_THAT(open(csv_spec(other.path())).warnings(), ElementsAre());
}

TEST(PoorTargets, LackAClassThatTheTestSetHas) {
  data::Dataset training;
  training.features.set_size(1, 3);
  training.classes = {0, 2, 0};
  EXPECT_THAT(data::poor_targets(training, {{}, {"y"}, {"A", "B", "C"}}),
              ElementsAre("class 'B' is in no training row"));
  training.classes = {0, 2, 1};
  EXPECT_THAT(data::poor_targets(training, {{}, {"y"}, {"A", "B", "C"}}), ElementsAre());
}

}  // namespace
}  // namespace descent
