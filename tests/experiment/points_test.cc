// SPDX-License-Identifier: MIT
// The numbering of points against one that lists them all, on random trees.
#include <fmt/format.h>

#include <map>
#include <set>

#include "base/random.h"
#include "experiment/document/axis.h"
#include "experiment/grid/point_grid.h"
#include "experiment/support.h"

namespace descent::experiment {
namespace {

constexpr std::uint64_t zip_lengths[] = {2, 3};

// A tree as text, in which every value is written with a number of its own.
class RandomTree {
 public:
  explicit RandomTree(std::uint64_t seed) : random_(seed, "tree") {}

  std::string value(int depth) {
    switch (random_.below(depth == 0 ? 2 : 7)) {
      case 0:
        return scalar();
      case 1:
        return random_.below(2) ? space() : grid(1 + random_.below(3), 0, "");
      case 2:
        return grid(1 + random_.below(3), depth - 1, "");
      case 3:
      case 4: {
        const auto zip = random_.below(std::size(zip_lengths));
        return grid(zip_lengths[zip], random_.below(2) ? depth - 1 : 0,
                    fmt::format(", zip: z{}", zip));
      }
      case 5:
        return "[" + values(depth - 1, 1 + random_.below(3), false) + "]";
      default:
        return "{" + values(depth - 1, 1 + random_.below(3), true) + "}";
    }
  }

 private:
  std::string scalar() { return fmt::format("{}", next_++); }

  std::string space() {
    next_ += 10;
    return fmt::format("{{linspace: [{}, {}, 3]}}", next_ - 10, next_ - 8);
  }

  std::string values(int depth, std::uint64_t count, bool keys) {
    std::string all;
    for (std::uint64_t i = 0; i < count; ++i)
      all += (i ? ", " : "") + (keys ? fmt::format("k{}: ", i) : "") + value(depth);
    return all;
  }

  std::string grid(std::uint64_t length, int depth, const std::string& zip) {
    std::string all;
    for (std::uint64_t i = 0; i < length; ++i)
      all += (i ? ", " : "") + (depth > 0 ? value(depth) : scalar());
    return "{grid: [" + all + "]" + zip + "}";
  }

  Random random_;
  int next_ = 0;
};

std::string written(const experiment::Node& node) {
  std::string all = node.text;
  for (const auto& item : node.items) all += "[" + written(*item) + "]";
  for (const auto& entry : node.entries) all += entry.key + "(" + written(*entry.value) + ")";
  return all;
}

// Every point of a tree, given the values of the groups, by recursion over all of them.
using Values = std::map<std::string, std::uint64_t>;

std::vector<std::string> listed(const experiment::Node& node, const Values& values) {
  if (experiment::is_axis(node)) {
    std::vector<std::string> all;
    for (std::uint64_t i = 0; i < experiment::axis_length(node); ++i) {
      if (experiment::is_zipped(node) && values.at(node.zip) != i) continue;
      for (auto& one : listed(*experiment::value_of(node, i), values)) all.push_back(one);
    }
    return all;
  }
  std::vector<std::string> all{node.text};
  const auto multiply = [&](const experiment::Node& child, const std::string& before,
                            const std::string& after) {
    std::vector<std::string> longer;
    for (const auto& one : all)
      for (const auto& inner : listed(child, values))
        longer.push_back(one + before + inner + after);
    all = longer;
  };
  for (const auto& item : node.items) multiply(*item, "[", "]");
  for (const auto& entry : node.entries) multiply(*entry.value, entry.key + "(", ")");
  return all;
}

std::set<std::string> listed(const experiment::Node& tree) {
  std::set<std::string> all;
  for (std::uint64_t i = 0; i < zip_lengths[0]; ++i)
    for (std::uint64_t j = 0; j < zip_lengths[1]; ++j)
      for (auto& one : listed(tree, {{"z0", i}, {"z1", j}})) all.insert(one);
  return all;
}

experiment::Tree tree_of(const std::string& text) {
  std::vector<Problem> problems;
  auto tree = experiment::parse(text, {"random"}, problems);
  EXPECT_TRUE(problems.empty()) << text;
  return tree;
}

TEST(Points, AreThoseThatListingThemGives) {
  const experiment::Schema nothing = experiment::map("", {});
  std::uint64_t zipped = 0, largest = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const auto text =
        "{a: " + RandomTree(seed).value(3) + ", b: " + RandomTree(seed + 1000).value(2) + "}";
    const auto tree = tree_of(text);
    const auto expected = listed(*tree);
    if (expected.size() > 3000) continue;
    const experiment::PointGrid grid(tree, nothing);
    ASSERT_EQ(grid.points(), expected.size()) << text;
    std::set<std::string> found;
    for (std::uint64_t i = 0; i < grid.points(); ++i) {
      found.insert(written(*grid.pick(i)));
      ASSERT_EQ(grid.ref(i).variant, i) << text;
    }
    ASSERT_EQ(found, expected) << text;
    for (const auto i : grid.one_factor_design()) ASSERT_LT(i, grid.points()) << text;
    zipped += text.find("zip") != text.npos;
    largest = std::max(largest, grid.points());
  }
  EXPECT_GT(zipped, 200u);
  EXPECT_GT(largest, 500u);
}

TEST(Points, OfAStarHaveEveryChoiceOfEveryAxis) {
  const experiment::Schema nothing = experiment::map("", {});
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto text = "{a: " + RandomTree(seed).value(3) + "}";
    const auto tree = tree_of(text);
    const experiment::PointGrid grid(tree, nothing);
    if (grid.points() > 3000) continue;
    const auto scalars = [&](const std::vector<std::uint64_t>& points) {
      std::set<std::string> all;
      const auto collect = [&](auto& self, const experiment::Node& node) -> void {
        if (!node.text.empty()) all.insert(node.text);
        for (const auto& item : node.items) self(self, *item);
        for (const auto& entry : node.entries) self(self, *entry.value);
      };
      for (const auto i : points) collect(collect, *grid.pick(i));
      return all;
    };
    std::vector<std::uint64_t> every(grid.points());
    for (std::uint64_t i = 0; i < every.size(); ++i) every[i] = i;
    if (text.find("zip") == text.npos) {
      ASSERT_EQ(scalars(grid.one_factor_design()), scalars(every)) << text;
    }
    ASSERT_LE(grid.one_factor_design().size(), every.size());
  }
}

}  // namespace
}  // namespace descent::experiment
