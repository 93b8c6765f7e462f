// SPDX-License-Identifier: MIT
#include "train/status.h"

namespace descent {

std::string_view status_name(Status status) {
  static constexpr std::string_view names[] = {"done",    "diverged", "failed",
                                               "timeout", "crashed",  "pruned"};
  return names[std::size_t(status)];
}

}  // namespace descent
