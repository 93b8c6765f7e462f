// SPDX-License-Identifier: MIT
// The keys of experiment files: names, types, ranges, defaults and documentation, once.
#pragma once

#include "experiment/schema/schema.h"
#include "host/catalog.h"

namespace descent::yaml {

// Of a whole file. The catalog must outlive the schema and every copy of it.
Schema experiment_schema(const Catalog& catalog);

}  // namespace descent::yaml
