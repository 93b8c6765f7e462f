// SPDX-License-Identifier: MIT
#include "experiment/document/characters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace descent::yaml {
namespace {

std::uint8_t byte_at(const std::string& text, std::size_t i) {
  return i < text.size() ? std::uint8_t(text[i]) : 0;
}

// How many bytes the character at i has; 0 where there is none (RFC 3629: the shortest form, no
// surrogates, nothing above 0x10ffff).
std::size_t character_size(const std::string& text, std::size_t i) {
  const auto first = byte_at(text, i), second = byte_at(text, i + 1);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const std::uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const std::uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (std::size_t j = 2; j < size; ++j)
    if ((byte_at(text, i + j) & 0xc0) != 0x80) return 0;
  return size;
}

bool is_control(std::uint8_t byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
}

Place place_of(const std::string& text, std::size_t i, const Origin& origin) {
  if (!origin.has_lines) return {origin.name, 0, 0};
  const auto line = std::count(text.begin(), text.begin() + std::ptrdiff_t(i), '\n');
  const auto start = i == 0 ? text.npos : text.rfind('\n', i - 1);
  return {origin.name, int(line) + 1, int(i - (start == text.npos ? 0 : start + 1)) + 1};
}

}  // namespace

bool check_characters(const std::string& text, const Origin& origin,
                      std::vector<Problem>& problems) {
  for (std::size_t i = 0, size = 0; i < text.size(); i += size) {
    const auto byte = byte_at(text, i);
    size = character_size(text, i);
    if (size > 0 && !is_control(byte)) continue;
    report(problems, place_of(text, i, origin),
           size == 0 ? fmt::format("the byte 0x{:02x} is not UTF-8; save the file as UTF-8", byte)
                     : fmt::format("the control character 0x{:02x} cannot stand in a text file{}",
                                   byte, byte == 0 ? "; is it UTF-16, or no text at all?" : ""));
    return false;
  }
  return true;
}

}  // namespace descent::yaml
