// SPDX-License-Identifier: MIT
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/file.h"

namespace descent {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string hash128(std::string_view bytes) {
  const auto hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string hash128_of_file(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) throw Error({path, 0, 0}, "cannot be read");
  return hash128(*bytes);
}

}  // namespace descent
