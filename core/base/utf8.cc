// SPDX-License-Identifier: MIT
#include "base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace descent {
namespace {

bool is_tail(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

}  // namespace

std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead < 0xc2   ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if (!is_tail(text[i])) return 0;
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;  // could be shorter
  if (lead == 0xf0 && byte(1) < 0x90) return 0;
  if (lead == 0xed && byte(1) > 0x9f) return 0;  // half of a pair of UTF-16
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;  // beyond Unicode
  return size;
}

Place place_in(const std::string& file, std::string_view bytes, std::size_t at) {
  const auto before = bytes.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n');
  const auto column = at - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return {file, int(line), int(column)};
}

std::size_t first_not_text(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto size = character_size(bytes.substr(at, 4));
    if (size == 0 || bytes[at] == 0) return at;
    at += size;
  }
  return std::string_view::npos;
}

void check_is_text(const std::string& file, std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
    throw Error(Place{file}, "the file is UTF-16; save it as UTF-8");
  const auto at = first_not_text(bytes);
  if (at == std::string_view::npos) return;
  throw Error(place_in(file, bytes, at),
              bytes[at] == 0 ? "a NUL byte: this is not a text file"
                             : fmt::format("the byte 0x{:02x} is not UTF-8; save the file as UTF-8",
                                           static_cast<unsigned char>(bytes[at])));
}

namespace {

std::uint32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  std::uint32_t code = lead & (0xffu >> (character.size() + 1));
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
  return code;
}

// Cc, the marks and embeddings of bidirectional text, and the separators of lines.
bool commands_a_terminal(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
         (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string escaped(std::uint32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
  }
}

std::string printable_but(std::string_view text, std::string_view kept) {
  std::string all;
  while (!text.empty()) {
    const auto size = character_size(text.substr(0, 4));
    const auto character = text.substr(0, std::max<std::size_t>(1, size));
    const auto code = size == 0 ? static_cast<unsigned char>(text[0]) : code_point(character);
    const bool is_plain = size > 0 && !commands_a_terminal(code);
    if (is_plain || (size == 1 && kept.find(text[0]) != kept.npos))
      all += character;
    else
      all += escaped(code);
    text.remove_prefix(character.size());
  }
  return all;
}

}  // namespace

std::string printable(std::string_view text) { return printable_but(text, ""); }

std::string printable_lines(std::string_view text) { return printable_but(text, "\n"); }

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && is_tail(text[most])) --most;
  return std::string(text.substr(0, most)) + "...";
}

}  // namespace descent
