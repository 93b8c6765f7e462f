// SPDX-License-Identifier: MIT
// A resolved configuration as the plain values a training reads.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/catalog.h"
#include "train/settings.h"

namespace descent::yaml {

// REQUIRES: configuration is resolved without a problem. Paths of data files are joined to folder.
Settings settings_of(const nlohmann::json& configuration, const std::filesystem::path& folder,
                     const Catalog& catalog);

}  // namespace descent::yaml
