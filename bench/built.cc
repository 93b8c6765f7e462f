// SPDX-License-Identifier: MIT
#include "built.h"

namespace descent {

std::string built(const std::string& file) { return DESCENT_BUILD_DIR "/" + file; }

}  // namespace descent
