// SPDX-License-Identifier: MIT
#include "base/end_process.h"

#include <unistd.h>

#ifdef DESCENT_COVERAGE
extern "C" void __gcov_dump();
#endif

namespace descent {

void end_process(int code) noexcept {
#ifdef DESCENT_COVERAGE
  __gcov_dump();  // what the copy counted is written by an exit handler
#endif
  ::_exit(code);
}

}  // namespace descent
