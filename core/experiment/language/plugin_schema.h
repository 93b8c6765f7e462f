// SPDX-License-Identifier: MIT
// Plugins as a choice of the language: their names, their hypers, and the keys beside hypers.
#pragma once

#include <string>
#include <vector>

#include "experiment/schema/schema.h"
#include "host/catalog.h"

namespace descent::yaml {

// others: names beside the catalog's that take nothing, as "none"; they go before a plugin of that
// name. A plugin is loaded when it is
// first named, so one that is broken harms only those who name it. The catalog must outlive the
// schema and every copy of it.
Schema plugins(const Catalog& catalog, descent_kind kind, std::vector<std::string> others = {});

}  // namespace descent::yaml
