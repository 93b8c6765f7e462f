// SPDX-License-Identifier: MIT
#include "cli/warnings.h"

namespace descent::cli {

std::vector<std::string> warnings_of(const engine::Plan& plan) {
  std::vector<std::string> all;
  for (std::size_t e = 0; e < plan.experiments().size(); ++e)
    for (const auto& one : plan.warnings(e)) all.push_back(one.warning());
  return all;
}

}  // namespace descent::cli
