// SPDX-License-Identifier: MIT
// Whether a plugin's file can be trusted: a plugin has all permissions of the user, so anybody who
// can write its file has them, too.
#pragma once

#include <filesystem>
#include <string>

#include "host/library_file.h"

namespace descent::host {

// Why a file or folder is not trusted, and what to do; "" when it is, or does not exist. It and
// every folder above it, symbolic links resolved, must belong to the user, to root, or to somebody
// who could exchange this program as well; and nobody else may write them. A group may if
// the owner is its only member, and a folder above may be a shared one with the sticky bit. Folders
// above the program itself are not checked: who can write there needs no plugin.
std::string why_not_trusted(const std::filesystem::path& path);

// The same of a file that was read, and of the libraries behind it: what was read is what is
// judged.
std::string why_not_trusted(const LibraryFile& file);

}  // namespace descent::host
