// SPDX-License-Identifier: MIT
// Hyperparameters that are lists: how files write, sweep and override them, and what they refuse.
#include "experiment/support.h"

namespace descent::testing {
namespace {

class ListHyperparameter : public ExperimentFile {
 protected:
  const host::Catalog lists_{{build_folder() / "tests/plugins/lists", build_folder() / "plugins"}};

  experiment::Experiment read_lists(const std::string& optimizer,
                                    const std::vector<std::string>& overrides = {}) {
    return experiment::Experiment::read(write("file.yaml", text({{"optimizer", optimizer}})),
                                        overrides, lists_);
  }

  std::vector<double> hyperparameters(const std::string& optimizer,
                                      const std::vector<std::string>& overrides = {}) {
    return read_lists(optimizer, overrides).point(0).settings.optimizer.hyperparameters;
  }

  Texts problems_of(const std::string& optimizer) {
    return problems(text({{"optimizer", optimizer}}), {}, lists_);
  }
};

TEST_F(ListHyperparameter, HasADefaultForEveryElement) {
  EXPECT_EQ(hyperparameters("two_betas"), (std::vector<double>{1e-4, 0.9, 0.99, 0}));
}

TEST_F(ListHyperparameter, IsWrittenAsAList) {
  EXPECT_EQ(hyperparameters("{two_betas: {betas: [0.5, 0.75], weight_decay: 0.1}}"),
            (std::vector<double>{1e-4, 0.5, 0.75, 0.1}));
}

TEST_F(ListHyperparameter, SweepsItsElements) {
  const auto e = read_lists("{two_betas: {betas: [{grid: [0.5, 0.8]}, 0.99]}}");
  ASSERT_EQ(e.size(), 2u);
  EXPECT_EQ(e.point(1).settings.optimizer.hyperparameters,
            (std::vector<double>{1e-4, 0.8, 0.99, 0}));
}

TEST_F(ListHyperparameter, SweepsWholeLists) {
  const auto e = read_lists("{two_betas: {betas: {grid: [[0.5, 0.75], [0.8, 0.9]]}}}");
  ASSERT_EQ(e.size(), 2u);
  EXPECT_EQ(e.point(1).settings.optimizer.hyperparameters,
            (std::vector<double>{1e-4, 0.8, 0.9, 0}));
}

TEST_F(ListHyperparameter, TakesOverrides) {
  EXPECT_EQ(hyperparameters("{two_betas: {lr: 0.1}}", {"optimizer.betas=[0.25, 0.5]"}),
            (std::vector<double>{0.1, 0.25, 0.5, 0}));
}

TEST_F(ListHyperparameter, FollowsSchedulesByElement) {
  const auto scheduled = [](const std::string& hyper) {
    return text(
        {{"optimizer", "two_betas"},
         {"train", "{epochs: 3, schedule: {exponential: {gamma: 0.9, hyper: " + hyper + "}}}"}});
  };
  const auto e = experiment::Experiment::read(write("file.yaml", scheduled("betas.0")), {}, lists_);
  EXPECT_EQ(e.point(0).settings.train.schedules.at(0).hyper, "betas.0");
  EXPECT_EQ(problems(scheduled("betas"), {}, lists_),
            Texts{"6:64: optimizer 'two_betas' has no hyperparameter 'betas'; did you mean "
                  "'betas.0'?"});
}

TEST_F(ListHyperparameter, HasOtherValuesOnBlocks) {
  const auto e = read_lists("{two_betas: {on: {bias: {betas: [0.1, 0.2]}}}}");
  const auto on = e.point(0).settings.optimizer.on;
  ASSERT_EQ(on.size(), 1u);
  EXPECT_EQ(on[0].values, (std::vector<std::pair<std::size_t, double>>{{1, 0.1}, {2, 0.2}}));
}

TEST_F(ListHyperparameter, BelongsToTheBaseOfAWrapper) {
  const auto e = read_lists("{lookahead: {base: {two_betas: {betas: [0.5, 0.75]}}}}");
  EXPECT_EQ(e.point(0).settings.optimizer.base.at(0).hyperparameters,
            (std::vector<double>{1e-4, 0.5, 0.75, 0}));
}

TEST_F(ListHyperparameter, CannotGrow) {
  const auto file = text({{"optimizer", "{two_betas: {betas: [0.5, 0.75]}}"}});
  EXPECT_EQ(problems(file, {"optimizer.betas.2=0.9"}, lists_),
            Texts{"--set optimizer.betas.2=0.9: optimizer.betas is a list of 2; its positions are "
                  "numbers from 0, found '2'"});
  EXPECT_EQ(problems(file, {"optimizer.betas+=0.9"}, lists_).size(), 1u);
}

TEST_F(ListHyperparameter, RefusesOtherLengthsRangesAndConflicts) {
  EXPECT_EQ(problems_of("{two_betas: {betas: 0.9}}").size(), 1u);
  EXPECT_EQ(problems_of("{two_betas: {betas: [0.9]}}"),
            Texts{"5:32: optimizer.two_betas.betas: expected [betas.0, betas.1], found a list of "
                  "1"});
  EXPECT_EQ(problems_of("{two_betas: {betas: [0.9, 2]}}"),
            Texts{"5:38: optimizer.two_betas.betas.1 = 2 is outside [0, 1]"});
  EXPECT_EQ(problems_of("{two_betas: {betas: [0.9, 0.5]}}"),
            Texts{"5:33: optimizer 'two_betas': betas.0 must not be above betas.1"});
}

}  // namespace
}  // namespace descent::testing
