// SPDX-License-Identifier: MIT
#include "data/byte_stream.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace descent::data {
namespace {

// A file is read several times, and always whole: a pipe or a device does not allow that.
void check_is_file(const std::string& path) {
  std::error_code ignored;
  const auto is = std::filesystem::status(path, ignored);
  if (std::filesystem::is_directory(is))
    throw Error(Place{path}, "the data file is a folder; name a CSV file in it");
  if (std::filesystem::exists(is) && !std::filesystem::is_regular_file(is))
    throw Error(Place{path},
                "the data file is a pipe or a device; write what it gives into a file first");
}

}  // namespace

void ByteStream::Close::operator()(void* file) const { gzclose_r(static_cast<gzFile>(file)); }

ByteStream::ByteStream(const std::string& path) : path_(path) {
  check_is_file(path);
  file_.reset(gzopen(path.c_str(), "rbe"));  // of an unpacked file it gives the bytes themselves
  if (!file_)
    throw Error(Place{path}, fmt::format("the data file cannot be read: {}", std::strerror(errno)));
  gzbuffer(static_cast<gzFile>(file_.get()), 1 << 18);
}

std::size_t ByteStream::read(char* to, std::size_t n) {
  constexpr std::size_t most = 1 << 30;  // of one call of gzread
  const auto file = static_cast<gzFile>(file_.get());
  std::size_t done = 0;
  while (done < n) {
    const int got = gzread(file, to + done, unsigned(std::min(n - done, most)));
    int code = Z_OK;
    const char* text = gzerror(file, &code);
    if (code == Z_BUF_ERROR)
      throw Error(Place{path_}, "the file is packed by gzip, and its end is missing");
    if (got < 0)
      throw Error(Place{path_}, fmt::format("the data file cannot be read: {}",
                                            code == Z_ERRNO ? std::strerror(errno) : text));
    if (got == 0) break;
    done += std::size_t(got);
  }
  return done;
}

}  // namespace descent::data
