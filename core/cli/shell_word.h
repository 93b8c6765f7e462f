// SPDX-License-Identifier: MIT
// For lines that are to be typed at a shell.
#pragma once

#include <string>

namespace descent::cli {

// A word as a shell takes it whole: in quotes where it has a blank or anything else that means
// something there.
std::string shell_word(const std::string& word);

}  // namespace descent::cli
