// SPDX-License-Identifier: MIT
// Twelve files as people have them, all made here, each read with the keys that it needs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include "data/preparation.h"
#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::open;
using testing::same;
using testing::TemporaryFile;
using Words = std::vector<std::string>;

// 1. Semicolons and quotes everywhere, names with blanks, as of bank customers.
TEST(AwkwardFile, HasSemicolonsAndQuotes) {
  const TemporaryFile file(
      "\"age\";\"job title\";\"balance\";\"y\"\n58;\"clerk; retired\";2143;\"no\"\n"
      "44;\"nurse\";29;\"yes\"\n33;\"nurse\";2;\"no\"\n");
  const auto source = open(csv_spec(file.path()), data::TargetKind::classes);
  EXPECT_THAT(source.names().inputs,
              ElementsAre("age", "job title=clerk; retired", "job title=nurse", "balance"));
  EXPECT_TRUE(
      same(source.pool().features, arma::mat{{58, 44, 33}, {1, 0, 0}, {0, 1, 1}, {2143, 29, 2}}));
  EXPECT_THAT(source.names().classes, ElementsAre("no", "yes"));
}

// 2. Decimal commas, -200 for missing, empty columns and rows at the end, as of sensors.
TEST(AwkwardFile, HasDecimalCommasAndRowsOfSeparators) {
  const TemporaryFile file(
      "Date;Time;CO;T;y;;\r\n10/03/2004;18.00.00;2,6;13,6;1,5;;\r\n"
      "11/03/2004;19.00.00;-200;13,3;0,5;;\r\n31/03/2004;20.00.00;2,2;-200,0;1,0;;\r\n;;;;;;\r\n"
      ";;;;;;\r\n");
  auto spec = csv_spec(file.path());
  EXPECT_THAT(error_of([&] { open(spec); }), HasSubstr("decimal: \",\""));
  spec.dialect.decimal = ",";
  spec.columns.leave = {"Time"};
  spec.columns.date = {"Date"};
  spec.missing.is_given = true;
  spec.missing.values = {"-200"};
  spec.missing.numbers = data::MissingSpec::Numbers::mean;
  const auto source = open(spec);
  EXPECT_THAT(source.names().inputs, ElementsAre("Date", "CO", "T"));
  // date -u -d 2004-03-10 +%s is 1078876800.
  EXPECT_TRUE(arma::approx_equal(
      source.pool().features,
      arma::mat{{12487, 12488, 12508}, {2.6, 2.4, 2.2}, {13.6, 13.3, 13.45}}, "absdiff", 1e-14));
  EXPECT_TRUE(same(source.pool().targets, arma::mat{{1.5, 0.5, 1}}));
}

// 3. No header, labels in the last column, an empty line at the end, as of flowers.
TEST(AwkwardFile, HasNoHeader) {
  const TemporaryFile file("5.1,3.5,lila\n4.9,3.0,lila\n7.0,3.2,rosa\n\n");
  auto spec = csv_spec(file.path(), {"3"});
  EXPECT_EQ(error_of([&] { open(spec, data::TargetKind::classes); }, file.path()),
            ":1:1: error: the first line looks like a sample: 2 of its 3 fields are numbers; set "
            "header: false if the file has no header (its columns are then called 1, 2, ...), or "
            "header: true if these are names");
  spec.dialect.header = data::DialectSpec::Header::absent;
  for (const auto* target : {"3", "-1"}) {
    spec.target = {target};
    const auto source = open(spec, data::TargetKind::classes);
    EXPECT_TRUE(same(source.pool().features, arma::mat{{5.1, 4.9, 7}, {3.5, 3, 3.2}}));
    EXPECT_THAT(source.names().classes, ElementsAre("lila", "rosa"));
    EXPECT_THAT(source.names().targets, ElementsAre("3"));
  }
  spec.dialect.names = {"length", "width", "kind"};
  spec.target = {"kind"};
  EXPECT_THAT(open(spec, data::TargetKind::classes).names().inputs, ElementsAre("length", "width"));
}

