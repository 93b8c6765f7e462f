// SPDX-License-Identifier: MIT
// Writes into a folder the numbers our trainer draws for every work, which the peers start from.
//
//   works          a line a work: the fields of Work, units joined by "-"
//   <work>.x       float32, replicates x samples x inputs
//   <work>.y       float32, replicates x samples x outputs; of classes int64, replicates x samples
//   <work>.w       float32, a replicate's initial weights: every weight matrix, inputs x outputs of
//                  its layer, then every bias
//   <work>.order   int64, replicates x epochs x samples: the samples in the order they are trained
//
// All in the machine's byte order, the last index fastest.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <iostream>
#include <ranges>
#include <span>

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

// Normal inputs and balanced classes that do not depend on them.
void write_classes(const Work& work, const path& file) {
  arma::arma_rng::set_seed(1);
  const arma::uword inputs = work.units.front();
  arma::mat samples(work.samples, inputs + 1, arma::fill::randn);
  arma::field<std::string> header(inputs + 1);
  for (arma::uword j = 0; j < inputs; ++j) header(j) = "x" + std::to_string(j);
  header(inputs) = "class";
  for (arma::uword i = 0; i < work.samples; ++i) samples(i, inputs) = double(i % work.units.back());
  samples.save(arma::csv_name(file, header));
}

void write_numbers(const Work& work, const path& folder) {
  if (work.loss == "cross_entropy") write_classes(work, folder / (work.name + ".csv"));
  const Training training = training_of(work, folder);
  const auto seed = training.settings().seed;
  File x(folder / (work.name + ".x")), y(folder / (work.name + ".y")),
      w(folder / (work.name + ".w")), order(folder / (work.name + ".order"));
  for (std::uint64_t r = 0; r < work.replicates; ++r) {
    const Dataset data = training.source().training(r);
    const auto samples = convert<float>(data, data.features);
    x.write(samples.features);
    if (samples.targets.values.is_empty())
      y.write(samples.targets.classes);
    else
      y.write(samples.targets.values);

    arma::fvec weights;
    Random init(seed, "init", r);
    training.model().initialize(weights, init);
    w.write(weights);

    Batches batches(work.samples, work.batch, Random(seed, "order", r));
    for (std::uint64_t epoch = 0; epoch < work.epochs; ++epoch) {
      batches.next_epoch();
      for (std::uint64_t i = 0; i < batches.count(); ++i) order.write(batches.batch(i));
    }
  }
}

void write_all(const path& folder) {
  std::ofstream index(folder / "works");
  for (const Work& work : works) {
    index << fmt::format("{} {} {} {} {} {} {} {} {} {}\n", work.name, fmt::join(work.units, "-"),
                         work.activation, work.loss, work.optimizer, work.rate, work.samples,
                         work.batch, work.epochs, work.replicates);
    write_numbers(work, folder);
  }
}

}  // namespace
}  // namespace descent::peers

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: peers_write_numbers FOLDER");
  descent::peers::write_all(argv[1]);
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
