// SPDX-License-Identifier: MIT
// Where and with what an invocation ran: facts that may differ between equal results.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace descent::cli {

// command: "run".
std::map<std::string, std::string> provenance(const std::string& command,
                                              const std::vector<std::string>& arguments,
                                              unsigned workers);

}  // namespace descent::cli
