// SPDX-License-Identifier: MIT
#include "store/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/machine_fault.h"
#include "store/bind.h"
#include "store/migration.h"
#include "store/network_disk.h"
#include "store/schema.h"

namespace descent::store {
namespace {

namespace fs = std::filesystem;

StoreError store_problem(const std::string& path, const std::string& text) {
  return StoreError({path, 0, 0}, text);
}

// SQLite would wait for a pipe for ever, and leave its own files next to a device.
void check_regular(const std::string& path, const std::string& full) {
  for (const std::string end : {"", "-wal", "-shm", "-journal", "-scratch"}) {
    std::error_code failed;
    const auto is = fs::status(full + end, failed);
    if (!fs::exists(is) || fs::is_regular_file(is)) continue;
    throw store_problem(
        path, end.empty()
                  ? "is a device, a pipe or a socket; a store is a file, so give another one"
                  : fmt::format("cannot be used: '{}{}' next to it is not a regular file; "
                                "remove it, or give another store",
                                full, end));
  }
}

// Absolute, so that SQLite sees neither a URI nor ":memory:" in what is a file's name.
std::string checked(const std::string& path) {
  if (path.empty()) throw StoreError("the store needs a file name; give one with --db FILE");
  if (std::error_code failed; fs::is_directory(path, failed))
    throw store_problem(
        path, "is a directory, not a store; name a file in it, such as " + path + "/results.db");
  std::error_code failed;
  const auto full = fs::absolute(path, failed);
  if (failed) throw store_problem(path, "cannot be opened: " + describe_fault(failed.value()));
  const auto is = fs::status(full, failed);
  if (is.type() == fs::file_type::none)
    throw store_problem(path, "cannot be opened: " + describe_fault(failed.value()));
  if (is.type() == fs::file_type::not_found && !fs::exists(full.parent_path(), failed))
    throw store_problem(path, fmt::format("cannot be created: the folder '{}' does not exist",
                                          full.parent_path().string()));
  check_regular(path, full.string());
  return full.string();
}

void check_exists(const std::string& path) {
  if (std::error_code failed; !fs::exists(path, failed))
    throw store_problem(path, "does not exist; `descent run FILE --db " + path + "` makes a store");
}

// An empty file is a new store; any other file has to carry our application_id.
bool is_new(SQLite::Database& database) {
  return integer(database, "SELECT count(*) FROM sqlite_schema") == 0 &&
         integer(database, "PRAGMA application_id") == 0;
}

void check_is_store(const std::string& path, SQLite::Database& database) {
  if (integer(database, "PRAGMA application_id") != application_id)
    throw store_problem(path,
                        "is an SQLite database, but not a store of descent; give another file");
  const auto version = integer(database, "PRAGMA user_version");
  if (version < 1 || version > schema_version)
    throw store_problem(
        path, fmt::format("has schema version {}, and this descent reads 1 to {}: use the "
                          "descent that made it, or another file",
                          version, schema_version));
}

void check_writable(const std::string& path, SQLite::Database& database) {
  if (sqlite3_db_readonly(database.getHandle(), "main") == 1)
    throw store_problem(
        path, "cannot be written: the file is read-only; change its permissions, or copy it");
}

// Up to this size looking at every page takes less than starting the program does.
constexpr std::int64_t soon_checked = 64 << 20;

void check_if_small(SQLite::Database& database, const std::string& path) {
  if (integer(database, "PRAGMA page_count") * integer(database, "PRAGMA page_size") <=
      soon_checked)
    check_pages(database, path, "main");
}

bool is_below(const fs::path& file, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return end == folder.end();
}

// The target, when the path is a symbolic link. A link that leads out of its folder or to nothing
// is not followed, and neither is one in place of SQLite's own files.
std::string followed(const std::string& path, const std::string& full) {
  auto file = full;
  if (fs::is_symlink(full)) {
    file = fs::weakly_canonical(full).string();
    if (!fs::exists(file))
      throw store_problem(
          path,
          "is a symbolic link to a file that does not exist; remove it, or give another file");
    if (!is_below(file, fs::canonical(fs::path(full).parent_path())))
      throw store_problem(
          path, fmt::format("is a symbolic link out of its folder, to '{}'; give that path "
                            "itself if it is the one you mean",
                            file));
  }
  for (const auto* end : {"-wal", "-shm", "-journal", "-scratch"})
    if (std::error_code failed; fs::is_symlink(file + end, failed))
      throw store_problem(
          path, fmt::format("cannot be used: '{}{}' next to it is a symbolic link; remove it", file,
                            end));
  return file;
}

// SQLite gives its own files the permissions of this one.
void make_private(const std::string& path, const std::string& full) {
  const int file = ::open(full.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  const bool done = file >= 0 && ::fchmod(file, 0600) == 0;
  const auto why = errno;
  if (file >= 0) ::close(file);
  if (!done)
    throw store_problem(path, fmt::format("cannot be made private: {}", std::strerror(why)));
  for (const auto* end : {"-wal", "-shm", "-scratch"}) ::chmod((full + end).c_str(), 0600);
}

// What the system says of the folder. Not of the file: closing it would release SQLite's locks.
std::string why_not_opened(const std::string& path) {
  const auto folder = fs::path(path).parent_path().string();
  std::string why = "; check the permissions of the file and its folder";
  std::array<int, 4> files{};  // as many as SQLite opens
  for (int& file : files) {
    file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) why = ": " + describe_fault(errno);
  }
  for (const int file : files)
    if (file >= 0) ::close(file);
  return why;
}

void create(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (!is_new(database)) return;  // another process was first
  database.exec(schema_sql());
  database.exec(views_sql());
  database.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id,
                            schema_version));
  transaction.commit();
}

