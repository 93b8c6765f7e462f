// SPDX-License-Identifier: MIT
// What to do about an error of the system: a limit of the machine, a disk, a folder that is gone.
#pragma once

#include <string>
#include <system_error>

namespace descent {

// "out of descriptors; raise the limit (ulimit -n) ...": the reason and the remedy.
std::string describe_fault(int number);  // errno

// The same of an exception, with what was tried: "fork: ...".
std::string describe_fault(const std::system_error& error);

}  // namespace descent
