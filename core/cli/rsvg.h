// SPDX-License-Identifier: MIT
// SVG as PDF or PNG, by the program rsvg-convert.
#pragma once

#include <string>

namespace descent::cli {

// format: "pdf" or "png". Throws Error, which names the package, when the program is not installed;
// `file` is what the user wants to write.
std::string converted(const std::string& svg, const std::string& format, const std::string& file);

}  // namespace descent::cli
