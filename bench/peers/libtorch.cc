// SPDX-License-Identifier: MIT
// The works in C++ on libtorch: modules, autograd and optimizers as its tutorials use them.
#include <torch/torch.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "peers/measure.h"

namespace descent::peers {
namespace {

struct Work {
  std::string name, activation, loss, optimizer;
  std::vector<std::int64_t> units;
  double rate, tolerance;
  std::int64_t samples, batch, epochs, replicates;

  bool classes() const { return loss == "cross_entropy"; }
};

Work read_work(const std::string& folder, const std::string& name) {
  std::ifstream index(folder + "/works");
  Work work;
  std::string units, unit;
  while (index >> work.name >> units >> work.activation >> work.loss >> work.optimizer >>
         work.rate >> work.samples >> work.batch >> work.epochs >> work.replicates >>
         work.tolerance) {
    if (work.name != name) continue;
    std::istringstream list(units);
    while (std::getline(list, unit, '-')) work.units.push_back(std::stoll(unit));
    return work;
  }
  throw std::runtime_error("no work is called " + name);
}

torch::Tensor read(const std::string& file, std::vector<std::int64_t> sizes, torch::Dtype type) {
  auto values = torch::empty(sizes, type);
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(static_cast<char*>(values.data_ptr()), std::streamsize(values.nbytes())))
    throw std::runtime_error(file + " is too short");
  return values;
}

struct Numbers {
  torch::Tensor x, y, w, order;

  Numbers(const std::string& folder, const Work& work) {
    const std::string file = folder + "/" + work.name;
    const auto r = work.replicates, n = work.samples;
    std::int64_t size = 0;
    for (std::size_t i = 1; i < work.units.size(); ++i)
      size += (work.units[i - 1] + 1) * work.units[i];
    x = read(file + ".x", {r, n, work.units.front()}, torch::kFloat32);
    y = work.classes() ? read(file + ".y", {r, n}, torch::kInt64)
                       : read(file + ".y", {r, n, work.units.back()}, torch::kFloat32);
    w = read(file + ".w", {r, size}, torch::kFloat32);
    order = read(file + ".order", {r, work.epochs, n / work.batch, work.batch}, torch::kInt64);
  }
};

torch::nn::Sequential make_model(const Work& work) {
  torch::nn::Sequential model;
  for (std::size_t i = 1; i < work.units.size(); ++i) {
    if (i > 1 && work.activation == "relu") model->push_back(torch::nn::ReLU());
    if (i > 1 && work.activation == "tanh") model->push_back(torch::nn::Tanh());
    model->push_back(torch::nn::Linear(work.units[i - 1], work.units[i]));
  }
  return model;
}

void set_weights(const torch::nn::Sequential& model, const torch::Tensor& w) {
  const torch::NoGradGuard guard;
  std::int64_t at = 0;
  for (const bool matrices : {true, false})
    for (auto& p : model->parameters()) {
      if ((p.dim() == 2) != matrices) continue;
      const auto part = w.slice(0, at, at + p.numel());
      p.copy_(matrices ? part.view({p.size(1), p.size(0)}).t() : part);
      at += p.numel();
    }
}

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Work& work,
                                                        const torch::nn::Sequential& model) {
  using namespace torch::optim;
  if (work.optimizer == "adam")
    return std::make_unique<Adam>(model->parameters(), AdamOptions(work.rate));
  return std::make_unique<SGD>(model->parameters(), SGDOptions(work.rate));
}

torch::Tensor loss_of(const Work& work, const torch::Tensor& prediction, const torch::Tensor& y) {
  return work.classes() ? torch::nn::functional::cross_entropy(prediction, y)
                        : torch::nn::functional::mse_loss(prediction, y);
}

double train(const Work& work, const Numbers& numbers, std::int64_t r) {
  const auto x = numbers.x[r], y = numbers.y[r], order = numbers.order[r];
  auto model = make_model(work);
  set_weights(model, numbers.w[r]);
  const auto optimizer = make_optimizer(work, model);
  const auto loss_of_all = [&] {
    const torch::NoGradGuard guard;
    return loss_of(work, model->forward(x), y).item<double>();
  };
  const auto step = [&](const torch::Tensor& inputs, const torch::Tensor& targets) {
    optimizer->zero_grad();
    loss_of(work, model->forward(inputs), targets).backward();
    optimizer->step();
  };
  loss_of_all();
  for (std::int64_t epoch = 0; epoch < work.epochs; ++epoch) {
    if (work.batch == work.samples) {
      step(x, y);
      continue;
    }
    for (const auto& batch : order[epoch].unbind())
      step(x.index_select(0, batch), y.index_select(0, batch));
  }
  return loss_of_all();
}

}  // namespace
}  // namespace descent::peers

int main(int argc, char** argv) {
  using namespace descent::peers;
  torch::set_num_threads(1);
  return main_of(argc, argv, [](const std::string& folder, const std::string& name) {
    const Work work = read_work(folder, name);
    return Prepared{read_losses(folder, name), work.tolerance,
                    [work, numbers = Numbers(folder, work)] {
                      std::vector<double> losses;
                      for (std::int64_t r = 0; r < work.replicates; ++r)
                        losses.push_back(train(work, numbers, r));
                      return losses;
                    }};
  });
}
