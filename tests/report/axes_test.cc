// SPDX-License-Identifier: MIT
// Numbers, ordered axes and words, and what is no axis as it follows from others.
#include "report/axes.h"

#include <gtest/gtest.h>

#include "report/grids.h"

namespace descent::report {
namespace {

using Names = std::vector<std::string>;

TEST(Axes, OfThreeNumbersAreNumbers) {
  const auto grid = grid_of({{"lr", {0.1, 0.2, 0.3}}});
  const auto axes = axes_of(grid);
  EXPECT_EQ(names(grid, axes.numbers), Names{"lr"});
  EXPECT_TRUE(axes.words.empty());
}

TEST(Axes, OfTwoNumbersAreWords) {
  const auto grid = grid_of({{"lr", {0.1, 0.2}}});
  EXPECT_EQ(names(grid, axes_of(grid).words), Names{"lr"});
}

TEST(Axes, OfNumbersAndAWordAreOrdered) {
  const auto grid = grid_of({{"train.batch", {whole(1), whole(10), whole(100), word("full")}}});
  const auto axes = axes_of(grid);
  EXPECT_EQ(names(grid, axes.ordered), Names{"train.batch"});
  EXPECT_EQ(line_axis(grid, axes), 0u);
}

TEST(Axes, DoNotIncludeWhatIsTheSameEverywhere) {
  const auto grid = grid_of({{"seed", {whole(1), whole(1), whole(1)}}, {"lr", {0.1, 0.2, 0.3}}});
  EXPECT_EQ(names(grid, axes_of(grid).all()), Names{"lr"});
}

// Each optimizer with a setting of its own: to know the optimizer is to know the setting.
TEST(Axes, DoNotIncludeNumbersThatFollowFromWords) {
  const auto grid = grid_of(
      {{"optimizer", {word("a"), word("b"), word("c")}}, {"optimizer.lr", {0.1, 0.2, 0.3}}});
  EXPECT_TRUE(axes_of(grid).numbers.empty());
}

TEST(Axes, IncludeOneOfTwoNumbersThatAdvanceTogether) {
  const auto grid = grid_of({{"data.train", {whole(10), whole(20), whole(40)}},
                             {"train.epochs", {whole(400), whole(200), whole(100)}}});
  EXPECT_EQ(names(grid, axes_of(grid).numbers), Names{"data.train"});
}

TEST(Axes, OfAFullGridAreNotDrawn) {
  const auto grid = grid_of({{"a", {1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0}},
                             {"b", {1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0}}});
  const auto axes = axes_of(grid);
  EXPECT_EQ(axes.numbers.size(), 2u);
  EXPECT_FALSE(axes.is_drawn);
}

TEST(Axes, OfRandomPointsAreDrawn) {
  const auto grid = grid_of({{"a", {0.1, 0.7, 0.3, 0.9, 0.5}}, {"b", {4.0, 2.0, 5.0, 1.0, 3.0}}});
  EXPECT_TRUE(axes_of(grid).is_drawn);
}

TEST(Axes, OfWordsHaveNoLine) {
  const auto grid = grid_of({{"loss", {word("mse"), word("l1"), word("huber")}}});
  EXPECT_FALSE(line_axis(grid, axes_of(grid)));
}

// Half of six points in a line of three: enough. Without them: none.
TEST(LineAxis, NeedsHalfOfThePointsInLinesOfThree) {
  const auto half =
      grid_of({{"kind", {word("a"), word("a"), word("a"), word("b"), word("c"), word("d")}},
               {"lambda", {0.1, 0.2, 0.3, 0.1, 0.2, 0.3}}});
  EXPECT_TRUE(line_axis(half, axes_of(half)));
  const auto less =
      grid_of({{"kind", {word("a"), word("a"), word("b"), word("b"), word("c"), word("d")}},
               {"lambda", {0.1, 0.2, 0.2, 0.3, 0.2, 0.3}}});
  EXPECT_FALSE(line_axis(less, axes_of(less)));
}

TEST(SweptPath, IsNamedByTheShortestEndThatIsItsOwn) {
  const auto grid = grid_of({{"optimizer.lr", {0.1, 0.2}},
                             {"train.schedule.lr", {0.3, 0.4}},
                             {"model.layers.0.linear", {whole(1), whole(2)}},
                             {"regularizer.l1.lambda", {1.0, 2.0}}});
  std::vector<std::string> short_names;
  for (const auto& path : grid.paths()) short_names.push_back(path.name);
  EXPECT_EQ(short_names, (Names{"optimizer.lr", "schedule.lr", "linear", "lambda"}));
}

TEST(SweptPath, ThatEndsInANumberKeepsThePartBefore) {
  const auto grid = grid_of({{"model.layers.0", {whole(1), whole(2)}}});
  EXPECT_EQ(grid.paths()[0].name, "layers.0");
}

}  // namespace
}  // namespace descent::report
