// SPDX-License-Identifier: MIT
// The text of an experiment file, if it is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace descent::experiment {

inline constexpr std::uint64_t largest_text =
    4 << 20;  // bytes of an experiment, with what it includes

// The whole text. Without: objection says why ("is a folder, not a file"). Neither a pipe nor a
// device is waited for.
std::optional<std::string> read_text(const std::string& file, std::string& objection);

}  // namespace descent::experiment
