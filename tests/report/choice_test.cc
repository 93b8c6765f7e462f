// SPDX-License-Identifier: MIT
// Pictures of grids that no shipped experiment sweeps.
#include <algorithm>

#include "report/report_page.h"

namespace descent::report {
namespace {

class Choice : public PageTest {
 protected:
  std::vector<json> pictures(const std::string& optimizer) const {
    std::ofstream(path("a.yaml"))
        << "experiment: choice\nseed: 3\ndata: {synthetic: {function: 5*x + 7, x: {uniform: [0, "
           "1]}, train: 20, test: 10}}\nmodel: {layers: [{linear: 1}]}\nloss: mse\noptimizer: "
        << optimizer << "\ntrain: {epochs: 60}\nreplicates: 4\nrecord: {every: 20}\n";
    const auto spoken = here("run a.yaml --db a.db --quiet");
    EXPECT_LE(spoken.code, 1) << spoken.text;
    return pictures_of(page_of("a.db"));
  }
};

TEST_F(Choice, OfTwoNumbersIsAHeatMapWithTheBestCellFramed) {
  const auto all =
      pictures("{sgd: {lr: {grid: [0.01, 0.1, 1000]}, momentum: {grid: [0, 0.5, 0.9]}}}");
  // the first picture of what was chosen; only the fits, which models of one input have, precede it
  const auto first = std::find_if(all.begin(), all.end(), [](const json& picture) {
    return picture["title"] != "Data and fit";
  });
  ASSERT_NE(first, all.end());
  const auto& heat = *first;
  EXPECT_EQ(heat["title"], "The effect of lr and momentum");
  EXPECT_EQ(heat["mark"], "heat");
  ASSERT_EQ(heat["rows"].size(), 9u);
  // columns: x, y, z, lo, hi, done, runs, best
  json least;
  int framed = 0, lost = 0;
  for (const auto& row : heat["rows"]) {
    if (row[5] == row[6] && (least.is_null() || row[2] < least)) least = row[2];
    lost += row[5] != row[6];
  }
  EXPECT_EQ(lost, 3) << "lr 1000 diverges";
  for (const auto& row : heat["rows"])
    if (row[7] == 2) {
      ++framed;
      EXPECT_EQ(row[2], least);
    }
  EXPECT_EQ(framed, 1);
}

TEST_F(Choice, OfFailuresCountsRunsByStatus) {
  for (const auto& picture : pictures("{sgd: {lr: {grid: [0.01, 1000]}}}"))
    if (picture["title"] == "How the runs ended") {
      EXPECT_EQ(picture["rows"].size(), 1u);
      EXPECT_EQ(picture["note"],
                "4 of 8 runs are not done. Statistics either count them or are empty.");
      return;
    }
  FAIL() << "no picture of failures";
}

}  // namespace
}  // namespace descent::report
