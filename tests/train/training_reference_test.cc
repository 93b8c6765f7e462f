// SPDX-License-Identifier: MIT
// Whole reference trainings: the given start, data and batch order through model, loss, regularizer
// and optimizer, compared along the way and at the end.
#include <algorithm>
#include <span>

#include "data/csv.h"
#include "data/features.h"
#include "host/optimizer.h"
#include "host/regularizer.h"
#include "train/model_pass.h"
#include "train/prediction.h"
#include "train/reference.h"
#include "train/schedule.h"

namespace descent::testing {
namespace {

using Kind = nn::LayerSpec::Kind;
using nlohmann::json;

struct Columns {
  arma::mat features, targets;
};

Columns read_columns(const json& given) {
  data::CsvReader file((reference_data() / std::string(given.at("csv"))).string());
  const std::vector<std::string> targets_named = given.at("target_columns");
  std::vector<double> features, targets;
  arma::uword count = 0;
  for (; file.next(); ++count)
    for (std::size_t j = 0; j < file.header().size(); ++j) {
      const bool is_target = std::ranges::count(targets_named, file.header()[j]) > 0;
      (is_target ? targets : features).push_back(data::number(file.record()[j].text).value());
    }
  EXPECT_EQ(features.size(), count * given.at("feature_columns").get<arma::uword>());
  return {arma::mat(features.data(), features.size() / count, count),
          arma::mat(targets.data(), targets_named.size(), count)};
}

void check_statistics(const json& given, const std::string& what, const arma::mat& values) {
  if (!given.contains("statistics") || !given["statistics"].contains(what + "_mean")) return;
  const auto& known = given["statistics"];
  const auto column = [](const json& v) { return v.is_array() ? matrix(v) : matrix({v}); };
  const arma::mat mean = column(known.at(what + "_mean")), sd = column(known.at(what + "_std"));
  expect_all_close(arma::mean(values, 1), mean, 1e-12 * arma::abs(mean).max(), what + "_mean");
  expect_all_close(arma::stddev(values, 1, 1), sd, 1e-12 * arma::abs(sd).max(), what + "_std");
}

arma::mat prepared(const arma::mat& values, const std::string& how, double divisor) {
  if (how == "none") return values;
  const data::FeatureSpec spec =
      how == "standardize" ? data::FeatureSpec(data::Standardize{}) : data::Scale{1 / divisor};
  return data::Features({spec}, values, {}, 0, 0).apply(values);
}

train::Samples<double> samples_of(const json& given) {
  train::Samples<double> all;
  if (given.contains("inline")) {
    all.features = samples(given["inline"].at("inputs"));
    all.targets.values = samples(given["inline"].at("targets"));
    return all;
  }
  const auto columns = read_columns(given);
  const arma::uvec order = given.at("row_order").get<std::vector<arma::uword>>();
  const arma::mat features = columns.features.cols(order), targets = columns.targets.cols(order);
  const auto& how = given.at("preprocessing");
  check_statistics(given, "feature", features);
  check_statistics(given, "target", targets);
  all.features = prepared(features, how.at("features"), how.value("divisor", 1.0));
  if (given.at("target_kind") == "class")
    all.targets.classes.assign(targets.begin(), targets.end());
  else
    all.targets.values = prepared(targets, how.value("target", "none"), 1);
  return all;
}

nn::Model model_of(const json& given, arma::uword inputs) {
  static const std::map<std::string, Kind> kinds = {{"linear", Kind::linear},
                                                    {"tanh", Kind::tanh},
                                                    {"relu", Kind::relu},
                                                    {"sigmoid", Kind::sigmoid}};
  nn::ModelSpec spec;
  for (const auto& layer : given.at("layers"))
    spec.layers.push_back(
        {.kind = kinds.at(layer.at("type")), .units = layer.value("out", std::uint64_t{0})});
  return {spec, inputs, 0};
}

// The parameters of a file as the model's flat vector: both say "linear0.weight" and out x in.
arma::vec parameters_of(const json& given, const nn::Model& model) {
  arma::vec x(model.size(), arma::fill::value(arma::datum::nan));
  EXPECT_EQ(given.size(), model.blocks().size());
  for (const auto& block : model.blocks())
    for (const auto& one : given)
      if (one.at("name") == block.name) {
        const arma::mat values = matrix(one.at("values"));
        EXPECT_EQ(values.n_rows, block.rows);
        EXPECT_EQ(values.n_cols, block.cols);
        x.subvec(block.offset, arma::size(block.rows * block.cols, 1)) = arma::vectorise(values);
      }
  return x;
}

class Rehearsal {
 public:
  explicit Rehearsal(const json& one, const host::Catalog& catalog)
      : one_(one),
        all_(samples_of(one.at("data"))),
        model_(model_of(one.at("model"), all_.features.n_rows)),
        x_(parameters_of(one.at("initial_parameters"), model_)),
        gradient_(model_.size()),
        weights_(x_.memptr(), model_.weight_count(), false, true),
        weight_gradient_(gradient_.memptr(), model_.weight_count(), false, true),
        loss_(loss_of(one.at("loss"), catalog)),
        optimizer_(optimizer_of(one.at("optimizer"), catalog)),
        whole_(model_, all_, x_, &gradient_) {
    const auto& penalty = one.at("regularizer");
    if (penalty.is_null()) return;
    EXPECT_EQ(penalty.at("applies_to"), "weights");
    const host::Plugin plugin = catalog.get(DESCENT_REGULARIZER, penalty.at("regularizer"));
    penalties_.emplace_back(plugin, settled(plugin, penalty.at("params")), blocks_);
  }

