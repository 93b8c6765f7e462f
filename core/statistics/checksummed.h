// SPDX-License-Identifier: MIT
// Bytes that begin with a magic number and end with a hash of everything before it, so that
// foreign, truncated or damaged bytes are refused. Internal to this floor.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"

namespace descent::statistics {

class ChecksumWriter : public ByteWriter {
 public:
  explicit ChecksumWriter(std::uint64_t magic) { put(magic); }

  std::string seal() {
    auto bytes = take();
    const auto hash = hash64(bytes);
    bytes.append(reinterpret_cast<const char*>(&hash), sizeof hash);
    return bytes;
  }
};

class ChecksumReader {
 public:
  // what: a plural, for messages. Throws Error unless the seal is whole.
  ChecksumReader(std::string_view bytes, std::uint64_t magic, const char* what)
      : what_(what), reader_(checked(bytes, magic, what)) {
    reader_.get<std::uint64_t>();
  }

  template <class T>
  T get() {
    return read([&] { return reader_.get<T>(); });
  }
  template <class T>
  std::vector<T> all() {
    return read([&] { return reader_.all<T>(); });
  }

 private:
  static std::string_view checked(std::string_view bytes, std::uint64_t magic, const char* what) {
    std::uint64_t found = 0, hash = 0;
    if (bytes.size() < sizeof found + sizeof hash)
      throw Error(fmt::format("the stored {} are truncated", what));
    std::memcpy(&found, bytes.data(), sizeof found);
    if (found != magic)
      throw Error(fmt::format("these are not {}, or those of another version or machine", what));
    const auto content = bytes.substr(0, bytes.size() - sizeof hash);
    std::memcpy(&hash, bytes.data() + content.size(), sizeof hash);
    if (hash != hash64(content))
      throw Error(fmt::format("the stored {} are damaged: their hash does not fit", what));
    return content;
  }

  template <class F>
  auto read(F&& f) {
    try {
      return f();
    } catch (const std::out_of_range&) {
      throw Error(fmt::format("the stored {} are truncated", what_));
    }
  }

  const char* what_;
  ByteReader reader_;
};

}  // namespace descent::statistics