// 4. Blanks between columns, a tab before a quoted name, ? for missing, as of cars.
TEST(AwkwardFile, HasColumnsOfBlanks) {
  const TemporaryFile file(
      "18.0   8   307.0      130.0   70  1\t\"chevy one\"\n"
      "25.0   4   98.00      ?       71  2\t\"ford two\"\n"
      " 16.0   8   304.0      150.0   70  1\t\"amc three\"\n");
  auto spec = csv_spec(file.path(), {"1"});
  spec.dialect.header = data::DialectSpec::Header::absent;
  spec.columns.leave = {"7"};
  EXPECT_EQ(error_of([&] { open(spec); }, file.path()),
            ":2:23: error: column '4': 1 of 3 values is missing ('?'); set data.csv.missing: "
            "{numbers: median} to fill them in or {numbers: drop} to leave such rows out, or put "
            "the column into data.csv.columns.leave");
  spec.missing.is_given = true;
  EXPECT_TRUE(same(open(spec).pool().features.row(2), arma::mat{{130, 140, 150}}));
  spec.missing.numbers = data::MissingSpec::Numbers::drop;
  EXPECT_TRUE(same(open(spec).pool().targets, arma::mat{{18, 16}}));
  spec.missing.numbers = data::MissingSpec::Numbers::indicator;
  EXPECT_TRUE(same(open(spec).pool().features.rows(2, 3), arma::mat{{130, 140, 150}, {0, 1, 0}}));
}

// 5. A byte order mark, CRLF, thousands in quotes, remarks above the header.
TEST(AwkwardFile, HasRemarksAndThousands) {
  const TemporaryFile file(
      "\xEF\xBB\xBF# exported in May\r\n# by hand\r\nprice,area,y\r\n\"1,234,567\",80,1\r\n"
      "\"12,000\",75,2\r\n900,60,3\r\n");
  auto spec = csv_spec(file.path());
  EXPECT_THAT(error_of([&] { open(spec); }), HasSubstr("thousands: \",\""));
  spec.dialect.thousands = ",";
  EXPECT_TRUE(same(open(spec).pool().features, arma::mat{{1234567, 12000, 900}, {80, 75, 60}}));
}

TEST(AwkwardFile, HasAThousandsMarkInTheWrongPlace) {
  const TemporaryFile file("x;y\n1,23;1\n2;2\n");
  auto spec = csv_spec(file.path());
  spec.dialect.thousands = ",";
  EXPECT_THAT(error_of([&] { open(spec); }),
              HasSubstr("not '1,23'; set decimal: \",\" and thousands: \".\"?"));
  spec.dialect = {.separator = ";", .decimal = ",", .thousands = "."};
  const TemporaryFile other("x;y\n1.5;1\n2;2\n");
  spec.path = other.path();
  EXPECT_THAT(error_of([&] { open(spec); }), HasSubstr("not '1.5'; line 3 holds the number 2"));
}

TEST(AwkwardFile, HasAHeaderAfterAll) {
  const TemporaryFile file("x,y\n1,2\n3,4\n");
  auto spec = csv_spec(file.path(), {"2"});
  spec.dialect.header = data::DialectSpec::Header::absent;
  EXPECT_THAT(
      error_of([&] { open(spec); }, file.path()),
      HasSubstr(":1:1: error: column '1' must be a finite number, not 'x'; line 2 holds the "
                "number 1. If the first line is a header, leave data.csv.header out"));
}

// 6. A nameless column of row numbers, as pandas writes it.
TEST(AwkwardFile, HasANamelessColumn) {
  const TemporaryFile file(",length,y\n0,0.5,1\n1,0.25,2\n2,0.75,3\n");
  auto spec = csv_spec(file.path());
  EXPECT_EQ(error_of([&] { open(spec); }, file.path()),
            ":1:1: error: column 1 has no name; if it numbers the rows, set data.csv.columns: "
            "{leave: [unnamed_1]}, else name it");
  spec.columns.leave = {"unnamed_1"};
  EXPECT_THAT(open(spec).names().inputs, ElementsAre("length"));
}

