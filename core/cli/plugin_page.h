// SPDX-License-Identifier: MIT
// What a plugin's table says, for readers: a text, JSON, a section of docs/plugin_reference.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host/catalog.h"

namespace descent::cli {

nlohmann::json describe(const Plugin& plugin);
std::string text_of(const Plugin& plugin);

// The whole page, every kind, in alphabetical order.
std::string reference_page(const Catalog& catalog);

}  // namespace descent::cli