  void check_history(std::size_t i) {
    const auto& history = one_.at("history");
    const double tolerance = one_.at("tolerance").at("history").at(i);
    const auto when = " after epoch " + history.at("epochs_done")[i].dump();
    const auto& prediction = whole_.predict();
    EXPECT_NEAR(loss_.evaluate(prediction, all_.targets, nullptr),
                history.at("loss")[i].get<double>(), tolerance)
        << "loss" << when;
    EXPECT_NEAR(penalty(nullptr), history.at("penalty")[i].get<double>(), tolerance)
        << "penalty" << when;
    if (!history.contains("accuracy")) return;
    EXPECT_NEAR(train::accuracy(loss_.plugin()->prediction, prediction, all_.targets),
                history["accuracy"][i].get<double>(), 1e-12)
        << "accuracy" << when;
  }

  // The running loss of the epoch.
  double train_epoch(std::uint64_t epoch) {
    follow_schedule(epoch);
    const auto& batches = one_.at("batches");
    if (batches.at("kind") == "full") return step(whole_, epoch);
    const std::vector<std::uint64_t> order = batches.at("epoch_order")[epoch - 1];
    const std::size_t size = batches.at("batch_size");
    double running = 0;
    for (std::size_t first = 0; first < order.size(); first += size) {
      const auto indices = std::span(order).subspan(first, std::min(size, order.size() - first));
      auto batch = train::like(all_, indices.size());
      train::gather(all_, indices, batch);
      train::ModelPass<double> pass(model_, batch, x_, &gradient_);
      running += step(pass, epoch) * double(indices.size()) / double(order.size());
    }
    return running;
  }

  const arma::vec& parameters() const { return x_; }
  arma::vec parameters(const char* key) const { return parameters_of(one_.at(key), model_); }

 private:
  void follow_schedule(std::uint64_t epoch) {
    const auto& schedule = one_.at("schedule");
    if (schedule.is_null()) return;
    const auto& params = schedule.at("params");
    optimizer_.set_hyperparameter(lr_, train::value_at(rule_of(schedule.at("name"), params),
                                                       params.at("base_lr"), epoch - 1));
  }