// 7. Text with too many values, named all at once.
TEST(AwkwardFile, HasColumnsOfNames) {
  std::string text = "name,street,sex,y\n";
  for (int i = 0; i < 60; ++i) text += fmt::format("n{0},s{0},{1},{2}\n", i, i % 2 ? "m" : "f", i);
  const TemporaryFile file(text);
  auto spec = csv_spec(file.path());
  EXPECT_EQ(
      error_of([&] { open(spec); }, file.path()),
      ": error: 2 columns hold text of more than 50 values: 'name' (60 different values), "
      "'street' (60 different values); set data.csv.columns: {leave: [name, street]}, or name "
      "in data.csv.columns.categorical those that are categories");
  spec.columns.leave = {"na*", "str??t"};
  EXPECT_THAT(open(spec).names().inputs, ElementsAre("sex=f", "sex=m"));
  spec.columns.use = {"s*"};
  spec.columns.leave = {"street"};
  spec.columns.drop_first = true;
  EXPECT_THAT(open(spec).names().inputs, ElementsAre("sex=m"));
}

// 8. A test file that ends its labels with a point below a banner, as of a census.
TEST(AwkwardFile, HasAnotherTestFile) {
  const TemporaryFile train("age, edu, income\n39, a, <=50K\n52, b, >50K\n28, a, <=50K\n");
  const TemporaryFile test("|1x3 Cross validator\nage, edu, income\n25, b, <=50K.\n38, c, >50K.\n");
  auto spec = csv_spec(train.path(), {"income"});
  spec.test_path = test.path();
  EXPECT_THAT(error_of([&] { open(spec, data::TargetKind::classes); }),
              HasSubstr("set comment: \"|\""));
  spec.dialect.comment = "|";
  EXPECT_THAT(error_of([&] { open(spec, data::TargetKind::classes); }, test.path()),
              ":4: error: column 'edu': 'c' is not among the categories of training; valid: a, "
              "b; set data.csv.columns.unknown: zero to read it as none of them");
  spec.columns.unknown_zero = true;
  EXPECT_THAT(error_of([&] { open(spec, data::TargetKind::classes); }),
              HasSubstr("data.csv.labels: {strip: \".\"}"));
  spec.label_strip = ".";
  const auto source = open(spec, data::TargetKind::classes);
  EXPECT_THAT(source.test().data.classes, ElementsAre(0, 1));
  EXPECT_TRUE(same(source.test().data.features, arma::mat{{25, 38}, {0, 0}, {1, 0}}));
}

// 9. Packed by gzip, and cut off.
TEST(AwkwardFile, IsPacked) {
  const Folder folder;
  const auto path = folder.path("packed.csv.gz");
  const auto packed = gzopen(path.c_str(), "wb");
  std::string text = "x,y\n";
  for (int i = 0; i < 20000; ++i) text += fmt::format("{},{}\n", i * 7919 % 10007, i);
  gzwrite(packed, text.data(), unsigned(text.size()));
  gzclose(packed);
  EXPECT_EQ(open(csv_spec(path)).pool().size(), 20000u);
  EXPECT_EQ(open(csv_spec(path)).pool().targets(0, 19999), 19999);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_EQ(error_of([&] { open(csv_spec(path)); }, path),
            ": error: the file is packed by gzip, and its end is missing");
}

