// SPDX-License-Identifier: MIT
#include "experiment/document/characters.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "base/utf8.h"

namespace descent::experiment {
namespace {

bool is_control(std::uint8_t byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
}

}  // namespace

bool check_characters(const std::string& text, const Origin& origin,
                      std::vector<Problem>& problems) {
  for (std::size_t i = 0, size = 0; i < text.size(); i += size) {
    const auto byte = std::uint8_t(text[i]);
    size = character_size(std::string_view(text).substr(i, 4));
    if (size > 0 && !is_control(byte)) continue;
    report(problems, origin.has_lines ? place_in(origin.name, text, i) : Place{origin.name, 0, 0},
           size == 0 ? fmt::format("the byte 0x{:02x} is not UTF-8; save the file as UTF-8", byte)
                     : fmt::format("the control character 0x{:02x} is not allowed in a text file{}",
                                   byte, byte == 0 ? "; is it UTF-16, or not text at all?" : ""));
    return false;
  }
  return true;
}

}  // namespace descent::experiment
