// SPDX-License-Identifier: MIT
#include "experiment/language/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/suggestion.h"
#include "data/function_text.h"
#include "data/spec.h"
#include "data/target_kind.h"
#include "experiment/language/conflicts.h"
#include "experiment/language/derived_defaults.h"
#include "experiment/language/dtype_rules.h"
#include "experiment/language/exact_rules.h"
#include "experiment/language/surface_rules.h"
#include "experiment/schema/path.h"
#include "host/rule.h"
#include "train/loss_fit.h"
#include "train/prediction.h"
#include "train/settings.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

// The plugin a resolved choice names; null when the choice has a problem of its own.
const host::Plugin* plugin(const json& choice, descent_kind kind, const host::Catalog& catalog) {
  const auto name = word(choice, "name");
  return catalog.contains(kind, name) ? &catalog.get(kind, name) : nullptr;
}

// The rule that a resolved choice describes, without its values.
std::optional<host::Rule> rule_of(const json& choice, const host::Catalog& catalog) {
  const auto* one = plugin(choice, DESCENT_OPTIMIZER, catalog);
  if (!one) return {};
  host::Rule rule{*one, std::vector<double>((*one)->hyper_count)};
  const auto base = rule_of(value_at(choice, "base"), catalog);
  if (!base && one->base()) return host::rule_of(*one, rule.hypers);
  if (base) rule.base = std::make_shared<const host::Rule>(*base);
  return rule;
}

std::string how_to_validate(const json& c) {
  if (has(c, "data.surface")) return "a surface has metric: train_loss alone";
  return fmt::format("give {}, or metric: train_loss", has(c, "data.csv")
                                                           ? "data.csv.validation: 0.2"
                                                           : "data.synthetic.validation: 200");
}

class Checker {
 public:
  Checker(const json& configuration, const Node& tree, const host::Catalog& catalog,
          Formulas& formulas, std::vector<Problem>& problems)
      : c_(configuration),
        tree_(tree),
        catalog_(catalog),
        formulas_(formulas),
        problems_(problems) {}

  void all() {
    one_source();
    function();
    midpoints();
    size();
    csv();
    splits();
    targets();
    resampling();
    cut();
    layout();
    until();
    model();
    proximal();
    replicates();
    schedules();
    average();
    prune();
    stop();
    length();
    decomposed();
    chosen_by("stages.select.metric");
  }

 private:
  void prune() {
    const std::string path = "prune.asha.metric";
    const auto metric = word(c_, path);
    if (metric.starts_with("validation_") && !has_validation(c_))
      return problem(path, fmt::format("{} is {}, and there is no validation set; give data one, "
                                       "or metric: train_loss",
                                       path, metric));
    if (metric.empty()) return;
    const auto known = problems_.size();
    watches(path, metric);
    if (problems_.size() == known) unrecorded(path, metric);
  }

  // Of a measure that the runs would not record.
  bool unrecorded(const std::string& path, const std::string& metric) {
    const auto known = record::find_metric(metric);
    if (!known || !record::is_measure(*known) || is_recorded(*known)) return false;
    problem(path, fmt::format("{}: {} is not recorded; add `record: {{metrics: [{}]}}`", path,
                              metric, metric));
    return true;
  }

  void problem(const std::string& path, std::string text) {
    report(problems_, locate(tree_, path).place, std::move(text));
  }

  void one_source() {
    const auto& data = value_at(c_, "data");
    if (data.is_object() && data.size() != 1)
      problem("data",
              "data needs one of synthetic, csv and surface, as in `data: {csv: {path: ..., "
              "target: ...}}`");
  }

  void function() {
    const auto& given = value_at(c_, "data.synthetic.function");
    if (given.is_string()) function(given, "data.synthetic.function");
    for (std::size_t i = 0; given.is_array() && i < given.size(); ++i)
      if (given[i].is_string()) function(given[i], fmt::format("data.synthetic.function.{}", i));
  }

