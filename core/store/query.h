// SPDX-License-Identifier: MIT
// Rows as text: a table to look at, CSV (RFC 4180), JSON, Markdown, or LaTeX.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "store/reader.h"

namespace descent::store {

enum class Format { table, csv, json, markdown, latex };

// Who reads the text. Control characters are escaped in all formats but CSV, which has no escapes:
// there they are escaped for a terminal, which would obey them, and kept for a program.
enum class Audience { program, terminal };

// Throws Error with the valid names.
Format format_named(const std::string& name);

// Table and Markdown show seven significant digits, numbers to the right, NULL as NULL. CSV and
// JSON have the shortest digits that read back as the same number; there NULL is an empty field (an
// empty text is "") and null, an infinity inf and 1e999, which JSON readers take for infinity.
// LaTeX: store/latex.h.
void print(Reader::Rows& rows, Format format, std::ostream& out,
           Audience audience = Audience::program);

// Rows that are no query's, in the same forms.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;  // as long as columns
};
void print(const Table& table, Format format, std::ostream& out,
           Audience audience = Audience::program);

// Opens the store, runs the query, returns its text.
std::string query(const std::string& path, const std::string& sql, Format format);

}  // namespace descent::store
