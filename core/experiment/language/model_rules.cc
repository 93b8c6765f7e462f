// SPDX-License-Identifier: MIT
// Rules of model: its layers and outputs.
#include <fmt/format.h>

#include <algorithm>

#include "experiment/language/rule_context.h"
#include "experiment/schema/path.h"
#include "train/prediction.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

class ModelRules : RuleContext {
 public:
  explicit ModelRules(const RuleContext& context) : RuleContext(context) {}

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

 private:
  // Outputs the data need, as far as that shows without reading them; 0: it does not.
  std::uint64_t wanted_outputs() const {
    if (!loss_kind_ || !(has(c_, "data.synthetic") || has(c_, "data.csv.target"))) return 0;
    if (*loss_kind_ == data::TargetKind::classes) return has(c_, "data.synthetic") ? 2 : 0;
    const auto& target =
        value_at(c_, has(c_, "data.synthetic") ? "data.synthetic.function" : "data.csv.target");
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS);
    return (target.is_array() ? target.size() : 1) * train::outputs_per_target((*loss)->prediction);
  }

  void outputs(std::size_t layer, const json& units) {
    const auto wanted = wanted_outputs();
    const auto given = units.is_number() ? units.get<std::uint64_t>() : wanted;
    if (wanted > 0 && given != wanted)
      problem(fmt::format("model.layers.{}.linear.units", layer),
              fmt::format("the last linear layer has {} outputs, the data need {}; use `linear: "
                          "auto` or `linear: {}`",
                          given, wanted, wanted));
    if (given > 0) class_weights(given);
  }

  void class_weights(std::uint64_t outputs) {
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS);
    if (!loss || !(*loss)->class_weight) return;
    const std::string path = std::string("loss.") + (*loss)->class_weight;
    const auto& weights = value_at(c_, path);
    if (weights.is_null() || weights.is_string()) return;  // `balanced` has as many as are needed
    const auto size = weights.is_array() ? weights.size() : std::size_t{1};
    if (size != outputs)
      problem(path, fmt::format("{} has {} values, the model has {} outputs", path, size, outputs));
  }
};

}  // namespace

void check_model(const RuleContext& context) { ModelRules(context).model(); }

}  // namespace descent::experiment
