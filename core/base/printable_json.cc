// SPDX-License-Identifier: MIT
#include "base/printable_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace descent {
namespace {

// Of a character with at most three bytes, as all those that printable() escapes are.
unsigned short_code_point(std::string_view character) {
  unsigned code = 0;
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  return character.size() == 2 ? (lead & 0x1fu) << 6 | code : (lead & 0x0fu) << 12 | code;
}

bool is_plain(char c) { return static_cast<unsigned char>(c) < 0x7f; }

}  // namespace

std::string printable_json(std::string_view json) {
  std::string all;
  all.reserve(json.size());
  while (!json.empty()) {
    const auto plain = std::ranges::find_if_not(json, is_plain) - json.begin();
    all += json.substr(0, std::size_t(plain));
    json.remove_prefix(std::size_t(plain));
    if (json.empty()) break;
    const auto size = std::max<std::size_t>(1, character_size(json.substr(0, 4)));
    const auto character = json.substr(0, size);
    const bool is_shown = size == 4 || printable(character) == character;
    all +=
        is_shown ? std::string(character) : fmt::format("\\u{:04x}", short_code_point(character));
    json.remove_prefix(size);
  }
  return all;
}

}  // namespace descent
