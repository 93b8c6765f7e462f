// SPDX-License-Identifier: MIT
// Words in the quotes of the language that reads them.
#pragma once

#include <string>

namespace descent {

// A word as a shell takes it whole: in quotes where it has a blank or anything else that means
// something there.
std::string shell_word(const std::string& word);

std::string sql_name(const std::string& identifier);  // "a""b"
std::string sql_text(const std::string& text);        // 'it''s'

}  // namespace descent
