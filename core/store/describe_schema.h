// SPDX-License-Identifier: MIT
// Describes the tables, views, columns and functions of a store with the sentences of
// docs/results.md, which is compiled in, so that there is only one text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "store/reader.h"

namespace descent::store {

struct Described {
  std::string kind;  // table, view, function
  std::string name, meaning;
  std::string example;                                       // a query; of a function empty
  std::vector<std::pair<std::string, std::string>> columns;  // name, meaning
};

// Everything that a query can name in this store, with its columns: the parts of every store in the
// order of the page, then the views of its experiments. Meanings are Markdown.
std::vector<Described> describe(Reader& reader);

}  // namespace descent::store