// 10. Ordered sizes, numbers that are categories, and both missing, as of a shop.
TEST(AwkwardFile, HasSizesAndCodes) {
  const TemporaryFile file("size,zip,y\nm,10,1\ns,9,2\n,10,3\nl,,4\n");
  auto spec = csv_spec(file.path());
  spec.columns.ordinal = {{"size", {"s", "m", "l"}}};
  spec.columns.categorical = {"zip"};
  spec.missing.is_given = true;
  EXPECT_TRUE(same(open(spec).pool().features,
                   arma::mat{{1, 0, 1, 2}, {0, 1, 0, 0}, {1, 0, 1, 0}, {0, 0, 0, 1}}));
  EXPECT_THAT(open(spec).names().inputs, ElementsAre("size", "zip=9", "zip=10", "zip=missing"));
  spec.missing.categories = data::MissingSpec::Categories::most_frequent;
  EXPECT_TRUE(same(open(spec).pool().features.rows(1, 2), arma::mat{{0, 1, 0, 0}, {1, 0, 1, 1}}));
  spec.columns.ordinal = {{"size", {"s", "l"}}};
  EXPECT_THAT(error_of([&] { open(spec); }),
              HasSubstr("column 'size' holds 'm', which data.csv.columns.ordinal does not list"));
}

// A category that is called as missing values are.
TEST(AwkwardFile, HasACategoryCalledMissing) {
  const TemporaryFile file("a,y\nq,1\n?,2\nmissing,3\n");
  auto spec = csv_spec(file.path());
  spec.missing.is_given = true;
  EXPECT_THAT(open(spec).names().inputs, ElementsAre("a=missing", "a=q", "a=missing value"));
}

// 11. Images and labels in IDX, the format of MNIST.
TEST(AwkwardFile, HoldsImages) {
  using namespace std::string_literals;
  const TemporaryFile images("\0\0\x08\x03\0\0\0\x03\0\0\0\x01\0\0\0\x02\x00\xFF\x01\x02\x03\x04"s);
  const TemporaryFile labels("\0\0\x08\x01\0\0\0\x03\x07\x01\x07"s);
  auto spec = csv_spec(images.path(), {"label"});
  EXPECT_THAT(error_of([&] { open(spec, data::TargetKind::classes); }),
              HasSubstr("data.csv.labels"));
  spec.labels_path = labels.path();
  const auto source = open(spec, data::TargetKind::classes);
  EXPECT_TRUE(same(source.pool().features, arma::mat{{0, 1, 3}, {255, 2, 4}}));
  EXPECT_THAT(source.names().classes, ElementsAre("1", "7"));
  EXPECT_THAT(source.pool().classes, ElementsAre(1, 0, 1));
  const TemporaryFile cut("\0\0\x08\x03\0\0\0\x03\0\0\0\x01\0\0\0\x02\x00\xFF\x01"s);
  spec.path = cut.path();
  EXPECT_THAT(error_of([&] { open(spec, data::TargetKind::classes); }),
              HasSubstr("ends before the 3 samples"));
}

// 12. Everything wrong at once: one report.
TEST(AwkwardFile, HasManyMistakes) {
  const TemporaryFile file("a,b,c,y\n1,x,?,1\ntwo,3,5,2\n3,4,?\n4,5,6,NA\n");
  EXPECT_EQ(
      error_of([&] { open(csv_spec(file.path())); }),
      fmt::format(
          "{0}:4:1: error: this row has 3 fields, the header has 4\n"
          "{0}:5:7: error: column 'y', a target: 1 value is missing ('NA'); targets are not "
          "filled in: set data.csv.missing: {{targets: drop}} to leave such rows out, or, if 'NA' "
          "is "
          "a value, list what is missing without it in data.csv.missing: {{values: [...]}}\n"
          "{0}:3:1: error: column 'a' must be a finite number, not 'two'; correct it, list it "
          "in data.csv.missing.values, or name the column in data.csv.columns.categorical\n"
          "{0}:2:3: error: column 'b' must be a finite number, not 'x'; line 3 holds the "
          "number 3. Name the column in data.csv.columns.categorical if it holds categories\n"
          "{0}:2:5: error: column 'c': 1 of 2 values is missing ('?'); set "
          "data.csv.missing: {{numbers: median}} to fill them in or {{numbers: drop}} to "
          "leave such rows out, or put the column into data.csv.columns.leave",
          file.path()));
}