  void function(const std::string& text, const std::string& path) {
    const auto& dims = value_at(c_, "data.synthetic.dims");
    if (text.empty() || !dims.is_number()) return;
    const std::pair formula(text, dims.get<std::uint64_t>());
    if (formulas_.contains(formula)) return;
    try {
      data::compile_function(formula.first, formula.second);
      formulas_.insert(formula);
    } catch (const Error& error) {
      for (const auto& one : error.problems()) problem(path, one.text);
    }
  }

  // What is drawn is held in memory.
  void size() {
    constexpr double most = 1e9;
    const auto& dims = value_at(c_, "data.synthetic.dims");
    for (const std::string set :
         {"data.synthetic.train", "data.synthetic.test.count", "data.synthetic.validation.count"})
      if (const auto& count = value_at(c_, set); count.is_number() && dims.is_number())
        if (const double values = count.get<double>() * dims.get<double>(); values > most)
          problem(set, fmt::format("{}: {} samples of {} inputs are {:.3g} numbers, more than the "
                                   "10^9 that are held in memory",
                                   set, count.dump(), dims.dump(), values));
  }

  void midpoints() {
    const auto& dims = value_at(c_, "data.synthetic.dims");
    if (!dims.is_number() || dims == 1) return;
    for (const std::string x :
         {"data.synthetic.x", "data.synthetic.test.x", "data.synthetic.validation.x"})
      if (word(c_, x + ".name") == "midpoints")
        problem(x, fmt::format("{}: midpoints need dims: 1, not {}; use uniform or normal", x,
                               dims.get<std::uint64_t>()));
  }

  void csv() {
    if (!has(c_, "data.csv")) return;
    for (const std::string set : {"data.csv.test", "data.csv.validation"})
      if (const auto& given = value_at(c_, set); given.is_object()) {
        const auto ways = given.size() - given.contains("labels");
        if (ways != 1)
          problem(set, set + (set == "data.csv.test" ? " needs one of fraction, path and kfold"
                                                     : " needs one of fraction and path"));
      }
    const auto noise = word(c_, "data.csv.noise.name");
    const bool truth = has(c_, "data.csv.truth");
    const auto& target = value_at(c_, "data.csv.target");
    if (!truth && !noise.empty() && noise != "none")
      problem("data.csv.noise", "data.csv.noise needs truth: COLUMN, to which the noise is added");
    const auto& truths = value_at(c_, "data.csv.truth");
    const auto count = [](const json& names) { return names.is_array() ? names.size() : 1; };
    if (truth && !target.is_null() && count(truths) != count(target))
      problem("data.csv.truth",
              fmt::format("data.csv.truth names {} {} for {} {}; name one for each target",
                          count(truths), count(truths) == 1 ? "column" : "columns", count(target),
                          count(target) == 1 ? "target" : "targets"));
    if (count(truths) > 1 && value_at(c_, "data.csv.standardize_target") == true)
      problem("data.csv.standardize_target",
              "data.csv.standardize_target does not go with several columns of truth");
    if (has(c_, "data.csv.group") && has(c_, "data.csv.time"))
      problem("data.csv.group",
              "data.csv.group and data.csv.time both say how rows are split; "
              "give one");
    if (has(c_, "data.csv.test.kfold") && !varies_split())
      problem("data.csv.test.kfold",
              fmt::format("data.csv.test.kfold needs a split for each replicate, as in "
                          "`replicates: {{count: {}, vary: [split]}}`",
                          value_at(c_, "data.csv.test.kfold").dump()));
    if (noise == "bernoulli" && value_at(c_, "data.csv.standardize_target") == true)
      problem("data.csv.standardize_target",
              "data.csv.standardize_target does not go with noise: bernoulli");
  }

  bool varies_split() const {
    const auto& vary = value_at(c_, "replicates.vary");
    return vary.is_array() && std::ranges::count(vary, json("split")) > 0;
  }

