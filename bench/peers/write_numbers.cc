// SPDX-License-Identifier: MIT
// Writes into a folder the numbers our trainer draws for every work, which the peers start from.
//
//   works          a line a work: the fields of Work, units joined by "-", and the tolerance
//   <work>.x       float32, replicates x samples x inputs
//   <work>.y       float32, replicates x samples x outputs; of classes int64, replicates x samples
//   <work>.w       float32, a replicate's initial weights: every weight matrix, inputs x outputs of
//                  its layer, then every bias
//   <work>.order   int64, replicates x epochs x samples: the samples in the order they are trained
//   <work>.losses  float64, replicates: the final losses over all samples that our trainer reaches
//
// All in the machine's byte order, the last index fastest.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <iostream>
#include <ranges>
#include <span>

#include "classes.h"
#include "data/batches.h"
#include "peers/works.h"
#include "train/samples.h"

namespace descent::peers {
namespace {

using std::filesystem::path;

class File {
 public:
  explicit File(const path& name) : stream_(name, std::ios::binary) {
    stream_.exceptions(std::ios::failbit | std::ios::badbit);
  }
  template <std::ranges::contiguous_range Range>
  void write(const Range& values) {
    const auto bytes = std::as_bytes(std::span(std::ranges::data(values), values.size()));
    stream_.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  }

 private:
  std::ofstream stream_;
};

void write_numbers(const Work& work, const path& folder) {
  if (work.loss == "cross_entropy")
    write_classes(folder / (work.name + ".csv"), work.samples, work.units.front(),
                  work.units.back());
  const train::Training training = training_of(work, folder);
  const auto seed = training.settings().seed;
  File x(folder / (work.name + ".x")), y(folder / (work.name + ".y")),
      w(folder / (work.name + ".w")), order(folder / (work.name + ".order"));
  File(folder / (work.name + ".losses")).write(final_losses(work, training));
  for (std::uint64_t r = 0; r < work.replicates; ++r) {
    const data::Dataset data = training.source().training(r);
    const auto samples = train::convert<float>(data, data.features, "training");
    x.write(samples.features);
    if (samples.targets.values.is_empty())
      y.write(samples.targets.classes);
    else
      y.write(samples.targets.values);

    arma::fvec weights;
    Random init(seed, "init", r);
    training.model().initialize(weights, init);
    w.write(weights);

    data::Batches batches(work.samples, work.batch, Random(seed, "order", r));
    for (std::uint64_t epoch = 0; epoch < work.epochs; ++epoch) {
      batches.next_epoch();
      for (std::uint64_t i = 0; i < batches.count(); ++i) order.write(batches.batch(i));
    }
  }
}

void write_all(const path& folder) {
  std::filesystem::create_directories(folder);
  std::ofstream index(folder / "works");
  for (const Work& work : works) {
    index << fmt::format("{} {} {} {} {} {} {} {} {} {} {}\n", work.name,
                         fmt::join(work.units, "-"), work.activation, work.loss, work.optimizer,
                         work.rate, work.samples, work.batch, work.epochs, work.replicates,
                         tolerance);
    write_numbers(work, folder);
  }
  if (!index.flush()) throw std::runtime_error("writing into " + folder.string() + " failed");
}

}  // namespace
}  // namespace descent::peers

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: peers_write_numbers FOLDER");
  descent::peers::write_all(argv[1]);
} catch (const std::exception& error) {
  std::cerr << "peers_write_numbers: " << error.what() << '\n';
  return 1;
}
