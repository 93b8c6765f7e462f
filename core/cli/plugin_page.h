// SPDX-License-Identifier: MIT
// What a plugin's table says, for readers: a text, JSON, a section of docs/plugin_reference.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host/catalog.h"
#include "train/exact_optimizer.h"

namespace descent::cli {

nlohmann::json describe(const host::Plugin& plugin);
std::string text_of(const host::Plugin& plugin);

// The same for an optimizer that is part of the program: it has no path, hash or hyperparameters.
nlohmann::json describe(const train::BuiltInOptimizer& optimizer);
std::string text_of(const train::BuiltInOptimizer& optimizer);

// The whole page, every kind, in alphabetical order.
std::string reference_page(const host::Catalog& catalog);

}  // namespace descent::cli
