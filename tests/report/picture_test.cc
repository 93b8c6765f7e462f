// SPDX-License-Identifier: MIT
// The JSON of a picture, and the keys by which the renderer finds names.
#include "report/picture.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace descent::report {
namespace {

using nlohmann::json;

Picture small() {
  Picture p;
  p.title = "a </script><b> \"title\"";
  p.mark = "line";
  p.sql = "SELECT 1 AS x";
  p.columns = {"x", "loss"};
  return p;
}

TEST(PictureJson, KeepsTextAsTextInsideAScriptElement) {
  const auto text = to_json(small());
  EXPECT_EQ(text.find('<'), text.npos);
  EXPECT_EQ(json::parse(text)["title"], "a </script><b> \"title\"");
}

TEST(PictureJson, HasSevenDigitsAsDescentSql) {
  auto p = small();
  p.rows = {{std::int64_t(1), 0.123456789}, {std::int64_t(2), store::Value()}};
  const auto rows = json::parse(to_json(p))["rows"];
  EXPECT_EQ(rows.dump(), "[[1,0.1234568],[2,null]]");
}

TEST(PictureJson, WritesAnInfinityAsANumberTooLarge) {
  auto p = small();
  p.rows = {{std::int64_t(1), INFINITY}, {std::int64_t(2), -INFINITY}};
  EXPECT_NE(to_json(p).find("[[1,1e999],[2,-1e999]]"), std::string::npos);
}

TEST(PictureJson, ReplacesWhatIsNoUtf8) {
  auto p = small();
  p.note = "caf\xe9";
  EXPECT_EQ(json::parse(to_json(p))["note"], "caf\xef\xbf\xbd");
}

TEST(PictureJson, LeavesOutWhatIsNotSet) {
  const auto all = json::parse(to_json(small()));
  for (const auto* key :
       {"names", "values", "refs", "best", "band", "zero", "shared", "z", "field"})
    EXPECT_FALSE(all.contains(key)) << key;
}

TEST(PictureJson, SaysWhichLineHasARing) {
  auto p = small();
  p.ring = "";
  EXPECT_EQ(json::parse(to_json(p))["best"], true);
  p.ring = "total";
  EXPECT_EQ(json::parse(to_json(p))["best"], "total");
}

// ECMA-262, Number::toString: no exponent from 1e-6 to below 1e21.
TEST(NameKey, IsWhatJavaScriptWrites) {
  EXPECT_EQ(name_key(std::int64_t(12)), "12");
  EXPECT_EQ(name_key(0.1), "0.1");
  EXPECT_EQ(name_key(10.0), "10");
  EXPECT_EQ(name_key(0.00001), "0.00001");
  EXPECT_EQ(name_key(0.000001), "0.000001");
  EXPECT_EQ(name_key(1.5e-7), "1.5e-7");
  EXPECT_EQ(name_key(1e20), "100000000000000000000");
  EXPECT_EQ(name_key(1e21), "1e+21");
  EXPECT_EQ(name_key(-0.25), "-0.25");
  EXPECT_EQ(name_key(0.1234567891), "0.1234568");
  EXPECT_EQ(name_key(std::string("adam")), "adam");
  EXPECT_EQ(name_key(store::Value()), "null");
}

}  // namespace
}  // namespace descent::report
