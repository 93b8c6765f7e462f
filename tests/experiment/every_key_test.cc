// SPDX-License-Identifier: MIT
// --set reaches every key of the language, whatever keys it comes to have: the schemas are walked.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "experiment/language/language.h"
#include "experiment/schema/resolve.h"
#include "experiment/schema/unresolve.h"
#include "experiment/source/override.h"
#include "experiment/support.h"

namespace descent::testing {
namespace {

// A value inside the schema's range.
double number_in(const experiment::Schema& schema) {
  if (std::isfinite(schema.low) && std::isfinite(schema.high) &&
      schema.high < experiment::largest_whole)
    return schema.kind == experiment::Schema::Kind::whole
               ? std::ceil((schema.low + schema.high) / 2)
               : (schema.low + schema.high) / 2;
  if (std::isfinite(schema.low)) return std::max(schema.low, 0.0) + 1;
  return std::isfinite(schema.high) ? schema.high - 1 : 0.25;
}

bool needs_nothing(const experiment::Schema& schema) {
  return schema.kind == experiment::Schema::Kind::map &&
         std::ranges::none_of(schema.keys, [](const experiment::Key& key) { return key.required; });
}

// As YAML: with no more keys than must be there.
std::string valid(const experiment::Schema& schema) {
  std::string all;
  switch (schema.kind) {
    case experiment::Schema::Kind::number:
    case experiment::Schema::Kind::whole:
      return fmt::format("{}", number_in(schema));
    case experiment::Schema::Kind::flag:
      return "true";
    case experiment::Schema::Kind::text:
      return schema.words.empty() ? "word" : "'" + schema.words.back() + "'";
    case experiment::Schema::Kind::duration:
      return "3s";
    case experiment::Schema::Kind::memory:
      return "64MB";
    case experiment::Schema::Kind::list:
      for (std::size_t i = 0; i < std::max<std::size_t>(schema.least, 1); ++i)
        all += (all.empty() ? "" : ", ") + valid(schema.items[0]);
      return "[" + all + "]";
    case experiment::Schema::Kind::tuple:
      if (schema.rising) return "[0, 1]";
      for (const auto& item : schema.items) all += (all.empty() ? "" : ", ") + valid(item);
      return "[" + all + "]";
    case experiment::Schema::Kind::map:
      for (const auto& key : schema.keys)
        if (key.required) all += (all.empty() ? "" : ", ") + key.name + ": " + valid(key.schema);
      return "{" + all + "}";
    case experiment::Schema::Kind::choice: {
      const auto name = schema.alternatives.names().front();
      const auto& inner = schema.alternatives.schema(name);
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
  EveryKey() : root_(experiment::experiment_schema(catalog_)) {}

  // Sets the value alone, over what makes its place one of this kind, and looks whether it is
  // there.
  void try_one(const experiment::Schema& schema, const std::string& path) {
    ++count_;
    const auto value = valid(schema);
    std::vector<Problem> problems;
    auto tree = experiment::parse(valid(root_), {"file"}, problems);
    for (const auto& one : before_) tree = experiment::with_override(tree, root_, one, problems);
    tree = experiment::with_override(tree, root_, path + "=" + value, problems);
    const auto resolved = experiment::resolve(root_, *tree, "", problems);
    for (const auto& problem : problems) ADD_FAILURE() << problem.line();
    if (!problems.empty()) return;
    const auto expected = experiment::unresolve(
        schema,
        experiment::resolve(schema, *experiment::parse(value, {"file"}, problems), path, problems));
    EXPECT_EQ(at(experiment::unresolve(root_, resolved), path), expected) << path << "=" << value;
  }

  void walk(const experiment::Schema& schema, const std::string& path) {
    const auto inside = [&](const experiment::Schema& child, const std::string& name) {
      const auto below = path.empty() ? name : path + "." + name;
      try_one(child, below);
      before_.push_back(below + "=" + valid(child));
      walk(child, below);
      before_.pop_back();
    };
    for (const auto& key : schema.keys) inside(key.schema, key.name);
    for (std::size_t i = 0; i < schema.items.size(); ++i)
      inside(schema.items[i], std::to_string(i));
    if (schema.kind != experiment::Schema::Kind::choice) return;
    for (const auto& name : schema.alternatives.names()) {
      const auto& inner = schema.alternatives.schema(name);
      if (experiment::has_no_arguments(inner)) continue;
      before_.push_back(path + "={" + name + ": " + valid(inner) + "}");
      inside(inner, name);
      before_.pop_back();
    }
  }

  experiment::Schema root_;
  std::vector<std::string> before_;
  int count_ = 0;
};

TEST_F(EveryKey, IsReached) {
  walk(root_, "");
  EXPECT_GT(count_, 300);  // all hyperparameters of all plugins among them
}

}  // namespace
}  // namespace descent::testing
