// SPDX-License-Identifier: MIT
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <vector>

#include "base/error.h"

namespace descent {
namespace {

std::string in_digits(const XXH128_hash_t& hash) {
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string hash128(std::string_view bytes) {
  return in_digits(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string hash128_of_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  std::vector<char> bytes(1 << 18);
  ssize_t count = file < 0 ? -1 : 1;
  while (count > 0) {
    do count = ::read(file, bytes.data(), bytes.size());
    while (count < 0 && errno == EINTR);
    if (count > 0) XXH3_128bits_update(&state, bytes.data(), std::size_t(count));
  }
  if (file >= 0) ::close(file);
  if (count < 0) throw Error({path, 0, 0}, "cannot be read");
  return in_digits(XXH3_128bits_digest(&state));
}

}  // namespace descent
