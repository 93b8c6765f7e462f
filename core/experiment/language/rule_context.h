// SPDX-License-Identifier: MIT
// What the rules of every group look at, and how they report.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data/target_kind.h"
#include "experiment/document/tree.h"
#include "experiment/language/rules.h"
#include "host/catalog.h"

namespace descent::experiment {

struct RuleContext {
  const nlohmann::json& c_;  // the resolved configuration
  const Node& tree_;         // of the same point: gives the places
  const host::Catalog& catalog_;
  std::vector<Problem>& problems_;
  std::optional<data::TargetKind> loss_kind_;  // what the loss reads, if that is known

  void problem(const std::string& path, std::string text) const;

  // The plugin a resolved choice names; null when the choice has a problem of its own.
  const host::Plugin* plugin(const nlohmann::json& choice, descent_kind kind) const;
};

void check_data(const RuleContext& context, Formulas& formulas);
void check_replicates(const RuleContext& context);
void check_model(const RuleContext& context);
void check_steps(const RuleContext& context);    // schedules, proximal steps, length
void check_metrics(const RuleContext& context);  // by which a file stops, prunes and selects

}  // namespace descent::experiment
