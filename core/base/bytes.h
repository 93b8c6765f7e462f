// SPDX-License-Identifier: MIT
// Plain values in a string of bytes and back, for messages between processes of one machine.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace descent {

class ByteWriter {
 public:
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(const T& value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void put(std::string_view text) {
    put(std::uint64_t(text.size()));
    bytes_.append(text);
  }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put_all(const T* values, std::uint64_t count) {
    put(count);
    bytes_.append(reinterpret_cast<const char*>(values), count * sizeof(T));
  }

  void reserve(std::size_t size) { bytes_.reserve(size); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Throws std::out_of_range when the bytes end too early.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  requires std::is_trivially_copyable_v<T> T get() {
    T value;
    std::memcpy(&value, next(sizeof value), sizeof value);
    return value;
  }
  std::string text() { return std::string(view(get<std::uint64_t>())); }
  // So many bytes, which live as long as those that are read.
  std::string_view view(std::uint64_t size) { return {next(size), size}; }
  template <class T>
  std::vector<T> all() {
    const auto count = get<std::uint64_t>();
    if (count > bytes_.size() / sizeof(T)) throw std::out_of_range("message ends too early");
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), next(count * sizeof(T)), count * sizeof(T));
    return values;
  }

  bool at_end() const { return bytes_.empty(); }

 private:
  const char* next(std::uint64_t size) {
    if (size > bytes_.size()) throw std::out_of_range("message ends too early");
    const char* const here = bytes_.data();
    bytes_.remove_prefix(size);
    return here;
  }

  std::string_view bytes_;
};

}  // namespace descent