TEST(AwkwardFile, HasMissingCategories) {
  const TemporaryFile file("built,y\nold,1\n?,2\nnew,3\n");
  EXPECT_EQ(error_of([&] { open(csv_spec(file.path())); }, file.path()),
            ":3:1: error: column 'built': 1 of 3 values is missing ('?'); set data.csv.missing: "
            "{categories: own} to make them a category or {categories: most_frequent} to fill "
            "them in, or put the column into data.csv.columns.leave");
}

TEST(AwkwardFile, HasMissingNumbersAmongText) {
  const TemporaryFile file("x,y\ninf,1\n?,2\n7,3\n");
  EXPECT_EQ(
      error_of([&] { open(csv_spec(file.path())); }),
      fmt::format("{0}:2:1: error: column 'x' must be a finite number, not 'inf'; line 4 "
                  "holds the number 7. Name the column in data.csv.columns.categorical if it "
                  "holds categories\n"
                  "{0}:3:1: error: column 'x': 1 of 3 values is missing ('?'); set "
                  "data.csv.missing: {{numbers: median}} to fill them in or {{numbers: drop}} "
                  "to leave such rows out, or put the column into data.csv.columns.leave",
                  file.path()));
}

TEST(AwkwardFile, HasNumbersWithUnits) {
  std::string text = "weight,price,code,y\n";
  for (int i = 0; i < 60; ++i) text += fmt::format("{0}.5 kg,\"$1,0{0:02}\",P{0},{0}\n", i);
  const TemporaryFile file(text);
  EXPECT_THAT(
      error_of([&] { open(csv_spec(file.path())); }),
      ::testing::EndsWith(
          "; 'weight' holds numbers with other signs, such as '0.5 kg': write the number alone; "
          "'price' holds numbers with other signs, such as '$1,000': write the number alone"));
}

TEST(AwkwardFile, HasDatesThatAreTakenForCategories) {
  const TemporaryFile file("day,place,y\n2024-01-05,hill,1\n2024-01-06,dale,2\n");
  EXPECT_THAT(open(csv_spec(file.path())).notes(),
              ElementsAre("column 'day' holds text and is categorical: 2 values; if they are "
                          "dates, set data.csv.columns: {date: [day]}",
                          "column 'place' holds text and is categorical: 2 values"));
}

TEST(AwkwardFile, IsOfAnotherProgram) {
  const TemporaryFile file(
      "@relation weather\n@attribute t numeric\n@attribute y numeric\n@data\n1,2\n3,4\n");
  auto spec = csv_spec(file.path());
  EXPECT_EQ(error_of([&] { open(spec); }, file.path()),
            ":1:1: error: this is an ARFF file; set comment: \"@\", header: false and names: the "
            "list of its attributes");
  spec.dialect.comment = "@";
  spec.dialect.header = data::DialectSpec::Header::absent;
  spec.dialect.names = {"t", "y"};
  EXPECT_TRUE(same(open(spec).pool().features, arma::mat{{1, 3}}));
}

// Blocks of rows are coded one after the other, and numbers collected on their way.
TEST(AwkwardFile, HasMoreRowsThanABlock) {
  std::string text = "a,b,c,y\n";
  arma::mat expected(4, 1000);
  for (int i = 0; i < 1000; ++i) {
    const bool is_known = i > 300;
    text += fmt::format("{},{},{},{}\n", i, is_known ? std::to_string(i % 7) : "?",
                        i % 3 ? "u" : "v", i);
    expected.col(arma::uword(i)) =
        arma::vec{double(i), is_known ? i % 7 : 3.0, i % 3 ? 1.0 : 0.0, i % 3 ? 0.0 : 1.0};
  }
  const TemporaryFile file(text);
  auto spec = csv_spec(file.path());
  spec.missing.is_given = true;
  spec.missing.numbers = data::MissingSpec::Numbers::median;
  EXPECT_TRUE(same(open(spec).pool().features, expected));
}

