// SPDX-License-Identifier: MIT
// How a query names groups of points, and what readers see instead.
#pragma once

#include <map>
#include <string>

#include "report/experiment.h"

namespace descent::report {

// What a picture draws at most; its caption says what is left out.
inline constexpr std::size_t most_curves = 8;
inline constexpr std::size_t most_listed = 30;
inline constexpr std::size_t most_marks = 2500;  // cells of a heat map, points of a scatter plot
inline constexpr std::size_t most_facets = 9;
inline constexpr std::size_t most_series = 12;
inline constexpr std::int64_t most_epochs = 320;  // of a curve

inline constexpr const char* means_of_done =
    "Means with 95 % intervals over the runs that are done.";

using Names = std::map<std::string, std::string>;  // Picture::names

// A column that is the same for points that agree in some paths; v is the experiment's view.
struct Key {
  std::string sql;  // empty: there are no such paths
  Names names;
  std::size_t count = 1;  // of different values; names are given up to 100

  std::string as(const char* column) const;  // ", sql AS column", or nothing
  std::string first_in_order() const;        // "2, ", or nothing
};
Key key_of(store::Reader& reader, const Experiment& experiment, const Paths& paths);

// The labels of points, by id.
Names point_names(const Experiment& experiment, const Points& points);

// As above, and how many runs of a point are done where that is not all of them.
Names point_names_with_runs(store::Reader& reader, const Experiment& experiment,
                            const Points& points);

std::string ids_text(const Experiment& experiment, const Points& points);  // "1, 2, 5"

// "The first 30 of 1,000 points.", or nothing when that is all of them.
std::string first_of(std::size_t shown, std::size_t all, const char* noun = "points");

// Sentences one after the other, with one space between those that are not empty.
std::string sentences(const std::vector<std::string>& all);

}  // namespace descent::report
