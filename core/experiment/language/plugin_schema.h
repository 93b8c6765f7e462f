// SPDX-License-Identifier: MIT
// Plugins as a choice of the language: their names, their hyperparameters, and other keys.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiment/schema/schema.h"
#include "host/catalog.h"
#include "train/settings.h"

namespace descent::experiment {

// others: names in addition to the catalog's, without keys, such as "none"; they hide a plugin of
// that name. A plugin is loaded when it is first named, so one that is broken harms only those who
// name it. The catalog must outlive the schema and every copy of it.
Schema plugins(const host::Catalog& catalog, descent_kind kind,
               const std::vector<std::string>& others = {});

// What a resolved choice says, of regularizers one or a list.
train::LossSettings loss_of(const nlohmann::json& choice, const host::Catalog& catalog);
host::PluginConfig optimizer_of(const nlohmann::json& choice, const host::Catalog& catalog);
std::vector<train::RegularizerSettings> regularizers_of(const nlohmann::json& choices,
                                                        const host::Catalog& catalog);

}  // namespace descent::experiment
