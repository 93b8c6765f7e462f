// SPDX-License-Identifier: MIT
#include "experiment/language/settings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "experiment/schema/path.h"
#include "nn/spec.h"
#include "train/built_in.h"

namespace descent::yaml {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

template <class Value, std::size_t n>
Value named(const std::pair<const char*, Value> (&values)[n], const json& name) {
  return std::ranges::find_if(values, [&](auto& one) { return name == one.first; })->second;
}

InputSpec inputs(const json& c) {
  using Kind = InputSpec::Kind;
  static constexpr std::pair<const char*, Kind> kinds[] = {
      {"uniform", Kind::uniform}, {"normal", Kind::normal}, {"midpoints", Kind::midpoints}};
  const auto& ends = c[c["name"].get<std::string>()];
  return {named(kinds, c["name"]), ends[0], ends[1]};
}

NoiseSpec noise(const json& c) {
  using Kind = NoiseSpec::Kind;
  static constexpr std::pair<const char*, Kind> kinds[] = {
      {"none", Kind::none}, {"normal", Kind::normal}, {"bernoulli", Kind::bernoulli}};
  return {named(kinds, c["name"]), c.value("normal", 0.0)};
}

SyntheticSpec synthetic(const json& c) {
  SyntheticSpec spec;
  spec.function = c["function"];
  spec.dims = c["dims"];
  spec.x = inputs(c["x"]);
  spec.noise = noise(c["noise"]);
  spec.train = c["train"];
  spec.test = c["test"]["count"];
  spec.test_x = c["test"].contains("x") ? inputs(c["test"]["x"]) : spec.x;
  if (!c.contains("validation")) return spec;
  spec.validation = c["validation"]["count"];
  spec.validation_x = c["validation"].contains("x") ? inputs(c["validation"]["x"]) : spec.x;
  return spec;
}

template <class Item>
std::vector<Item> one_or_list(const json& c) {
  if (c.is_array()) return c.get<std::vector<Item>>();
  return {c.get<Item>()};
}

CsvSpec csv(const json& c, const fs::path& folder) {
  const auto joined = [&](const json& path) {
    return (folder / path.get<std::string>()).lexically_normal().string();
  };
  CsvSpec spec;
  spec.path = joined(c["path"]);
  spec.target = one_or_list<std::string>(c["target"]);
  spec.test_fraction = c["test"].value("fraction", 0.0);
  if (c["test"].contains("path")) spec.test_path = joined(c["test"]["path"]);
  if (c.contains("validation")) {
    spec.validation_fraction = c["validation"].value("fraction", 0.0);
    if (c["validation"].contains("path")) spec.validation_path = joined(c["validation"]["path"]);
  }
  spec.truth = c.value("truth", "");
  spec.weight = c.value("weight", "");
  spec.noise = noise(c["noise"]);
  spec.standardize_target = c["standardize_target"];
  return spec;
}

DataSpec data(const json& c, const fs::path& folder) {
  if (c.contains("surface")) return NoData{};
  if (c.contains("synthetic")) return synthetic(c["synthetic"]);
  return csv(c["csv"], folder);
}

FeatureSpec feature(const json& c) {
  const std::string name = c["name"];
  if (name == "standardize") return Standardize{};
  const auto& argument = c[name];
  if (name == "scale") return Scale{argument};
  if (name == "polynomial") return Polynomial{argument["degree"]};
  if (name == "random_relu") return RandomRelu{argument["count"]};
  return GaussianBasis{argument["count"], argument["from"], argument["to"], argument["width"]};
}

LayerSpec layer(const json& c) {
  using Kind = LayerSpec::Kind;
  static constexpr std::pair<const char*, Kind> kinds[] = {{"linear", Kind::linear},
                                                           {"relu", Kind::relu},
                                                           {"leaky_relu", Kind::leaky_relu},
                                                           {"elu", Kind::elu},
                                                           {"gelu", Kind::gelu},
                                                           {"tanh", Kind::tanh},
                                                           {"sigmoid", Kind::sigmoid},
                                                           {"softplus", Kind::softplus},
                                                           {"softmax", Kind::softmax},
                                                           {"log_softmax", Kind::log_softmax}};
  LayerSpec spec;
  spec.kind = named(kinds, c["name"]);
  if (spec.kind == Kind::linear) {
    if (c["linear"] != "auto") spec.units = c["linear"];
    spec.bias = c["bias"];
  }
  if (spec.kind == Kind::leaky_relu) spec.slope = c["leaky_relu"]["slope"];
  if (spec.kind == Kind::elu) spec.slope = c["elu"]["alpha"];
  return spec;
}

InitSpec init(const json& c) {
  using Kind = InitSpec::Kind;
  static constexpr std::pair<const char*, Kind> kinds[] = {
      {"torch", Kind::torch},   {"zeros", Kind::zeros},   {"uniform", Kind::uniform},
      {"normal", Kind::normal}, {"xavier", Kind::xavier}, {"he", Kind::he},
      {"point", Kind::point}};
  InitSpec spec;
  spec.kind = named(kinds, c["name"]);
  if (spec.kind == Kind::uniform) spec.a = c["uniform"][0], spec.b = c["uniform"][1];
  if (spec.kind == Kind::normal) spec.b = c["normal"];
  if (spec.kind == Kind::point) spec.point = c["point"];
  return spec;
}

SurfaceSpec surface(const json& c) {
  SurfaceSpec spec;
  for (const auto& one : surfaces())
    if (c["name"] == one.name) spec.kind = one.kind;
  const auto& argument = c[c["name"].get<std::string>()];
  spec.noise = argument["noise"];
  spec.condition = argument.value("condition", spec.condition);
  return spec;
}

ModelSpec model(const json& c, const json& data) {
  ModelSpec spec;
  if (data.contains("surface"))
    spec.surface = surface(data["surface"]);
  else
    for (const auto& one : c["layers"]) spec.layers.push_back(layer(one));
  spec.init = init(c["init"]);
  return spec;
}

Choice plugin_choice(const json& c, const Plugin& plugin) {
  Choice choice{c["name"], {}};
  for (const auto& hyper : plugin.hyper_names()) {
    const auto& value = c[hyper];
    choice.hypers.push_back(value.is_boolean() ? double(value.get<bool>()) : value.get<double>());
  }
  return choice;
}

Choice optimizer(const json& c, const Catalog& catalog) {
  if (c["name"] == exact_optimizer.name) return {c["name"], {}};
  return plugin_choice(c, catalog.get(DESCENT_OPTIMIZER, c["name"]));
}

LossSettings loss(const json& c, const Catalog& catalog) {
  const auto& plugin = catalog.get(DESCENT_LOSS, c["name"]);
  LossSettings settings;
  settings.plugin = plugin_choice(c, plugin);
  settings.reduction = c["reduction"] == "sum" ? Reduction::sum : Reduction::mean;
  if (plugin->class_weight && c.contains(plugin->class_weight))
    settings.class_weight = one_or_list<double>(c[plugin->class_weight]);
  return settings;
}

std::vector<RegularizerSettings> regularizers(const json& c, const Catalog& catalog) {
  std::vector<RegularizerSettings> all;
  for (const auto& one : c.is_array() ? c : json::array({c})) {
    if (one["name"] == "none") continue;
    const auto& plugin = catalog.get(DESCENT_REGULARIZER, one["name"]);
    all.push_back({plugin_choice(one, plugin), one["on"] == "all", one["apply"] == "proximal"});
  }
  return all;
}

Cyclic cyclic(const json& c) {
  using Mode = Cyclic::Mode;
  static constexpr std::pair<const char*, Mode> modes[] = {{"triangular", Mode::triangular},
                                                           {"triangular2", Mode::triangular2},
                                                           {"exp_range", Mode::exp_range}};
  const std::uint64_t up = c["step_size_up"];
  return {c["max_lr"], up, c.value("step_size_down", up), named(modes, c["mode"]), c["gamma"]};
}

OneCycle one_cycle(const json& c) {
  return {.max_lr = c["max_lr"],
          .total_steps = c.value("total_steps", std::uint64_t{0}),
          .pct_start = c["pct_start"],
          .div_factor = c["div_factor"],
          .final_div_factor = c["final_div_factor"],
          .linear = c["anneal_strategy"] == "linear",
          .three_phase = c["three_phase"]};
}

Rule rule(const std::string& name, const json& c) {
  constexpr std::uint64_t rest = 0;
  if (name == "step") return StepRule{c["step_size"], c["gamma"]};
  if (name == "multi_step") return MultiStepRule{c["milestones"], c["gamma"]};
  if (name == "exponential") return ExponentialRule{c["gamma"]};
  if (name == "cosine_annealing") return CosineAnnealing{c.value("t_max", rest), c["eta_min"]};
  if (name == "cosine_warm_restarts")
    return CosineWarmRestarts{c["t_0"], c["t_mult"], c["eta_min"]};
  if (name == "linear_warmup")
    return LinearWarmup{c["start_factor"], c["end_factor"], c["total_iters"]};
  if (name == "polynomial") return PolynomialDecay{c.value("total_iters", rest), c["power"]};
  if (name == "one_cycle") return one_cycle(c);
  if (name == "cyclic") return cyclic(c);
  return ConstantRule{};
}

std::vector<Schedule> schedules(const json& c) {
  std::vector<Schedule> all;
  for (const auto& one : c.is_array() ? c : json::array({c})) {
    const std::string name = one["name"];
    const auto& given = one[name];
    all.push_back({rule(name, given), given["hyper"], given["per"] == "step", given["warmup"]});
  }
  return all;
}

TrainSettings train(const json& c) {
  TrainSettings settings;
  settings.epochs = c["epochs"];
  if (c["batch"] != "full") settings.batch = c["batch"];
  settings.replacement = c["replacement"];
  settings.timeout_seconds = c.value("timeout", 0.0);
  settings.memory_bytes = c.value("memory", std::uint64_t(0));
  if (c.contains("schedule")) settings.schedules = schedules(c["schedule"]);
  settings.clip_norm = c.value("clip_norm", 0.0);
  settings.clip_value = c.value("clip_value", 0.0);
  settings.ema = c.value("ema", 0.0);
  if (c.contains("stop")) {
    const auto& stop = c["stop"];
    settings.stop = {stop["patience"], stop["min_delta"], stop["metric"] == "train_loss",
                     stop["restore"]};
  }
  return settings;
}

ReplicateSettings replicates(const json& c) {
  static constexpr std::pair<const char*, Resample> schemes[] = {{"fresh", Resample::fresh},
                                                                 {"noise", Resample::noise},
                                                                 {"bootstrap", Resample::bootstrap},
                                                                 {"subsample", Resample::subsample},
                                                                 {"disjoint", Resample::disjoint},
                                                                 {"kfold", Resample::kfold},
                                                                 {"none", Resample::none}};
  static constexpr std::pair<const char*, Layout> layouts[] = {
      {"single", Layout::single}, {"nested", Layout::nested}, {"crossed", Layout::crossed}};
  const auto varies = [&](const char* part) { return std::ranges::count(c["vary"], part) > 0; };
  std::optional<Until> until;
  if (c.contains("until"))
    until = {c["until"].value("total_se", 0.0), c["until"].value("bias2_se", 0.0),
             c["until"].value("variance_se", 0.0)};
  const std::uint64_t count = c["count"];
  return {count,
          c["first"],
          {named(schemes, c["resample"]), c.value("parts", std::uint64_t{1})},
          varies("data"),
          varies("init"),
          varies("order"),
          named(layouts, c["layout"]),
          c.value("seeds", std::uint64_t{1}),
          until,
          c.value("max", count)};
}

RecordSettings record(const json& c) {
  RecordSettings settings{c["every"], c["weights"], {}};
  if (c.contains("decompose")) settings.decompose = c["decompose"].get<std::vector<std::string>>();
  return settings;
}

Prune prune(const json& c) {
  const auto& asha = c["asha"];
  return {asha["min_epochs"], asha["reduction"],
          asha["metric"] == "train_loss" ? Metric::train_loss : Metric::validation_loss,
          paths_of(value_at(asha, "per"))};
}

}  // namespace

Settings settings_of(const json& c, const fs::path& folder, const Catalog& catalog) {
  Settings settings;
  settings.seed = c["seed"];
  settings.dtype = c["dtype"] == "float64" ? Element::float64 : Element::float32;
  settings.data = data(c["data"], folder);
  if (const auto& maps = c["features"]; maps.is_object())
    settings.features.push_back(feature(maps));
  else
    for (const auto& one : maps) settings.features.push_back(feature(one));
  settings.model = model(c["model"], c["data"]);
  if (!settings.model.surface) settings.loss = loss(c["loss"], catalog);
  settings.optimizer = optimizer(c["optimizer"], catalog);
  settings.regularizers = regularizers(c["regularizer"], catalog);
  settings.train = train(c["train"]);
  settings.record = record(c["record"]);
  settings.replicates = replicates(c["replicates"]);
  if (c.contains("prune")) settings.prune = prune(c["prune"]);
  return settings;
}

}  // namespace descent::yaml
