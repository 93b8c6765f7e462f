// SPDX-License-Identifier: MIT
// Errors in CSV files and their specifications, and the messages.
#include <fmt/format.h>
#include <sys/stat.h>

#include <functional>

#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using testing::error_of;
using testing::open;
using testing::TemporaryFile;

// The message for a file of this text and a specification changed so, without the file's path.
std::string complaint(
    std::string_view text,
    const std::function<void(data::CsvSpec&)>& change = [](data::CsvSpec&) {},
    data::TargetKind kind = data::TargetKind::numbers,
    data::Resample scheme = data::Resample::none) {
  const TemporaryFile file(text);
  auto spec = csv_spec(file.path());
  change(spec);
  return error_of([&] { open(spec, kind, scheme); }, file.path());
}

TEST(CsvSource, NamesTheColumnThatIsMissing) {
  EXPECT_EQ(complaint("x,target\n1,2\n", [](auto& s) { s.target = {"targt"}; }),
            ":1:1: error: there is no column 'targt' (data.csv.target); did you mean 'target'?");
  EXPECT_EQ(complaint("x,y\n1,2\n", [](auto& s) { s.truth = {"expectation"}; }),
            ":1:1: error: there is no column 'expectation' (data.csv.truth); valid: x, y");
  EXPECT_EQ(complaint("x,y\n1,2\n", [](auto& s) { s.weight = "w"; }),
            ":1:1: error: there is no column 'w' (data.csv.weight); valid: x, y");
}

TEST(CsvSource, NamesTheFieldThatIsNoNumber) {
  EXPECT_EQ(complaint("x,y\n1,2\ntall,3\n"),
            ":3:1: error: column 'x' must be a finite number, not 'tall'; correct it, list it in "
            "data.csv.missing.values, or name the column in data.csv.columns.categorical");
  EXPECT_EQ(complaint("x,y\n1,2\n2,inf\n"),
            ":3:3: error: column 'y' must be a finite number, not 'inf'");
  EXPECT_EQ(complaint("x,y,t\n1,2,z\n", [](auto& s) { s.truth = {"t"}; }),
            ":2:5: error: column 't' must be a finite number, not 'z'");
}

TEST(CsvSource, RefusesFilesThatHoldNoSamples) {
  EXPECT_EQ(complaint("x,y\n"), ": error: the file has a header and no rows");
  EXPECT_EQ(complaint("y\n1\n"), ":1:1: error: no column is left as an input");
}

TEST(CsvSource, RefusesAColumnInTwoParts) {
  EXPECT_EQ(complaint("x,y\n1,2\n", [](auto& s) { s.weight = "y"; }),
            "error: data.csv.target: the column 'y' is also the weight; a column has one role");
  EXPECT_EQ(complaint("x,y\n1,2\n",
                      [](auto& s) {
                        s.target = {"y", "y"};
                      }),
            "error: data.csv.target names the column 'y' twice; name it once");
  EXPECT_EQ(complaint("x,y,t\n1,2,3\n", [](auto& s) { s.weight = "t", s.truth = {"t"}; }),
            "error: data.csv.weight: the column 't' is also the truth; a column has one role");
  EXPECT_EQ(complaint("x,y\n1,2\n", [](auto& s) { s.target.clear(); }),
            "error: data.csv.target: name at least one column");
}

TEST(CsvSource, RefusesAnOrderThatIsNone) {
  EXPECT_EQ(complaint("x,y\ns,2\nm,3\n",
                      [](auto& s) {
                        s.columns.ordinal = {{"x", {"s", "m", "m"}}};
                      }),
            "error: data.csv.columns.ordinal: column 'x' has the value 'm' twice; each has one "
            "place in the order");
  EXPECT_EQ(complaint("x,y\ns,2\nm,3\n",
                      [](auto& s) {
                        s.columns.ordinal = {{"x", {"s", "m"}}};
                        s.columns.categorical = {"x"};
                      }),
            "error: data.csv.columns: column 'x' is both ordinal and categorical; name it in one "
            "of them");
}

TEST(CsvSource, RefusesBadWeights) {
  const auto weigh = [](data::CsvSpec& s) { s.weight = "w"; };
  EXPECT_EQ(complaint("x,y,w\n1,2,-0.5\n", weigh), ":2:5: error: the weight -0.5 must be >= 0");
  EXPECT_EQ(complaint("x,y,w\n1,2,0\n2,3,0\n", weigh), ": error: every weight in column 'w' is 0");
}

