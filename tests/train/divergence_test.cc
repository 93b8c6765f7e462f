// SPDX-License-Identifier: MIT
// What a run that diverged says: the first number that its type cannot hold, where it is, and what
// helps.
#include <fstream>

#include "train/support.h"

namespace descent::testing {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

class Divergence : public ::testing::Test {
 protected:
  train::Settings on(const std::string& rows, const std::string& loss = "mse") {
    const auto path = (folder_.path() / "data.csv").string();
    std::ofstream(path) << "x,y\n" << rows;
    auto s = file(path, loss, 0.1, 50);
    s.dtype = Element::float32;
    return s;
  }

  Folder folder_;
};

// (4e19)^2 = 1.6e39 is more than the largest float, 3.4e38.
TEST_F(Divergence, NamesTheSampleWithALossThatIsTooLarge) {
  const auto run = train(on("0,1\n1,4e19\n"));
  EXPECT_EQ(run.status, record::Status::diverged);
  EXPECT_EQ(
      run.reason,
      "the training loss is inf after epoch 0 (step 0): the loss of training sample 2 (counted "
      "from 1) is 1.6e+39, more than float32 holds (3.4e+38): its prediction is 0, its target "
      "4e+19; what usually helps: a smaller optimizer.lr, features: standardize, "
      "train.clip_norm: 1, dtype: float64");
}

// With weights 0 but for the bias, 3e38 + ... : an output of the layer, 2 * 3e38, is too large.
TEST_F(Divergence, NamesTheLayerWithAnOutputThatIsTooLarge) {
  auto s = on("3e38,1\n");
  s.model.init = {nn::InitSpec::Kind::uniform, 2, 2.0000001};
  const auto run = train(s);
  EXPECT_TRUE(contains(run.reason,
                       "an output of model.layers.0 (linear) is 6e+38, more than float32 holds "
                       "(3.4e+38), for training sample 1 (counted from 1)"))
      << run.reason;
}

// The first step on sample 4 moves its weight by 0.1 * 2 * 1e19, so that its next prediction is
// 2e18 * 1e19 = 2e37 and its loss 4e74; the other samples have no input.
TEST_F(Divergence, CountsTheSamplesOfABatchInTheTrainingSet) {
  auto s = on("0,1\n0,1\n0,1\n1e19,1\n0,1\n");
  s.train.batch = 1;
  const auto run = train(s);
  EXPECT_TRUE(run.reason.starts_with("the loss is inf at step ")) << run.reason;
  EXPECT_TRUE(contains(run.reason, "the loss of training sample 4 (counted from 1) is "))
      << run.reason;
}

TEST_F(Divergence, NeverSaysThatALossIsMinusNan) {
  auto s = on("1,1\n2,3\n");
  s.optimizer = optimizer("sgd", {{"lr", 1e6}});
  s.train.epochs = 1000;
  for (const auto dtype : {Element::float32, Element::float64}) {
    s.dtype = dtype;
    const auto run = train(s);
    EXPECT_EQ(run.status, record::Status::diverged);
    EXPECT_FALSE(contains(run.reason, "-nan")) << run.reason;
    EXPECT_TRUE(contains(run.reason, ": linear0.") || contains(run.reason, "the loss of training"))
        << run.reason;
    EXPECT_EQ(contains(run.reason, "dtype: float64"), dtype == Element::float32) << run.reason;
  }
}

TEST_F(Divergence, NamesThePlaceOnASurface) {
  train::Settings s;
  s.data = data::NoData{};
  s.dtype = Element::float64;
  s.model.surface = nn::SurfaceSpec{nn::SurfaceSpec::Kind::bowl, 1, 0};
  s.model.init = {nn::InitSpec::Kind::point, 0, 0, {1, 1}};
  s.optimizer = optimizer("sgd", {{"lr", 1e6}});
  s.train.epochs = 40;
  s.replicates.resample = data::Resample::none;
  const auto run = train(s);
  EXPECT_TRUE(contains(run.reason, "the surface is higher than float64 holds")) << run.reason;
  EXPECT_TRUE(contains(run.reason, "what usually helps: a smaller optimizer.lr, train.clip_norm"));
}

}  // namespace
}  // namespace descent::testing