  void splits() {
    if (!varies_split()) return;
    const auto& fraction = value_at(c_, "data.csv.test.fraction");
    const auto& validation = value_at(c_, "data.csv.validation.fraction");
    const bool splits = (fraction.is_number() && fraction > 0) ||
                        (validation.is_number() && validation > 0) ||
                        has(c_, "data.csv.test.kfold");
    if (!splits && has(c_, "data"))
      problem("replicates.vary",
              "replicates.vary: split needs rows that are split off, as "
              "data.csv.test: 0.2 or data.csv.test: {kfold: 5}");
    if (word(c_, "replicates.layout") != "single")
      problem("replicates.vary", "replicates.vary: split goes with layout: single");
    if (has(c_, "replicates.until"))
      problem("replicates.until",
              "replicates.until: the test sets of vary: [split] differ, so that nothing is "
              "decomposed; use count");
  }

  // Of what shows without reading the data; the rest is train/loss_fit.h.
  void targets() {
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS, catalog_);
    if (!loss) return;
    const auto& target = value_at(c_, "data.csv.target");
    const bool several = target.is_array() && target.size() > 1;
    const auto hypers = hyper_values(value_at(c_, "loss"), *loss);
    if (!hypers) return;
    loss_kind_ = train::target_kind(*loss, *hypers, several ? target.size() : 1);
    const bool classes = loss_kind_ == data::TargetKind::classes;
    const auto name = word(c_, "loss.name");
    if (several && classes)
      problem("data.csv.target", fmt::format("loss '{}' reads classes, which stand in one target "
                                             "column, not in {}",
                                             name, target.size()));
    if (loss_kind_ != data::TargetKind::numbers &&
        value_at(c_, "data.csv.standardize_target") == true)
      problem("data.csv.standardize_target",
              fmt::format("loss '{}' reads {}; only numbers can be standardized", name,
                          noun(*loss_kind_)));
    drawn_targets(name);
  }

  static bool is_added(const std::string& noise) {
    return noise == "normal" || noise == "student_t" || noise == "contaminated";
  }

  void drawn_targets(const std::string& loss) {
    const bool classes = loss_kind_ == data::TargetKind::classes;
    const bool numbers = loss_kind_ == data::TargetKind::numbers;
    for (const std::string data : {"data.synthetic", "data.csv"}) {
      const auto noise = word(c_, data + ".noise.name");
      if (noise.empty() || (data == "data.csv" && !has(c_, "data.csv.truth"))) continue;
      if (classes && noise != "bernoulli")
        problem("loss", fmt::format("loss '{}' reads classes, but {} with noise: {} draws numbers; "
                                    "use noise: bernoulli, or a loss that reads numbers",
                                    loss, data, noise));
      if (!classes && !numbers && is_added(noise))
        problem("loss", fmt::format("loss '{}' reads {}, but {} with noise: {} leaves {}; use "
                                    "noise: bernoulli or none",
                                    loss, noun(*loss_kind_), data, noise, values(*loss_kind_)));
    }
  }

  void resampling() {
    const auto scheme = word(c_, "replicates.resample");
    const bool data_known = has(c_, "data.synthetic") || has(c_, "data.csv");
    if ((scheme == "fresh" || scheme == "noise") && data_known && !redraws(c_))
      problem(
          "replicates.resample",
          fmt::format("replicates.resample: {} needs targets that can be redrawn, and this "
                      "file's are fixed; use another scheme, as bootstrap, or give data.csv both "
                      "truth and noise",
                      scheme));
    if (scheme == "subsample" && value_at(c_, "data.synthetic.train") == 1)
      problem("replicates.resample",
              "replicates.resample: subsample needs at least 2 training samples");
  }

  // The parts of disjoint and kfold: as many as the scheme has, and replicates for all of them.
  void cut() {
    const auto scheme = word(c_, "replicates.resample");
    const bool is_cut = scheme == "disjoint" || scheme == "kfold";
    const auto& parts = value_at(c_, "replicates.parts");
    if (is_cut && parts.is_null())
      problem("replicates.resample", fmt::format("replicates.resample: {0} needs `parts`, as in "
                                                 "`replicates: {{count: 100, resample: {0}, "
                                                 "parts: 10}}`",
                                                 scheme));
    if (!is_cut && !parts.is_null() && !scheme.empty())
      problem("replicates.parts",
              fmt::format("replicates.parts is for resample disjoint and kfold, not {}", scheme));
    if (!is_cut || !parts.is_number()) return;
    const auto& train = value_at(c_, "data.synthetic.train");
    if (train.is_number() && train < parts)
      problem("replicates.parts", fmt::format("{} training samples cannot be cut into {} parts",
                                              train.dump(), parts.dump()));
    multiples("parts", parts);
  }

  // A cut or a block that is not whole could not be accounted for.
  void multiples(const std::string& of, const json& size) {
    for (const std::string key : {"replicates.count", "replicates.max"}) multiple(key, of, size);
    const auto& first = value_at(c_, "replicates.first");
    if (first.is_number() && size.is_number() &&
        first.get<std::uint64_t>() % size.get<std::uint64_t>())
      problem("replicates.first", fmt::format("replicates.first is {}, no multiple of {}: {}",
                                              first.dump(), of, size.dump()));
  }

  void multiple(const std::string& key, const std::string& of, const json& size) {
    const auto& count = value_at(c_, key);
    if (!count.is_number() || !size.is_number()) return;
    const auto n = count.get<std::uint64_t>(), b = size.get<std::uint64_t>();
    if (n >= b && n % b == 0) return;
    problem(key, fmt::format("{} is {}, no multiple of {}: {}; use {}", key, n, of, b,
                             std::max<std::uint64_t>(1, (n + b / 2) / b) * b));
  }

  void layout() {
    const auto layout = word(c_, "replicates.layout");
    const auto& seeds = value_at(c_, "replicates.seeds");
    const auto& vary = value_at(c_, "replicates.vary");
    if (layout == "single" && !seeds.is_null())
      problem("replicates.seeds",
              "replicates.seeds is for layout nested and crossed; give layout, or leave seeds out");
    if (layout != "nested" && layout != "crossed") return;
    if (seeds.is_null())
      problem("replicates.layout",
              fmt::format("replicates.layout: {0} needs `seeds`, replicates of a block, as in "
                          "`replicates: {{count: 64, layout: {0}, seeds: 8}}`",
                          layout));
    if (vary.is_array() && vary.size() < 2)
      problem("replicates.vary", fmt::format("replicates.layout: {} tells apart what varies; name "
                                             "two or three of data, init, order",
                                             layout));
    const auto scheme = word(c_, "replicates.resample");
    if (scheme == "disjoint" || scheme == "kfold")
      problem("replicates.layout", fmt::format("replicates.resample: {} has blocks of its own; use "
                                               "layout: single, or another scheme",
                                               scheme));
    if (scheme == "none" && vary.is_array() && std::ranges::count(vary, "data") > 0)
      problem("replicates.vary",
              "replicates.resample: none draws no data; leave data out of vary, or resample");
    multiples("seeds", seeds);
  }

  void decomposed() {
    const auto& metrics = value_at(c_, "record.decompose");
    if (metrics.is_array() && metrics.size() > 1 && std::ranges::count(metrics, "none") > 0)
      problem("record.decompose",
              "record.decompose: none stands alone, for nothing is decomposed then; leave it or "
              "the others out");
    for (std::size_t i = 0; metrics.is_array() && i < metrics.size(); ++i)
      if (std::find(metrics.begin(), metrics.begin() + long(i), metrics[i]) !=
          metrics.begin() + long(i))
        problem(
            fmt::format("record.decompose.{}", i),
            fmt::format("record.decompose: '{}' is given twice", metrics[i].get<std::string>()));
  }

  void until() {
    const auto& until = value_at(c_, "replicates.until");
    const auto& most = value_at(c_, "replicates.max");
    const auto& count = value_at(c_, "replicates.count");
    if (until.is_null()) {
      if (!most.is_null())
        problem("replicates.max",
                "replicates.max is for until; give `until: {total_se: ...}`, or "
                "count instead of max");
      return;
    }
    const std::string form = "as in `replicates: {until: {total_se: 0.01}, max: 2000}`";
    if (until.empty())
      problem("replicates.until",
              fmt::format("replicates.until needs total_se, bias2_se or variance_se, {}", form));
    if (most.is_null())
      problem("replicates.until", fmt::format("replicates.until needs `max`, {}", form));
    if (most.is_number() && count.is_number() && most < count)
      problem("replicates.max",
              fmt::format("replicates.max is {}, less than count: {}", most.dump(), count.dump()));
    if (const auto& metrics = value_at(c_, "record.decompose");
        metrics == "none" || metrics == json::array({"none"}))
      problem("record.decompose",
              "record.decompose: none finds no standard errors, and replicates.until waits for "
              "some; leave one of the two out");
    if (count == 1)
      problem("replicates.count", "replicates.until needs count: 2 or more to begin with");
    const auto scheme = word(c_, "replicates.resample");
    if (scheme == "disjoint" || scheme == "kfold")
      problem("replicates.until",
              fmt::format("replicates.resample: {} has no standard errors to wait for; use count",
                          scheme));
  }

  void model() {
    const auto& layers = value_at(c_, "model.layers");
    if (!layers.is_array()) return;
    std::vector<std::size_t> linear;
    for (std::size_t i = 0; i < layers.size(); ++i)
      if (word(layers[i], "name") == "linear") linear.push_back(i);
    const bool whole = std::ranges::none_of(layers, &json::is_null);
    if (whole && linear.empty())
      problem("model.layers", "model.layers has no linear layer: there is nothing to train");
    if (linear.empty()) return;
    if (whole) outputs(linear.back(), value_at(layers[linear.back()], "linear"));
    linear.pop_back();
    for (const auto i : linear)
      if (word(layers[i], "linear") == "auto")
        problem(fmt::format("model.layers.{}.linear.units", i),
                "units: auto is for the last linear layer; give a number of units");
  }

  // Outputs the data calls for, as far as that shows without reading them; 0: it does not.
  std::uint64_t wanted_outputs() const {
    if (!loss_kind_ || !(has(c_, "data.synthetic") || has(c_, "data.csv.target"))) return 0;
    if (*loss_kind_ == data::TargetKind::classes) return has(c_, "data.synthetic") ? 2 : 0;
    const auto& target =
        value_at(c_, has(c_, "data.synthetic") ? "data.synthetic.function" : "data.csv.target");
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS, catalog_);
    return (target.is_array() ? target.size() : 1) * train::outputs_per_target((*loss)->prediction);
  }

  void outputs(std::size_t layer, const json& units) {
    const auto wanted = wanted_outputs();
    const auto given = units.is_number() ? units.get<std::uint64_t>() : wanted;
    if (wanted > 0 && given != wanted)
      problem(
          fmt::format("model.layers.{}.linear.units", layer),
          fmt::format("the last linear layer has {} outputs, the data call for {}; use `linear: "
                      "auto` or `linear: {}`",
                      given, wanted, wanted));
    if (given > 0) class_weights(given);
  }

  void class_weights(std::uint64_t outputs) {
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS, catalog_);
    if (!loss || !(*loss)->class_weight) return;
    const std::string path = std::string("loss.") + (*loss)->class_weight;
    const auto& weights = value_at(c_, path);
    const auto size = weights.is_array() ? weights.size() : std::size_t{1};
    if (!weights.is_null() && size != outputs)
      problem(path, fmt::format("{} has {} values, the model has {} outputs", path, size, outputs));
  }

  void proximal() {
    const auto& regularizers = value_at(c_, "regularizer");
    if (!regularizers.is_array()) return proximal(regularizers, "regularizer");
    for (std::size_t i = 0; i < regularizers.size(); ++i)
      proximal(regularizers[i], fmt::format("regularizer.{}", i));
  }

  void proximal(const json& one, const std::string& path) {
    const auto* regularizer = plugin(one, DESCENT_REGULARIZER, catalog_);
    if (word(one, "apply") == "gradient" && regularizer && !(*regularizer)->penalty[DESCENT_F32])
      problem(path, fmt::format("regularizer '{}' is a constraint, which has no gradient; use "
                                "apply: proximal",
                                word(one, "name")));
    if (word(one, "apply") != "proximal") return;
    const auto optimizer = rule_of(value_at(c_, "optimizer"), catalog_);
    if (regularizer && !((*regularizer)->proximal[DESCENT_F32]))
      problem(path + ".apply",
              fmt::format("regularizer '{}' has no proximal step; use apply: gradient",
                          word(one, "name")));
    if (optimizer && optimizer->hyper_index("lr") < 0)
      problem(path + ".apply", fmt::format("a proximal step is as long as the optimizer's lr, and "
                                           "optimizer '{}' has none; use apply: gradient",
                                           word(c_, "optimizer.name")));
  }

  void replicates() {
    const auto &first = value_at(c_, "replicates.first"), &count = value_at(c_, "replicates.count");
    if (!first.is_number() || !count.is_number()) return;
    const auto end = first.get<std::uint64_t>() + count.get<std::uint64_t>();
    if (end > train::max_replicates)
      problem("replicates.count",
              fmt::format("replicates: first + count = {}; replicates are numbered from 0 to {}",
                          end, train::max_replicates - 1));
  }

  void schedules() {
    const auto& all = value_at(c_, "train.schedule");
    const auto optimizer = rule_of(value_at(c_, "optimizer"), catalog_);
    if (!optimizer || all.is_null()) return;
    std::vector<std::string> followed;
    if (!all.is_array()) return schedule(*optimizer, all, "train.schedule", followed);
    for (std::size_t i = 0; i < all.size(); ++i)
      schedule(*optimizer, all[i], fmt::format("train.schedule.{}", i), followed);
  }

  void schedule(const host::Rule& optimizer, const json& one, const std::string& above,
                std::vector<std::string>& followed) {
    const auto name = word(one, "name"), hyper = word(one, name + ".hyper");
    const auto path = above + "." + name;
    if (hyper.empty()) return;
    const int index = optimizer.hyper_index(hyper);
    if (index < 0)
      return problem(
          path + ".hyper",
          fmt::format("optimizer '{}' has no hyperparameter '{}'{}", optimizer.plugin->name, hyper,
                      did_you_mean(hyper, optimizer.hyper_names(), "key of optimizer")));
    if (optimizer.hyper(std::size_t(index)).type != DESCENT_REAL)
      return problem(path + ".hyper", fmt::format("optimizer '{}': {} is no real number, which a "
                                                  "schedule could change",
                                                  optimizer.plugin->name, hyper));
    if (std::ranges::count(followed, hyper) > 0)
      problem(path + ".hyper", fmt::format("{} follows two schedules; give it one, which may "
                                           "rise first, as cosine_annealing: {{warmup: 5}}",
                                           hyper));
    followed.push_back(hyper);
    for (const std::string key : {"max_lr", "eta_min"}) {
      const auto& value = value_at(one, name + "." + key);
      if (!value.is_number()) continue;
      const auto wrong = optimizer.objection(std::size_t(index), value);
      if (!wrong.empty()) problem(path + "." + key, fmt::format("{}.{}: {}", path, key, wrong));
    }
  }

  void average() {
    const auto optimizer = rule_of(value_at(c_, "optimizer"), catalog_);
    if (!optimizer || !has(c_, "train.ema")) return;
    for (const auto* rule : optimizer->chain())
      if (rule->plugin->average[DESCENT_F32])
        return problem("train.ema", fmt::format("optimizer '{}' averages the weights by itself; "
                                                "leave out train.ema",
                                                rule->plugin->name));
  }

  // Where the metric is watched that a file chooses by.
  void stop() {
    watches("train.stop", word(c_, "train.stop.metric"));
    if (has(c_, "train.stop") && !has(c_, "train.stop.patience") && !has(c_, "train.stop.target"))
      problem("train.stop",
              "train.stop needs patience or target, as in `stop: {patience: 10}`: without them it "
              "never ends a run");
  }

  void length() {
    if (has(c_, "train.epochs") && has(c_, "train.steps"))
      problem("train.steps",
              "train.epochs and train.steps both say how long training is; give one");
  }

  // A metric of the training or the validation set.
  void watches(const std::string& path, const std::string& metric) {
    if (metric.starts_with("validation_") && !has_validation(c_))
      return problem(path, fmt::format("{} watches {}, and nothing is held out for it; {}", path,
                                       metric, how_to_validate(c_)));
    const auto known = record::find_metric(metric);
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS, catalog_);
    if (!known || !loss || !loss_kind_ || metric.ends_with("_loss")) return;
    const auto estimated = train::estimated((*loss)->prediction, *loss_kind_);
    const bool of_classes =
        !record::is_measure(*known) || record::facts_of(record::measure_of(*known)).is_of_classes;
    if (estimated != (of_classes ? train::Estimated::classes : train::Estimated::numbers))
      problem(path,
              fmt::format("{} watches {}, which loss '{}' does not give: it is a measure of "
                          "{}",
                          path, metric, word(c_, "loss.name"), of_classes ? "classes" : "numbers"));
  }

  // What a selection reads has to be stored.
  bool is_recorded(record::Metric metric) const {
    const std::string measure(record::facts_of(record::measure_of(metric)).name);
    const auto& given = value_at(c_, "record.metrics");
    auto names = given.is_array() ? given.get<std::vector<std::string>>()
                 : given.is_string()
                     ? std::vector<std::string>{given.get<std::string>()}
                     : std::vector<std::string>{"mae", "r2", "balanced_accuracy", "f1"};
    // Without a set, a name means the sets that training does not see, if there are any.
    const bool on_training = record::metric_name(metric).starts_with("train_");
    const bool is_meant = on_training != (has_validation(c_) || has_test(c_));
    return (is_meant && std::ranges::count(names, measure) > 0) ||
           std::ranges::count(names, record::metric_name(metric)) > 0;
  }

  void chosen_by(const std::string& path) {
    const auto metric = word(c_, path);
    if (metric.empty()) return;
    std::vector<std::string> valid{"validation_loss", "validation_accuracy", "train_loss"};
    for (std::size_t i = std::size_t(record::Metric::measures); i < record::metric_facts().size();
         ++i)
      if (const auto& name = record::metric_facts()[i].name; !name.starts_with("test_"))
        valid.push_back(name);
    if (metric.starts_with("test_"))
      return problem(path, fmt::format("{}: {} is measured on the test set, which is for the "
                                       "report alone: what is chosen on it looks better than it "
                                       "is; use validation_loss or validation_accuracy",
                                       path, metric));
    if (std::ranges::count(valid, metric) == 0)
      return problem(path, fmt::format("{}: '{}' is not known{}", path, metric,
                                       did_you_mean(metric, valid, "metric")));
    if (unrecorded(path, metric)) return;
    if (metric.starts_with("validation_") && !has_validation(c_))
      return problem(path, fmt::format("{}: {} needs a validation set; {}", path, metric,
                                       how_to_validate(c_)));
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS, catalog_);
    if (metric == "validation_accuracy" && loss && loss_kind_ &&
        train::estimated((*loss)->prediction, *loss_kind_) != train::Estimated::classes)
      problem(path, fmt::format("{}: loss '{}' is of numbers, which have no accuracy; use "
                                "validation_loss",
                                path, word(c_, "loss.name")));
  }

  const json& c_;
  const Node& tree_;
  const host::Catalog& catalog_;
  Formulas& formulas_;
  std::vector<Problem>& problems_;
  std::optional<data::TargetKind> loss_kind_;  // what the loss will read, once targets() knows
};

}  // namespace

void check_together(const json& configuration, const Node& tree, const host::Catalog& catalog,
                    Formulas& formulas, std::vector<Problem>& problems) {
  Checker(configuration, tree, catalog, formulas, problems).all();
  check_exact(configuration, tree, catalog, problems);
  check_surface(configuration, tree, problems);
  check_dtype(configuration, tree, problems);
  check_conflicts(configuration, tree, catalog, problems);
}

}  // namespace descent::experiment
