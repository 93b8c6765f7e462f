// SPDX-License-Identifier: MIT
// A resolved configuration written as a file resolves to itself.
#include "experiment/support.h"
#include "paths.h"

namespace descent::testing {
namespace {

using Written = ExperimentFile;

void expect_same_points(const experiment::Experiment& read, const experiment::Experiment& back) {
  ASSERT_EQ(read.size(), back.size());
  for (std::uint64_t i = 0; i < read.size(); ++i)
    EXPECT_EQ(read.point(i).configuration.dump(), back.point(i).configuration.dump());
}

// The count of replicates, which is no part of a configuration, has to suit its blocks.
std::vector<json> configurations(const experiment::Experiment& experiment) {
  std::vector<json> all;
  for (std::uint64_t i = 0; i < experiment.size(); ++i) {
    all.push_back(experiment.point(i).configuration);
    all.back()["replicates"]["count"] = experiment.point(i).settings.replicates.count;
  }
  return all;
}

TEST_F(Written, ShippedExperimentsComeBack) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(descent::source_path("experiments"))) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path());
    const auto file = entry.path().string();
    const auto read = experiment::Experiment::read(file, {}, catalog_);
    const auto text = experiment::file_of("again", "the same", configurations(read), catalog_);
    const auto back = experiment::Experiment::parse(file, text, {}, catalog_);
    expect_same_points(read, back);
    EXPECT_EQ(back.name(), "again");
    EXPECT_EQ(back.description(), "the same");
    EXPECT_EQ(back.source(), text);
    ++files;
  }
  EXPECT_GE(files, 8);
}

TEST_F(Written, EveryFormOfAChoiceComesBack) {
  const auto read = this->read(
      text({{"data",
             "{synthetic: {function: x1, dims: 2, x: {normal: [0, 2]}, noise: {normal: 0.1}, "
             "train: 8, test: {count: 4, x: {uniform: [0, 1]}}}}"},
            {"features", "[standardize, {scale: 0.5}, {random_relu: {count: 3}}]"},
            {"model",
             "{layers: [{linear: {units: 4, bias: false}}, {leaky_relu: {slope: 0.2}}, elu, "
             "{linear: auto}], init: {uniform: [-1, 1]}}"},
            {"loss", "{huber: {delta: 2}}"},
            {"regularizer", "[l2, {l1: {lambda: 0.5, apply: proximal}}]"},
            {"train",
             "{epochs: 40, batch: 4, clip_norm: 1, schedule: [{step: {step_size: 3}}, "
             "{cosine_annealing: {hyper: momentum}}]}"},
            {"replicates", "{count: 3, first: 7, vary: [init]}"},
            {"record", "{decompose: [mae]}"}}));
  const auto written = experiment::file_of("again", "", configurations(read), catalog_);
  expect_same_points(
      read, experiment::Experiment::parse(write("a.yaml", written), written, {}, catalog_));
}

TEST_F(Written, TellsOfAPluginThatIsNotThere) {
  auto configuration = read(text()).point(0).configuration;
  configuration["optimizer"]["name"] = "sdg";
  try {
    experiment::file_of("again", "", {configuration}, catalog_);
    FAIL() << "was written";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "error: optimizer 'sdg' is not known; did you mean 'sgd'?");
  }
}

TEST_F(Written, FirstReplicateIsPartOfTheIdentityAndHasRoomForTheCount) {
  const auto plain = resolved(text()), later = resolved(text({{"replicates", "{first: 5}"}}));
  EXPECT_NE(plain.dump(), later.dump());
  EXPECT_EQ(resolved(text({{"replicates", "{first: 0}"}})).dump(), plain.dump());
  EXPECT_EQ(problems({{"replicates", "{first: 999999, count: 2}"}}),
            Texts{"7:36: replicates: first + count = 1000001; replicates are numbered from 0 to "
                  "999999"});
  EXPECT_EQ(problems({{"replicates", "{first: 999999, count: 1}"}}), Texts{});
}

}  // namespace
}  // namespace descent::testing
