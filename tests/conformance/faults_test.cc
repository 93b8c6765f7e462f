// SPDX-License-Identifier: MIT
// Each check detects its fault: plugins and reference cases that are wrong on purpose.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/error.h"
#include "conformance/check.h"
#include "conformance/vectors.h"
#include "folder.h"
#include "host/catalog.h"
#include "paths.h"

namespace descent::conformance {
namespace {

namespace fs = std::filesystem;

host::Plugin plugin(const std::string& folder, const std::string& name) {
  const char* build = std::getenv("DESCENT_BUILD_DIR");
  return host::Plugin(
      (fs::path(build ? build : descent::build_path("")) / folder / (name + ".so")).string());
}

std::set<std::string> failing(const host::Plugin& plugin) {
  std::set<std::string> names;
  for (const auto& check : checks_of(plugin))
    if (!run(check).holds()) names.insert(check.name);
  return names;
}

TEST(Faults, OfALossAreSeen) {
  EXPECT_EQ(failing(plugin("tests/plugins/losses", "sloppy_loss")),
            (std::set<std::string>{"doc", "defaults in range", "gradient", "finite at extremes",
                                   "single output", "hyperparameters", "minimum at the target"}));
}

TEST(Faults, OfAnOptimizerAreSeen) {
  std::set<std::string> expected = {"descends a bowl", "instances in turn", "elementwise",
                                    "resumes",         "deterministic",     "zero gradient",
                                    "slots",           "working memory"};
#if !defined(__SANITIZE_ADDRESS__)
  expected.insert("allocations");
#endif
  EXPECT_EQ(failing(plugin("tests/plugins/optimizers", "sloppy_optimizer")), expected);
}

TEST(Faults, OfARegularizerAreSeen) {
  EXPECT_EQ(failing(plugin("tests/plugins/regularizers", "sloppy_penalty")),
            (std::set<std::string>{"never negative", "zero at zero", "proximal step minimises",
                                   "proximal step of size 0"}));
}

// One evaluation gives the gradient of the step, the others are asked for. The catalog finds what
// sam wraps.
TEST(Faults, HiddenInAStepAreCountedAsEvaluations) {
  const auto evaluations = [](const host::Plugin& plugin) {
    for (const auto& check : checks_of(plugin))
      if (check.name == "evaluations") return run(check).figure;
    return 0.0;
  };
  EXPECT_EQ(evaluations(plugin("tests/plugins/optimizers", "many_evaluations")), 8);
  EXPECT_EQ(evaluations(plugin("plugins/optimizers", "sgd")), 1);
  const auto sam = plugin("plugins/optimizers", "sam").path();
  const host::Catalog shipped({fs::path(sam).parent_path().parent_path()});
  EXPECT_EQ(evaluations(shipped.get(DESCENT_OPTIMIZER, "sam")), 2);
  EXPECT_GT(evaluations(plugin("plugins/optimizers", "lbfgs")), 1);
}

// It changes the rounding in its 80th step, which the checks of its descent take.
TEST(Faults, OfWhatCallsLeaveAreSeen) {
  const auto changing = plugin("tests/plugins/optimizers", "changes_floating_point");
  std::vector<Finding> findings;
  std::set<std::string> left;
  for (const auto& check : checks_of(changing)) {
    findings.push_back(run(check));
    left.insert(findings.back().left);
  }
  EXPECT_TRUE(left.contains("rounding is upward"));
  EXPECT_FALSE(floating_point(changing, findings).holds());
  const auto steady = plugin("plugins/optimizers", "sgd");
  EXPECT_TRUE(floating_point(steady, {}).holds());
  EXPECT_FALSE(floating_point(steady, findings).holds());
}

TEST(Faults, ThatEndTheProcessAreSeen) {
  for (const auto& check : checks_of(plugin("tests/plugins/optimizers", "segfaults"))) {
    if (check.name != "resumes") continue;
    const auto finding = run(check);
    EXPECT_FALSE(finding.holds());
    EXPECT_FALSE(finding.text.empty());
  }
}

nlohmann::json square() {
  return nlohmann::json::parse(R"({"id": "losses/mse/hand", "loss": "mse",
    "params": {"reduction": "sum"}, "prediction": [[3.0, 1.0]], "target": [[1.0, 1.0]],
    "value": 4.0, "gradient": [[4.0, 0.0]], "tolerance": {"value": 1e-12, "gradient": 1e-12}})");
}

TEST(ReferenceCase, MatchesWhatIsRight) {
  const auto found = compare(plugin("plugins/losses", "mse"), square());
  EXPECT_TRUE(found.matches()) << found.text;
  EXPECT_EQ(found.deviation, 0);
}

TEST(ReferenceCase, ReportsByHowManyTolerancesItIsMissed) {
  auto one = square();
  one["gradient"][0][1] = 3e-12;
  const auto found = compare(plugin("plugins/losses", "mse"), one);
  EXPECT_FALSE(found.matches());
  EXPECT_NEAR(found.deviation, 3, 1e-9);
  EXPECT_TRUE(found.text.starts_with("gradient: 0 instead of 3e-12")) << found.text;
}

TEST(ReferenceCase, PassesOverNoParameter) {
  auto one = square();
  one["params"]["warmth"] = 1.0;
  const auto found = compare(plugin("plugins/losses", "mse"), one);
  EXPECT_FALSE(found.matches());
  EXPECT_NE(found.text.find("has no hyperparameter 'warmth'"), found.text.npos) << found.text;
}

// Nothing is allocated for, or read beyond, what a case does not hold.
TEST(ReferenceCase, ThatIsImpossibleIsReportedAndNotComputed) {
  const auto complaint = [](const host::Plugin& one, nlohmann::json reference) {
    reference["id"] = "x";
    const auto found = compare(one, reference);
    EXPECT_FALSE(found.matches());
    return found.text;
  };
  const auto sgd = plugin("plugins/optimizers", "sgd"), mse = plugin("plugins/losses", "mse"),
             entropy = plugin("plugins/losses", "cross_entropy");
  const nlohmann::json walk = {{"shapes", {{2}}},
                               {"steps", {1}},
                               {"x0", {1.0, 2.0}},
                               {"params", {{"lr", 0.1}}},
                               {"problem", {{"kind", "rosenbrock"}, {"a", 1}, {"c", 1}}},
                               {"x", {{1.0, 2.0}}},
                               {"tolerance", {{1e-9, 1e-9}}}};
  const auto changed = [](nlohmann::json from, const char* key, const nlohmann::json& value) {
    from[key] = value;
    return from;
  };
  EXPECT_EQ(complaint(sgd, changed(walk, "shapes", {{90'000'000, 90'000'000}})),
            "the shapes hold no values, or too many");
  EXPECT_EQ(complaint(sgd, changed(walk, "shapes", {{-1}})),
            "the shapes hold no values, or too many");
  EXPECT_EQ(complaint(sgd, changed(walk, "shapes", {{2, -1.5}})),
            "the shapes hold no values, or too many");
  EXPECT_EQ(complaint(sgd, changed(walk, "x0", {1.0})),
            "there must be as many values as the shapes hold");
  EXPECT_EQ(complaint(sgd, changed(walk, "steps", nlohmann::json::array())), "no step is named");
  EXPECT_EQ(complaint(sgd, changed(walk, "steps", {1'000'000'000'000})),
            "a step is no whole number, or beyond the 1000000th");
  EXPECT_EQ(complaint(sgd, changed(walk, "steps", {-1e300})),
            "a step is no whole number, or beyond the 1000000th");
  EXPECT_EQ(complaint(sgd, changed(walk, "problem",
                                   {{"kind", "quadratic"}, {"A", {{1.0}}}, {"b", {1.0}}})),
            "A and b must be of the size of x0");
  const nlohmann::json fit = {{"params", {{"reduction", "mean"}}},
                              {"prediction", {{1.0, 2.0}}},
                              {"target", {{1.0, 2.0}}},
                              {"value", 0.0},
                              {"gradient", {{0.0, 0.0}}},
                              {"tolerance", {{"value", 1e-9}, {"gradient", 1e-9}}}};
  EXPECT_EQ(complaint(mse, changed(fit, "target", {{1.0}, {2.0}})),
            "a target is for each prediction");
  EXPECT_EQ(complaint(mse, changed(fit, "gradient", {{0.0, 0.0, 0.0}})),
            "the gradient has more rows than the prediction");
  EXPECT_EQ(complaint(entropy, changed(fit, "target", {7})), "no such class");
}

// Every case there is of every plugin there is.
TEST(ReferenceCases, OfShippedPluginsAllMatch) {
  const char* given = std::getenv("DESCENT_REFERENCE_DIR");
  const fs::path folder =
      given ? fs::path(given) : fs::path(descent::source_path("tests/reference/vectors"));
  const char* build = std::getenv("DESCENT_BUILD_DIR");
  const host::Catalog catalog({fs::path(build ? build : descent::build_path("")) / "plugins"});
  std::size_t count = 0;
  for (const auto kind : host::kinds)
    for (const auto& name : catalog.names(kind))
      for (const auto& file : fs::directory_iterator(folder)) {
        const auto title = file.path().filename().string();
        if (title != host::kind_name(kind, true) + "-" + name + ".json" &&
            title != "regularizers-all.json")
          continue;
        const auto& one = catalog.get(kind, name);
        for (const auto& reference : cases_for(one, file.path())) {
          const auto found = compare(one, reference);
          EXPECT_TRUE(found.matches()) << found.id << ": " << found.text;
          ++count;
        }
      }
  EXPECT_GT(count, 800u);
}

TEST(ReferenceFile, MustBeAnArrayOfCases) {
  const Folder folder;
  const auto path = folder.path("cases.json");
  std::ofstream(path) << "{}";
  try {
    cases_for(plugin("plugins/losses", "mse"), path);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              path + ": error: is not a file of reference cases: a JSON array of objects");
  }
}

TEST(ReferenceFile, LeavesOutWhatNamesNoPlugin) {
  const Folder folder;
  const auto path = folder.path("cases.json");
  std::ofstream(path) << R"([1, {"id": "a"}, {"id": 5, "loss": "mse"}, {"id": "b", "loss": [0]},
                             {"id": "c", "loss": "mse"}])";
  EXPECT_EQ(cases_for(plugin("plugins/losses", "mse"), path).size(), 1u);
}

}  // namespace
}  // namespace descent::conformance
