// SPDX-License-Identifier: MIT
// The bytes of a data file in order, unpacked where gzip has packed them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace descent::data {

class ByteStream {
 public:
  // Throws Error for what is no file or cannot be read.
  explicit ByteStream(const std::string& path);

  // Up to n bytes; fewer only at the end. Throws Error where the file cannot be read or unpacked.
  std::size_t read(char* to, std::size_t n);

 private:
  struct Close {
    void operator()(void* file) const;
  };

  std::string path_;
  std::unique_ptr<void, Close> file_;  // zlib's gzFile
};

}  // namespace descent::data
