// SPDX-License-Identifier: MIT
// Words and operators of other languages in an expression, and how it is written here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace descent::data {

struct ForeignSyntax {
  std::size_t position;  // in the text
  std::string hint;      // "'and' is written &&"
};

// The first one in the text; variables may have such names.
std::optional<ForeignSyntax> foreign_syntax(const std::string& text,
                                            const std::vector<std::string>& variables = {});

}  // namespace descent::data
