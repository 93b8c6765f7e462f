// SPDX-License-Identifier: MIT
// The files of SQL as they are, before schema.cc puts names into their braces.
#pragma once

namespace descent {

extern const char* const schema_text;

}  // namespace descent