  static host::Loss<double> loss_of(const json& given, const host::Catalog& catalog) {
    const host::Plugin plugin = catalog.get(DESCENT_LOSS, given.at("name"));
    EXPECT_EQ(given.at("params").at("reduction"), "mean");
    return {plugin, settled(plugin, given.at("params")), {}, DESCENT_MEAN};
  }

  host::Optimizer<double> optimizer_of(const json& given, const host::Catalog& catalog) {
    for (const auto& b : model_.blocks())
      blocks_.push_back({b.name.c_str(), b.offset, b.rows, b.cols, b.is_bias});
    const host::Plugin plugin = catalog.get(DESCENT_OPTIMIZER, given.at("name"));
    lr_ = std::size_t(plugin.hyperparameter_index("lr"));
    return {plugin, settled(plugin, given.at("params")), x_.n_elem, blocks_, 0};
  }

  double penalty(arma::vec* gradient) {
    double sum = 0;
    for (auto& one : penalties_) sum += one.penalty(weights_, gradient);
    return sum;
  }

  double step(train::ModelPass<double>& pass, std::uint64_t epoch) {
    const double loss = pass.differentiate(&loss_);
    penalty(&weight_gradient_);
    optimizer_.step(x_, gradient_, epoch, optimizer_.steps(), objective_);
    return loss;
  }

  const json& one_;
  train::Samples<double> all_;
  nn::Model model_;
  arma::vec x_, gradient_, weights_,
      weight_gradient_;  // the latter two: views of the weights' part
  std::vector<descent_block> blocks_;
  std::size_t lr_ = 0;
  host::Loss<double> loss_;
  host::Optimizer<double> optimizer_;
  std::vector<host::Regularizer<double>> penalties_;
  host::Objective<double> objective_ = [](const arma::vec&, arma::vec*) -> double {
    throw std::runtime_error("no optimizer of these runs evaluates the objective");
  };
  train::ModelPass<double> whole_;
};

class Trainings : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    one_ = read(GetParam());
    need(DESCENT_LOSS, one_.at("loss").at("name"));
    need(DESCENT_OPTIMIZER, one_.at("optimizer").at("name"));
    if (!one_.at("regularizer").is_null())
      need(DESCENT_REGULARIZER, one_["regularizer"].at("regularizer"));
  }

  void need(descent_kind kind, const std::string& name) {
    if (!is_built(kind, name))
      GTEST_SKIP() << host::kind_name(kind) << " '" << name << "' is not built";
  }

  json one_;
};

TEST_P(Trainings, Match) {
  const auto& catalog = plugins();
  Rehearsal rehearsal(one_, catalog);
  const auto& done = one_.at("history").at("epochs_done");
  std::uint64_t epoch = 0;
  for (std::size_t i = 0; i < done.size(); ++i) {
    while (epoch < done[i].get<std::uint64_t>()) {
      const double running = rehearsal.train_epoch(++epoch);
      if (!one_.contains("running")) continue;
      const auto& expected = one_["running"].at("loss").at(epoch - 1);
      EXPECT_NEAR(running, expected.get<double>(), one_.at("tolerance").at("running").get<double>())
          << "running loss of epoch " << epoch;
    }
    rehearsal.check_history(i);
  }
  EXPECT_EQ(epoch, one_.at("epochs"));
  const auto expected = rehearsal.parameters("final_parameters");
  const double tolerance = one_.at("tolerance").at("parameters");
  // This run ends in a cycle of two points; the order of a sum decides which comes at an even step.
  const bool in_phase = arma::approx_equal(rehearsal.parameters(), expected, "absdiff", tolerance);
  if (one_.at("id") == "training/linear_regression_rmsprop" && !in_phase)
    rehearsal.train_epoch(epoch + 1);
  expect_all_close(rehearsal.parameters(), expected, tolerance, "parameters");
}

INSTANTIATE_TEST_SUITE_P(Reference, Trainings, ::testing::ValuesIn(cases("training")), test_name);

}  // namespace
}  // namespace descent::testing
