// SPDX-License-Identifier: MIT
// One build gives other bits on another kind of processor, so runs of both must not be compared.
#pragma once

#include <string>
#include <vector>

namespace descent::store {

// SQL: the builds (column `build`) with runs in these schemas ("main", "source") that were trained
// with different arithmetic. An invocation that has not ended counts as one that trains.
std::string mixed_builds(const std::vector<std::string>& schemas);

// What to do about it, after "PATH: error: ".
inline constexpr auto mixed_arithmetic_remedy =
    "one build gives other bits on another kind of processor, and the difference between two "
    "points "
    "would be partly that of the processors. Use another store for each kind, or mix them with "
    "--any-cpu. `descent sql STORE \"SELECT * FROM provenance WHERE key IN ('host', 'cpu', "
    "'arithmetic')\"` shows which they are";

}  // namespace descent::store
