// SPDX-License-Identifier: MIT
// A canonical text of a store: equal texts, equal results.
#pragma once

#include <string>

namespace descent::store {

// Every row of every table in the order of its primary key, digits exact, then the views; without
// columns named *_seconds or *_at and without provenance, which may differ between invocations.
std::string dump(const std::string& path);

}  // namespace descent::store
