// SPDX-License-Identifier: MIT
#include "deploy/c_header.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "nn/output_range.h"

namespace descent::deploy {
namespace {

using Kind = nn::LayerSpec::Kind;

// A string literal in a comment or an array: printable and without what would end it.
std::string quoted(const std::string& text) {
  std::string all = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      all += fmt::format("\\{}", c);
    else if (byte < 32 || byte == 127 || c == '?')
      all += fmt::format("\\{:03o}", byte);
    else
      all += c;
  }
  return all + "\"";
}

std::string number(double value) {
  if (std::isnan(value)) return "NAN";
  if (std::isinf(value)) return value < 0 ? "-INFINITY" : "INFINITY";
  return fmt::format("{:.17g}", value);
}

class HeaderWriter {
 public:
  explicit HeaderWriter(const TrainedModel& model)
      : model_(model), type_(model.dtype == Element::float32 ? "float" : "double") {}

  std::string write() {
    size_ = model_.inputs.size();
    line("  double x[{}];", most());
    line("  double y[{}];", most());
    line("  int i, j;");
    line("  for (i = 0; i < {}; ++i) x[i] = input[i];", size_);
    for (const auto& map : model_.features) feature(map);
    if (model_.dtype == Element::float32)
      line("  for (i = 0; i < {}; ++i) x[i] = (float)x[i];", size_);
    layers();
    meaning();
    units();
    line("  for (i = 0; i < {}; ++i) output[i] = x[i];", size_);
    return head() + constants_ +
           "\nstatic void descent_predict(const double* input, double* output) {\n"
           "  (void)descent_largest;\n" +
           body_ + "}\n\n#endif\n";
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    body_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }

  // Numbers that the next layer or map reads, row by row.
  std::string constant(const arma::mat& values, const std::string& type) {
    auto name = fmt::format("descent_numbers_{}", constant_count_++);
    constants_ += fmt::format("static const {} {}[{}] = {{", type, name, values.n_elem);
    for (arma::uword i = 0; i < values.n_rows; ++i)
      for (arma::uword j = 0; j < values.n_cols; ++j)
        constants_ += fmt::format(
            "{}{}{}", i + j == 0 ? "" : ", ", number(values(i, j)),
            type == "float"
                ? (number(values(i, j)).find_first_of(".en") == std::string::npos ? ".0f" : "f")
                : "");
    constants_ += "};\n";
    return name;
  }

  // The widest vector on the way.
  arma::uword most() const {
    arma::uword widest = std::max<arma::uword>(1, model_.inputs.size());
    arma::mat one(model_.inputs.size(), 1, arma::fill::zeros);
    for (const auto& map : model_.features) {
      one = data::apply(map, one);
      widest = std::max(widest, one.n_rows);
    }
    for (const auto& layer : model_.layers) widest = std::max<arma::uword>(widest, layer.units);
    return widest;
  }

  void copy_back() { line("  for (i = 0; i < {}; ++i) x[i] = y[i];", size_); }