TEST(CsvSource, RefusesBadClasses) {
  EXPECT_EQ(complaint(
                "x,y\n1,0\n2,0.5\n", [](auto&) {}, data::TargetKind::classes),
            ":3:3: error: the loss wants classes, and column 'y' holds 0.5; classes are text or "
            "whole numbers; of measured numbers, choose a loss of numbers, such as mse");
  EXPECT_EQ(complaint(
                "x,y\n1,a\n2,a\n", [](auto&) {}, data::TargetKind::classes),
            ": error: column 'y' holds the single class 'a'; at least two are needed");
  EXPECT_EQ(complaint(
                "x,y,z\n1,a,b\n",
                [](auto& s) {
                  s.target = {"y", "z"};
                },
                data::TargetKind::classes),
            "error: the loss reads classes, which stand in one target column, not in 2");
}

TEST(CsvSource, RefusesBadProbabilities) {
  EXPECT_EQ(complaint(
                "x,y\n1,0.5\n2,1.5\n", [](auto&) {}, data::TargetKind::probabilities),
            ":3:3: error: the loss wants probabilities, and column 'y' holds 1.5, which is outside "
            "[0, 1]; divide percentages by 100, code two classes as 0 and 1, or choose a loss of "
            "numbers, such as mse, or of more classes, such as cross_entropy");
  EXPECT_EQ(complaint(
                "x,y\n1,0.5\n2,0.1a\n3,0.7\n", [](auto&) {}, data::TargetKind::probabilities),
            ":3:3: error: the loss wants probabilities: column 'y' must hold numbers in [0, 1] or "
            "text of two values; '0.1a' is no number, and the column has 3 values");
}

TEST(CsvSource, RefusesATestFileThatDoesNotFit) {
  const auto against = [](std::string_view other) {
    const TemporaryFile train("a,b,y\n1,2,no\n3,4,yes\n"), test(other);
    auto spec = csv_spec(train.path());
    spec.test_path = test.path();
    return error_of([&] { open(spec, data::TargetKind::classes); }, test.path());
  };
  EXPECT_EQ(against("a,y\n1,no\n"),
            ":1:1: error: the training file's column 'b' is missing; the columns "
            "here are a, y");
  EXPECT_EQ(against("a,b,extra,y\n1,2,3,no\n"),
            ":1:1: error: the column 'extra' is not among the training file's; valid: a, b");
  EXPECT_EQ(against("a,b,y\n1,2,maybe\n"),
            ":2:5: error: column 'y': 'maybe' is not among the training file's values; valid: no, "
            "yes");
}

TEST(CsvSource, RefusesSplitsThatCannotBe) {
  const auto halve = [](data::CsvSpec& s) { s.test_fraction = 0.5; };
  EXPECT_EQ(complaint("x,y\n1,2\n", halve),
            ": error: a single row cannot be split; drop data.csv.test");
  EXPECT_EQ(complaint("x,y\n1,2\n3,4\n", [](auto& s) { s.test_fraction = 1; }),
            "error: data.csv.test: the fraction 1 must lie in (0, 1)");
  EXPECT_EQ(complaint("x,y\n1,2\n3,4\n", [](auto& s) { s.test_fraction = 0.5, s.test_path = "z"; }),
            "error: data.csv.test: give a fraction or a path, not both");
}

TEST(CsvSource, RefusesToRedrawWhatItDoesNotKnow) {
  for (const auto scheme : {data::Resample::fresh, data::Resample::noise})
    EXPECT_EQ(complaint(
                  "x,y\n1,2\n3,4\n", [](auto&) {}, data::TargetKind::numbers, scheme),
              fmt::format("error: replicates.resample: {} needs targets that can be redrawn, and "
                          "this file's are fixed; use another scheme, such as bootstrap, or give "
                          "data.csv both truth and noise",
                          data::name(scheme)));
}

TEST(CsvSource, RefusesTruthAndNoiseThatDoNotGoTogether) {
  const auto bernoulli = [](data::CsvSpec& s) {
    s.truth = {"t"}, s.noise.kind = data::NoiseSpec::Kind::bernoulli;
  };
  EXPECT_EQ(complaint("x,y\n1,2\n",
                      [](auto& s) {
                        s.noise = {data::NoiseSpec::Kind::normal, 1};
                      }),
            "error: data.csv.noise needs truth: COLUMN, to which the noise is added");
  EXPECT_EQ(complaint("x,y,z,t\n1,2,3,4\n",
                      [](auto& s) {
                        s.truth = {"t"}, s.target = {"y", "z"};
                      }),
            "error: data.csv.truth names 1 column for 2 targets; name one for each target");
  EXPECT_EQ(complaint("x,y,t\n1,2,1.5\n", bernoulli),
            ":2:5: error: column 't' holds 1.5; as a probability it must lie in [0, 1]");
}