// What is found of a file without any key but those that it needs.
TEST(Separator, StandsBetweenDecimalCommas) {
  for (const std::string separator : {";", "\t", "|", " ", "  "}) {
    std::string text;
    for (const auto& [x, y] :
         {std::pair("1,5", "2,25"), std::pair("4,5", "5,5"), std::pair("7,5", "1,5")})
      text += x + separator + y + "\n";
    for (const auto& header : {std::string(), "x" + separator + "y\n"}) {
      const TemporaryFile file(header + text);
      auto spec = csv_spec(file.path(), {"-1"});
      if (header.empty()) spec.dialect.header = data::DialectSpec::Header::absent;
      EXPECT_THAT(error_of([&] { open(spec); }), HasSubstr("set decimal: \",\"?")) << text;
      spec.dialect.decimal = ",";
      EXPECT_TRUE(same(open(spec).pool().features, arma::mat{{1.5, 4.5, 7.5}})) << text;
      EXPECT_TRUE(same(open(spec).pool().targets, arma::mat{{2.25, 5.5, 1.5}})) << text;
    }
  }
}

TEST(Separator, IsAskedForWhereCommasMayBeDecimalMarks) {
  const TemporaryFile file("1,5;a,3\n2,5;b,4\n");
  auto spec = csv_spec(file.path(), {"-1"});
  spec.dialect.header = data::DialectSpec::Header::absent;
  EXPECT_EQ(error_of([&] { open(spec); }, file.path()),
            ": error: commas and semicolons both divide the lines evenly, and some commas may be "
            "decimal marks: '2,5;b,4'; set data.csv.separator: \",\", or data.csv.separator: "
            "\";\" and data.csv.decimal: \",\"");
  spec.dialect.separator = ",";
  EXPECT_TRUE(same(open(spec).pool().targets, arma::mat{{3, 4}}));
}

TEST(Separator, IsTheCommaAroundOtherMarksInText) {
  for (const std::string text :
       {"x,tags,y\n1,a;b,3\n2,c;d,4\n", "x,tags,y\n1, a b,3\n2, c d,4\n",
        "x,tags,y\n1,a|b,3\n2,c|d,4\n", "x, tags, y\n1, 1, 3\n2, 2, 4\n"}) {
    const TemporaryFile file(text);
    EXPECT_TRUE(same(open(csv_spec(file.path())).pool().targets, arma::mat{{3, 4}})) << text;
  }
}

TEST(Separator, IsNeverTheDecimalMark) {
  const TemporaryFile file("y\n1,5\n2,5\n");
  auto spec = csv_spec(file.path());
  spec.dialect.decimal = ",";
  EXPECT_EQ(error_of([&] { open(spec); }, file.path()),
            ":1:1: error: no column is left as an input");
}

TEST(Separator, FollowsRemarksOfAnyText) {
  const arma::mat targets{{3, 5}};
  for (const std::string remarks :
       {"# one\n# two\n", "# made; by me, 2020\n", "#a,b\n# c,d\n", "# by me, 2020\n",
        "# made by \"tool\" in 2020\n", "# by me, of size 5\" and \"6\"\n"})
    for (const std::string rows : {"x;y\n1;3\n3;5\n", "x,y\n1,3\n3,5\n"}) {
      const TemporaryFile file(remarks + rows);
      EXPECT_TRUE(same(open(csv_spec(file.path())).pool().targets, targets)) << remarks << rows;
    }
  const TemporaryFile file("#x,y\n1,3\n3,5\n");
  EXPECT_THAT(open(csv_spec(file.path())).names().inputs, ElementsAre("#x"));
}

TEST(Separator, IsThatOfAFirstLineOfExcel) {
  for (const std::string first : {"sep=;\r\n", "\"sep=;\"\n", "\xEF\xBB\xBFsep=;\n"}) {
    const TemporaryFile file(first + "x;y\n1,5;3\n3,5;bad\n");
    auto spec = csv_spec(file.path());
    spec.dialect.decimal = ",";
    EXPECT_THAT(error_of([&] { open(spec); }, file.path()), HasSubstr(":4:5: error: column 'y'"));
  }
}