  void feature(const data::FittedMap& map) {
    const auto numbers = [&](const char* name) -> const arma::mat& { return map.numbers.at(name); };
    if (map.name == "standardize") {
      const auto unit = constant(numbers("unit"), "double"),
                 mean = constant(numbers("mean"), "double"), sd = constant(numbers("sd"), "double");
      line("  for (i = 0; i < {0}; ++i) x[i] = {3}[i] > 0 ? (x[i] / {1}[i] - {2}[i]) / {3}[i] : 0;",
           size_, unit, mean, sd);
    } else if (map.name == "scale") {
      line("  for (i = 0; i < {}; ++i) x[i] *= {};", size_, number(numbers("factor")(0)));
    } else if (map.name == "polynomial") {
      const auto degree = arma::uword(numbers("degree")(0));
      line(
          "  for (i = 0; i < {0}; ++i)\n    for (j = 0; j < {1}; ++j) y[i * {1} + j] = pow(x[i], j "
          "+ 1);",
          size_, degree);
      size_ *= degree;
      copy_back();
    } else if (map.name == "gaussian_basis") {
      const auto& centres = numbers("centres");
      const double width = numbers("width")(0);
      const auto at = constant(centres, "double");
      line(
          "  for (i = 0; i < {0}; ++i)\n    for (j = 0; j < {1}; ++j)\n      y[i * {1} + j] = "
          "exp(-(x[i] - {2}[j]) * (x[i] - {2}[j]) / {3});",
          size_, centres.n_elem, at, number(2 * width * width));
      size_ *= centres.n_elem;
      copy_back();
    } else if (map.name == "log1p") {
      line("  for (i = 0; i < {}; ++i) x[i] = log1p(x[i]);", size_);
    } else if (map.name == "interactions") {
      interactions();
    } else if (map.name == "quantile") {
      quantile(numbers("quantiles"));
    } else if (map.name == "pca") {
      const auto mean = constant(numbers("mean"), "double");
      line("  for (i = 0; i < {}; ++i) x[i] -= {}[i];", size_, mean);
      product(numbers("components"), arma::mat(), "double");
    } else if (map.name == "random_relu") {
      product(numbers("weights"), arma::mat(), "double");
      line("  for (i = 0; i < {}; ++i) x[i] = x[i] > 0 ? x[i] : 0;", size_);
    } else {
      throw Error(
          fmt::format("a C header has no code for the feature map '{}'; export JSON", map.name));
    }
  }

  void interactions() {
    line(
        "  {{\n    int next = {0};\n    for (i = 0; i < {0}; ++i) y[i] = x[i];\n"
        "    for (i = 0; i < {0}; ++i)\n"
        "      for (j = i + 1; j < {0}; ++j) y[next++] = x[i] * x[j];\n  }}",
        size_);
    size_ += size_ * (size_ - 1) / 2;
    copy_back();
  }

  void quantile(const arma::mat& quantiles) {
    const auto all = constant(quantiles, "double");
    line(
        "  for (i = 0; i < {0}; ++i) {{\n    const double* q = {1} + i * {2};\n"
        "    int equal = 0;\n    j = 0;\n    while (j < {2} && q[j] < x[i]) ++j;\n"
        "    while (j + equal < {2} && q[j + equal] == x[i]) ++equal;\n"
        "    if (x[i] <= q[0]) x[i] = 0;\n    else if (x[i] >= q[{3}]) x[i] = 1;\n"
        "    else if (equal > 0) x[i] = (2 * j + equal - 1) / 2.0 / {3};\n"
        "    else x[i] = (j - (q[j] - x[i]) / (q[j] - q[j - 1])) / {3};\n  }}",
        size_, all, quantiles.n_cols, quantiles.n_cols - 1);
  }

  // x = weights x + bias.
  void product(const arma::mat& weights, const arma::mat& bias, const std::string& type) {
    const auto w = constant(weights, type);
    const auto b = bias.is_empty() ? std::string() : constant(bias, type);
    line("  for (i = 0; i < {}; ++i) {{", weights.n_rows);
    line("    y[i] = {};", b.empty() ? "0" : fmt::format("{}[i]", b));
    line("    for (j = 0; j < {0}; ++j) y[i] += {1}[i * {0} + j] * x[j];\n  }}", weights.n_cols, w);
    size_ = weights.n_rows;
    copy_back();
  }

  void layers() {
    const auto network = model_.network();
    const auto block = [&](const std::string& name) -> arma::mat {
      for (const auto& one : network.blocks())
        if (one.name == name) return {model_.weights.data() + one.offset, one.rows, one.cols};
      return {};
    };
    std::size_t index = 0;
    for (const auto& layer : model_.layers) {
      if (layer.kind == Kind::linear) {
        const auto name = fmt::format("linear{}", index++);
        product(block(name + ".weight"), block(name + ".bias"), type_);
      } else if (layer.kind == Kind::softmax || layer.kind == Kind::log_softmax) {
        softmax(layer.kind == Kind::log_softmax);
      } else {
        each(activation(layer));
      }
    }
  }

