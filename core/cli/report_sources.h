// SPDX-License-Identifier: MIT
// What a report takes from the floors that compare and train.
#pragma once

#include "report/sources.h"

namespace descent::cli {

report::Sources report_sources();

}  // namespace descent::cli
