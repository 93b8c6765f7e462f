// SPDX-License-Identifier: MIT
// The keys of experiment files: names, types, ranges, defaults and documentation, once.
#pragma once

#include "experiment/schema/schema.h"
#include "host/catalog.h"

namespace descent::yaml {

// Of a whole file. The catalog must outlive the shape and every copy of it.
Shape experiment_shape(const Catalog& catalog);

}  // namespace descent::yaml
