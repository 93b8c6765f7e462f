// SPDX-License-Identifier: MIT
// descent run --watch: a rebuilt plugin's points are trained again, and no others.
#include <signal.h>

#include <thread>

#include "cli/desk.h"
#include "paths.h"

namespace descent {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class Watch : public Desk {
 protected:
  Watch() {
    write("small.yaml", small_experiment);
    fs::create_directories(path("mine/optimizers"));
    fs::copy_file(descent::build_path("plugins/optimizers/sgd.so"), path("mine/optimizers/sgd.so"));
  }

  Invocation watching() const {
    return invocation({"run", "small.yaml", "--db", "small.db", "--plugins", "mine", "--watch"});
  }

  std::string runs() const {
    return descent({"sql", "small.db", "SELECT count(*) FROM runs", "--format", "csv"}).out;
  }

  bool comes_to(int count) const {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    const auto row = "\n" + std::to_string(count);
    while (Clock::now() < deadline) {
      if (contains(runs(), row)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  // The same code in other bytes, put in place as a linker does.
  void rebuild() const {
    fs::copy_file(path("mine/optimizers/sgd.so"), path("new.so"));
    std::ofstream(path("new.so"), std::ios::app) << '\0';
    fs::rename(path("new.so"), path("mine/optimizers/sgd.so"));
  }
};

TEST_F(Watch, TrainsThePointsOfARebuiltPluginAndNoOthers) {
  Process process(watching());
  ASSERT_TRUE(comes_to(6)) << runs();
  rebuild();
  EXPECT_TRUE(comes_to(9)) << runs();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // it prints what it found
  process.press_control_c();
  const auto result = process.wait();
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_TRUE(contains(result.out, "6 runs: 0 stored before, 6 trained")) << result.out;
  EXPECT_TRUE(contains(result.out, "6 runs: 3 stored before, 3 trained")) << result.out;
  const auto changes = result.out.substr(result.out.find("3 stored before"));
  EXPECT_TRUE(contains(changes, "loss_before")) << changes;
  EXPECT_TRUE(contains(changes, "sgd") && !contains(changes, "adam")) << changes;
}

TEST_F(Watch, SeesWhatAFileIncludes) {
  write("base.yaml", small_experiment);
  write("small.yaml", "include: base.yaml\n");
  Process process(watching());
  ASSERT_TRUE(comes_to(6)) << runs();
  auto more = small_experiment;
  more.replace(more.find("replicates: 3"), 13, "replicates: 4");
  write("base.yaml", more);
  EXPECT_TRUE(comes_to(8)) << runs();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait().code, 130);
}

TEST_F(Watch, GoesOnAfterAFileThatIsWrong) {
  write("small.yaml", "experiment: small\nlos: mse\n");
  Process process(watching());
  ASSERT_TRUE(process.says("unknown key 'los'"));
  write("small.yaml", small_experiment);
  EXPECT_TRUE(comes_to(6)) << runs();
  process.signal(SIGTERM);
  const auto result = process.wait();
  EXPECT_EQ(result.code, 130) << result.err;
}

}  // namespace
}  // namespace descent