TEST(StandardizedTarget, RefusesTargetsWithoutAScale) {
  const auto scale = [](data::CsvSpec& s) { s.standardize_target = true; };
  EXPECT_EQ(complaint("x,y\n1,2\n3,2\n", scale),
            ": error: column 'y' is 2 in every training row and cannot be standardized");
  EXPECT_EQ(complaint("x,y\n1,0\n3,1\n", scale, data::TargetKind::classes),
            "error: the loss reads classes; only numbers can be standardized");
}

TEST(CsvFile, HoldsFiniteNumbersInEveryNotation) {
  for (const auto* text : {"-nan", "inf", "-inf", "Infinity"})
    EXPECT_EQ(complaint(fmt::format("x,y\n1,2\n{},3\n", text)),
              fmt::format(":3:1: error: column 'x' must be a finite number, not '{}'; correct it, "
                          "list it in data.csv.missing.values, or name the column in "
                          "data.csv.columns.categorical",
                          text));
  for (const auto* text : {"1e999", "-1e999"})
    EXPECT_EQ(complaint(fmt::format("x,y\n1,2\n{},3\n", text)),
              fmt::format(":3:1: error: column 'x': {} is too large for float64 (its largest "
                          "number is 1.8e+308); scale the column down",
                          text));
}

TEST(CsvFile, IsNeitherEmptyNorAHeaderAlone) {
  for (const auto* text : {"", "\n\n", "\xEF\xBB\xBF", "\r\n"})
    EXPECT_EQ(complaint(text), ": error: the file is empty; a header row is needed");
  EXPECT_EQ(complaint("x,y"), ": error: the file has a header and no rows");
}

TEST(CsvFile, HasRowsOfOneLengthAndColumnsOfDifferentNames) {
  EXPECT_EQ(complaint("x,y\n1,2\n3\n"), ":3:1: error: this row has 1 field, the header has 2");
  EXPECT_EQ(complaint("x,y\n1,2,3\n"), ":2:1: error: this row has 3 fields, the header has 2");
  EXPECT_EQ(
      complaint("x,y,x\n1,2,3\n"),
      ":1:5: error: the column name 'x' occurs twice; rename one of them, or set header: false "
      "if this line is a sample");
}

TEST(CsvFile, IsText) {
  EXPECT_EQ(complaint("x,y\n1,\xe9\n"),
            ":2:3: error: the byte 0xe9 is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(complaint(std::string_view("x,y\n1,\0002\n", 9)),
            ":2:3: error: a NUL byte: this is not a text file");
  EXPECT_EQ(complaint(std::string_view("\xff\xfex\0,\0y\0\n\0", 10)),
            ": error: the file is UTF-16; save it as UTF-8");
}

TEST(CsvFile, MayBeWrittenOnAnySystem) {
  EXPECT_EQ(complaint("\xEF\xBB\xBF\"x\",y\r\n1,2\r\n3,4\r\n"), "");
  EXPECT_EQ(complaint("\"a\nb\",y\n1,2\n3,4\n"), "") << "a line end in quotes is text";
  EXPECT_EQ(complaint("\"a\nb\",y\n1,2\nz,4\n"),
            ":4:1: error: column 'a\nb' must be a finite number, not 'z'; correct it, list it in "
            "data.csv.missing.values, or name the column in data.csv.columns.categorical");
}

TEST(CsvFile, MayHaveLongFieldsWhichMessagesShorten) {
  const std::string longest(1'000'000, '7');
  EXPECT_EQ(complaint("x,y\n1,0." + longest + "\n2,3\n"), "");
  EXPECT_EQ(
      complaint("x,y\n1,2\n1," + std::string(1'000'000, 'z') + "\n"),
      ":3:3: error: column 'y' must be a finite number, not '" + std::string(60, 'z') + "...'");
}

TEST(CsvFile, IsAFile) {
  const auto of = [](const std::string& path) {
    return error_of([&] { open(csv_spec(path)); }, path);
  };
  EXPECT_EQ(of("/dev/zero"),
            ": error: the data file is a pipe or a device; write what it gives into a file first");
  EXPECT_EQ(of("/"), ": error: the data file is a folder; name a CSV file in it");
  EXPECT_EQ(of("/no/such/file.csv"),
            ": error: the data file cannot be read: No such file or directory");
  const Folder folder;
  const auto pipe = folder.path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(of(pipe), of("/dev/zero")) << "and nobody waits for a writer";
}

}  // namespace
}  // namespace descent
