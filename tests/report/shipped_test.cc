// SPDX-License-Identifier: MIT
// The report of every shipped experiment, shortened: it gets the pictures that fit what it sweeps,
// and each picture holds what its SQL gives.
#include <fmt/format.h>

#include <map>
#include <set>

#include "report/report_page.h"
#include "store/query.h"

namespace descent::report {
namespace {

using Titles = std::vector<std::string>;

// The figures of each experiment, in the order of the page.
const std::map<std::string, Titles> expected = {
    {"batch_sizes",
     {"Data and fit", "Total error over batch", "Bias² and variance over batch", "Learning curves",
      "Bias² and variance over training"}},
    {"bias_variance_polynomial",
     {"Data and fit", "Bias² and variance over degree", "Learning curves",
      "Bias² and variance over training"}},
    {"bishop_fig_3_6",
     {"Data and fit", "Bias² and variance over lambda", "Learning curves",
      "Bias² and variance over training"}},
    {"breast_cancer_logistic",
     {"Bias² and variance, the least total first", "Learning curves",
      "Bias² and variance over training"}},
    {"diabetes_losses",
     {"Bias² and variance, the least total first", "Learning curves",
      "Bias² and variance over training", "Performance profile"}},
    {"digits_mlp",
     {"Bias² and variance, the least total first", "Learning curves",
      "Bias² and variance over training"}},
    {"double_descent_random_features",
     {"Bias² and variance over count", "Learning curves", "Bias² and variance over training"}},
    {"double_descent_ridgeless",
     {"Total error over dims", "Bias² and variance over dims", "Learning curves",
      "Bias² and variance over training"}},
    {"early_stopping", {"Data and fit", "Learning curves", "Bias² and variance over training"}},
    {"lasso_sparsity",
     {"Total error over lambda", "Bias² and variance over lambda", "Learning curves",
      "Bias² and variance over training", "Weights and sparsity"}},
    {"linear_regression",
     {"Data and fit", "Learning curves", "Bias² and variance over training",
      "Weights and sparsity"}},
    {"optimizers",
     {"Data and fit", "Bias² and variance, the least total first", "Learning curves",
      "Bias² and variance over training"}},
    {"overfitting_remedies",
     {"Bias² and variance, the least total first", "Learning curves",
      "Bias² and variance over training"}},
    {"random_search",
     {"Total error of the drawn points", "Bias² and variance, the least total first",
      "Learning curves", "Bias² and variance over training", "Performance profile"}},
    {"regularization_paths",
     {"Total error over lambda", "Bias² and variance over lambda", "Learning curves",
      "Bias² and variance over training", "Weights and sparsity"}},
    {"ridge_tradeoff",
     {"Bias² and variance over lambda", "Learning curves", "Bias² and variance over training"}},
    {"saddle_escape", {"Paths over the surface", "Learning curves"}},
    {"tuned_optimizers",
     {"Tuning", "Learning curves", "Bias² and variance over training", "Performance profile",
      "Bias² and variance, the least total first", "Learning curves",
      "Bias² and variance over training", "Performance profile"}},
    {"underfitting_remedies", {"Bias² and variance, the least total first", "Learning curves"}},
    {"who_makes_the_variance",
     {"Bias² and variance, the least total first", "Learning curves",
      "Bias² and variance over training", "Sources of the variance"}},
};

std::vector<std::string> shipped() {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(source_path("experiments")))
    if (file.path().extension() == ".yaml") names.insert(file.path().stem());
  return {names.begin(), names.end()};
}

// As in tests/cli/shipped_experiments_test.cc, but with enough epochs for curves.
std::string shortened(const std::string& name) {
  static const std::map<std::string, std::string> special = {
      {"overfitting_remedies", "train.epochs=8 record.every=1 replicates.count=14"},
      {"underfitting_remedies", "train.batch=full record.every=50 replicates.count=3"},
      {"tuned_optimizers", "train.epochs=8 record.every=1 stages.tune=2 stages.rerun=2"},
      {"who_makes_the_variance",
       "train.epochs=8 record.every=1 replicates.count=9 replicates.seeds=3"}};
  const auto found = special.find(name);
  std::istringstream words(
      found == special.end() ? "train.epochs=8 record.every=1 replicates.count=3" : found->second);
  std::string options;
  for (std::string word; words >> word;) options += " --set " + word;
  return options;
}

json rounded(const json& value) {
  if (!value.is_number_float()) return value;
  return std::strtod(fmt::format("{:.7g}", value.get<double>()).c_str(), nullptr);
}

// The rows of a query as `descent sql` answers, with seven digits.
std::vector<std::vector<json>> asked_again(const std::string& store, const json& picture) {
  auto text = store::query(store, picture["sql"], store::Format::json);
  for (auto at = text.find("1e999"); at != text.npos; at = text.find("1e999", at))
    text.replace(at, 5, "1e308");
  std::vector<std::vector<json>> rows;
  for (const auto& object : json::parse(text)) {
    auto& row = rows.emplace_back();
    for (const auto& column : picture["columns"])
      row.push_back(rounded(object[column.get<std::string>()]));
  }
  return rows;
}

class ShippedReport : public PageTest, public testing::WithParamInterface<std::string> {};

TEST_P(ShippedReport, HasThePicturesThatFitAndTheirNumbersAreThoseOfTheStore) {
  const auto file = source_path("experiments/") + GetParam() + ".yaml";
  const auto spoken = here("run " + quoted(file) + " --db a.db --quiet" + shortened(GetParam()));
  ASSERT_EQ(spoken.code, 0) << spoken.text;
  const auto pictures = pictures_of(page_of("a.db"));
  Titles titles;
  for (const auto& picture : pictures) {
    const std::string title = picture["title"];
    if (titles.empty() || titles.back() != title) titles.push_back(title);
    const auto rows = asked_again(path("a.db"), picture);
    ASSERT_EQ(picture["rows"].size(), rows.size()) << title << "\n" << picture["sql"];
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t k = 0; k < rows[i].size(); ++k)
        EXPECT_EQ(rounded(picture["rows"][i][k]), rows[i][k])
            << title << ", row " << i << ", " << picture["columns"][k];
  }
  ASSERT_TRUE(expected.contains(GetParam())) << testing::PrintToString(titles);
  EXPECT_EQ(titles, expected.at(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, ShippedReport, testing::ValuesIn(shipped()),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace descent::report
