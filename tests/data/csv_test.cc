// SPDX-License-Identifier: MIT
// The CSV reader: accepted input, and the places of errors in other input.
#include "data/csv.h"

#include "data/support.h"

namespace descent {
namespace {

using testing::error_of;
using testing::TemporaryFile;

std::vector<std::vector<std::string>> rows(std::string_view text) {
  const TemporaryFile file(text);
  data::CsvReader reader(file.path());
  std::vector<std::vector<std::string>> all{reader.header()};
  while (reader.next()) {
    all.emplace_back();
    for (const auto& field : reader.record()) all.back().emplace_back(field.text);
  }
  return all;
}

std::string shape_complaint(std::string_view text) {
  const TemporaryFile file(text);
  return error_of(
      [&] {
        data::CsvReader reader(file.path());
        while (reader.next()) {
        }
      },
      file.path());
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsAHeaderAndRows) {
  EXPECT_EQ(rows("a,b\n1,2\n3,4\n"), (Rows{{"a", "b"}, {"1", "2"}, {"3", "4"}}));
}

TEST(Csv, NeedsNoNewlineAtTheEnd) { EXPECT_EQ(rows("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}})); }

TEST(Csv, ReadsEveryKindOfLineEnd) {
  const Rows expected{{"a", "b"}, {"1", "2"}, {"3", "4"}};
  EXPECT_EQ(rows("a,b\r\n1,2\r\n3,4\r\n"), expected);
  EXPECT_EQ(rows("a,b\r1,2\r3,4\r"), expected);
}

TEST(Csv, SkipsAByteOrderMark) {
  EXPECT_EQ(rows("\xEF\xBB\xBF"
                 "a,b\n1,2\n"),
            (Rows{{"a", "b"}, {"1", "2"}}));
}

TEST(Csv, SkipsEmptyLines) {
  EXPECT_EQ(rows("\na,b\n\n1,2\n\n\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows("a,b\r\n\r\n1,2\r\n\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
}

TEST(Csv, ReadsQuotedFields) {
  EXPECT_EQ(rows("\"a, b\",c\n\"say \"\"hi\"\"\",\"two\nlines\"\n"),
            (Rows{{"a, b", "c"}, {"say \"hi\"", "two\nlines"}}));
}

TEST(Csv, DropsBlanksAroundFieldsButNotInsideQuotes) {
  EXPECT_EQ(rows("a, b\n 1 ,\t2\n \" x \" , y z\n"),
            (Rows{{"a", "b"}, {"1", "2"}, {" x ", "y z"}}));
}

TEST(Csv, KnowsWhereEachFieldBegins) {
  const TemporaryFile file("a,b\n\"x\ny\", 2\n\n345,6\n");
  data::CsvReader reader(file.path());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.record()[0].line, 2);
  EXPECT_EQ(reader.record()[0].column, 1);
  EXPECT_EQ(reader.record()[1].line, 3);
  EXPECT_EQ(reader.record()[1].column, 5);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.record()[1].line, 5);
  EXPECT_EQ(reader.record()[1].column, 5);
  EXPECT_FALSE(reader.next());
}

TEST(Csv, RefusesARowOfAnotherLength) {
  EXPECT_EQ(shape_complaint("a,b\n1,2\n1,2,3\n"),
            ":3:1: error: this row has 3 fields, the header has 2");
  EXPECT_EQ(shape_complaint("a,b\n1\n"), ":2:1: error: this row has 1 field, the header has 2");
}

TEST(Csv, ReadsEmptyFields) {
  EXPECT_EQ(rows("a,b,c\n1,,3\n,\"\",\n4,5,6\n"),
            (Rows{{"a", "b", "c"}, {"1", "", "3"}, {"", "", ""}, {"4", "5", "6"}}));
}

TEST(Csv, RefusesMisplacedQuotes) {
  EXPECT_EQ(shape_complaint("a,b\n1,\"2\n3,4\n"), ":2:3: error: this quote is never closed");
  EXPECT_EQ(shape_complaint("a,b\n1,2\"3\n"),
            ":2:4: error: a quote inside an unquoted field; quote the whole field");
  EXPECT_EQ(shape_complaint("a,b\n1,\"2\"3\n"),
            ":2:6: error: text after a closing quote; commas separate fields (a quote inside a "
            "quoted field is written twice)");
}

TEST(Csv, TakesQuotesInCommentsForText) {
  const TemporaryFile file("% \"a\" b\n%,\"c\" d\na,b\n1,2\n%3,\"\n5,6\n");
  data::DialectSpec spec;
  spec.comment = "%";
  data::CsvReader reader(file.path(), spec);
  EXPECT_EQ(reader.header(), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(reader.next());
  EXPECT_TRUE(reader.next());
  EXPECT_EQ(reader.record()[1].text, "6");
}

TEST(Csv, RefusesAHeaderWithoutProperNames) {
  EXPECT_EQ(shape_complaint("a,b,a\n"),
            ":1:5: error: the column name 'a' occurs twice; rename one of them, or set header: "
            "false if this line is a sample");
  EXPECT_EQ(shape_complaint(""), ": error: the file is empty; a header row is needed");
}

TEST(Csv, RefusesAFileThatCannotBeRead) {
  EXPECT_EQ(error_of([] { data::CsvReader("/nowhere/data.csv"); }),
            "/nowhere/data.csv: error: the data file cannot be read: No such file or directory");
  EXPECT_EQ(error_of([] { data::CsvReader("/tmp"); }),
            "/tmp: error: the data file is a folder; name a CSV file in it");
}

TEST(Number, TakesOnlyWholeFiniteNumbers) {
  EXPECT_EQ(data::number("1.5"), 1.5);
  EXPECT_EQ(data::number("-2e-3"), -2e-3);
  EXPECT_EQ(data::number("+7"), 7);
  EXPECT_EQ(data::number(".5"), 0.5);
  EXPECT_EQ(data::number("0.1"), 0.1);
  for (const char* text :
       {"", "1.5x", "x", "1,5", "nan", "inf", "-inf", "1e999", "+-1", "0x10", "+"})
    EXPECT_FALSE(data::number(text)) << text;
}

TEST(Number, NamesFileLineColumnAndText) {
  EXPECT_EQ(error_of([] {
              data::number("d.csv", {"abc", 4, 9}, "age");
            }),
            "d.csv:4:9: error: column 'age' must be a finite number, not 'abc'");
}

}  // namespace
}  // namespace descent
