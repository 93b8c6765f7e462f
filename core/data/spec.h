// SPDX-License-Identifier: MIT
// The data settings of an experiment file, resolved: plain values, named as in the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace descent::data {

// How inputs are drawn. midpoints: the fixed design a + (b-a)(i-1/2)/n, i = 1..n.
struct InputSpec {
  enum class Kind { uniform, normal, midpoints } kind = Kind::uniform;
  double a = 0, b = 1;  // uniform, midpoints: the interval; normal: mean and sd
};

// How a target is drawn about its expectation f(x).
//   normal        f + N(0, sd^2)
//   bernoulli     1 with probability f, else 0
//   student_t     f + sd T, T of Student's t distribution with df degrees of freedom
//   contaminated  f + N(0, sd^2), and with probability share f + N(0, (scale sd)^2)
struct NoiseSpec {
  enum class Kind { none, normal, bernoulli, student_t, contaminated } kind = Kind::none;
  double sd = 0;
  double df = 3;
  double share = 0.1, scale = 10;
};

struct SyntheticSpec {
  std::vector<std::string> function;  // of x when dims is 1, else of x1 .. xd; one for each target
  std::uint64_t dims = 1;
  InputSpec x;
  NoiseSpec noise;
  std::uint64_t train = 0;
  std::uint64_t test = 0;        // 0: no test set
  InputSpec test_x;              // as x unless the file says otherwise
  std::uint64_t validation = 0;  // 0: no validation set
  InputSpec validation_x{};
  double label_flip = 0;  // share of training labels that are replaced by another class's
};

// How the text of a file is divided into fields; what is not given is found in the file.
struct DialectSpec {
  std::string separator = "auto";  // one character, "blank" (any number of blanks) or "auto"
  std::string decimal = ".";       // or ","
  std::string thousands{};         // between the digits of a number: "," or "." or " "; "": nothing
  std::string comment{};           // a line that begins so is not read; "": none, but see csv.h
  // automatic: there is one, and an Error where the first line looks like a sample.
  enum class Header { automatic, present, absent } header = Header::automatic;
  std::vector<std::string> names{};  // of the columns, instead of the header's; absent: or 1, 2, ..
};

// How a column of dates is written; unknown: it follows from the column's values.
enum class DateOrder { unknown, year_first, day_first, month_first };

enum class ColumnKind { number, category, ordinal, date };

struct OrdinalSpec {
  std::string column;
  std::vector<std::string> order;  // from low to high
};

// Which columns are inputs, and what they hold. Names may hold * and ?.
struct ColumnSpec {
  std::vector<std::string> use{};          // nothing: every column without another part
  std::vector<std::string> leave{};        // of these
  std::vector<std::string> categorical{};  // besides columns of text
  std::vector<OrdinalSpec> ordinal{};
  std::vector<std::string> date{};
  std::string date_format{};  // as strptime reads it; "": found in the file
  bool drop_first = false;    // no row for the first category of a column
  bool unknown_zero = false;  // a category that training has not seen is 0 in all rows
};

struct MissingSpec {
  bool is_given = false;  // else a missing value is an Error
  std::vector<std::string> values = {"", "NA", "N/A", "NaN", "nan", "NULL", "null", "?"};
  enum class Numbers { mean, median, drop, indicator } numbers = Numbers::median;
  enum class Categories { own, most_frequent } categories = Categories::own;
  bool drop_targets = false;  // rows without a target are left out, else an Error
};

struct CsvSpec {
  std::string path;                 // as resolved against the experiment file's folder
  std::vector<std::string> target;  // column names; whole numbers also count columns, -1: the last
  double test_fraction = 0;         // seeded split; 0 with empty test_path: no test set
  std::string test_path;            // a file of its own instead of a fraction
  std::uint64_t test_folds = 0;     // of cross-validation: a split's test set is one of so many
  double validation_fraction = 0;   // of the rows that are not test; as with test
  std::string validation_path{};
  std::vector<std::string> truth{};  // columns holding E[y|x], one for each target; or nothing
  std::string weight;                // column of sample weights; "" for none
  NoiseSpec noise;                   // with truth: the target is redrawn as truth + noise
  bool standardize_target = false;   // fitted on the training part
  DialectSpec dialect{};
  ColumnSpec columns{};
  MissingSpec missing{};
  bool stratify = false;  // splits keep the shares of the classes, as nearly as rows allow
  std::string group{};    // rows of one value of this column are in the same part of a split
  std::string time{};     // splits follow the order of this column: the last rows are the test set
  std::string label_strip{};  // characters that are left out at the end of class labels
  double label_flip = 0;      // share of training labels that are replaced by another class's
  // IDX files (the format of MNIST): path holds the inputs, these the targets of each set.
  std::string labels_path{}, test_labels_path{}, validation_labels_path{};
};

// Nothing to learn from: the objective is a surface. It counts as one sample without inputs.
struct NoData {};

using DataSpec = std::variant<SyntheticSpec, CsvSpec, NoData>;

struct Standardize {};
struct Scale {
  double factor = 1;
};
struct Polynomial {
  std::uint64_t degree = 1;
};
struct GaussianBasis {
  std::uint64_t count = 1;
  double from = 0, to = 1, width = 1;
};
struct RandomRelu {
  std::uint64_t count = 1;
};
struct Log1p {};
struct Interactions {};
struct Quantile {
  std::uint64_t count = 1000;
};
struct Pca {
  std::uint64_t count = 1;
};
using FeatureSpec = std::variant<Standardize, Scale, Polynomial, GaussianBasis, RandomRelu, Log1p,
                                 Interactions, Quantile, Pca>;

// How replicates differ in their training data (bias_variance: each estimates something else).
enum class Resample { fresh, noise, bootstrap, subsample, disjoint, kfold, none };
const char* name(Resample scheme);  // as an experiment file writes it

struct Resampling {
  Resampling(Resample which = Resample::fresh, std::uint64_t number = 1)
      : scheme(which), parts(number) {}

  Resample scheme;
  std::uint64_t parts;  // disjoint, kfold: into how many the pool is cut
};

// The kind of target that the loss reads. probabilities: each by itself; distributions: over the
// classes of a sample, one output each, or their logarithms.
enum class TargetKind {
  numbers,
  classes,
  probabilities,
  distributions,
  log_distributions,
  signs,
  counts,
  positive
};

}  // namespace descent::data
