// SPDX-License-Identifier: MIT
#include "experiment/language/rules.h"

#include <optional>
#include <utility>

#include "experiment/language/conflicts.h"
#include "experiment/language/dtype_rules.h"
#include "experiment/language/exact_rules.h"
#include "experiment/language/rule_context.h"
#include "experiment/language/surface_rules.h"
#include "experiment/schema/path.h"
#include "train/loss_fit.h"

namespace descent::experiment {
namespace {

std::optional<data::TargetKind> loss_kind(const RuleContext& context) {
  const auto& choice = value_at(context.c_, "loss");
  const auto* loss = context.plugin(choice, DESCENT_LOSS);
  if (!loss) return {};
  const auto hyperparameters = hyperparameter_values(choice, *loss);
  if (!hyperparameters) return {};
  const auto& target = value_at(context.c_, "data.csv.target");
  return train::target_kind(*loss, *hyperparameters,
                            target.is_array() && !target.empty() ? target.size() : 1);
}

}  // namespace

void RuleContext::problem(const std::string& path, std::string text) const {
  report(problems_, locate(tree_, path).place, std::move(text));
}

const host::Plugin* RuleContext::plugin(const nlohmann::json& choice, descent_kind kind) const {
  const auto name = word(choice, "name");
  return catalog_.contains(kind, name) ? &catalog_.get(kind, name) : nullptr;
}

void check_together(const nlohmann::json& configuration, const Node& tree,
                    const host::Catalog& catalog, Formulas& formulas,
                    std::vector<Problem>& problems) {
  RuleContext context{configuration, tree, catalog, problems, {}};
  context.loss_kind_ = loss_kind(context);
  check_data(context, formulas);
  check_replicates(context);
  check_model(context);
  check_steps(context);
  check_metrics(context);
  check_exact(configuration, tree, catalog, problems);
  check_surface(configuration, tree, problems);
  check_dtype(configuration, tree, problems);
  check_conflicts(configuration, tree, catalog, problems);
}

}  // namespace descent::experiment
