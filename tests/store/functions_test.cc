// SPDX-License-Identifier: MIT
// The functions of `descent sql` against figures of NumPy 1.24 (intervals: the incomplete beta
// function of SciPy 1.10, solved for t), and at their edges.
#include <gmock/gmock.h>

#include "fixture.h"

namespace descent {
namespace {

using testing::HasSubstr;

class Functions : public StoreTest {
 protected:
  void SetUp() override { store::Store::open(file()); }

  // Of one value: a number, or null.
  nlohmann::json value(const std::string& sql) const {
    return nlohmann::json::parse(store::query(file(), sql, store::Format::json))
        .at(0)
        .begin()
        .value();
  }
  // f over a column x.
  nlohmann::json of(const std::string& call, const std::string& values) const {
    return value("WITH t(x) AS (VALUES " + values + ") SELECT " + call + " FROM t");
  }
  std::string refusal(const std::string& call, const std::string& values) const {
    try {
      return "gave " + of(call, values).dump();
    } catch (const StoreError& error) {
      return std::string("StoreError ") + error.what();
    } catch (const Error& error) {
      return error.what();
    }
  }
};

const std::string eight = "(2), (4), (4), (NULL), (9.0), (5), (5), (7), (4)";

TEST_F(Functions, AgreeWithNumPyAndSciPy) {
  const std::vector<std::pair<std::string, double>> cases{
      {"median(x)", 4.5},
      {"quantile(x, 0)", 2},
      {"quantile(x, 0.1)", 3.4},
      {"quantile(x, 0.25)", 4},
      {"quantile(x, 0.9)", 7.6},
      {"quantile(x, 1)", 9},
      {"stddev(x)", 2.138089935299395},
      {"ci_low(x)", 3.2125120817637898},
      {"ci_high(x)", 6.78748791823621},
      {"ci_low(x, 0.8)", 3.930418046674859},
      {"ci_high(x, 0.8)", 6.069581953325141},
      {"geomean(x)", 4.603215596046736},
      {"log10(max(x) + 991)", 3},
  };
  for (const auto& [call, expected] : cases) {
    const auto found = of(call, eight);
    ASSERT_TRUE(found.is_number_float()) << call;
    EXPECT_NEAR(found, expected, 1e-14 * std::abs(expected)) << call;
  }
  EXPECT_NEAR(of("geomean(x)", "(1e-300), (1e300), (4)"), 1.5874010519681996, 1e-12);
}

TEST_F(Functions, OfNothingAreNull) {
  for (const std::string call : {"median(x)", "quantile(x, 0.5)", "stddev(x)", "ci_low(x)",
                                 "ci_high(x, 0.9)", "geomean(x)"}) {
    EXPECT_TRUE(of(call, "(NULL), (NULL)").is_null()) << call;
    EXPECT_TRUE(value("SELECT " + call + " FROM (SELECT 1 AS x) WHERE x > 1").is_null()) << call;
    EXPECT_EQ(store::query(file(), "SELECT " + call + " FROM (SELECT 1 AS x) WHERE 0 GROUP BY x",
                           store::Format::json),
              "[]\n");
  }
}

TEST_F(Functions, OfOneValueHaveNoSpread) {
  for (const std::string call : {"median(x)", "quantile(x, 0.3)", "geomean(x)"})
    EXPECT_NEAR(of(call, "(4)"), 4, 1e-14) << call;
  for (const std::string call : {"stddev(x)", "ci_low(x)", "ci_high(x)"})
    EXPECT_TRUE(of(call, "(4)").is_null()) << call;
  EXPECT_EQ(of("stddev(x)", "(4), (4)"), 0);
  EXPECT_EQ(of("ci_low(x)", "(4), (4)"), 4);
}

TEST_F(Functions, TakeInfinityAsANumber) {
  EXPECT_EQ(of("median(x)", "(1), (9e999), (3)"), 3);
  EXPECT_EQ(of("quantile(x, 1) = 9e999", "(1), (9e999)"), 1);
  EXPECT_EQ(of("quantile(x, 0.75) = 9e999", "(1), (9e999)"), 1);
  EXPECT_EQ(of("quantile(x, 0)", "(1), (9e999)"), 1);
  EXPECT_EQ(of("geomean(x) = 9e999", "(1), (9e999)"), 1);
  for (const std::string call : {"stddev(x)", "ci_low(x)", "ci_high(x)"})
    EXPECT_TRUE(of(call, "(1), (9e999), (3)").is_null()) << call;
  EXPECT_TRUE(of("median(x)", "(-9e999), (9e999)").is_null());
}

TEST_F(Functions, HaveNoGeometricMeanOfZeroOrLess) {
  EXPECT_TRUE(of("geomean(x)", "(1), (0)").is_null());
  EXPECT_TRUE(of("geomean(x)", "(-2), (-8)").is_null());
}

TEST_F(Functions, RefuseTextAndOptionsOutOfBounds) {
  EXPECT_THAT(refusal("median(x)", "(1), ('a few')"),
              HasSubstr("median: takes numbers, but a value is 'a few'"));
  EXPECT_THAT(refusal("stddev(x)", "(x'00')"), HasSubstr("stddev: takes numbers"));
  for (const std::string q : {"-0.1", "1.5", "'half'", "NULL", "-9e999"})
    EXPECT_THAT(refusal("quantile(x, " + q + ")", "(1)"), HasSubstr("is no number from 0 to 1"));
  for (const std::string level : {"0", "1", "95"})
    EXPECT_THAT(refusal("ci_low(x, " + level + ")", "(1)"),
                HasSubstr("is no number between 0 and 1"));
  EXPECT_THAT(refusal("quantile(x, x)", "(0.5), (0.25)"),
              HasSubstr("q is 0.5 in one row and 0.25 in another"));
  EXPECT_THAT(refusal("quantile(x)", "(1)"), HasSubstr("wrong number of arguments"));
  EXPECT_THAT(refusal("median(x, 1)", "(1)"), HasSubstr("wrong number of arguments"));
}

TEST_F(Functions, WorkInGroupsAndWithFilters) {
  EXPECT_EQ(csv(file(),
                "WITH t(g, x) AS (VALUES (1, 1), (2, 5), (1, 3), (2, 7), (2, 100), (3, NULL)) "
                "SELECT g, median(x), median(x) FILTER (WHERE x < 50) FROM t GROUP BY g"),
            "1,2,2\n2,7,6\n3,,\n");
}

TEST_F(Functions, WorkOverWindows) {
  EXPECT_EQ(csv(file(),
                "WITH t(i, x) AS (VALUES (1, 1), (2, 9), (3, NULL), (4, 2), (5, 4)) "
                "SELECT median(x) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), "
                "quantile(x, 1) OVER (ORDER BY i ROWS 2 PRECEDING), "
                "stddev(x) OVER () > 0 FROM t"),
            "1,1,1\n5,9,1\n9,9,1\n2,9,1\n3,4,1\n");
}

}  // namespace
}  // namespace descent
