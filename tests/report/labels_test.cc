// SPDX-License-Identifier: MIT
// Labels say what tells the points of a picture apart, and no more.
#include "report/labels.h"

#include <gtest/gtest.h>

#include "report/grids.h"

namespace descent::report {
namespace {

using Texts = std::vector<std::string>;

Texts all_labels(const Grid& grid) {
  Points points(grid.size());
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = i;
  return labels_of(grid, points, grid.varied());
}

TEST(Labels, SayAWordAndNoNumberThatFollowsFromIt) {
  const auto grid =
      grid_of({{"optimizer", {word("sgd"), word("adam")}}, {"optimizer.lr", {0.1, 0.01}}});
  EXPECT_EQ(all_labels(grid), (Texts{"sgd", "adam"}));
}

TEST(Labels, SayANumberWhereTheWordIsNotEnough) {
  const auto grid = grid_of({{"optimizer", {word("sgd"), word("sgd"), word("rmsprop")}},
                             {"optimizer.momentum", {0.0, 0.9, none}}});
  EXPECT_EQ(all_labels(grid), (Texts{"sgd, momentum 0", "sgd, momentum 0.9", "rmsprop"}));
}

TEST(Labels, SayTruthValuesWithTheirName) {
  const auto grid = grid_of({{"optimizer.nesterov", {word("true"), word("false")}}});
  EXPECT_EQ(all_labels(grid), (Texts{"nesterov true", "nesterov false"}));
}

TEST(Labels, OfSomePointsDoNotSayWhatTheyShare) {
  const auto grid = grid_of({{"kind", {word("a"), word("a"), word("b")}}, {"n", {1.0, 2.0, 1.0}}});
  EXPECT_EQ(labels_of(grid, {0, 1}, grid.varied()), (Texts{"n 1", "n 2"}));
}

TEST(Labels, OfOnePointSayThatItIsAll) {
  const auto grid = grid_of({{"kind", {word("a")}}});
  EXPECT_EQ(all_labels(grid), Texts{"all points"});
}

TEST(Labels, SayWhatOtherPointsHave) {
  const auto grid = grid_of({{"train.schedule", {none, word("cosine_annealing"), none}},
                             {"optimizer.lr", {0.1, 0.1, 0.1}}});
  EXPECT_EQ(labels_of(grid, {0, 1}, grid.varied()),
            (Texts{"no cosine_annealing", "cosine_annealing"}));
  const auto two = grid_of({{"model.layers.1", {none, word("tanh"), word("relu")}}});
  EXPECT_EQ(all_labels(two), (Texts{"no layers.1", "tanh", "relu"}));
}

TEST(Labels, KeepHostileWordsAsTheyAre) {
  const auto grid = grid_of({{"kind", {word("<b>"), word("\"; DROP")}}});
  EXPECT_EQ(all_labels(grid), (Texts{"<b>", "\"; DROP"}));
}

}  // namespace
}  // namespace descent::report