// A WAL store on read-only media cannot have its -shm file created. Nobody can write it, so it is
// opened as immutable, which would ignore a log that was left behind.
SQLite::Database open_reader(const std::string& full, int busy) {
  SQLite::Database database(full, SQLite::OPEN_READONLY, busy);
  try {
    integer(database, "PRAGMA schema_version");
    return database;
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() != SQLITE_CANTOPEN && error.getErrorCode() != SQLITE_READONLY) throw;
    std::error_code none;
    if (const auto size = std::filesystem::file_size(full + "-wal", none); !none && size > 0)
      throw store_problem(
          full, fmt::format("has its last commits in '{0}-wal', which cannot be read in a folder "
                            "that is read-only; copy both files to a folder that you can write",
                            full));
    return {uri(full, "immutable=1"), SQLite::OPEN_READONLY | SQLite::OPEN_URI, busy};
  }
}

}  // namespace

std::string lock_holder(const std::string& path) {
  for (const std::string end : {"", "-shm"}) {
    struct stat is {};
    if (::stat((path + end).c_str(), &is) != 0) continue;
    const auto wanted =
        fmt::format("{:02x}:{:02x}:{}", major(is.st_dev), minor(is.st_dev), is.st_ino);
    std::ifstream locks("/proc/locks");
    std::string number, kind, mode, access, process, file;
    for (std::string line; std::getline(locks, line);) {
      std::istringstream words(line);
      words >> number >> kind >> mode >> access >> process >> file;
      if (access != "WRITE" || file != wanted || process == std::to_string(::getpid())) continue;
      std::string name;
      std::getline(std::ifstream("/proc/" + process + "/comm") >> std::ws, name);
      return fmt::format(" (process {}{}{})", process, name.empty() ? "" : ", ", name);
    }
  }
  return "";
}

