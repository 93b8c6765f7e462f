// SPDX-License-Identifier: MIT
// A JSON Schema (draft 2020-12) of experiment files, for editors: the reader's own schemas.
#pragma once

#include <nlohmann/json.hpp>

#include "host/catalog.h"

namespace descent::experiment {

// Loads every plugin of the catalog: their hyperparameters are part of the schema. Throws Error
// when one cannot be loaded.
nlohmann::json json_schema(const host::Catalog& catalog);

}  // namespace descent::experiment
