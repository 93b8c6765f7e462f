// SPDX-License-Identifier: MIT
// Thrown to end a run before its last epoch.
#pragma once

#include <string>

#include "record/run.h"

namespace descent::train {

struct StopRun {
  record::Status status;
  std::string reason;
};

}  // namespace descent::train
