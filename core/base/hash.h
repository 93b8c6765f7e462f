// SPDX-License-Identifier: MIT
// Content hashes (XXH3): they identify content, but do not protect against an adversary.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace descent {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
std::string hash128(std::string_view bytes);           // 32 lower-case hexadecimal digits
std::string hash128_of_file(const std::string& path);  // throws Error when it cannot be read

}  // namespace descent
