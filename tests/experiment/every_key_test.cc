// SPDX-License-Identifier: MIT
// --set reaches every key of the language, whatever keys it comes to have: the shapes are walked.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "experiment/language/language.h"
#include "experiment/source/override.h"
#include "experiment/schema/resolve.h"
#include "experiment/support.h"
#include "experiment/schema/unresolve.h"

namespace descent::testing {
namespace {

using namespace yaml;

// A value inside the shape's range.
double number_in(const Shape& shape) {
  if (std::isfinite(shape.low) && std::isfinite(shape.high) && shape.high < largest_whole)
    return shape.kind == Shape::Kind::whole ? std::ceil((shape.low + shape.high) / 2)
                                            : (shape.low + shape.high) / 2;
  if (std::isfinite(shape.low)) return std::max(shape.low, 0.0) + 1;
  return std::isfinite(shape.high) ? shape.high - 1 : 0.25;
}

bool needs_nothing(const Shape& shape) {
  return shape.kind == Shape::Kind::map &&
         std::ranges::none_of(shape.keys, [](const Key& key) { return key.required; });
}

// As YAML: with no more keys than must be there.
std::string valid(const Shape& shape) {
  std::string all;
  switch (shape.kind) {
    case Shape::Kind::number:
    case Shape::Kind::whole:
      return fmt::format("{}", number_in(shape));
    case Shape::Kind::flag:
      return "true";
    case Shape::Kind::text:
      return shape.words.empty() ? "word" : shape.words.back();
    case Shape::Kind::duration:
      return "3s";
    case Shape::Kind::memory:
      return "64MB";
    case Shape::Kind::list:
      return "[" + valid(shape.items[0]) + "]";
    case Shape::Kind::tuple:
      if (shape.rising) return "[0, 1]";
      for (const auto& item : shape.items) all += (all.empty() ? "" : ", ") + valid(item);
      return "[" + all + "]";
    case Shape::Kind::map:
      for (const auto& key : shape.keys)
        if (key.required) all += (all.empty() ? "" : ", ") + key.name + ": " + valid(key.shape);
      return "{" + all + "}";
    case Shape::Kind::choice: {
      const auto name = shape.alternatives.names().front();
      const auto& inner = shape.alternatives.shape(name);
      return needs_nothing(inner) ? name : "{" + name + ": " + valid(inner) + "}";
    }
  }
  return all;
}

const json& at(const json& written, const std::string& path) {
  const json* value = &written;
  std::istringstream segments(path);
  for (std::string one; std::getline(segments, one, '.');)
    value = value->is_array() ? &value->at(std::stoul(one)) : &value->at(one);
  return *value;
}

class EveryKey : public ExperimentFile {
 protected:
  EveryKey() : root_(experiment_shape(catalog_)) {}

  // Sets the value alone, over what makes its place one of this kind, and looks whether it is
  // there.
  void try_one(const Shape& shape, const std::string& path) {
    ++count_;
    const auto value = valid(shape);
    std::vector<Problem> problems;
    auto tree = yaml::parse(valid(root_), {"file"}, problems);
    for (const auto& one : before_) tree = with_override(tree, root_, one, problems);
    tree = with_override(tree, root_, path + "=" + value, problems);
    const auto settled = settle(root_, *tree, "", problems);
    for (const auto& problem : problems) ADD_FAILURE() << problem.line();
    if (!problems.empty()) return;
    const auto expected =
        written(shape, settle(shape, *yaml::parse(value, {"file"}, problems), path, problems));
    EXPECT_EQ(at(written(root_, settled), path), expected) << path << "=" << value;
  }

  void walk(const Shape& shape, const std::string& path) {
    const auto inside = [&](const Shape& child, const std::string& name) {
      const auto below = path.empty() ? name : path + "." + name;
      try_one(child, below);
      before_.push_back(below + "=" + valid(child));
      walk(child, below);
      before_.pop_back();
    };
    for (const auto& key : shape.keys) inside(key.shape, key.name);
    for (std::size_t i = 0; i < shape.items.size(); ++i) inside(shape.items[i], std::to_string(i));
    if (shape.kind != Shape::Kind::choice) return;
    for (const auto& name : shape.alternatives.names()) {
      const auto& inner = shape.alternatives.shape(name);
      if (is_alone(inner)) continue;
      before_.push_back(path + "={" + name + ": " + valid(inner) + "}");
      inside(inner, name);
      before_.pop_back();
    }
  }

  Shape root_;
  std::vector<std::string> before_;
  int count_ = 0;
};

TEST_F(EveryKey, IsReached) {
  walk(root_, "");
  EXPECT_GT(count_, 300);  // all hypers of all plugins among them
}

}  // namespace
}  // namespace descent::testing
