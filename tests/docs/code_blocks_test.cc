// SPDX-License-Identifier: MIT
// The blocks of README.md and docs/, page by page in a folder of their own with the shipped
// experiments: commands are run and print what the page shows, experiments can be planned. Notes
// above a block (docs/page.h):
//   <!-- file: NAME -->               written to NAME, for commands further down
//   <!-- file with errors: NAME -->   the same, of an experiment that cannot be planned
//   <!-- exit: N -->                  its last command ends with code N instead of 0
//   <!-- not run: REASON -->          nothing is done with it
// DESCENT_UPDATE_DOCS=1 writes into the pages what was printed instead of failing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "docs/output.h"
#include "folder.h"
#include "paths.h"
#include "shell.h"

namespace descent::docs {
namespace {

namespace fs = std::filesystem;

struct Elsewhere {
  std::string page, language, why;
};

// Blocks that other tests run, or that no note can stand above.
const std::vector<Elsewhere> elsewhere = {
    {"docs/results.md", "sql", "tests/store/docs_test.cc"},
    {"docs/results.md", "python", "tests/cli/answers_test.cc"},
    {"docs/plugins.md", "python", "tests/conformance/planted_test.cc"},
    {"docs/pictures.md", "sql", "tests/report/docs_test.cc"},
    {"docs/plugins.md", "cpp", "tests/cli/outside_test.cc"},
    {"docs/plugins.md", "cmake", "tests/cli/outside_test.cc"},
};

bool is_elsewhere(const std::string& page, const Block& block) {
  for (const auto& other : elsewhere)
    if (other.page == page && other.language == block.language) return true;
  return false;
}

std::vector<std::string> pages() {
  std::vector<std::string> names{"README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(source_path("docs")))
    if (entry.path().extension() == ".md")
      names.push_back("docs/" + fs::relative(entry.path(), source_path("docs")).string());
  std::sort(names.begin(), names.end());
  return names;
}

// The text with `.../` in place of the folder, which differs from machine to machine.
std::string elided(std::string text, const std::string& folder) {
  for (auto at = text.find(folder); at != text.npos; at = text.find(folder, at))
    text.replace(at, folder.size(), ".../");
  return text;
}

class CodeBlocks : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::signal(SIGINT, SIG_DFL);  // ignored, where a shell runs this in the background
    fs::create_directories(folder_.path("build/release"));
    fs::create_symlink(build_path("descent"), folder_.path("build/release/descent"));
    fs::copy(source_path("experiments"), folder_.path("experiments"), fs::copy_options::recursive);
  }

  std::string place(const Block& block) const {
    return GetParam() + ":" + std::to_string(block.first);
  }

  static bool is_whole(const Block& block) {
    return block.language == "yaml" && joined(block.lines).starts_with("experiment: ");
  }

  Spoken here(const std::string& command) const {
    auto spoken =
        shell("cd " + quoted(folder_.path("")) +
              " && export PATH=$PWD/build/release:$PATH LC_ALL=C.UTF-8 COLUMNS=100\n" + command);
    spoken.text = elided(spoken.text, build_path(""));
    return spoken;
  }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(folder_.path(name)).parent_path());
    std::ofstream(folder_.path(name)) << text;
  }

  void plan(const Block& block, const std::string& file, int expected = 0) const {
    const auto [code, text] = here("descent plan " + quoted(file) + " --db planned.db");
    EXPECT_EQ(code, expected) << place(block) << ": " << text;
  }

  // It stands among the shipped experiments, which its paths are relative to.
  void plan_snippet(const Block& block) const {
    static const Lines base = read_lines(source_path("tests/docs/base.yaml"));
    write("experiments/snippet.yaml",
          is_whole(block) ? joined(block.lines) : completed(block.lines, base));
    plan(block, "experiments/snippet.yaml");
  }

  void write_file(const Block& block) const {
    const auto good = noted(block, "file"), name = good + noted(block, "file with errors");
    write(name, joined(block.lines));
    if (is_whole(block)) plan(block, name, good.empty() ? 2 : 0);
  }

  // Returns whether the block shows something else than is printed.
  bool differs(const Block& block, std::vector<Step>& steps) const {
    const auto exit = noted(block, "exit");
    bool any = false;
    for (auto& [command, output] : steps) {
      const auto [code, text] = here(joined(command));
      const bool last = &output == &steps.back().output;
      EXPECT_EQ(code, last && !exit.empty() ? std::stoi(exit) : 0)
          << place(block) << ": " << command.front() << "\n"
          << text;
      const auto printed = split_lines(text);
      if (agrees(output, printed)) continue;
      any = true;
      if (!std::getenv("DESCENT_UPDATE_DOCS"))
        ADD_FAILURE() << place(block) << ": " << joined(command) << "prints\n"
                      << text << "where the page shows\n"
                      << joined(output) << "(DESCENT_UPDATE_DOCS=1 updates the page)";
      output = updated(output, printed);
    }
    return any;
  }

 private:
  Folder folder_;
};

TEST_P(CodeBlocks, AreTrue) {
  const auto file = source_path(GetParam());
  auto page = read_lines(file);
  std::vector<std::pair<Block, Lines>> changes;
  for (const auto& block : blocks_of(page)) {
    if (!noted(block, "not run").empty() || is_elsewhere(GetParam(), block)) continue;
    if (!(noted(block, "file") + noted(block, "file with errors")).empty()) {
      write_file(block);
    } else if (block.language == "yaml") {
      plan_snippet(block);
    } else if (block.language == "console" && joined(block.lines).starts_with("$ ")) {
      auto steps = steps_of(block);
      if (differs(block, steps)) changes.emplace_back(block, lines_of(steps));
    } else {
      ADD_FAILURE()
          << place(block) << ": a block of an unknown kind, '" << block.language
          << "'; make it yaml, or console with commands after '$ ', or put a note above it";
    }
  }
  if (!std::getenv("DESCENT_UPDATE_DOCS") || changes.empty()) return;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change)
    replace(page, change->first, change->second);
  std::ofstream(file) << joined(page);
}

TEST(OtherTests, StillHaveTheirBlocks) {
  for (const auto& other : elsewhere) {
    const auto blocks = blocks_of(read_lines(source_path(other.page)));
    EXPECT_TRUE(std::any_of(blocks.begin(), blocks.end(),
                            [&](const Block& block) { return block.language == other.language; }))
        << other.page << " has no block '" << other.language << "': " << other.why;
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, CodeBlocks, testing::ValuesIn(pages()), [](const auto& page) {
  std::string name = page.param;
  for (auto& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

}  // namespace
}  // namespace descent::docs
