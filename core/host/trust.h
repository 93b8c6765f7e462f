// SPDX-License-Identifier: MIT
// Whether a plugin's file is in trusted hands: a plugin may do whatever the user may, so whoever
// can write one can, too.
#pragma once

#include <filesystem>
#include <string>

namespace descent {

// Why a file or folder is not trusted, and what to do; "" when it is, or does not exist. It and
// every folder above it, symbolic links resolved, must belong to the user, to root, or to somebody
// who could exchange this program as well; and nobody else may write them. A group may when it is
// its owner's alone, and a folder above may be a shared one whose sticky bit guards what is in it.
// What lies above the program itself is not asked for: who can write there needs no plugin.
std::string why_not_trusted(const std::filesystem::path& path);

}  // namespace descent
