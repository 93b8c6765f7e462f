// SPDX-License-Identifier: MIT
// Finds the valid name that was probably meant by an invalid one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

// The candidate that is the same name but for case and - or _, else what another library's name
// means here (foreign_names.h), else the nearest spelling. kind says what the word names, in the
// words of messages: "loss", "layer", "key of train", "key of optimizer 'adam'"; without a kind no
// other library's names are looked up.
std::optional<std::string> suggestion(std::string_view word,
                                      const std::vector<std::string>& candidates,
                                      std::string_view kind = "");

// The end of a message: "; did you mean 'adam'?", else "; valid: a, b, c", else "". It also
// recognizes keys of other maps, and names without a counterpart here.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string_view kind = "");

}  // namespace descent
