// SPDX-License-Identifier: MIT
// Rules of training steps: proximal ones, schedules, averages, and their number.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/suggestion.h"
#include "experiment/language/rule_context.h"
#include "experiment/schema/path.h"
#include "host/update_rule.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

class StepRules : RuleContext {
 public:
  explicit StepRules(const RuleContext& context) : RuleContext(context) {}

  void all() {
    proximal();
    schedules();
    average();
    length();
  }

 private:
  // The rule that a resolved choice describes, without its values.
  std::optional<host::UpdateRule> rule_of(const json& choice) const {
    const auto* one = plugin(choice, DESCENT_OPTIMIZER);
    if (!one) return {};
    host::UpdateRule rule{*one, std::vector<double>((*one)->hyper_count)};
    const auto base = rule_of(value_at(choice, "base"));
    if (!base && one->base()) return host::rule_of(*one, rule.hyperparameters);
    if (base) rule.base = std::make_shared<const host::UpdateRule>(*base);
    return rule;
  }

  void proximal() {
    const auto& regularizers = value_at(c_, "regularizer");
    if (!regularizers.is_array()) return proximal(regularizers, "regularizer");
    for (std::size_t i = 0; i < regularizers.size(); ++i)
      proximal(regularizers[i], fmt::format("regularizer.{}", i));
  }

  void proximal(const json& one, const std::string& path) {
    const auto* regularizer = plugin(one, DESCENT_REGULARIZER);
    if (word(one, "apply") == "gradient" && regularizer && !(*regularizer)->penalty[DESCENT_F32])
      problem(path, fmt::format("regularizer '{}' is a constraint, which has no gradient; use "
                                "apply: proximal",
                                word(one, "name")));
    if (word(one, "apply") != "proximal") return;
    const auto optimizer = rule_of(value_at(c_, "optimizer"));
    if (regularizer && !((*regularizer)->proximal[DESCENT_F32]))
      problem(path + ".apply",
              fmt::format("regularizer '{}' has no proximal step; use apply: gradient",
                          word(one, "name")));
    if (optimizer && optimizer->hyperparameter_index("lr") < 0)
      problem(path + ".apply", fmt::format("the size of a proximal step is the optimizer's lr, and "
                                           "optimizer '{}' has none; use apply: gradient",
                                           word(c_, "optimizer.name")));
  }

  void schedules() {
    const auto& all = value_at(c_, "train.schedule");
    const auto optimizer = rule_of(value_at(c_, "optimizer"));
    if (!optimizer || all.is_null()) return;
    std::vector<std::string> followed;
    if (!all.is_array()) return schedule(*optimizer, all, "train.schedule", followed);
    for (std::size_t i = 0; i < all.size(); ++i)
      schedule(*optimizer, all[i], fmt::format("train.schedule.{}", i), followed);
  }

  void schedule(const host::UpdateRule& optimizer, const json& one, const std::string& above,
                std::vector<std::string>& followed) {
    const auto name = word(one, "name"), hyper = word(one, name + ".hyper");
    const auto path = above + "." + name;
    plateau(one, path);
    if (hyper.empty()) return;
    const int index = optimizer.hyperparameter_index(hyper);
    if (index < 0)
      return problem(
          path + ".hyper",
          fmt::format("optimizer '{}' has no hyperparameter '{}'{}", optimizer.plugin->name, hyper,
                      did_you_mean(hyper, optimizer.hyperparameter_names(), "key of optimizer")));
    if (optimizer.hyper(std::size_t(index)).type != DESCENT_REAL)
      return problem(
          path + ".hyper",
          fmt::format("optimizer '{}': {} is not a real number, so no schedule can change it",
                      optimizer.plugin->name, hyper));
    if (std::ranges::count(followed, hyper) > 0)
      problem(path + ".hyper", fmt::format("{} follows two schedules; give it one, which may "
                                           "rise first, such as cosine_annealing: {{warmup: 5}}",
                                           hyper));
    followed.push_back(hyper);
    for (const std::string key : {"max_lr", "eta_min"}) {
      const auto& value = value_at(one, fmt::format("{}.{}", name, key));
      if (!value.is_number()) continue;
      const auto wrong = optimizer.objection(std::size_t(index), value);
      if (!wrong.empty())
        problem(fmt::format("{}.{}", path, key), fmt::format("{}.{}: {}", path, key, wrong));
    }
  }

  // Its metric is known once an epoch; a warmup goes by steps nevertheless.
  void plateau(const json& one, const std::string& path) {
    const std::string name = "reduce_on_plateau";
    if (word(one, "name") != name || word(one, name + ".per") != "step") return;
    if (value_at(one, name + ".warmup") != 0) return;
    problem(path + ".per",
            path +
                ".per: step has no effect: the metric is watched once an epoch, and patience and "
                "cooldown count epochs; leave per out (step is for a warmup in steps)");
  }

  void average() {
    const auto optimizer = rule_of(value_at(c_, "optimizer"));
    if (!optimizer || !has(c_, "train.ema")) return;
    for (const auto* rule : optimizer->chain())
      if (rule->plugin->average[DESCENT_F32])
        return problem("train.ema", fmt::format("optimizer '{}' averages the weights by itself; "
                                                "leave out train.ema",
                                                rule->plugin->name));
  }

  void length() {
    if (has(c_, "train.epochs") && has(c_, "train.steps"))
      problem("train.steps",
              "train.epochs and train.steps both say how long training is; give one");
  }
};

}  // namespace

void check_steps(const RuleContext& context) { StepRules(context).all(); }

}  // namespace descent::experiment
