// SPDX-License-Identifier: MIT
// JSON that a terminal may show.
#pragma once

#include <string>
#include <string_view>

namespace descent {

// The same JSON, with \u escapes for what printable() escapes and JSON allows in strings as it is:
// DEL, the control characters U+0080 to U+009F, and those that turn the direction of writing.
std::string printable_json(std::string_view json);

}  // namespace descent
