// SPDX-License-Identifier: MIT
// Keys of data.csv.
#include <fmt/format.h>

#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

struct RowsApart {
  double& fraction;
  std::string &path, &labels;
  std::uint64_t* folds = nullptr;  // null: not offered
};

Key& rows_apart(Fields& f, const std::string& name, const char* of, const RowsApart& s,
                const char* doc) {
  return f.map("data.csv." + name, "fraction", doc, [&](Fields& in) {
    in.optional(s.fraction, "fraction", share_below_one(),
                fmt::format("fraction of {}, split by the seed; 0: no {} set", of, name));
    in.optional(s.path, "path", path(), "a separate file");
    in.optional(s.labels, "labels", path(), "of an IDX file of its own: that of its targets");
    if (s.folds)
      in.optional(*s.folds, "kfold", whole_from(2),
                  "cross-validation: each replicate holds out one of so many parts; needs "
                  "replicates.vary with split");
  });
}

void describe(Fields& f, data::DialectSpec& s) {
  using Header = data::DialectSpec::Header;
  f.optional(s.separator, "separator", text(),
             "one character, blank or tab; default: found in the file");
  f.optional(s.decimal, "decimal", word({".", ","}), "decimal mark; default: .");
  f.optional(s.thousands, "thousands", word({",", ".", " ", "'", "_"}),
             "between groups of three digits; default: nothing");
  f.optional(s.comment, "comment", text(), "lines that begin so are not read");
  f.words(s.header, "header",
          {{"auto", Header::automatic}, {"true", Header::present}, {"false", Header::absent}},
          "whether the first line names the columns; default: yes, unless it looks like a sample, "
          "which is an error; without one they are called 1, 2, ...")
      .fallback = nullptr;
  f.optional(s.names, "names", list(text(), 1), "names of the columns, instead of the header's");
}

// A key for each column.
void ordinal(Fields& f, data::ColumnSpec& s) {
  auto columns = experiment::map("data.csv.columns.ordinal", {});
  columns.items = {list(text(), 2)};
  f.other(optional("ordinal", std::move(columns), nullptr,
                   "columns of ordered values, as {size: [s, m, l]}: read as 0, 1, 2, ..."),
          [&](const json& given) {
            for (const auto& [column, order] : given.items())
              s.ordinal.push_back({column, order.get<std::vector<std::string>>()});
          });
}

void describe(Fields& f, data::ColumnSpec& s) {
  f.optional(s.use, "use", one_or_list(text()),
             "columns that are inputs, with * and ?; default: all that have no other part");
  f.optional(s.leave, "leave", one_or_list(text()), "columns that are no inputs");
  f.optional(s.categorical, "categorical", one_or_list(text()),
             "columns of categories, besides those of text; a row of 0 and 1 for each value");
  ordinal(f, s);
  f.optional(s.date, "date", one_or_list(text()), "columns of dates, read as days since 1970");
  f.optional(s.date_format, "date_format", text(),
             "as strptime reads it, as \"%d.%m.%Y\"; default: found in the file");
  f(s.drop_first, "drop_first", flag(), "no row for the first category of a column");
  f.words(s.unknown_zero, "unknown", {{"error", false}, {"zero", true}},
          "what a category is that training has not seen");
}

void describe(Fields& f, data::MissingSpec& s) {
  using Numbers = data::MissingSpec::Numbers;
  using Categories = data::MissingSpec::Categories;
  s.is_given = true;
  f(s.values, "values", one_or_list(text(), 0), "what stands for a missing value");
  f.words(s.numbers, "numbers",
          {{"mean", Numbers::mean},
           {"median", Numbers::median},
           {"drop", Numbers::drop},
           {"indicator", Numbers::indicator}},
          "of the training part, or leave the row out; indicator: the mean, and another input that "
          "is 1 where it is missing");
  f.words(s.categories, "categories",
          {{"own", Categories::own}, {"most_frequent", Categories::most_frequent}},
          "own: missing is a category");
  f.words(s.drop_targets, "targets", {{"error", false}, {"drop", true}},
          "rows without a target: an error, or left out");
}

void labels(Fields& f, data::CsvSpec& s) {
  f.map("data.csv.labels", "", "how labels are read, and noise in them", [&](Fields& in) {
    in.optional(s.label_flip, "flip", number(0, 1),
                "share of training labels that are replaced by another class's");
    in.optional(s.label_strip, "strip", text(), "characters that are left out at their end");
    in.optional(s.labels_path, "path", path(), "of an IDX file: that of its targets");
  });
}

}  // namespace

void describe(Fields& f, data::CsvSpec& s) {
  f.required(s.path, "path", path(), "relative to the file that contains this key",
             "path: data/diabetes.csv");
  f.required(s.target, "target", one_or_list(text()), "a column or a list of columns", "target: y");
  rows_apart(f, "test", "the rows",
             {s.test_fraction, s.test_path, s.test_labels_path, &s.test_folds},
             "a fraction, {path: other.csv} or {kfold: 5}")
      .fallback = {{"fraction", 0.0}};
  rows_apart(f, "validation", "the rows that are not in the test set",
             {s.validation_fraction, s.validation_path, s.validation_labels_path},
             "a fraction, or {path: other.csv}; for stopping, pruning and selection");
  describe(f, s.dialect);
  f.map("data.csv.columns", "use", "which columns are inputs, and what they hold",
        [&](Fields& in) { describe(in, s.columns); });
  f.map("data.csv.missing", "numbers", "what is done about missing values; default: an error",
        [&](Fields& in) { describe(in, s.missing); });
  f.optional(s.stratify, "stratify", flag(),
             "splits keep the shares of the classes; default: true for a loss over classes");
  f.optional(s.group, "group", text(),
             "the column of groups: rows of one group stay in one part of a split");
  f.optional(s.time, "time", text(),
             "the column that orders the rows for a split, the last to test");
  labels(f, s);
  f.optional(s.truth, "truth", one_or_list(text()),
             "the column with E[y|x], or a list of one for each target");
  noise(f, s.noise, "with truth: the target is redrawn for every replicate as truth + noise");
  f.optional(s.weight, "weight", text(), "the column of sample weights");
  f(s.standardize_target, "standardize_target", flag(),
    "targets to mean 0 and variance 1, fitted on the training set");
}

}  // namespace descent::experiment
