// SPDX-License-Identifier: MIT
// The end of a forked copy of the program.
#pragma once

namespace descent {

// At once: destructors and exit handlers belong to the process that was copied.
[[noreturn]] void end_process(int code) noexcept;

}  // namespace descent
