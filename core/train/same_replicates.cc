// SPDX-License-Identifier: MIT
#include "train/same_replicates.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "train/exact_optimizer.h"

namespace descent::train {
namespace {

bool draws_data(const Settings& settings) {
  const auto& replicates = settings.replicates;
  return replicates.vary_split ||
         (replicates.vary_data && replicates.resample.scheme != data::Resample::none);
}

bool draws_model(const Settings& settings) {
  using Init = nn::InitSpec::Kind;
  const auto kind = settings.model.init.kind;
  const bool is_fixed = kind == Init::zeros || kind == Init::point;
  const bool draws_features = std::ranges::any_of(settings.features, [](const auto& feature) {
    return std::holds_alternative<data::RandomRelu>(feature);
  });
  return settings.replicates.vary_init && (!(is_fixed || is_exact(settings)) || draws_features);
}

bool draws_order(const Training& training) {
  const auto& settings = training.settings();
  if (!settings.replicates.vary_order || is_exact(settings)) return false;
  const auto& [surface, train] = std::tie(settings.model.surface, settings.train);
  const bool is_full = train.batch == 0 || train.batch >= training.source().training_size();
  return !is_full || train.replacement || (surface && surface->noise > 0);
}

// Of a random stream of its own, which follows the order's.
bool draws_steps(const Training& training) {
  if (!training.optimizer() || !training.settings().replicates.vary_order) return false;
  return std::ranges::any_of(training.optimizer()->chain(), [](const host::UpdateRule* rule) {
    return (rule->plugin->traits & DESCENT_NOISY) != 0;
  });
}

}  // namespace

std::string why_same(const Training& training) {
  const auto& settings = training.settings();
  const auto& replicates = settings.replicates;
  if (replicates.most < 2 || draws_data(settings) || draws_model(settings) ||
      draws_order(training) || draws_steps(training))
    return "";
  std::string drawn;
  for (const auto& [varies, name] :
       {std::pair(replicates.vary_init, "init"), std::pair(replicates.vary_order, "order")})
    if (varies) drawn += (drawn.empty() ? "" : " and ") + std::string(name);
  return fmt::format(
      "all {} replicates are the same training, and their errors are 0: {}; vary the data by "
      "replicates.resample, such as bootstrap, draw init, or give train.batch",
      replicates.most,
      drawn.empty() ? "replicates.vary names nothing that is drawn here"
                    : fmt::format("of what replicates.vary names, {} changes nothing here", drawn));
}

}  // namespace descent::train
