// SPDX-License-Identifier: MIT
#include "store/scratch_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/hash.h"

namespace descent::store {
namespace {

struct Piece {
  std::uint64_t size, hash;
};

// Opened for each use: another process may have removed the file and made a new one.
class OpenFile {
 public:
  OpenFile(const std::string& path, int flags, unsigned mode = 0)
      : file_(::open(path.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode)) {}
  ~OpenFile() {
    if (is_open()) ::close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool is_open() const { return file_ >= 0; }
  std::int64_t size() const {  // 0: it is not a file
    struct stat is {};
    return ::fstat(file_, &is) == 0 && S_ISREG(is.st_mode) ? is.st_size : 0;
  }

  bool read(char* to, std::size_t size, std::int64_t position) const {
    while (size > 0) {
      const auto n = ::pread(file_, to, size, position);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      to += n;
      position += n;
      size -= static_cast<std::size_t>(n);
    }
    return true;
  }

  bool write(std::string_view bytes, std::int64_t position) const {
    while (!bytes.empty()) {
      const auto n = ::pwrite(file_, bytes.data(), bytes.size(), position);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      position += n;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

 private:
  int file_;
};

std::int64_t as_stored(std::uint64_t hash) { return static_cast<std::int64_t>(hash); }

bool is_in(const OpenFile& file, const ScratchFile::Extent& extent) {
  const auto end = file.is_open() ? file.size() : 0;
  return extent.position >= 0 && extent.size >= 0 && extent.size <= end &&
         extent.position <= end - extent.size;
}

// The pieces as the header gives them; nothing: it is not the header that was written.
std::optional<std::vector<Piece>> header_of(const OpenFile& file,
                                            const ScratchFile::Extent& extent) {
  std::uint64_t count = 0;
  if (!is_in(file, extent) ||
      !file.read(reinterpret_cast<char*>(&count), sizeof count, extent.position) ||
      count > static_cast<std::uint64_t>(extent.size) / sizeof(Piece))
    return {};
  std::string header(sizeof count + count * sizeof(Piece), '\0');
  if (!file.read(header.data(), header.size(), extent.position) ||
      as_stored(hash64(header)) != extent.hash)
    return {};
  std::vector<Piece> pieces(count);
  if (count > 0) std::memcpy(pieces.data(), header.data() + sizeof count, count * sizeof(Piece));
  auto left = static_cast<std::uint64_t>(extent.size) - header.size();
  for (const auto& piece : pieces) {
    if (piece.size > left) return {};
    left -= piece.size;
  }
  return pieces;
}

std::optional<std::string> piece_of(const OpenFile& file, const std::vector<Piece>& pieces,
                                    const ScratchFile::Extent& extent, std::size_t number) {
  if (number >= pieces.size()) return {};
  auto position = extent.position +
                  static_cast<std::int64_t>(sizeof(std::uint64_t) + pieces.size() * sizeof(Piece));
  for (std::size_t i = 0; i < number; ++i) position += static_cast<std::int64_t>(pieces[i].size);
  std::string bytes(pieces[number].size, '\0');
  if (!file.read(bytes.data(), bytes.size(), position) || hash64(bytes) != pieces[number].hash)
    return {};
  return bytes;
}

// What the system says, as store_error() words it of the store itself.
StoreError cannot_write(const std::string& path) {
  if (errno == ENOSPC || errno == EDQUOT)
    return {{path, 0, 0},
            "the disk is full; free some space and run again: stored results are kept. The file "
            "contains the accumulated predictions of points in progress; `descent plan` estimates "
            "its size"};
  return {{path, 0, 0},
          fmt::format("cannot be read or written ({}); check the disk, its quota and the limit on "
                      "file sizes (ulimit -f): stored results are kept",
                      std::strerror(errno))};
}

unsigned mode_of(const std::string& store) {
  struct stat is {};
  return ::stat(store.c_str(), &is) == 0 ? is.st_mode & 0777 : 0600;
}

}  // namespace

ScratchFile::Content::Content(const std::vector<std::string>& all) : pieces(all) {
  const std::uint64_t count = all.size();
  header.append(reinterpret_cast<const char*>(&count), sizeof count);
  for (const auto& bytes : all) {
    const Piece piece{bytes.size(), hash64(bytes)};
    header.append(reinterpret_cast<const char*>(&piece), sizeof piece);
    size += static_cast<std::int64_t>(bytes.size());
  }
  size += static_cast<std::int64_t>(header.size());
  hash = as_stored(hash64(header));
}

ScratchFile::ScratchFile(const std::string& store) : store_(store), path_(store + "-scratch") {}

ScratchFile::Extent ScratchFile::write(const Content& content, std::int64_t position) const {
  const OpenFile file(path_, O_RDWR | O_CREAT, mode_of(store_));
  auto to = position;
  const auto put = [&](const std::string& bytes) {
    if (!file.is_open() || !file.write(bytes, to)) throw cannot_write(path_);
    to += static_cast<std::int64_t>(bytes.size());
  };
  put(content.header);
  for (const auto& bytes : content.pieces) put(bytes);
  return {position, content.size, content.hash};
}

bool ScratchFile::holds(const Extent& extent) const {
  return header_of(OpenFile(path_, O_RDONLY), extent).has_value();
}

std::optional<std::string> ScratchFile::piece(const Extent& extent, std::size_t number) const {
  const OpenFile file(path_, O_RDONLY);
  const auto pieces = header_of(file, extent);
  return pieces ? piece_of(file, *pieces, extent, number) : std::nullopt;
}

std::optional<std::vector<std::string>> ScratchFile::pieces(const Extent& extent) const {
  const OpenFile file(path_, O_RDONLY);
  const auto listed = header_of(file, extent);
  if (!listed) return {};
  std::vector<std::string> all;
  for (std::size_t i = 0; i < listed->size(); ++i) {
    auto bytes = piece_of(file, *listed, extent, i);
    if (!bytes) return {};
    all.push_back(std::move(*bytes));
  }
  return all;
}

void ScratchFile::remove() const { ::unlink(path_.c_str()); }

}  // namespace descent::store
