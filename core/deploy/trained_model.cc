// SPDX-License-Identifier: MIT
#include "deploy/trained_model.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "nn/output_range.h"
#include "train/model_pass.h"
#include "train/prediction.h"

namespace descent::deploy {
namespace {

using nlohmann::json;
using Kind = nn::LayerSpec::Kind;

constexpr const char* format_name = "descent-model-1";

constexpr const char* prediction_names[] = {"values",
                                            "logits",
                                            "log_probabilities",
                                            "binary_logits",
                                            "binary_probabilities",
                                            "means_and_variances",
                                            "rates",
                                            "log_rates"};

// Rows of a matrix; a column has one number a row.
json rows_of(const arma::mat& values) {
  auto rows = json::array();
  for (arma::uword i = 0; i < values.n_rows; ++i)
    rows.push_back(arma::conv_to<std::vector<double>>::from(values.row(i)));
  return rows;
}

arma::mat matrix_of(const json& rows) {
  arma::mat values(rows.size(), rows.empty() ? 0 : rows[0].size());
  for (arma::uword i = 0; i < values.n_rows; ++i)
    values.row(i) = arma::rowvec(rows[i].get<std::vector<double>>());
  return values;
}

json features_of(const std::vector<data::FittedMap>& maps) {
  auto all = json::array();
  for (const auto& map : maps) {
    json one = {{"name", map.name}};
    for (const auto& [name, numbers] : map.numbers) one[name] = rows_of(numbers);
    all.push_back(one);
  }
  return all;
}

std::vector<data::FittedMap> features_from(const json& all) {
  std::vector<data::FittedMap> maps;
  for (const auto& one : all) {
    auto& map = maps.emplace_back();
    map.name = one.at("name").get<std::string>();
    for (const auto& [key, value] : one.items())
      if (key != "name") map.numbers[key] = matrix_of(value);
  }
  return maps;
}

// A linear layer has its weights, outputs x inputs, and its biases.
json layers_of(const TrainedModel& model) {
  const auto network = model.network();
  auto all = json::array();
  std::size_t index = 0;
  const auto numbers = [&](const std::string& name) {
    for (const auto& block : network.blocks())
      if (block.name == name)
        return rows_of(arma::mat(const_cast<double*>(model.weights.data()) + block.offset,
                                 block.rows, block.cols, /*copy=*/false, /*strict=*/true));
    return json(nullptr);
  };
  for (const auto& layer : model.layers) {
    json one = {{"name", nn::name(layer.kind)}};
    if (layer.kind == Kind::leaky_relu) one["slope"] = layer.slope;
    if (layer.kind == Kind::elu) one["alpha"] = layer.slope;
    if (layer.kind == Kind::linear) {
      const auto block = fmt::format("linear{}", index++);
      one["weight"] = numbers(block + ".weight");
      if (layer.bias) one["bias"] = numbers(block + ".bias");
    }
    all.push_back(one);
  }
  return all;
}

Kind kind_named(const std::string& name) {
  for (int kind = 0; kind <= int(Kind::log_softmax); ++kind)
    if (name == nn::name(Kind(kind))) return Kind(kind);
  throw Error(fmt::format("a model's layer '{}' is not known", name));
}

void read_layers(const json& all, TrainedModel& model) {
  for (const auto& one : all) {
    auto& layer = model.layers.emplace_back();
    layer.kind = kind_named(one.at("name").get<std::string>());
    if (layer.kind == Kind::leaky_relu) layer.slope = one.at("slope").get<double>();
    if (layer.kind == Kind::elu) layer.slope = one.at("alpha").get<double>();
    if (layer.kind != Kind::linear) continue;
    layer.units = one.at("weight").size();
    layer.bias = one.contains("bias");
  }
  const auto network = model.network();
  model.weights.assign(network.size(), 0);
  std::size_t index = 0;
  for (const auto& one : all) {
    if (!one.contains("weight")) continue;
    const auto name = fmt::format("linear{}", index++);
    for (const auto& block : network.blocks()) {
      const bool is_weight = block.name == name + ".weight";
      if (!is_weight && block.name != name + ".bias") continue;
      const auto values = matrix_of(one.at(is_weight ? "weight" : "bias"));
      if (values.n_rows != block.rows || values.n_cols != block.cols)
        throw Error(fmt::format("a model's {} is {} x {}, not {} x {}", block.name, values.n_rows,
                                values.n_cols, block.rows, block.cols));
      std::copy(values.begin(), values.end(), model.weights.begin() + long(block.offset));
    }
  }
}

// Of synthetic data: x, or x1 .. xd.
data::Coding plain_columns(arma::uword count) {
  std::vector<data::ColumnCoding> columns;
  for (arma::uword i = 0; i < count; ++i)
    columns.push_back({count == 1 ? "x" : fmt::format("x{}", i + 1)});
  return data::Coding(std::move(columns));
}

// Names the first number of which is_wrong, and why: "sample 3: 'x1' is -2, and ...". names: of the
// rows, if they are inputs.
template <class Wrong>
void refuse(const arma::mat& values, const std::vector<std::string>& names, const Wrong& is_wrong,
            const std::string& why) {
  for (arma::uword i = 0; i < values.n_elem; ++i)
    if (is_wrong(values[i]))
      throw Error(fmt::format("sample {}: {} is {:g}, and {}", i / values.n_rows + 1,
                              names.empty() ? fmt::format("feature {}", i % values.n_rows + 1)
                                            : "'" + names[i % values.n_rows] + "'",
                              values[i], why));
}

template <class T>
arma::mat predict_as(const TrainedModel& model, const arma::mat& inputs) {
  auto seen = inputs;
  auto names = model.inputs;
  for (const auto& map : model.features) {
    if (map.name == "log1p")
      refuse(
          seen, names, [](double x) { return x <= -1; },
          "the model takes log(1 + x), which needs values above -1");
    seen = data::apply(map, seen);
    names.clear();
  }
  refuse(
      seen, names, [](double x) { return !std::isfinite(T(x)); },
      fmt::format("the model computes in {}, of which the largest number is {:.3g}",
                  name(element_of<T>), largest(element_of<T>)));
  train::Samples<T> samples;
  samples.features = train::convert<T>(seen, "feature", "given");
  const auto weights = arma::conv_to<arma::Col<T>>::from(model.weights);
  const auto network = model.network();
  train::ModelPass<T> pass(network, samples, weights, nullptr);
  const auto& outputs = pass.predict();
  const auto kind = model.prediction;
  if (!predicts_probabilities(kind))
    return model.preparation.unstandardized(train::estimates(kind, model.logarithms, outputs));
  arma::mat p = arma::exp(train::log_probabilities(kind, outputs));
  if (kind == DESCENT_LOGITS || kind == DESCENT_LOG_PROBABILITIES) return p;
  return arma::reshape(arma::mat(p.row(1)), outputs.n_rows, outputs.n_cols);
}

}  // namespace

const char* prediction_name(descent_prediction prediction) {
  return prediction_names[int(prediction)];
}

bool predicts_probabilities(descent_prediction prediction) {
  return prediction == DESCENT_LOGITS || prediction == DESCENT_LOG_PROBABILITIES ||
         prediction == DESCENT_BINARY_LOGITS || prediction == DESCENT_BINARY_PROBABILITIES;
}

std::vector<std::string> TrainedModel::labels(std::size_t target) const {
  return target < preparation.labels.size() ? preparation.labels[target]
                                            : std::vector<std::string>();
}

std::vector<std::string> TrainedModel::output_names() const {
  if (!classes.empty()) return classes;
  auto names = targets;
  for (std::size_t k = 0; k < names.size(); ++k)
    if (const auto two = labels(k); !two.empty()) names[k] = two.back();
  return names;
}

arma::uword TrainedModel::features_size() const {
  arma::mat one(inputs.size(), 1, arma::fill::zeros);
  for (const auto& map : features) one = data::apply(map, one);
  return one.n_rows;
}

nn::Model TrainedModel::network() const { return {{layers, {}}, features_size(), 0}; }

TrainedModel model_of(const train::Training& training, const record::Run& run) {
  const auto& settings = training.settings();
  const auto [data, init, order, split] = train::streams_of(settings.replicates, run.replicate);
  const auto& source = training.source();
  const auto drawn = source.training(data, split);
  const data::Features features(settings.features, drawn.features, drawn.weights, settings.seed,
                                init);
  const auto& names = source.names();
  TrainedModel model;
  model.dtype = settings.dtype;
  model.preparation = source.preparation(split);
  if (model.preparation.inputs.columns().empty())
    model.preparation.inputs = plain_columns(drawn.features.n_rows);
  model.inputs = model.preparation.inputs.inputs();
  model.targets = names.targets;
  model.classes = names.classes;
  model.features = features.maps();
  model.layers = settings.model.layers;
  for (auto& layer : model.layers)
    if (layer.kind == Kind::linear && layer.units == 0) layer.units = training.model().outputs();
  model.weights = run.weights;
  model.loss = settings.loss.plugin.name;
  model.prediction = training.meaning().kind;
  model.logarithms = training.meaning().logarithms;
  return model;
}

std::string text(const TrainedModel& model) {
  nlohmann::ordered_json all;
  all["format"] = format_name;
  all["dtype"] = name(model.dtype);
  all["preparation"] = json::parse(model.preparation.text());
  all["inputs"] = model.inputs;
  all["targets"] = model.targets;
  all["classes"] = model.classes;
  all["outputs"] = model.output_names();
  all["features"] = features_of(model.features);
  all["layers"] = layers_of(model);
  all["loss"] = model.loss;
  all["prediction"] = prediction_name(model.prediction);
  all["logarithms"] = model.logarithms;
  return all.dump();
}

TrainedModel from_text(std::string_view text) {
  try {
    const auto all = json::parse(text);
    if (all.at("format") != format_name)
      throw Error(fmt::format("a model of format {} was expected, found {}", format_name,
                              all.at("format").dump()));
    TrainedModel model;
    model.dtype = all.at("dtype") == name(Element::float64) ? Element::float64 : Element::float32;
    model.preparation = data::Preparation::from_text(all.at("preparation").dump());
    all.at("inputs").get_to(model.inputs);
    all.at("targets").get_to(model.targets);
    all.at("classes").get_to(model.classes);
    all.at("loss").get_to(model.loss);
    all.at("logarithms").get_to(model.logarithms);
    int prediction = 0;
    while (prediction < int(DESCENT_LOG_RATES) &&
           all.at("prediction") != prediction_names[prediction])
      ++prediction;
    model.prediction = descent_prediction(prediction);
    model.features = features_from(all.at("features"));
    read_layers(all.at("layers"), model);
    return model;
  } catch (const json::exception& error) {
    throw Error(fmt::format("this is no stored model: {}", error.what()));
  }
}

arma::mat predict(const TrainedModel& model, const arma::mat& inputs) {
  return with_element(model.dtype, [&]<class T>() { return predict_as<T>(model, inputs); });
}

}  // namespace descent::deploy
