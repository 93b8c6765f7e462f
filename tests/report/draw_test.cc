// SPDX-License-Identifier: MIT
// The renderer, run by Duktape: what it draws of values that are hard to draw.
#include "report/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "sketch.h"

namespace descent::report {
namespace {

using std::monostate;
constexpr double infinity = std::numeric_limits<double>::infinity();

const std::vector<std::string> marks{"line", "steps", "scatter", "rows", "stack", "heat", "path"};

// A picture of that mark with the last column as its value.
Picture with_values(const std::string& mark, const std::vector<store::Value>& values) {
  std::vector<std::string> columns{"x", "value"};
  if (mark == "rows" || mark == "stack") columns = {"label", "value"};
  if (mark == "heat") columns = {"x", "y", "z"};
  if (mark == "path") columns = {"series", "x", "y"};
  auto picture = sketch(mark, columns, {});
  for (std::size_t i = 0; i < values.size(); ++i) {
    Row row(columns.size() - 1, std::int64_t(i));
    row.push_back(values[i]);
    picture.rows.push_back(row);
  }
  return picture;
}

// Well-formed, of finite size, and without words that a failed computation leaves.
void expect_sound(const Picture& picture, const std::string& what) {
  for (const double width : {120.0, 336.0, 688.0}) {
    const auto svg = drawn(picture, width);
    for (const auto* word : {"NaN", "Infinity", "undefined"})
      EXPECT_EQ(svg.find(word), svg.npos) << what << ": " << word << " in " << svg;
    EXPECT_GT(elements_of(svg).front().number("height"), 0) << what;
  }
}

TEST(Draw, DrawsEveryMarkOfValuesThatAreHardToDraw) {
  const std::vector<std::pair<const char*, std::vector<store::Value>>> cases{
      {"no row", {}},
      {"one value", {1.5}},
      {"NULL", {monostate{}, 1.0, monostate{}}},
      {"only NULL", {monostate{}, monostate{}}},
      {"infinities", {infinity, 1.0, -infinity}},
      {"only infinities", {infinity, infinity}},
      {"equal values", {0.25, 0.25, 0.25}},
      {"zeros", {0.0, 0.0}},
      {"negative values", {-3.0, -0.001}},
      {"huge values", {1e300, -1e300, 1.0}},
      {"the largest doubles", {1.7e308, -1.7e308}},
      {"tiny values", {1e-300, 5e-324, 0.0}},
      {"values that differ in the last digit", {1e16, 1.0000000000000002e16}},
      {"words", {"none", "l1", 3.0}},
  };
  for (const auto& mark : marks)
    for (const auto& [name, values] : cases)
      expect_sound(with_values(mark, values), mark + ", " + name);
}

TEST(Draw, DrawsAxesOfValuesThatAreHardToPlace) {
  const std::vector<std::vector<store::Value>> xs{
      {0.0, 0.0},         {1e300, 1.0}, {1e-300, 1.0},  {-1.0, 100.0},    {infinity, 1.0},
      {monostate{}, 2.0}, {"a", "b"},   {"full", 16.0}, {0.0, 1e-4, 1.0},
  };
  for (const auto& mark : {"line", "steps", "scatter", "heat"})
    for (const auto& values : xs) {
      auto picture = with_values(mark, std::vector<store::Value>(values.size(), 1.0));
      for (std::size_t i = 0; i < values.size(); ++i) picture.rows[i][0] = values[i];
      expect_sound(picture, mark);
      picture.x.log = picture.y.log = true;
      expect_sound(picture, std::string(mark) + ", logarithmic");
    }
}

TEST(Draw, GivesZeroAPlaceLeftOfALogarithmicAxis) {
  auto picture = sketch("line", {"x", "loss"}, {{0.0, 1.0}, {0.001, 2.0}, {0.1, 3.0}, {10.0, 4.0}});
  picture.x.log = true;
  std::vector<double> places;
  for (const auto& mark : with_class(elements_of(picture), "solid"))
    places.push_back(start_of(mark).first);
  ASSERT_EQ(places.size(), 4u);
  EXPECT_LT(places[0], places[1]);
  EXPECT_NEAR(places[2] - places[1], places[3] - places[2], 0.2);  // both two powers of ten
}

TEST(Draw, PlacesWordsEvenlyInTheirOrder) {
  const auto picture =
      sketch("scatter", {"x", "loss"}, {{"none", 1.0}, {"l2", 2.0}, {"l1", 3.0}, {"l2", 4.0}});
  std::vector<double> places;
  for (const auto& mark : with_class(elements_of(picture), "solid"))
    places.push_back(start_of(mark).first);
  ASSERT_EQ(places.size(), 4u);
  EXPECT_LT(places[0], places[1]);
  EXPECT_NEAR(places[1] - places[0], places[2] - places[1], 0.2);
  EXPECT_EQ(places[1], places[3]);
}

TEST(Draw, DrawsANegativeEstimateHollowAtTheFootOfALogarithmicAxis) {
  auto picture = sketch("line", {"x", "bias2", "bias2_lo", "bias2_hi"},
                        {{1.0, -0.01, -0.05, 0.03}, {2.0, 0.5, 0.4, 0.6}, {3.0, 20.0, 19.0, 21.0}});
  picture.y.log = true;
  const auto all = elements_of(picture);
  const auto hollow = with_class(all, "open"), solid = with_class(all, "solid");
  ASSERT_EQ(hollow.size(), 1u);
  ASSERT_EQ(solid.size(), 2u);
  EXPECT_GT(start_of(hollow[0]).second, start_of(solid[0]).second);
}

TEST(Draw, LeavesARunawayValueOutsideTheFrame) {
  std::vector<Row> rows;
  for (int i = 0; i < 9; ++i) rows.push_back({double(i), 1.0 + i});
  rows.push_back({9.0, 1e30});
  auto picture = sketch("line", {"x", "loss"}, rows);
  picture.y.log = true;
  std::vector<double> heights;
  for (const auto& mark : with_class(elements_of(picture), "solid"))
    heights.push_back(start_of(mark).second);
  ASSERT_EQ(heights.size(), 10u);
  EXPECT_GT(heights[0] - heights[8], 20) << "the other values can still be distinguished";
}

TEST(Draw, RingsTheLeastValue) {
  auto picture = sketch("line", {"x", "total"}, {{1.0, 3.0}, {2.0, 1.0}, {3.0, 2.0}});
  picture.ring = "total";
  const auto all = elements_of(picture);
  const auto rings = with_class(all, "ring"), points = with_class(all, "solid");
  ASSERT_EQ(rings.size(), 1u);
  ASSERT_EQ(points.size(), 3u);
  EXPECT_NEAR(rings[0].number("cy"), start_of(points[1]).second, 0.1);
}

TEST(Draw, MarksRunsThatAreNotDoneWhateverTheirMeanIs) {
  const auto all = elements_of(sketch("line", {"x", "loss", "done", "runs"},
                                      {{1.0, 3.0, std::int64_t{9}, std::int64_t{10}},
                                       {2.0, monostate{}, std::int64_t{0}, std::int64_t{10}},
                                       {3.0, 1.0, std::int64_t{10}, std::int64_t{10}}}));
  EXPECT_EQ(with_class(all, "lost").size(), 2u);
  EXPECT_EQ(with_class(all, "solid").size(), 2u);
}

TEST(Draw, DrawsAPictureOfWhichEveryRunDiverged) {
  const auto all = elements_of(sketch("line", {"x", "loss", "done", "runs"},
                                      {{1.0, monostate{}, std::int64_t{0}, std::int64_t{10}},
                                       {50.0, monostate{}, std::int64_t{0}, std::int64_t{10}}}));
  EXPECT_EQ(with_class(all, "lost").size(), 2u);
  EXPECT_EQ(with_class(all, "solid").size(), 0u);
}

// A line through the place of an infinite value would show values that nobody measured.
TEST(Draw, BreaksALineAtInfinity) {
  const auto lines_in = [](const std::vector<store::Value>& values) {
    std::ptrdiff_t starts = 0;
    for (const auto& line : with_class(elements_of(with_values("line", values)), "ln")) {
      const auto& d = line.attributes.at("d");
      starts += std::count(d.begin(), d.end(), 'M');
    }
    return starts;
  };
  EXPECT_EQ(lines_in({1.0, 2.0, 3.0, 2.0}), 1);
  EXPECT_EQ(lines_in({1.0, 2.0, infinity, 3.0, 2.0}), 2);
  EXPECT_EQ(lines_in({1.0, 2.0, monostate{}, 3.0, 2.0}), 1);
}

TEST(Draw, HatchesACellIfAndOnlyIfSomeOfItsRunsAreNotDone) {
  const auto row = [](double x, store::Value z, std::int64_t done) {
    return Row{x, 1.0, z, done, std::int64_t{10}};
  };
  const auto all = elements_of(sketch("heat", {"x", "y", "z", "done", "runs"},
                                      {row(1, 0.5, 10), row(2, 0.6, 9), row(3, monostate{}, 0)}));
  const std::size_t in_the_key = 1;
  EXPECT_EQ(with_class(all, "hatch").size(), 2 + in_the_key);
  EXPECT_EQ(with_class(all, "cell-bad").size(), 1 + in_the_key);
}

TEST(Draw, MarksTheBestCellAndThoseThatMayBe) {
  const auto all = elements_of(sketch("heat", {"x", "y", "z", "best"},
                                      {{1.0, 1.0, 0.5, std::int64_t{2}},
                                       {2.0, 1.0, 0.6, std::int64_t{1}},
                                       {3.0, 1.0, 0.9, std::int64_t{0}}}));
  EXPECT_EQ(with_class(all, "best").size(), 1u);
  EXPECT_EQ(with_class(all, "near").size(), 1u);
}

TEST(Draw, StacksDoneWithTheOtherWaysToEnd) {
  const auto all = elements_of(sketch("stack", {"label", "done", "diverged"},
                                      {{"lr 1", std::int64_t{2}, std::int64_t{18}}}));
  const auto done = with_class(all, "s-done"), diverged = with_class(all, "s-diverged");
  ASSERT_EQ(done.size(), 2u);  // the key and the bar
  ASSERT_EQ(diverged.size(), 2u);
  EXPECT_NEAR(diverged[1].number("width") / done[1].number("width"), 9, 0.3);
}

TEST(Draw, ColorsADifferenceOnlyWithAVerdict) {
  auto picture = sketch("rows", {"label", "difference", "difference_lo", "difference_hi", "note"},
                        {{"adam", -0.3, -0.4, -0.2, "better"},
                         {"lion", 0.02, -0.01, 0.05, "no difference shown"},
                         {"adagrad", 0.4, 0.3, 0.5, "worse"}});
  picture.zero = true;
  const auto all = elements_of(picture);
  EXPECT_EQ(with_class(all, "good").size(), 2u);  // bar and mark
  EXPECT_EQ(with_class(all, "bad").size(), 2u);
  EXPECT_EQ(with_class(all, "open").size(), 1u);
}

TEST(Draw, DrawsDataAsPointsAndReplicatesAsThinLines) {
  std::vector<Row> rows;
  for (int i = 0; i < 30; ++i)
    for (int replicate = 0; replicate < 2; ++replicate)
      rows.push_back({double(i), "fits", std::int64_t{replicate}, 0.1 * i + replicate});
  rows.push_back({3.0, "samples", monostate{}, 0.7});
  auto picture = sketch("line", {"x", "series", "part", "y"}, rows);
  picture.modes = {{"samples", "points"}, {"fits", "thin"}};
  const auto lines = with_class(elements_of(picture), "thin");
  ASSERT_EQ(lines.size(), 2u);  // the legend's sample, and one path for both fits
  const auto& d = lines[1].attributes.at("d");
  EXPECT_EQ(std::count(d.begin(), d.end(), 'M'), 2) << "a line of its own for each replicate";
}

TEST(Draw, KeepsHostileTextAsText) {
  const std::string hostile =
      "</script><img src=x onerror=\"alert(1)\">&'\x01 \xd7\x90 \xf0\x9f\x98\x80";
  auto picture = sketch("line", {"x", "series", "loss"}, {{1.0, hostile, 1.0}, {1.0, "b", 2.0}});
  picture.title = picture.x.label = hostile;
  const auto svg = drawn(picture);
  EXPECT_EQ(svg.find("<img"), svg.npos);
  int found = 0;
  for (const auto& element : elements_of(svg))
    found += element.text.find(
                 "<img src=x onerror=\"alert(1)\">&'\xef\xbf\xbd \xd7\x90 \xf0\x9f\x98\x80") !=
             std::string::npos;
  EXPECT_EQ(found, 3) << svg;  // title, legend and axis
}

TEST(Draw, DrawsSeriesThatAreNamedLikeMembersOfEveryObject) {
  const auto all = elements_of(
      sketch("line", {"x", "series", "loss"},
             {{1.0, "constructor", 1.0}, {1.0, "__proto__", 2.0}, {1.0, "toString", 3.0}}));
  int named = 0;
  for (const auto& element : all)
    named +=
        element.text == "constructor" || element.text == "__proto__" || element.text == "toString";
  EXPECT_EQ(named, 3);
}

TEST(Draw, WritesNumbersForPeople) {
  const auto texts = [](const std::vector<double>& values) {
    std::vector<std::string> found;
    std::vector<Row> rows;
    for (const double value : values) rows.push_back({value, 1.0, 1.0});
    auto picture = sketch("heat", {"x", "y", "z"}, rows);
    for (const auto& element : elements_of(picture))
      if (element.has_class("tk") && element.attributes.count("text-anchor") &&
          element.attributes.at("text-anchor") == "middle")
        found.push_back(element.text);
    return found;
  };
  EXPECT_EQ(texts({-0.5, 0.0, 0.0001, 1234.0}),
            (std::vector<std::string>{"−0.5", "0", "0.0001", "1234"}));
  EXPECT_EQ(texts({1e-5, 2.5e-7, 3e6}), (std::vector<std::string>{"2.5×10⁻⁷", "10⁻⁵", "3×10⁶"}));
  EXPECT_EQ(texts({0.12341, 0.12342}), (std::vector<std::string>{"0.12341", "0.12342"}))
      << "as many digits as tell values apart";
}

TEST(Draw, GivesTheSameBytesWhateverWasDrawnBefore) {
  const auto heat = with_values("heat", {1.0, 2.0, 3.0}), line = with_values("line", {1.0, 9.0});
  Renderer renderer;
  const auto first = renderer.draw(heat, {});
  renderer.draw(line, {});
  EXPECT_EQ(renderer.draw(heat, {}), first);
  EXPECT_EQ(Renderer().draw(heat, {}), first);
}

TEST(Draw, UsesTheFontThatIsAskedFor) {
  const auto svg = Renderer().draw(with_values("line", {1.0, 2.0}), {336, "Latin Modern Roman"});
  EXPECT_NE(svg.find("font:12px \"Latin Modern Roman\",\"Liberation Sans\""), svg.npos)
      << svg.substr(0, 300);
}

TEST(Draw, NamesThePictureThatCannotBeDrawn) {
  auto picture = with_values("line", {1.0});
  picture.mark = "pie";
  picture.title = "loss by epoch";
  try {
    drawn(picture);
    FAIL() << "there is no mark of that name";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("the picture 'loss by epoch' cannot be drawn: "),
              std::string::npos)
        << error.what();
  }
}

TEST(Grammar, FindsTheMarkThatFitsTheColumns) {
  Renderer renderer;
  EXPECT_EQ(renderer.mark_for({"x", "loss"}), "line");
  EXPECT_EQ(renderer.mark_for({"x", "y", "z"}), "heat");
  EXPECT_EQ(renderer.mark_for({"label", "loss"}), "rows");
}

TEST(Grammar, SaysWhichColumnIsMissing) {
  Renderer renderer;
  EXPECT_EQ(renderer.problem("line", {"x", "loss", "loss_lo"}), "");
  EXPECT_EQ(renderer.problem("line", {"lambda", "loss"}),
            "mark line needs a column named x; the query has lambda, loss. Rename one with AS, for "
            "example lambda AS x");
  EXPECT_EQ(renderer.problem("heat", {"x", "loss"}),
            "mark heat needs a column named y and one named z; the query has x, loss. Rename one "
            "with AS, for example loss AS y");
  EXPECT_EQ(renderer.problem("line", {"x", "series", "done"}),
            "there is no value to draw: x, series, done all have another role. Add a column with "
            "any other name, for example test_loss_mean");
  EXPECT_EQ(renderer.problem("line", {"x", "loss", "loss"}),
            "two columns are named 'loss'; rename one with AS");
  EXPECT_EQ(renderer.problem("pie", {"x", "loss"}),
            "mark 'pie' is not known; it is one of line, rows, heat, scatter, steps, stack");
}

TEST(Grammar, TakesEveryColumnWithoutARoleForAValue) {
  Renderer renderer;
  EXPECT_EQ(renderer.values("line", {"x", "series", "total", "total_lo", "total_hi", "done", "y"}),
            (std::vector<std::string>{"total", "y"}));
  EXPECT_EQ(renderer.values("stack", {"label", "done", "diverged"}),
            (std::vector<std::string>{"done", "diverged"}));
}

}  // namespace
}  // namespace descent::report
