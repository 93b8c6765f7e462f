// SPDX-License-Identifier: MIT
// LaTeX tables: escaping, rounding of a value by its interval, balanced braces.
#include "store/latex.h"

#include <gtest/gtest.h>

#include <cmath>

namespace descent {
namespace {

TEST(Latex, EscapesWhatItWouldRead) {
  EXPECT_EQ(store::latex_text("a_b % & # $ { } ~ ^ \\"),
            "a\\_b \\% \\& \\# \\$ \\{ \\} \\textasciitilde{} \\textasciicircum{} "
            "\\textbackslash{}");
  EXPECT_EQ(store::latex_text("[a]\n<b>|"), "{[}a] $<$b$>$$|$");
}

std::string only_cell(const store::Table& table) {
  const auto text = store::latex(table);
  const auto end = text.rfind(" \\\\\n");
  return text.substr(text.rfind('\n', end) + 1, end - text.rfind('\n', end) - 1);
}

TEST(Latex, RoundsAValueByItsInterval) {
  const auto cell = [](double value, double half) {
    return only_cell({{"mean", "lo", "hi"}, {{value, value - half, value + half}}});
  };
  EXPECT_EQ(cell(2, 0.123456), "$2.00 \\pm 0.12$");
  EXPECT_EQ(cell(0.5, 0.00456), "$0.5000 \\pm 0.0046$");
  EXPECT_EQ(cell(1234.5, 67.8), "$1234 \\pm 68$");
  EXPECT_EQ(cell(1.5e-7, 2e-8), "$(1.50 \\pm 0.20) \\times 10^{-7}$");
  EXPECT_EQ(cell(3.2e9, 1e8), "$(3.20 \\pm 0.10) \\times 10^{9}$");
}

TEST(Latex, TakesTheIntervalOfAStandardErrorFromStudent) {
  // t of 3 degrees of freedom is 3.182446
  EXPECT_EQ(only_cell({{"test_loss_mean", "test_loss_sd", "test_loss_se", "runs"},
                       {{1.0, 0.2, 0.1, std::int64_t{4}}}}),
            "$1.00 \\pm 0.32$ & $4$");
}

TEST(Latex, ShowsWhatIsNotDefined) {
  EXPECT_EQ(
      only_cell({{"mean", "lo", "hi"}, {{std::monostate{}, std::monostate{}, std::monostate{}}}}),
      "--");
  EXPECT_EQ(only_cell({{"mean", "lo", "hi"}, {{2.0, std::monostate{}, std::monostate{}}}}), "$2$");
  EXPECT_EQ(only_cell({{"x"}, {{HUGE_VAL}}}), "$\\infty$");
}

TEST(Latex, ShowsTheMeanOnce) {
  const std::vector<std::string> columns{"point", "mean", "lo", "hi", "mean_done"};
  const auto all_done = store::latex({columns, {{"a", 2.0, 1.0, 3.0, 2.0}}});
  EXPECT_NE(all_done.find("point & mean \\\\"), all_done.npos) << all_done;
  const auto some_lost =
      store::latex({columns, {{"a", std::monostate{}, std::monostate{}, std::monostate{}, 2.0}}});
  EXPECT_NE(some_lost.find("point & mean\\_done \\\\"), some_lost.npos) << some_lost;
}

TEST(Latex, ShowsChosenColumnsWithTheirIntervals) {
  const store::Table table{{"point", "mean", "lo", "hi", "runs"},
                           {{"a", 2.0, 1.0, 3.0, std::int64_t{4}}}};
  const auto text = store::latex(table, {"", "", {"mean", "point"}});
  EXPECT_NE(text.find("mean & point \\\\\n\\midrule\n$2.0 \\pm 1.0$ & a"), text.npos) << text;
  try {
    store::latex(table, {"", "", {"meen"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "error: column 'meen' is not in this table; did you mean 'mean'?");
  }
}

TEST(Latex, PutsATableWithACaptionAroundTheRows) {
  const auto text = store::latex({{"x"}, {{1.0}}}, {"100 % done", "race", {}});
  EXPECT_NE(text.find("\\begin{table}\n\\centering\n\\caption{100 \\% done}\n\\label{tab:race}\n"
                      "\\begin{tabular}{r}\n\\toprule\n"),
            text.npos)
      << text;
}

TEST(Latex, IsBalanced) {
  const auto text =
      store::latex({{"point", "mean_done", "lo_done", "hi_done", "a{b"},
                    {{"optimizer=a_b{", 1.0, 0.5, 1.5, "}\\"}, {"$", 1.0, 0.5, 1.5, "&"}}});
  int depth = 0, dollars = 0, ampersands = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = i > 0 && text[i - 1] == '\\';
    if (escaped) continue;
    depth += text[i] == '{', depth -= text[i] == '}';
    dollars += text[i] == '$', ampersands += text[i] == '&';
    EXPECT_GE(depth, 0);
  }
  EXPECT_EQ(depth, 0);
  EXPECT_EQ(dollars % 2, 0);
  EXPECT_EQ(ampersands, 3 * 2) << "three rows of three columns";
  EXPECT_EQ(text.find("lo\\_done"), text.npos);
}

TEST(Latex, WritesNumbersWithoutAnIntervalInPlainDigitsOrWithAPowerOfTen) {
  const auto cell = [](double value) { return only_cell({{"x"}, {{value}}}); };
  EXPECT_EQ(cell(0.25), "$0.25$");
  EXPECT_EQ(cell(12345.67), "$12346$");
  EXPECT_EQ(cell(-123456), "$-123456$");
  EXPECT_EQ(cell(1234567), "$1.2346 \\times 10^{6}$");
  EXPECT_EQ(cell(0.000123456), "$1.2346 \\times 10^{-4}$");
  EXPECT_EQ(cell(9.99999e7), "$1 \\times 10^{8}$");
  EXPECT_EQ(cell(2e-320), "$2 \\times 10^{-320}$");
  EXPECT_EQ(only_cell({{"mean", "lo", "hi"}, {{2e-310, 1.5e-310, 2.5e-310}}}),
            "$(2.00 \\pm 0.50) \\times 10^{-310}$");
}

}  // namespace
}  // namespace descent