  void each(const std::string& formula) {
    line("  for (i = 0; i < {}; ++i) x[i] = {};", size_, formula);
  }

  static std::string activation(const nn::LayerSpec& layer) {
    switch (layer.kind) {
      case Kind::relu:
        return "x[i] > 0 ? x[i] : 0";
      case Kind::leaky_relu:
        return fmt::format("x[i] > 0 ? x[i] : {} * x[i]", number(layer.slope));
      case Kind::elu:
        return fmt::format("x[i] > 0 ? x[i] : {} * expm1(x[i])", number(layer.slope));
      case Kind::gelu:
        return "x[i] * 0.5 * erfc(-x[i] * 0.70710678118654752440)";
      case Kind::tanh:
        return "tanh(x[i])";
      case Kind::sigmoid:
        return "1 / (1 + exp(-x[i]))";
      default:
        return "x[i] > 0 ? x[i] + log1p(exp(-x[i])) : log1p(exp(x[i]))";  // softplus
    }
  }

  void softmax(bool logarithm) {
    line("  {{\n    const double most = descent_largest(x, {0});\n    double sum = 0;", size_);
    line("    for (i = 0; i < {}; ++i) sum += exp(x[i] - most);", size_);
    line("    for (i = 0; i < {}; ++i) x[i] = {};\n  }}", size_,
         logarithm ? "x[i] - most - log(sum)" : "exp(x[i] - most) / sum");
  }

  void meaning() {
    switch (model_.prediction) {
      case DESCENT_LOGITS:
        return softmax(false);
      case DESCENT_LOG_PROBABILITIES:
        return each("exp(x[i])");
      case DESCENT_BINARY_LOGITS:
        return each("1 / (1 + exp(-x[i]))");
      case DESCENT_MEANS_AND_VARIANCES:
        size_ /= 2;
        return;
      default:
        if (model_.logarithms) each("exp(x[i])");
    }
  }

  void units() {
    const auto& [scale, shift] = std::pair(model_.preparation.scale, model_.preparation.shift);
    if (scale.is_empty()) return;
    const auto a = constant(scale, "double"), b = constant(shift, "double");
    line("  for (i = 0; i < {}; ++i) x[i] = x[i] * {}[i] + {}[i];", size_, a, b);
  }

  std::string head() const {
    const auto outputs = model_.output_names();
    std::string names = fmt::format(
        "/* A model trained with loss {} in {}.\n * descent_predict(input, output): input holds "
        "descent_inputs numbers, output gets\n * descent_outputs: {}. */\n",
        model_.loss, model_.dtype == Element::float32 ? "float32" : "float64",
        predicts_probabilities(model_.prediction) ? "probabilities" : "predictions");
    const auto list = [&](const char* name, const std::vector<std::string>& words) {
      names += fmt::format("static const char* const {}[] = {{", name);
      for (std::size_t i = 0; i < words.size(); ++i) names += (i ? ", " : "") + quoted(words[i]);
      names += words.empty() ? "0};\n" : "};\n";
    };
    std::string all =
        "#ifndef DESCENT_MODEL_H\n#define DESCENT_MODEL_H\n\n#include <math.h>\n\n" + names;
    names.clear();
    all += fmt::format("enum {{ descent_inputs = {}, descent_outputs = {} }};\n",
                       model_.inputs.size(), size_);
    list("descent_input_names", model_.inputs);
    list("descent_output_names", outputs);
    return all + names +
           "\nstatic double descent_largest(const double* x, int size) {\n  double most = x[0];\n"
           "  int i;\n  for (i = 1; i < size; ++i) most = x[i] > most ? x[i] : most;\n"
           "  return most;\n}\n\n";
  }

  const TrainedModel& model_;
  std::string type_, constants_, body_;
  arma::uword size_ = 0;  // of x
  int constant_count_ = 0;
};

}  // namespace

std::string c_header(const TrainedModel& model) { return HeaderWriter(model).write(); }

}  // namespace descent::deploy
