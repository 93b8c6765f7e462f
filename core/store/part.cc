// SPDX-License-Identifier: MIT
#include "store/part.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/machine_fault.h"
#include "store/bind.h"
#include "store/database.h"
#include "store/scratch_file.h"

namespace descent::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t hash_size = 32;

[[noreturn]] void cannot_save(const std::string& path) {
  throw StoreError({path, 0, 0}, fmt::format("cannot be written: {}", describe_fault(errno)));
}

// Removes a file at the end of the scope, whatever happens.
struct Temporary {
  const std::string& path;
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

void write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) cannot_save(path);
    bytes.remove_prefix(std::size_t(n));
  }
}

void write_synced(const std::string& path, std::string_view bytes, std::string_view hash) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) cannot_save(path);
  try {
    write_all(file, bytes, path);
    write_all(file, hash, path);
    if (::fsync(file) != 0) cannot_save(path);
  } catch (...) {
    ::close(file);
    throw;
  }
  if (::close(file) != 0) cannot_save(path);
}

void sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

void copy_accumulators(SQLite::Database& database, const std::string& store) {
  database.exec(fmt::format(
      "CREATE TABLE {} (point_id INTEGER NOT NULL, first INTEGER NOT NULL, number INTEGER NOT "
      "NULL, bytes BLOB NOT NULL, PRIMARY KEY (point_id, first, number)) STRICT",
      accumulator_table));
  const ScratchFile scratch(store);
  SQLite::Statement chunks(database, "SELECT point_id, first, bytes_at, size, hash FROM chunks");
  SQLite::Statement insert(database,
                           fmt::format("INSERT INTO {} VALUES (?, ?, ?, ?)", accumulator_table));
  while (chunks.executeStep()) {
    const auto number = [&](int column) { return chunks.getColumn(column).getInt64(); };
    const auto pieces = scratch.pieces({number(2), number(3), number(4)});
    if (!pieces) continue;
    for (std::size_t i = 0; i < pieces->size(); ++i) {
      insert.reset();
      insert.bind(1, number(0));
      insert.bind(2, number(1));
      insert.bind(3, std::int64_t(i));
      insert.bindNoCopy(4, (*pieces)[i].data(), int((*pieces)[i].size()));
      insert.exec();
    }
  }
}

void make_copy(const std::string& store, const std::string& scratch) {
  guarded(scratch, [&] {
    auto from = open_for_reading(store, 10);
    SQLite::Database database(scratch, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup(database, from).executeStep();
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN");
    copy_accumulators(database, fs::weakly_canonical(store).string());
    database.exec("COMMIT");
  });
}

// Looks before it writes: a disk that is full stops all who write to it.
void check_space(const std::string& part, std::size_t size) {
  std::error_code unknown;
  const auto free = fs::space(fs::path(part).parent_path(), unknown).available;
  if (unknown || free >= 2 * std::uintmax_t(size)) return;
  throw StoreError(
      {part, 0, 0},
      fmt::format("is not written: it has {} kB, and its disk has {} kB left; free some "
                  "space, then the same command goes on",
                  size / 1000 + 1, free / 1000));
}

std::string host() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

void save_part(const std::string& store, const std::string& scratch, const std::string& part) {
  const Temporary made{scratch};
  std::error_code ignored;
  fs::remove(scratch, ignored);
  make_copy(store, scratch);
  const auto bytes = read_file(scratch);
  if (!bytes) cannot_save(scratch);
  check_space(part, bytes->size());
  const auto temporary = fmt::format("{}.{}.{}", part, host(), ::getpid());
  const Temporary copied{temporary};
  write_synced(temporary, *bytes, hash128(*bytes));
  if (::rename(temporary.c_str(), part.c_str()) != 0) cannot_save(part);
  sync_folder(fs::path(part).parent_path());
}

bool is_whole_part(const std::string& part) {
  const auto bytes = read_file(part);
  if (!bytes || bytes->size() < hash_size) return false;
  const std::string_view all = *bytes;
  const auto content = all.substr(0, all.size() - hash_size);
  return hash128(content) == all.substr(content.size());
}

}  // namespace descent::store