// What a stored model needs of the training file.
TEST(Preparation, ReadsNewFilesAsTrainingDidAfterARoundTripThroughText) {
  const TemporaryFile train("id,sex,age,size,y\n1,f,30,s,1\n2,m,?,l,2\n3,f,50,m,3\n4,i,70,s,4\n");
  auto spec = csv_spec(train.path());
  spec.columns.leave = {"id"};
  spec.columns.ordinal = {{"size", {"s", "m", "l"}}};
  spec.columns.unknown_zero = true;
  spec.missing.is_given = true;
  spec.standardize_target = true;
  const auto source = open(spec);
  const auto read = data::Preparation::from_text(source.preparation().text());
  EXPECT_EQ(read.text(), source.preparation().text());
  EXPECT_TRUE(same(read.read(train.path()), source.pool().features));
  EXPECT_NEAR(read.shift[0], 2.5, 1e-15);
  EXPECT_NEAR(read.scale[0], std::sqrt(1.25), 1e-15);
  const TemporaryFile other("size,age,sex,more\nm,?,x,0\n");
  EXPECT_TRUE(same(read.read(other.path()), arma::mat(arma::vec{0, 0, 0, 50, 1})));
  const TemporaryFile bad("size,age\nm,1\n");
  EXPECT_EQ(error_of([&] { read.read(bad.path()); }, bad.path()),
            ":1:1: error: the training file's column 'sex' is missing; the columns here are size, "
            "age");
  const TemporaryFile headless("m,0.5,x\nf,1.5,y\n");
  EXPECT_THAT(error_of([&] { read.read(headless.path()); }, headless.path()),
              HasSubstr("is missing; the columns here are m, 0.5, x"));
}

TEST(Preparation, ReadsNewFilesWithTheSeparatorOfTraining) {
  const TemporaryFile train("a;b;y\n1,5;2;3\n2,5;3;4\n");
  auto spec = csv_spec(train.path());
  spec.dialect.decimal = ",";
  const auto source = open(spec);
  EXPECT_EQ(source.preparation().spec.dialect.separator, ";");
  const TemporaryFile other("k|l|m|n;b;a\no|p|q|r;2;1,5\n");
  EXPECT_TRUE(same(source.preparation().read(other.path()), arma::mat(arma::vec{1.5, 2})));
}

// date -u -d 2020-03-02 +%s is 1583107200, of 2020-02-03 1580688000.
TEST(Preparation, ReadsDatesInTheOrderOfTraining) {
  const auto prepared = [](std::string_view days) {
    const TemporaryFile train(fmt::format("day,y\n{}", days));
    auto spec = csv_spec(train.path());
    spec.columns.date = {"day"};
    return data::Preparation::from_text(open(spec).preparation().text());
  };
  const auto day_first = prepared("13/01/2020,1\n14/01/2020,2\n02/03/2020,3\n");
  const auto month_first = prepared("01/13/2020,1\n02/03/2020,3\n");
  const auto year_first = prepared("2020-01-13,1\n2020-03-02,3\n");
  const TemporaryFile either("day\n02/03/2020\n"), year("day\n2020-03-02\n");
  EXPECT_TRUE(same(day_first.read(either.path()), arma::mat{18323}));
  EXPECT_TRUE(same(month_first.read(either.path()), arma::mat{18295}));
  for (const auto* one : {&day_first, &month_first, &year_first})
    EXPECT_TRUE(same(one->read(year.path()), arma::mat{18323}));
  EXPECT_EQ(error_of([&] { year_first.read(either.path()); }, either.path()),
            ":2:1: error: column 'day' holds '02/03/2020', which is no date as in the training "
            "file, whose dates are YYYY-MM-DD; write it so");
  const TemporaryFile other("day\n01/03/2020\n02/13/2020\n");
  EXPECT_EQ(error_of([&] { day_first.read(other.path()); }, other.path()),
            ":3:1: error: column 'day' holds '02/13/2020', which is no date as in the training "
            "file, whose dates are DD/MM/YYYY; write it so, or as YYYY-MM-DD");
}

}  // namespace
}  // namespace descent
