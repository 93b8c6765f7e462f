// SPDX-License-Identifier: MIT
#include "data/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/error.h"
#include "data/byte_stream.h"

namespace descent::data {
namespace {

struct Type {
  unsigned char code;
  std::size_t size;
  double (*value)(const unsigned char* big_endian);
};

template <class T>
double as(const unsigned char* big_endian) {
  std::array<unsigned char, sizeof(T)> bytes;
  std::reverse_copy(big_endian, big_endian + sizeof(T), bytes.begin());
  return double(std::bit_cast<T>(bytes));
}
static_assert(std::endian::native == std::endian::little);

constexpr Type types[] = {{0x08, 1, as<std::uint8_t>}, {0x09, 1, as<std::int8_t>},
                          {0x0B, 2, as<std::int16_t>}, {0x0C, 4, as<std::int32_t>},
                          {0x0D, 4, as<float>},        {0x0E, 8, as<double>}};

class IdxFile {
 public:
  explicit IdxFile(const std::string& path) : path_(path), bytes_(path) {
    unsigned char magic[4];
    read(magic, 4);
    const auto type =
        std::ranges::find_if(types, [&](const Type& one) { return one.code == magic[2]; });
    if (type == std::end(types) || magic[3] == 0)
      throw Error(Place{path}, fmt::format("the file begins as an IDX file, and its type {:#04x} "
                                           "with {} dimensions is not one of IDX",
                                           magic[2], magic[3]));
    type_ = &*type;
    for (int i = 0; i < magic[3]; ++i) {
      unsigned char size[4];
      read(size, 4);
      const auto count = std::uint64_t(as<std::uint32_t>(size));
      i == 0 ? samples = count : values *= count;
    }
    if (samples * values > 4'000'000'000)
      throw Error(Place{path}, fmt::format("{} samples of {} values are more than can be held",
                                           samples, values));
  }

  // The values of the next sample.
  void next(std::vector<double>& sample) {
    row_.resize(values * type_->size);
    read(row_.data(), row_.size());
    sample.clear();
    for (std::uint64_t i = 0; i < values; ++i)
      sample.push_back(type_->value(row_.data() + i * type_->size));
  }

  void expect_end() {
    char more;
    if (bytes_.read(&more, 1) > 0)
      throw Error(Place{path_}, "the file goes on after the samples that its dimensions announce");
  }

  std::uint64_t samples = 0, values = 1;

 private:
  void read(unsigned char* to, std::size_t n) {
    if (bytes_.read(reinterpret_cast<char*>(to), n) < n)
      throw Error(
          Place{path_},
          fmt::format("the file ends before the {} samples that its dimensions announce", samples));
  }

  std::string path_;
  ByteStream bytes_;
  const Type* type_ = nullptr;
  std::vector<unsigned char> row_;
};

TextColumn read_labels(const std::string& path, std::uint64_t samples) {
  IdxFile file(path);
  if (file.values != 1 || file.samples != samples)
    throw Error(Place{path}, fmt::format("this file holds {} x {} labels for {} samples",
                                         file.samples, file.values, samples));
  TextColumn labels;
  std::vector<double> value;
  for (std::uint64_t i = 0; i < samples; ++i) {
    file.next(value);
    labels.push_back(fmt::format("{}", value[0]), 0, 0);
  }
  file.expect_end();
  return labels;
}

}  // namespace

bool is_idx(const std::string& path) {
  unsigned char begin[4] = {1, 1, 1, 0};
  ByteStream bytes(path);
  const auto n = bytes.read(reinterpret_cast<char*>(begin), 4);
  return n == 4 && begin[0] == 0 && begin[1] == 0 && begin[2] >= 0x08 && begin[2] <= 0x0E;
}

Table read_idx(const std::string& path, const std::string& labels, Reading reading) {
  IdxFile file(path);
  Table table;
  table.path = path;
  table.inputs.resize(file.values);
  for (std::uint64_t k = 0; k < file.values; ++k) {
    table.inputs[k].name = fmt::format("x{}", k + 1);
    table.inputs[k].numbers.resize(file.samples);
  }
  std::vector<double> sample;
  for (std::uint64_t i = 0; i < file.samples; ++i) {
    file.next(sample);
    for (std::uint64_t k = 0; k < file.values; ++k) table.inputs[k].numbers[i] = sample[k];
  }
  file.expect_end();
  table.lines.assign(file.samples, 0);
  if (file.samples == 0 || file.values == 0) throw Error(Place{path}, "the file has no samples");
  if (reading == Reading::inputs) return table;
  if (labels.empty())
    throw Error(
        Place{path},
        "an IDX file holds inputs alone; name the file of their targets in data.csv.labels: "
        "{path: ...}");
  table.targets.push_back(read_labels(labels, file.samples));
  table.target_names = {"label"};
  return table;
}

}  // namespace descent::data
