// SPDX-License-Identifier: MIT
// Numbers that float32 cannot hold: its largest is 3.40e38, its smallest 1.4e-45 (IEEE 754).
#include <fstream>

#include "train/support.h"

namespace descent::testing {
namespace {

class DataFits : public ::testing::Test {
 protected:
  train::Settings settings(const std::string& text) const {
    std::ofstream(path()) << text;
    auto s = file(path(), "mse", 0.1, 1);
    s.dtype = Element::float32;
    return s;
  }

  // Of making the training, without the folder.
  std::string complaint(const train::Settings& s) const {
    try {
      training(s);
    } catch (const Error& error) {
      return std::string(error.what()).substr(path().size());
    }
    return "";
  }

  std::string path() const { return (folder_.path() / "data.csv").string(); }

  Folder folder_;
};

TEST_F(DataFits, NotWhereANumberIsTooLargeForFloat32) {
  auto s = settings("x,z,y\n1,2,3\n4,-1e39,6\n");
  EXPECT_EQ(complaint(s),
            ":3:3: error: column 'z': -1e39 is too large for float32 (its largest number is "
            "3.4e+38); scale the column down or set dtype: float64");
  s.dtype = Element::float64;
  EXPECT_EQ(complaint(s), "");
}

TEST_F(DataFits, NotWhereATargetIsTooLargeForFloat32) {
  EXPECT_EQ(complaint(settings("x,y\n1,2\n3,5e38\n")),
            ":3:3: error: column 'y': 5e38 is too large for float32 (its largest number is "
            "3.4e+38); scale the column down or set dtype: float64");
}

TEST_F(DataFits, WhereTheNumberBelongsToARowOfWeightZero) {
  auto s = settings("x,y,w\n1,2,1\n3,5,1\n1e39,5,0\n");
  std::get<data::CsvSpec>(s.data).weight = "w";
  EXPECT_EQ(complaint(s), "");
}

TEST_F(DataFits, AfterStandardization) {
  auto s = settings("x,y\n1e200,1e100\n3e200,2e100\n2e200,3e100\n");
  s.features = {data::Standardize{}};
  std::get<data::CsvSpec>(s.data).standardize_target = true;
  EXPECT_EQ(complaint(s), "");
  EXPECT_EQ(train(s).status, record::Status::done);
}

TEST_F(DataFits, WhereWhatIsTooSmallIsZero) {
  auto s = settings("x,y\n1e-300,1\n0,1\n");
  EXPECT_EQ(complaint(s), "");
  EXPECT_EQ(train(s).status, record::Status::done);
}

TEST_F(DataFits, NotWhereAFeatureMapMakesItTooLarge) {
  auto s = settings("x,y\n1,1\n1e20,1\n");
  s.features = {data::Polynomial{2}};
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::failed);
  EXPECT_EQ(run.reason,
            "feature 2 of training sample 2 is 1e+40, which float32 cannot hold (its largest "
            "number is 3.4e+38); scale the data, as with features: [standardize], or set dtype: "
            "float64 (epoch 1, step 1)");
}

}  // namespace
}  // namespace descent::testing
