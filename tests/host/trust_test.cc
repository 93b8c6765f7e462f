// SPDX-License-Identifier: MIT
// Plugins that others could have written are not loaded, and the reason is reported.
#include "host/trust.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "host/catalog.h"
#include "host/support.h"

namespace descent::testing {
namespace {

namespace fs = std::filesystem;

class Trust : public ::testing::Test {
 protected:
  Trust() {
    fs::create_directories(folder_ / "losses");
    fs::copy_file(shipped_plugins() / "losses/mse.so", file());
    for (const auto& path : {root_, folder_, folder_ / "losses"}) chmod(path.c_str(), 0755);
    chmod(file().c_str(), 0644);
  }

  fs::path file() const { return folder_ / "losses" / "mse.so"; }

  std::string refusal(bool allow_writable = false) const {
    try {
      const host::Catalog catalog({folder_}, allow_writable);
      catalog.get(DESCENT_LOSS, "mse");
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

  // The message says what is wrong and how to fix it; --allow-writable accepts everything.
  void expect_refused(const std::string& why, const fs::path& what) const {
    const auto message = refusal();
    EXPECT_NE(message.find(why), message.npos) << message;
    EXPECT_NE(message.find("'" + what.string() + "'"), message.npos) << message;
    EXPECT_NE(message.find("--allow-writable accepts it as it is"), message.npos) << message;
    EXPECT_EQ(refusal(true), "");
  }

  const Folder temporary_;
  const fs::path root_ = fs::canonical(temporary_.path()), folder_ = root_ / "plugins";
};

TEST_F(Trust, IsInFilesThatOnlyTheUserCanWrite) { EXPECT_EQ(refusal(), ""); }

TEST_F(Trust, IsNotInWhatEverybodyCanWrite) {
  for (const auto& path : {folder_, folder_ / "losses", file(), root_}) {
    struct stat before {};
    stat(path.c_str(), &before);
    chmod(path.c_str(), before.st_mode | S_IWOTH);
    expect_refused("everybody can write", path);
    chmod(path.c_str(), before.st_mode);
  }
  EXPECT_EQ(refusal(), "");
}

TEST_F(Trust, IsNotInAFolderForAllEvenIfItIsSticky) {
  chmod(folder_.c_str(), 01777);
  expect_refused("everybody can write", folder_);
}

TEST_F(Trust, IsInAFolderBelowAStickyOne) {
  chmod(root_.c_str(), 01777);
  EXPECT_EQ(refusal(), "");
}

TEST_F(Trust, IsNotInWhatAnotherUserOwns) {
  if (chown(folder_.c_str(), 12345, gid_t(-1)) != 0) GTEST_SKIP() << "may not give files away";
  expect_refused("belongs to user 12345", folder_);
}

TEST_F(Trust, IsNotInWhatAGroupOfOthersCanWrite) {
  if (chown(folder_.c_str(), uid_t(-1), 12345) != 0) GTEST_SKIP() << "may not give files away";
  chmod(folder_.c_str(), 0775);
  expect_refused("the group 12345 can write", folder_);
  chmod(folder_.c_str(), 0755);
  EXPECT_EQ(refusal(), "");
}

// As on systems where everybody has a group of the same name, and files are writable for it.
TEST_F(Trust, IsInWhatTheUsersOwnGroupCanWrite) {
  if (geteuid() != 0) GTEST_SKIP() << "the group's name is not known";
  ASSERT_EQ(chown(folder_.c_str(), 0, 0), 0);
  chmod(folder_.c_str(), 0775);
  EXPECT_EQ(refusal(), "");
}

TEST_F(Trust, LooksAtWhereALinkLeads) {
  fs::rename(file(), root_ / "mse.so");
  fs::create_symlink(root_ / "mse.so", file());
  EXPECT_EQ(refusal(), "");
  chmod((root_ / "mse.so").c_str(), 0666);
  expect_refused("everybody can write", root_ / "mse.so");
}

// Somebody who owns a link could point it elsewhere between reading and checking.
TEST_F(Trust, IsInTheFileThatWasReadAndNotInItsSuccessor) {
  const host::LibraryFile read(file());
  EXPECT_EQ(host::why_not_trusted(read), "");
  fs::copy_file(file(), root_ / "other.so");
  fs::rename(root_ / "other.so", file());
  EXPECT_NE(host::why_not_trusted(read).find("was replaced while it was read"), std::string::npos);
}

TEST_F(Trust, IgnoresFilesThatDoNotExist) {
  EXPECT_EQ(host::why_not_trusted(root_ / "absent"), "");
}

}  // namespace
}  // namespace descent::testing
