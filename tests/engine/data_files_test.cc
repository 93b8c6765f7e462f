// SPDX-License-Identifier: MIT
// Data files that change while a plan is used are noticed: nothing is stored under a wrong hash.
#include "engine/data_files.h"

#include "base/hash.h"
#include "engine/laboratory.h"

namespace descent {
namespace {

using DataFiles = Laboratory;

TEST_F(DataFiles, HaveTheHashOfWhatWasRead) {
  const auto file = write("data.csv", "x,y\n1,2\n");
  engine::DataFiles files;
  int times = 0;
  files.read({{"data.csv.path", file}}, [&] { ++times; });
  EXPECT_EQ(times, 1);
  EXPECT_EQ(files.hash(file), hash128_of_file(file));
}

TEST_F(DataFiles, ThatAreWrittenWhileTheyAreReadAreRefused) {
  const auto file = write("data.csv", "x,y\n1,2\n");
  engine::DataFiles files;
  try {
    files.read({{"data.csv.path", file}}, [&] { write("data.csv", "x,y\n1,2\n3,4\n"); });
    ADD_FAILURE() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), file +
                                ": error: was written while it was read; run this again when it is "
                                "complete");
  }
}

TEST_F(DataFiles, MayBeWrittenAgainWithTheSameBytes) {
  const auto file = write("data.csv", "x,y\n1,2\n");
  engine::DataFiles files;
  files.read({{"data.csv.path", file}}, [] {});
  std::filesystem::remove(file);
  write("data.csv", "x,y\n1,2\n");
  EXPECT_NO_THROW(files.read({{"data.csv.path", file}}, [] {}));
}

// A grid of more seeds than the plan keeps data of, so that the file is read again.
TEST_F(DataFiles, ThatChangeDuringARunEndIt) {
  const std::string yaml = R"(
experiment: changed
data: {csv: {path: data.csv, target: y, test: {fraction: 0.25}}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: 0.01}}
seed: {linspace: [1, 70, 70]}
train: {epochs: 1}
replicates: {count: 2, resample: bootstrap}
)";
  write("data.csv", "x,y\n1,2\n2,4\n3,6\n4,8\n");
  const auto plugins = catalog();
  const std::vector<experiment::Experiment> experiments{
      experiment::Experiment::read(write("experiment.yaml", yaml), {}, plugins)};
  const engine::Plan plan(experiments, plugins);
  write("data.csv", "x,y\n1,2\n2,4\n3,6\n4,8\n5,10\n");
  auto database = store::Store::open(path("a.db"));
  const volatile std::sig_atomic_t stop = 0;
  try {
    engine::Runner(plan, database, {2, false, false}).run(stop);
    ADD_FAILURE() << "it ran";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("data.csv: error: has changed since"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace descent
