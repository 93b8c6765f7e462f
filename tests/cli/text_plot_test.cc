// SPDX-License-Identifier: MIT
// Curves drawn in text: where their marks stand.
#include "cli/plot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace descent::cli {
namespace {

// The columns of a line with marks, counted behind the axis, from the top line to the bottom.
std::vector<std::vector<std::size_t>> marks_of(const std::string& drawn) {
  std::vector<std::vector<std::size_t>> all;
  std::istringstream lines(drawn);
  for (std::string line; std::getline(lines, line);) {
    const auto axis = line.find('|');
    if (axis == line.npos) break;
    all.emplace_back();
    for (auto i = line.find('o', axis); i != line.npos; i = line.find('o', i + 1))
      all.back().push_back(i - axis - 1);
  }
  return all;
}

std::vector<std::size_t> columns_of(const std::string& drawn) {
  std::vector<std::size_t> all;
  for (const auto& line : marks_of(drawn)) all.insert(all.end(), line.begin(), line.end());
  std::ranges::sort(all);
  return all;
}

constexpr PlotStyle ascii{53, 5, false};  // 41 columns behind the axis
constexpr PlotStyle logarithmic{53, 5, false, true};

TEST(TextPlot, DrawsNothingButThePointsOfAScatter) {
  const Curve points{"a", {{0, 1}, {10, 2}, {40, 3}}, false};
  EXPECT_EQ(columns_of(plot({points}, ascii)), (std::vector<std::size_t>{0, 10, 40}));
}

TEST(TextPlot, DrawsASinglePointAsOne) {
  EXPECT_EQ(columns_of(plot({{"a", {{3, 1}}}}, ascii)), std::vector<std::size_t>{0});
  const double gap = std::nan("");
  const Curve alone{"a", {{0, 1}, {1, gap}, {11, 1}, {12, gap}, {40, 1}}};
  EXPECT_EQ(columns_of(plot({alone}, ascii)), (std::vector<std::size_t>{0, 11, 40}));
}

TEST(TextPlot, LabelsTheLargestNumbers) {
  const auto drawn = plot({{"a", {{1, 1e308}, {2, -1e308}}}}, ascii);
  EXPECT_NE(drawn.find("   -1e+308 |"), drawn.npos) << drawn;
  EXPECT_EQ(drawn.find("nan"), drawn.npos) << drawn;
}

TEST(TextPlot, PlacesPowersOfTenEvenlyOnALogarithmicAxis) {
  const Curve points{"a", {{0.01, 1}, {0.1, 2}, {1, 3}}, false};
  const auto drawn = plot({points}, logarithmic);
  EXPECT_EQ(columns_of(drawn), (std::vector<std::size_t>{0, 20, 40}));
  EXPECT_NE(drawn.find("logarithmic scale of x"), drawn.npos);
  EXPECT_NE(drawn.find(" 0.01 "), drawn.npos) << drawn;
}

TEST(TextPlot, SaysWhereValuesHaveNoLogarithm) {
  auto style = ascii;
  style.log_y = true;
  EXPECT_NE(plot({{"a", {{0, 0}, {1, 2}}}}, style).find("linear scale: not all"),
            std::string::npos);
  EXPECT_EQ(plot({{"a", {{0, 1}, {1, 2}}}}, style).find("linear scale"), std::string::npos);
  EXPECT_EQ(plot({{"a", {{0, 0}, {1, 2}}}}, ascii).find("linear scale"), std::string::npos);
}

TEST(TextPlot, PutsZeroLeftOfALogarithmicAxis) {
  const Curve points{"a", {{0, 1}, {0.01, 2}, {1, 3}}, false};
  const auto columns = columns_of(plot({points}, logarithmic));
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_EQ(columns.front(), 0u);
  EXPECT_GT(columns[1], 0u);
  EXPECT_LT(columns[1], 20u);
}

TEST(TextPlot, LeavesOutWhatALogarithmicAxisCannotPlace) {
  const Curve points{"a", {{-1, 1}, {0.1, 2}, {1, 3}}, false};
  EXPECT_EQ(columns_of(plot({points}, logarithmic)).size(), 2u);
}

}  // namespace
}  // namespace descent::cli
