// SPDX-License-Identifier: MIT
// Reports that are kept while a run fills the store.
#include <chrono>
#include <future>
#include <thread>

#include "report/report_page.h"
#include "store/fixture.h"

namespace descent::report {
namespace {

class KeptReport : public PageTest {
 protected:
  // Waits until the page has the text; a minute at most.
  bool has(const std::string& part) const {
    for (int i = 0; i < 600; ++i) {
      if (text_of_file(path("report.html")).find(part) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }
};

TEST_F(KeptReport, IsLiveUntilAllPointsAreFinished) {
  auto store = store::Store::open(path("a.db"));
  const auto experiment = store.register_experiment(experiment_record());
  const auto first = store.add_point(point_record(experiment, 0)),
             second = store.add_point(point_record(experiment, 1));
  store.describe_points(experiment);
  store.write(chunk_record(first, 0, 10));
  store.finish(first, 10, {});
  auto watching = std::async(std::launch::async,
                             [&] { return here("report a.db --output report.html --watch"); });
  EXPECT_TRUE(has(" data-live>"));
  EXPECT_TRUE(has("Not finished: 1 of 2 points are."));
  store.write(chunk_record(second, 0, 10));
  EXPECT_TRUE(has("<b>20</b> of 20 runs"));
  store.finish(second, 10, {});
  const auto spoken = watching.get();
  EXPECT_EQ(spoken.code, 0) << spoken.text;
  const auto html = text_of_file(path("report.html"));
  EXPECT_EQ(html.find(" data-live>"), html.npos);
  EXPECT_EQ(html.find("Not finished"), html.npos);
}

TEST_F(KeptReport, IsWrittenByRun) {
  std::ofstream(path("a.yaml"))
      << "experiment: small\nseed: 3\ndata: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, "
         "train: 20, test: 10}}\nmodel: {layers: [{linear: 1}]}\nloss: mse\n"
         "optimizer: {grid: [{sgd: {lr: 0.1}}, adam]}\ntrain: {epochs: 10}\nreplicates: 3\n";
  const auto spoken = here("run a.yaml --db a.db --report kept.html");
  EXPECT_EQ(spoken.code, 0) << spoken.text;
  EXPECT_NE(spoken.text.find("report: kept.html; open it in a browser"), std::string::npos)
      << spoken.text;
  EXPECT_EQ(text_of_file(path("kept.html")), page_of("a.db"));
  for (const auto& file : std::filesystem::directory_iterator(path("")))
    EXPECT_FALSE(file.path().string().ends_with(".partial")) << file.path();
}

TEST_F(KeptReport, ByRunNeedsAFile) {
  std::ofstream(path("notes.html")) << "my notes";
  std::ofstream(path("a.yaml")) << "experiment: small\n";
  const auto spoken = here("run a.yaml --db a.db --report notes.html");
  EXPECT_EQ(spoken.code, 2);
  EXPECT_EQ(text_of_file(path("notes.html")), "my notes");
}

}  // namespace
}  // namespace descent::report
