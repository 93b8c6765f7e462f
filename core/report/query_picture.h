// SPDX-License-Identifier: MIT
// A picture of any query: the names of its columns say what they are (picture.h).
#pragma once

#include <string>

#include "report/draw.h"
#include "report/picture.h"

namespace descent::report {

struct QueryPicture {
  std::string title, sql;
  std::string mark;  // empty: the one that fits the columns
  std::string note;
};

// Throws Error when the query fails, when its columns do not fit the mark, or when there are more
// rows than a picture can show.
Picture picture_of(store::Reader& reader, const QueryPicture& query, Renderer& renderer);

// The same without running the query: whether it can be prepared and its columns fit.
void check(store::Reader& reader, const QueryPicture& query, Renderer& renderer);

}  // namespace descent::report