StoreError store_error(const std::string& path, const SQLite::Exception& error) {
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return store_problem(
          path, fmt::format("is locked by another process{}; wait until it ends, or give "
                            "another --db",
                            lock_holder(path)));
    case SQLITE_NOTADB:
      return store_problem(path,
                           "is not a store: the file is not an SQLite database; give another file");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return store_problem(path,
                           "cannot be written: the file or its folder is read-only; change its "
                           "permissions, or copy it");
    case SQLITE_CANTOPEN:
      return store_problem(path, "cannot be opened" + why_not_opened(path));
    case SQLITE_FULL:
      return store_problem(
          path, "the disk is full; free some space and run again: stored results are kept");
    case SQLITE_CORRUPT:
      return store_problem(path,
                           "is damaged; rescue it with `sqlite3 FILE .recover`, or start another");
    case SQLITE_IOERR:
      return store_problem(
          path, fmt::format("cannot be read or written ({}); check the disk, its quota and "
                            "the limit on file sizes (ulimit -f): stored results are kept",
                            error.what()));
    case SQLITE_NOMEM:
      return store_problem(path,
                           "there is not enough memory to read or write it; use smaller data or "
                           "models, or fewer points at a time: stored results are kept");
    case SQLITE_PROTOCOL:
      return store_problem(
          path, fmt::format("cannot be locked ({}); put the store on a local disk, or on a file "
                            "system with locks: stored results are kept",
                            error.what()));
    default:
      return store_problem(path, fmt::format("SQLite says: {}", error.what()));
  }
}

void check_pages(SQLite::Database& database, const std::string& path, const std::string& schema) {
  const auto found = texts(database, "PRAGMA " + schema + ".quick_check(1)");
  if (found.size() == 1 && found[0] == "ok") return;
  throw store_problem(
      path, fmt::format("is damaged ({}); rescue it with `sqlite3 FILE .recover`, or start "
                        "another",
                        found.empty() ? "it cannot be checked" : found[0]));
}

SQLite::Database open_for_writing(const std::string& path, const StoreOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto full = followed(path, checked(path));
  if (options.private_files) make_private(path, full);
  const auto* const journal =
      is_on_network_disk(full) ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL";
  const auto open = [&] {
    SQLite::Database database(
        full,
        SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX | SQLite::OPEN_URI,
        static_cast<int>(options.busy_seconds * 1000));
    if (is_new(database)) {
      database.exec(journal);
      create(database);
    }
    check_is_store(path, database);
    check_writable(path, database);
    check_if_small(database, path);
    database.exec(journal);
    database.exec(
        "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = OFF;"
        "PRAGMA cache_size = -131072");
    if (options.durable) database.exec("PRAGMA synchronous = FULL");
    migrate(database);
    return database;
  };
  // SQLite does not wait, as it does elsewhere, where a change of journal_mode meets another
  // program that makes the same store.
  const auto last = Clock::now() + std::chrono::duration<double>(options.busy_seconds);
  return guarded(path, [&] {
    for (;;) try {
        return open();
      } catch (const SQLite::Exception& error) {
        if (error.getErrorCode() != SQLITE_BUSY || Clock::now() > last) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
  });
}

SQLite::Database open_for_reading(const std::string& path, double busy_seconds) {
  const auto full = checked(path);
  check_exists(path);
  return guarded(path, [&] {
    auto database = open_reader(full, static_cast<int>(busy_seconds * 1000));
    if (is_new(database))
      throw store_problem(
          path, "holds nothing yet; `descent run FILE --db " + path + "` makes a store of it");
    check_is_store(path, database);
    return database;
  });
}

std::int64_t integer(SQLite::Database& database, const std::string& query) {
  return database.execAndGet(query).getInt64();
}

std::vector<std::string> texts(SQLite::Database& database, const std::string& query) {
  SQLite::Statement statement(database, query);
  return rows(statement, [](auto& row) { return row.getColumn(0).getString(); });
}

std::string uri(const std::string& path, const std::string& options) {
  std::string escaped;
  for (const char c : path)
    escaped += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02x}", c) : std::string(1, c);
  return "file:" + escaped + "?" + options;
}

}  // namespace descent::store
