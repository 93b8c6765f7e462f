// SPDX-License-Identifier: MIT
#include "train/reference.h"
#include "paths.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace descent::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string text_of(const fs::path& path) {
  std::string text(fs::file_size(path), '\0');
  std::ifstream(path).read(text.data(), std::streamsize(text.size()));
  return text;
}

// Parsed once for all of its cases.
const json& parsed(const fs::path& path) {
  static std::map<fs::path, json> files;
  const auto [entry, is_new] = files.try_emplace(path);
  if (is_new) entry->second = json::parse(text_of(path));
  return entry->second;
}

// The string after each key "id".
std::vector<std::string> ids_in(const std::string& text) {
  std::vector<std::string> ids;
  const std::string key = "\"id\"";
  for (auto at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
    const auto open = text.find('"', at + key.size());
    ids.push_back(text.substr(open + 1, text.find('"', open + 1) - open - 1));
  }
  return ids;
}

// Parameters of the reference that are not hyperparameters here, and the value without effect.
bool is_neutral(const std::string& name, const json& value) {
  static const std::map<std::string, json> neutral = {{"maximize", false}};
  const auto found = neutral.find(name);
  return value.is_null() || (found != neutral.end() && found->second == value);
}

double number(const json& value) {
  return value.is_boolean() ? double(value.get<bool>()) : value.get<double>();
}

}  // namespace

void PrintTo(const Case& one, std::ostream* out) { *out << one.id; }

std::string test_name(const ::testing::TestParamInfo<Case>& info) {
  std::string name = info.param.id;
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

fs::path reference_folder() {
  if (const char* given = std::getenv("DESCENT_REFERENCE_DIR")) return given;
  return descent::source_path("tests/reference/vectors");
}

fs::path reference_data() {
  if (std::getenv("DESCENT_REFERENCE_DIR")) return reference_folder() / "../data";
  return descent::source_path("experiments/data");
}

std::vector<Case> cases(const std::string& group) {
  std::vector<Case> found;
  std::error_code ignored;  // that the folder is empty is a test of its own
  for (const auto& entry : fs::directory_iterator(reference_folder(), ignored)) {
    if (entry.path().extension() != ".json") continue;
    for (const auto& id : ids_in(text_of(entry.path())))
      if (id.starts_with(group + "/")) found.push_back({id, entry.path()});
  }
  std::ranges::sort(found, {}, &Case::id);
  return found;
}

json read(const Case& one) {
  for (const auto& candidate : parsed(one.file))
    if (candidate.at("id") == one.id) return candidate;
  throw std::runtime_error(one.id + " is not in " + one.file.string());
}

const host::Catalog& plugins() {
  static const host::Catalog opened({descent::build_path("plugins")});
  return opened;
}

bool is_built(descent_kind kind, const std::string& name) {
  if (plugins().contains(kind, name)) return true;
  EXPECT_FALSE(descent::has_all_plugins())
      << host::kind_name(kind) << " '" << name << "' is missing";
  return false;
}

std::vector<double> settled(const host::Plugin& plugin, const json& parameters) {
  std::map<std::string, double> given;
  for (const auto& [name, value] : parameters.items()) {
    if (name == "reduction") continue;
    if (value.is_string())
      given[value.get<std::string>()] = 1;
    else if (plugin.hyperparameter_index(name) >= 0 || !is_neutral(name, value))
      given[name] = number(value);
  }
  return plugin.settle(given).hyperparameters;
}

train::ScheduleShape rule_of(const std::string& name, const json& p) {
  using Mode = train::Cyclic::Mode;
  if (name == "constant") return train::ConstantRule{};
  if (name == "step") return train::StepRule{p.at("step_size"), p.at("gamma")};
  if (name == "multi_step") return train::MultiStepRule{p.at("milestones"), p.at("gamma")};
  if (name == "exponential") return train::ExponentialRule{p.at("gamma")};
  if (name == "cosine_annealing") return train::CosineAnnealing{p.at("t_max"), p.at("eta_min")};
  if (name == "cosine_warm_restarts")
    return train::CosineWarmRestarts{p.at("t_0"), p.at("t_mult"), p.at("eta_min")};
  if (name == "linear_warmup")
    return train::LinearWarmup{p.at("start_factor"), p.at("end_factor"), p.at("total_iters")};
  if (name == "polynomial") return train::PolynomialDecay{p.at("total_iters"), p.at("power")};
  if (name == "one_cycle")
    return train::OneCycle{.max_lr = p.at("max_lr"),
                           .total_steps = p.at("total_steps"),
                           .pct_start = p.at("pct_start"),
                           .div_factor = p.at("div_factor"),
                           .final_div_factor = p.at("final_div_factor"),
                           .linear = p.at("anneal_strategy") == "linear",
                           .three_phase = p.at("three_phase")};
  if (name != "cyclic") throw std::runtime_error("unknown schedule: " + name);
  static const std::map<std::string, Mode> modes = {{"triangular", Mode::triangular},
                                                    {"triangular2", Mode::triangular2},
                                                    {"exp_range", Mode::exp_range}};
  return train::Cyclic{.max_lr = p.at("max_lr"),
                       .step_size_up = p.at("step_size_up"),
                       .step_size_down = p.at("step_size_down"),
                       .mode = modes.at(p.at("mode")),
                       .gamma = p.at("gamma")};
}

arma::mat matrix(const json& rows) {
  const bool flat = rows.empty() || !rows[0].is_array();
  arma::mat m(rows.size(), flat ? 1 : rows[0].size());
  for (arma::uword i = 0; i < m.n_rows; ++i)
    for (arma::uword j = 0; j < m.n_cols; ++j)
      m(i, j) = flat ? rows[i].get<double>() : rows[i].at(j).get<double>();
  return m;
}

arma::mat samples(const json& rows) { return matrix(rows).t(); }

void expect_close(const arma::mat& found, const arma::mat& expected, const arma::mat& tolerance,
                  const std::string& what) {
  ASSERT_EQ(arma::size(found), arma::size(expected)) << what;
  ASSERT_EQ(arma::size(tolerance), arma::size(expected)) << what;
  for (arma::uword i = 0; i < expected.n_elem; ++i)
    EXPECT_NEAR(found(i), expected(i), tolerance(i)) << what << ", element " << i;
}

void expect_all_close(const arma::mat& found, const arma::mat& expected, double tolerance,
                      const std::string& what) {
  const arma::mat everywhere(arma::size(expected), arma::fill::value(tolerance));
  expect_close(found, expected, everywhere, what);
}

}  // namespace descent::testing
