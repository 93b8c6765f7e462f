// SPDX-License-Identifier: MIT
// A picture: the rows of one query, and how to draw them. The renderer and the page read it as
// JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/reader.h"

namespace descent::report {

// The names of a query's columns say what they are:
//   x, y               where a mark is; y of heat maps and paths only
//   series             one line or color for each value
//   facet              one panel for each value
//   label              the row that a mark is in, of rows and stack
//   z                  the color of a heat map's cell
//   lo, hi             the interval of z
//   NAME_lo, NAME_hi   the interval of the column NAME
//   done, runs         how many runs there are and how many of them are done: fewer are marked
//   best               2: the least; 1: may be the least; 0. Of heat maps only
//   step               the epoch of a point of a path
//   part               a new value breaks the line of a series
//   note               words that belong to the row, such as a verdict
//   n, replicates      counts, said when a mark is asked for
//   all others         values to draw
using Row = std::vector<store::Value>;

struct Scale {
  std::string label;
  std::optional<bool> log;                          // nothing: the renderer decides
  std::optional<std::pair<double, double>> domain;  // nothing: as far as the values reach
};

// A line across a panel.
struct Reference {
  std::optional<double> x, y;  // one of them
  std::string label;
};

// Heights on a regular grid, row by row from y0 upwards; the contours under paths.
struct Field {
  double x0 = 0, x1 = 0, y0 = 0, y1 = 0;
  std::size_t nx = 0, ny = 0;
  std::vector<double> z;
};

struct Picture {
  std::string title;  // of the figure
  std::string view;   // which of the figure's pictures it is
  std::string mark;   // line, steps, scatter, rows, stack, heat or path
  std::string sql;    // as `descent sql` takes it
  std::vector<std::string> columns;
  std::vector<Row> rows;
  Scale x, y;
  std::string note;                          // the caption: how to read it, and what is left out
  std::map<std::string, std::string> names;  // what to show for a series, facet or label
  std::vector<std::string> values;           // the columns to draw; empty: by their names
  // how series are drawn that are no lines with marks: "points", or "thin" lines
  std::map<std::string, std::string> modes;
  std::vector<Reference> references;  // "refs" in JSON
  std::optional<std::string> ring;    // the value with a ring at its least; "": of every line
  bool band = false;                  // intervals as bands, for curves
  bool zero = false;                  // rows around a line at 0, colored by their note
  bool shared = false;                // the panels of rows share one scale
  std::string z;                      // what the color of a heat map is
  std::optional<Field> field;         // of mark path
};

// The pictures that share a place; the reader chooses which to see.
using Figure = std::vector<Picture>;

// {"title", "view", "mark", "sql", "columns", "rows", "x": {"label", "log", "domain"}, "y", "note",
// "names", "values", "modes", "refs": [{"x", "y", "label"}], "best": true or a name (the ring),
// "band", "zero", "shared", "z", "field"}; what is empty, false or not set is left out. Numbers
// have seven significant digits, as in `descent sql`; an infinity is 1e999, which JSON readers take
// for infinity. Text that is not UTF-8 gets replacement characters. "<" is written \u003c, so that
// the text may stand in a script element.
std::string to_json(const Picture& picture);

// The key in `names` of a value: as JavaScript writes it.
std::string name_key(const store::Value& value);

// Runs the picture's query and fills in columns and rows.
Picture with_rows(store::Reader& reader, Picture picture);

}  // namespace descent::report
