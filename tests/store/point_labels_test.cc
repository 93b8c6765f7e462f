// SPDX-License-Identifier: MIT
// Labels are short, and no two points of an experiment have the same.
#include "store/point_labels.h"

#include <set>

#include "store/fixture.h"

namespace descent {
namespace {

using Labels = std::vector<std::string>;

TEST(PointLabels, NameWhatVaries) {
  EXPECT_EQ(store::point_labels({{"optimizer", {"sgd", "sgd", "adam", "adam"}},
                                 {"optimizer.lr", {"0.1", "0.01", "0.1", "0.01"}}},
                                4),
            (Labels{"optimizer=sgd, lr=0.1", "optimizer=sgd, lr=0.01", "optimizer=adam, lr=0.1",
                    "optimizer=adam, lr=0.01"}));
}

TEST(PointLabels, LeaveOutWhatMovesTogether) {
  EXPECT_EQ(store::point_labels({{"loss", {"mse", "bce", "nll"}},
                                 {"model.layers.0.linear", {"1", "2", "3"}},
                                 {"train.epochs", {"5", "5", "10"}}},
                                3),
            (Labels{"loss=mse", "loss=bce", "loss=nll"}));
}

TEST(PointLabels, LeaveOutWhatALaterColumnMadeUnnecessary) {
  EXPECT_EQ(store::point_labels({{"a", {"1", "1", "2", "2"}}, {"b", {"1", "2", "3", "4"}}}, 4),
            (Labels{"b=1", "b=2", "b=3", "b=4"}));
}

TEST(PointLabels, PreferShortTexts) {
  const std::string text(300, 'x');
  EXPECT_EQ(store::point_labels({{"data.synthetic.function", {text + "1", text + "2"}},
                                 {"data.synthetic.dims", {"1", "2"}}},
                                2),
            (Labels{"dims=1", "dims=2"}));
  const auto labels = store::point_labels({{"function", {text + "1", text + "2"}}}, 2);
  EXPECT_EQ(labels[1], "function=xxxxxxxxxxxxxxxxxxxxx... (1)");
}

TEST(PointLabels, CutPathsToWhatNoOtherEndsIn) {
  EXPECT_EQ(store::point_labels({{"regularizer.0.lambda", {"1", "1", "2", "2"}},
                                 {"regularizer.1.lambda", {"1", "2", "1", "2"}}},
                                4)[3],
            "0.lambda=2, 1.lambda=2");
  EXPECT_EQ(store::point_labels({{"features.0", {"identity", "polynomial"}}}, 2)[0],
            "features.0=identity");
}

TEST(PointLabels, AreEmptyForOnePoint) { EXPECT_EQ(store::point_labels({}, 1), Labels{""}); }

TEST(PointLabels, LeaveOutPathsThatAPointDoesNotHave) {
  EXPECT_EQ(
      store::point_labels(
          {{"optimizer", {"sgd", "sgd", "adam"}}, {"optimizer.momentum", {"0", "0.9", ""}}}, 3),
      (Labels{"optimizer=sgd, momentum=0", "optimizer=sgd, momentum=0.9", "optimizer=adam"}));
}

class StoredLabels : public StoreTest {};

TEST_F(StoredLabels, DistinguishPointsOfAGrid) {
  auto store = store::Store::open(file());
  store_sweep(store);
  EXPECT_EQ(csv(file(), "SELECT label FROM points ORDER BY point_id"),
            "\"optimizer=sgd, lr=0.1\"\n\"optimizer=sgd, lr=0.01\"\n\"optimizer=adam, lr=0.1\"\n"
            "\"optimizer=adam, lr=0.01\"\n");
}

TEST_F(StoredLabels, WriteWholeNumbersAsSuch) {
  auto store = store::Store::open(file());
  auto record = experiment_record();
  record.swept = {"train.rate"};
  const auto experiment = store.register_experiment(record);
  for (const auto* rate : {"90000.0", "0.5"}) {
    auto point = point_record(experiment, 0, rate);
    point.configuration_hash = rate;
    point.configuration = std::string("{\"train\": {\"rate\": ") + rate + "}}";
    store.add_point(point);
  }
  store.describe_points(experiment);
  EXPECT_EQ(csv(file(), "SELECT label FROM points ORDER BY label"), "rate=0.5\nrate=90000\n");
}

TEST_F(StoredLabels, FollowTheGrid) {
  auto store = store::Store::open(file());
  const auto experiment = store.register_experiment(experiment_record());
  store.add_point(point_record(experiment, 0));
  store.describe_points(experiment);
  EXPECT_EQ(csv(file(), "SELECT label FROM points"), "\"\"\n");
  store.add_point(point_record(experiment, 1));
  store.describe_points(experiment);
  EXPECT_EQ(csv(file(), "SELECT label FROM points"), "lr=0.1\nlr=0.01\n");
}

}  // namespace
}  // namespace descent
