// SPDX-License-Identifier: MIT
// Faults and limits of the machine are reported with their reason and what to do, not as bugs.
#include "cli/desk.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

class Machine : public Desk {
 protected:
  Machine() { write("small.yaml", small_experiment); }

  // The line fails with this exit code, and says these words.
  void expect_fault(const std::string& line, int code, const Words& words) const {
    const auto spoken = here(line);
    EXPECT_EQ(spoken.code, code) << line << '\n' << spoken.text;
    for (const auto& word : words)
      EXPECT_TRUE(contains(spoken.text, word)) << word << " is not in: " << spoken.text;
    EXPECT_FALSE(contains(spoken.text, "This is a bug")) << spoken.text;
  }
};

TEST_F(Machine, WithFewDescriptorsNamesTheLimit) {
  expect_fault(
      "ulimit -n 8; " + program() + " run small.yaml --db a.db --workers 2", 2,
      {"small.yaml:", ".so cannot be loaded as a plugin", "Too many open files", "ulimit -n"});
}

TEST_F(Machine, WithALittleStackNamesTheLimit) {
  expect_fault("ulimit -s 64; " + program() + " run small.yaml --db a.db", 2, {"ulimit -s"});
  EXPECT_EQ(here("ulimit -S -s 64; " + program() + " run small.yaml --db a.db --quiet").code, 0)
      << "a limit that may be raised";
}

TEST_F(Machine, WithoutAWorkingFolderSaysSo) {
  expect_fault("mkdir gone && cd gone && rmdir ../gone && " + program() + " run " +
                   quoted(path("small.yaml")) + " --db a.db",
               3, {"a.db: error: ", "working folder"});
}

TEST_F(Machine, NamesStoresThatCannotBe) {
  fs::create_symlink("loop", path("loop"));
  const std::string longest(300, 'z');
  for (const std::string command :
       {"run small.yaml --db ", "show ", "plan small.yaml --db ", "merge "}) {
    const auto rest = command == "merge " ? " small.db" : "";
    expect_fault(program() + " " + command + "loop" + rest, 3,
                 {"loop: error: cannot be opened", "symbolic links"});
    expect_fault(program() + " " + command + longest + rest, 3,
                 {longest + ": error: cannot be opened", "use a shorter one"});
  }
}

TEST_F(Machine, NamesFilesThatCannotBe) {
  fs::create_symlink("loop", path("loop"));
  const std::string longest(300, 'z');
  expect_fault(program() + " run loop", 2, {"loop: error: "});
  expect_fault(program() + " run " + longest, 2, {longest + ": error: "});
  run_small();
  expect_fault(program() + " export small.db --output " + longest, 2, {longest + ": error: "});
}

// As in a bare chroot or container: plugins are loaded from memory, by a path in /proc.
TEST_F(Machine, WithoutProcSaysThatPluginsNeedIt) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer needs /proc itself";
#endif
  std::string alone = "unshare -m --propagation private ";
  if (shell(alone + "true").code != 0) alone = "unshare -rm --propagation private ";
  if (shell(alone + "true").code != 0) GTEST_SKIP() << "may not mount";
  write("bare.sh", "mount -t tmpfs none /proc || exit 99\n" + program() +
                       " run small.yaml --db a.db --quiet\n");
  const auto spoken = here(alone + "sh bare.sh");
  if (spoken.code == 99) GTEST_SKIP() << "may not mount a tmpfs";
  EXPECT_EQ(spoken.code, 2);
  EXPECT_TRUE(contains(spoken.text, "mse.so cannot be copied into memory")) << spoken.text;
  EXPECT_TRUE(contains(spoken.text, "plugins need memfd_create, /proc")) << spoken.text;
}

}  // namespace
}  // namespace descent
