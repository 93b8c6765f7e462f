// SPDX-License-Identifier: MIT
// The page as a whole: one file that asks for nothing, in which names stay text, and the same for
// equal stores however they are stored.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/report_page.h"
#include "store/fixture.h"

namespace descent::report {
namespace {

const std::string hostile = "</script><img src=x onerror=alert(1)>\"'&\xe2\x80\xae";

// Four points with ten replicates, of which the seventh diverges.
class Page : public PageTest {
 protected:
  std::string store_of_sweep(const std::string& name = "a.db") const {
    auto store = store::Store::open(path(name));
    store_sweep(store);
    return name;
  }
};

TEST_F(Page, AllowsItsOwnScriptsAndStyleOnly) {
  const auto html = page_of(store_of_sweep());
  EXPECT_NE(html.find("content=\"default-src 'none'; script-src 'sha256-"), html.npos);
  EXPECT_EQ(html.find("unsafe-inline"), html.npos);
  EXPECT_EQ(html.find(" style=\""), html.npos) << "the policy refuses style attributes";
  EXPECT_EQ(html.find(" onclick=\""), html.npos);
}

// The digests are those of `openssl dgst -sha256 -binary | base64` over each element's content.
TEST_F(Page, StatesTheHashOfEachScriptAndStyle) {
  if (!is_there("openssl")) GTEST_SKIP() << "needs openssl";
  const auto html = page_of(store_of_sweep());
  for (const std::string tag : {"style", "script"})
    for (auto at = html.find("<" + tag + ">"); at != html.npos;
         at = html.find("<" + tag + ">", at + 1)) {
      const auto from = at + tag.size() + 2;
      std::ofstream(path("part"), std::ios::binary)
          << html.substr(from, html.find("</" + tag + ">", from) - from);
      auto hash = shell("openssl dgst -sha256 -binary " + quoted(path("part")) + " | base64").text;
      hash.pop_back();
      EXPECT_NE(html.find("'sha256-" + hash + "'"), html.npos) << tag;
    }
}

TEST_F(Page, NamesNoOtherPlace) {
  const auto html = page_of(store_of_sweep());
  for (const std::string word :
       {"src=", "@import", "url(http", "<link rel=\"stylesheet\"", "<iframe"})
    EXPECT_EQ(html.find(word), html.npos) << word;
}

TEST_F(Page, IsTheSameForTheSameStore) {
  const auto store = store_of_sweep();
  const auto first = page_of(store);
  EXPECT_EQ(page_of(store), first);
}

TEST_F(Page, IsTheSameWhateverTheOrderOfWrites) {
  {
    auto forwards = store::Store::open(path("x.db"));
    store_sweep(forwards);
  }
  const auto first = page_of("x.db");
  std::filesystem::remove(path("x.db"));
  {
    auto backwards = store::Store::open(path("x.db"));
    store_sweep(backwards, true);
  }
  // only the time of registration may differ
  const auto without_times = [](std::string html) {
    for (auto at = html.find("Registered "); at != html.npos; at = html.find("Registered ", at + 1))
      html.erase(at, html.find(" from ", at) - at);
    return html;
  };
  EXPECT_EQ(without_times(page_of("x.db")), without_times(first));
}

TEST_F(Page, KeepsHostileNamesAsText) {
  {
    auto store = store::Store::open(path("a.db"));
    auto record = experiment_record(hostile);
    record.description = record.source = record.file = hostile;
    const auto experiment = store.register_experiment(record);
    auto point = point_record(experiment, 0);
    point.configuration = json({{"optimizer", {{"name", hostile}, {"lr", 0.1}}}}).dump();
    auto other = point_record(experiment, 1);
    const auto a = store.add_point(point), b = store.add_point(other);
    store.describe_points(experiment);
    auto chunk = chunk_record(a, 0, 10);
    chunk.runs[6].reason = hostile;
    store.write(chunk);
    store.write(chunk_record(b, 0, 10));
  }
  const auto html = page_of("a.db");
  EXPECT_EQ(html.find("<img"), html.npos);
  EXPECT_EQ(count_of(html, "</script>"), 3u) << "pictures, renderer, page";
  EXPECT_NE(html.find("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"), html.npos);
  bool is_named = false;
  for (const auto& picture : pictures_of(html)) {
    const auto names = picture.value("names", json::object());
    for (const auto& [key, name] : names.items())
      is_named |= name.get<std::string>().find(hostile) != std::string::npos;
  }
  EXPECT_TRUE(is_named);
}

TEST_F(Page, SaysHowManyRunsAreNotDone) {
  const auto html = page_of(store_of_sweep());
  EXPECT_NE(html.find("<b>36</b> done"), html.npos);
  EXPECT_NE(html.find("<b>4</b> diverged"), html.npos);
  EXPECT_NE(html.find("the loss is inf in step 12"), html.npos);
}

// Every picture of points with lost runs has the counts by which the renderer marks them.
TEST_F(Page, CountsDoneRunsInPicturesOfPoints) {
  int counted = 0;
  for (const auto& picture : pictures_of(page_of(store_of_sweep()))) {
    const auto& columns = picture["columns"];
    const auto done = std::ranges::find(columns, "done"), runs = std::ranges::find(columns, "runs");
    if (picture["mark"] == "steps") continue;  // counts of problems
    if (done == columns.end() || runs == columns.end()) continue;
    for (const auto& row : picture["rows"]) {
      EXPECT_EQ(row[std::size_t(done - columns.begin())], 9) << picture["sql"];
      EXPECT_EQ(row[std::size_t(runs - columns.begin())], 10) << picture["sql"];
      ++counted;
    }
  }
  EXPECT_GT(counted, 0);
}

TEST_F(Page, OfAReadOnlyStoreInAReadOnlyFolder) {
  const auto store = store_of_sweep();
  const auto first = page_of(store);
  std::filesystem::create_directory(path("media"));
  std::filesystem::copy_file(path(store), path("media/a.db"));
  ::chmod(path("media/a.db").c_str(), 0444);
  ::chmod(path("media").c_str(), 0555);
  // modes hold for root, too, without these privileges
  const std::string plainly =
      ::geteuid() == 0 ? "setpriv --bounding-set -dac_override,-dac_read_search " : "";
  const auto spoken = shell("cd " + quoted(path("")) + " && " + plainly +
                            quoted(build_path("descent")) + " report media/a.db -o report.html");
  EXPECT_EQ(spoken.code, 0) << spoken.text;
  EXPECT_EQ(text_of_file(path("report.html")), first);
  ::chmod(path("media").c_str(), 0755);
}

TEST_F(Page, OfAStoreThatIsBeingWrittenShowsWhatIsCommitted) {
  auto store = store::Store::open(path("a.db"));  // stays open: its rows are in the WAL
  store_sweep(store, false, false);
  const auto html = page_of("a.db");
  EXPECT_NE(html.find("Not finished: 0 of 4 points are."), html.npos);
  EXPECT_NE(html.find("<b>40</b> of 40 runs"), html.npos);
}

TEST_F(Page, SaysHowManyRunsOfAnUnfinishedPointAreDone) {
  std::ofstream(path("a.yaml"))
      << "experiment: small\nseed: 3\ndata: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, "
         "train: 20, test: 10}}\nmodel: {layers: [{linear: 1}]}\nloss: mse\n"
         "optimizer: {grid: [{sgd: {lr: 0.1}}, adam]}\ntrain: {epochs: 10}\nreplicates: 4\n";
  ASSERT_EQ(here("run a.yaml --db a.db").code, 0);
  EXPECT_EQ(page_of("a.db").find("of 4 runs)"), std::string::npos);
  SQLite::Database(path("a.db"), SQLite::OPEN_READWRITE)
      .exec("UPDATE points SET replicates = 10, finished = 0 WHERE position = 1");
  EXPECT_NE(page_of("a.db").find("adam (4 of 10 runs)"), std::string::npos);
}

TEST_F(Page, OfAMergedStoreHasThePicturesOfBoth) {
  {
    auto a = store::Store::open(path("a.db")), b = store::Store::open(path("b.db"));
    store_sweep(a, false, true, "first");
    store_sweep(b, false, true, "second");
  }
  const auto alone = pictures_of(page_of("a.db")).size();
  ASSERT_EQ(here("merge both.db a.db b.db").code, 0);
  const auto html = page_of("both.db");
  EXPECT_EQ(pictures_of(html).size(), 2 * alone);
  EXPECT_NE(html.find("id=\"all-experiments\""), html.npos);
}

TEST_F(Page, OfOneExperimentLeavesOutTheOthers) {
  {
    auto store = store::Store::open(path("a.db"));
    store_sweep(store, false, true, "first");
    store_sweep(store, false, true, "second");
  }
  const auto html = page_of("a.db", "--experiment second");
  EXPECT_NE(html.find("<section id=\"second\""), html.npos);
  EXPECT_EQ(html.find("<section id=\"first\""), html.npos);
  const auto unknown = here("report a.db --experiment secnd -o b.html");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.text.find("did you mean 'second'?"), std::string::npos) << unknown.text;
}

TEST_F(Page, OfAnEmptyStoreSaysSo) {
  { auto store = store::Store::open(path("a.db")); }
  EXPECT_NE(page_of("a.db").find("The store is empty."), std::string::npos);
}

TEST_F(Page, DoesNotReplaceAFileThatIsNoReport) {
  const auto store = store_of_sweep();
  std::ofstream(path("notes.html")) << "my notes";
  const auto spoken = here("report a.db --output notes.html");
  EXPECT_EQ(spoken.code, 2);
  EXPECT_NE(spoken.text.find("notes.html: error: already exists and is not a report"),
            std::string::npos)
      << spoken.text;
  EXPECT_EQ(text_of_file(path("notes.html")), "my notes");
}

TEST_F(Page, IsLiveOnlyWhileItIsWatched) {
  const auto html = page_of(store_of_sweep(), "--watch");  // all points are finished, so it ends
  EXPECT_EQ(html.find("data-live>"), html.npos);
}

}  // namespace
}  // namespace descent::report
