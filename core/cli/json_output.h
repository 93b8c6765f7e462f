// SPDX-License-Identifier: MIT
// What --json prints.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/printable_json.h"

namespace descent::cli {

// With an end of line; a terminal may show it, and no byte is an error.
template <class Json>
std::string json_output(const Json& all) {
  return printable_json(all.dump(2, ' ', false, Json::error_handler_t::replace)) + '\n';
}

}  // namespace descent::cli
