// SPDX-License-Identifier: MIT
// Where and with what an invocation ran: facts that may differ between equal results.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace descent::cli {

std::map<std::string, std::string> provenance(const std::vector<std::string>& arguments,
                                              unsigned workers);

}  // namespace descent::cli
