// SPDX-License-Identifier: MIT
// Exported models compute what the program predicts: the C header by a C compiler, ONNX by the
// evaluator in onnx_model.py.
#include <fmt/format.h>

#include "deploy/c_header.h"
#include "deploy/onnx.h"
#include "shell.h"
#include "support.h"

namespace descent::testing {
namespace {

using Kind = nn::LayerSpec::Kind;

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string samples(const arma::mat& inputs) {
  std::string all;
  for (arma::uword j = 0; j < inputs.n_cols; ++j) {
    for (arma::uword i = 0; i < inputs.n_rows; ++i) all += fmt::format("{:.17g} ", inputs(i, j));
    all += '\n';
  }
  return all;
}

// Numbers that the command prints, a sample a line.
void expect_output(const Spoken& spoken, const arma::mat& expected, double tolerance) {
  ASSERT_EQ(spoken.code, 0) << spoken.text;
  std::istringstream text(spoken.text);
  for (arma::uword j = 0; j < expected.n_cols; ++j)
    for (arma::uword i = 0; i < expected.n_rows; ++i) {
      double found = 0;
      ASSERT_TRUE(text >> found) << spoken.text.substr(0, 500);
      ASSERT_NEAR(found, expected(i, j), tolerance) << i << ", " << j;
    }
}

// Rounding of float32 through three layers, and of float64.
double tolerance(const deploy::TrainedModel& model) {
  return model.dtype == Element::float32 ? 1e-5 : 1e-12;
}

void expect_header(const Fitted& fitted) {
  const Folder folder;
  write(folder.path("model.h"), deploy::c_header(fitted.model));
  write(
      folder.path("main.c"),
      "#include \"model.h\"\n#include <stdio.h>\nint main(void) {\n"
      "  double in[descent_inputs], out[descent_outputs];\n  int i;\n"
      "  (void)descent_input_names; (void)descent_output_names;\n  for (;;) {\n"
      "    for (i = 0; i < descent_inputs; ++i)\n      if (scanf(\"%lf\", &in[i]) != 1) return 0;\n"
      "    descent_predict(in, out);\n"
      "    for (i = 0; i < descent_outputs; ++i) printf(\"%.17g \", out[i]);\n"
      "    printf(\"\\n\");\n  }\n}\n");
  write(folder.path("samples"), samples(fitted.inputs));
  const auto line = fmt::format(
      "cd {} && cc -std=c99 -Wall -Wextra -Werror -O1 main.c -o main -lm && ./main < samples",
      quoted(folder.path().string()));
  expect_output(shell(line), fitted.predicted, tolerance(fitted.model));
}

void expect_onnx(const Fitted& fitted) {
  const Folder folder;
  write(folder.path("model.onnx"), deploy::onnx(fitted.model));
  write(folder.path("samples"), samples(fitted.inputs));
  const auto line =
      fmt::format("/usr/bin/python3 {} {} {}", quoted(source_path("tests/deploy/onnx_model.py")),
                  quoted(folder.path("model.onnx")), quoted(folder.path("samples")));
  expect_output(shell(line), fitted.predicted, tolerance(fitted.model));
}

std::vector<train::Settings> models() {
  std::vector<train::Settings> all;
  for (const auto kind : {Kind::relu, Kind::leaky_relu, Kind::elu, Kind::gelu, Kind::tanh,
                          Kind::sigmoid, Kind::softplus})
    for (const auto dtype : {Element::float32, Element::float64})
      all.push_back(network(dtype, kind));
  for (const std::string loss : {"bce_with_logits", "cross_entropy", "gaussian_nll"})
    all.push_back(coin(loss));
  std::get<data::SyntheticSpec>(all.back().data).noise = {data::NoiseSpec::Kind::normal, 0.1};
  nn::LayerSpec last;
  last.kind = Kind::softplus;
  all.back().model.layers.push_back(last);
  return all;
}

TEST(Export, HeaderComputesInCWhatIsPredicted) {
  for (const auto& settings : models()) expect_header(fit(settings));
}

// Ranks of inputs between the quantiles, at them, of equal ones, and outside.
Fitted ranked() {
  auto settings = network(Element::float64, Kind::tanh);
  settings.features = {data::Polynomial{2}, data::Quantile{8}};
  auto fitted = fit(settings);
  auto& quantiles = fitted.model.features.back().numbers.at("quantiles");
  quantiles.col(3) = quantiles.col(4);
  const arma::mat edges = arma::join_rows(quantiles.submat(0, 0, 0, 7), arma::rowvec{-5, 5});
  fitted.inputs = arma::join_rows(fitted.inputs, arma::join_cols(edges, edges));
  fitted.predicted = deploy::predict(fitted.model, fitted.inputs);
  return fitted;
}

TEST(Export, HeaderComputesRanksInC) { expect_header(ranked()); }

TEST(Export, OnnxModelComputesWhatIsPredicted) {
  if (shell("/usr/bin/python3 -c 'import onnx, numpy'").code != 0)
    GTEST_SKIP() << "python3-onnx is not installed";
  for (const auto& settings : models()) expect_onnx(fit(settings));
  expect_onnx(ranked());
}

TEST(Export, HeaderHoldsNamesThatCWouldEnd) {
  auto fitted = fit(coin("bce_with_logits"));
  fitted.model.targets = {"a\"b\\c\n?\?/"};
  expect_header(fitted);
}

}  // namespace
}  // namespace descent::testing
