// SPDX-License-Identifier: MIT
// Only regular files are replaced, or opened as stores.
#include <sys/stat.h>

#include "cli/desk.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

class SpecialFiles : public Desk {
 protected:
  // A pipe without another end, and a device if this user may make one: that of /dev/null.
  std::vector<std::string> special() const {
    std::vector<std::string> all{"pipe"};
    EXPECT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    if (::mknod(path("device").c_str(), S_IFCHR | 0600, dev_t(0x103)) == 0) all.push_back("device");
    return all;
  }

  void expect_untouched(const std::string& name) const {
    EXPECT_FALSE(fs::is_regular_file(path(name))) << name;
    for (const auto* end : {"-journal", "-wal", "-shm", "-scratch"})
      EXPECT_FALSE(fs::exists(path(name) + end)) << name << end;
  }
};

TEST_F(SpecialFiles, AreNotReplacedByAnExport) {
  run_small();
  for (const auto& name : special())
    for (const std::string force : {"", "--force"}) {
      const auto spoken = here(program() + " export small.db --output " + name + " " + force);
      EXPECT_EQ(spoken.code, 2);
      EXPECT_TRUE(contains(spoken.text, name + ": error: is a device, a pipe or a socket"))
          << spoken.text;
      expect_untouched(name);
    }
}

TEST_F(SpecialFiles, AreNotReplacedBehindALink) {
  run_small();
  special();
  fs::create_symlink("pipe", path("link"));
  EXPECT_EQ(descent({"export", "small.db", "--output", "link", "--force"}).code, 2);
  EXPECT_TRUE(fs::is_symlink(path("link")));
}

// Opening a pipe to look whether it holds a report would wait for ever.
TEST_F(SpecialFiles, AreNotTakenForReports) {
  run_small();
  for (const auto& name : special())
    for (const std::string& command :
         {"run small.yaml --db small.db --report " + name, "report small.db --output " + name,
          "report small.db --watch --output " + name}) {
      const auto spoken = here("timeout -k 1 60 " + program() + " " + command);
      EXPECT_EQ(spoken.code, 2) << command;
      EXPECT_TRUE(contains(spoken.text, name + ": error: is a device, a pipe or a socket"))
          << spoken.text;
      expect_untouched(name);
    }
}

TEST_F(SpecialFiles, AreNoStores) {
  run_small();
  for (const auto& name : special())
    for (const std::string& command :
         {"run small.yaml --db " + name, "plan small.yaml --db " + name, "show " + name,
          "sql " + name + " 'SELECT 1'", "export " + name,
          "compare " + name + " --baseline optimizer=adam", "merge " + name + " small.db",
          "merge merged.db " + name}) {
      const auto spoken = here(program() + " " + command);
      EXPECT_EQ(spoken.code, 3) << command << '\n' << spoken.text;
      EXPECT_TRUE(contains(spoken.text, name + ": error: is a device, a pipe or a socket"))
          << spoken.text;
      expect_untouched(name);
    }
}

TEST_F(SpecialFiles, AreNotTakenForThoseNextToAStore) {
  write("small.yaml", small_experiment);
  for (const std::string end : {"-wal", "-journal", "-scratch"}) {
    EXPECT_EQ(::mkfifo(path("a.db" + end).c_str(), 0600), 0);
    const auto result = descent({"run", "small.yaml", "--db", "a.db"});
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(contains(result.err, end + "' next to it is not a regular file")) << result.err;
    fs::remove(path("a.db" + end));
  }
}

}  // namespace
}  // namespace descent
