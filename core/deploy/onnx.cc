// SPDX-License-Identifier: MIT
// The numbers of fields are those of onnx.proto.
#include "deploy/onnx.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.h"
#include "deploy/protobuf.h"
#include "nn/output_range.h"

namespace descent::deploy {
namespace {

using Kind = nn::LayerSpec::Kind;

enum Type { real32 = 1, int64 = 7, real64 = 11 };  // TensorProto.DataType

template <class T>
void append(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

class OnnxWriter {
 public:
  explicit OnnxWriter(const TrainedModel& model) : model_(model) {}

  std::string write() {
    for (const auto& map : model_.features) feature(map);
    if (model_.dtype == Element::float32) {
      type_ = real32;
      apply("Cast", {}, {Message().text(1, "to").number(3, real32).number(20, 2)});
    }
    layers();
    meaning();
    units();
    graph_.message(1, node("Identity", {value_}, "output", {}));
    graph_.text(2, "descent");
    graph_.message(11, declaration("input", real64, model_.inputs.size()));
    graph_.message(12, declaration("output", type_, outputs_));
    Message file;
    file.number(1, 7).text(2, "descent");
    file.message(7, graph_).message(8, Message().text(1, "").number(2, 13));
    const auto note = [&](const char* key, const std::string& value) {
      file.message(14, Message().text(1, key).text(2, value));
    };
    note("loss", model_.loss);
    for (std::size_t i = 0; i < model_.inputs.size(); ++i)
      note(fmt::format("input_{}", i).c_str(), model_.inputs[i]);
    const auto names = model_.output_names();
    for (std::size_t i = 0; i < names.size(); ++i)
      note(fmt::format("output_{}", i).c_str(), names[i]);
    return file.bytes();
  }

 private:
  // n x columns.
  static Message declaration(const char* name, Type type, std::size_t columns) {
    Message shape, tensor;
    shape.message(1, Message().text(2, "n"));
    shape.message(1, Message().number(1, std::int64_t(columns)));
    tensor.number(1, type).message(2, shape);
    return Message().text(1, name).message(2, Message().message(1, tensor));
  }

  static Message node(const char* operation, const std::vector<std::string>& inputs,
                      const std::string& output, const std::vector<Message>& attributes) {
    Message one;
    for (const auto& input : inputs) one.text(1, input);
    one.text(2, output).text(3, output).text(4, operation);
    for (const auto& attribute : attributes) one.message(5, attribute);
    return one;
  }

  // value = operation(value, others).
  void apply(const char* operation, std::vector<std::string> others = {},
             const std::vector<Message>& attributes = {}) {
    others.insert(others.begin(), value_);
    value_ = fmt::format("v{}", ++count_);
    graph_.message(1, node(operation, others, value_, attributes));
  }

  static Message whole(const char* name, std::int64_t value) {
    return Message().text(1, name).number(3, value).number(20, 2);
  }

  static Message list(const char* name, const std::vector<std::int64_t>& values) {
    Message attribute;
    attribute.text(1, name);
    for (const auto value : values) attribute.number(8, value);
    return attribute.number(20, 7);
  }

  // A constant of this shape; the numbers row by row.
  std::string constant(const std::vector<std::int64_t>& shape, const arma::mat& rows, Type type) {
    Message tensor;
    for (const auto size : shape) tensor.number(1, size);
    std::string bytes;
    for (arma::uword i = 0; i < rows.n_rows; ++i)
      for (arma::uword j = 0; j < rows.n_cols; ++j)
        type == real32  ? append(bytes, float(rows(i, j)))
        : type == int64 ? append(bytes, std::int64_t(rows(i, j)))
                        : append(bytes, rows(i, j));
    auto name = fmt::format("c{}", ++count_);
    tensor.number(2, type).text(8, name).text(9, bytes);
    graph_.message(5, tensor);
    return name;
  }
  std::string row(const arma::mat& values, Type type) {
    return constant({std::int64_t(values.n_elem)}, arma::vectorise(values).t(), type);
  }
  std::string single(double value, Type type) {
    return row(arma::mat(1, 1, arma::fill::value(value)), type);
  }

  // n x d becomes n x d x 1; then n x d x k becomes n x (d k).
  void spread() { apply("Unsqueeze", {row(arma::mat{2}, int64)}); }
  void gather(arma::uword columns) {
    apply("Reshape", {row(arma::mat{-1, double(columns)}, int64)});
  }

  void feature(const data::FittedMap& map) {
    const auto numbers = [&](const char* name) -> const arma::mat& { return map.numbers.at(name); };
    if (map.name == "standardize") {
      const arma::mat varies = arma::conv_to<arma::mat>::from(numbers("sd") > 0);
      apply("Div", {row(numbers("unit"), real64)});
      apply("Sub", {row(numbers("mean"), real64)});
      apply("Div", {row(arma::mat(numbers("sd") + (1 - varies)), real64)});
      apply("Mul", {row(varies, real64)});
      columns_ = varies.n_elem;
    } else if (map.name == "scale") {
      apply("Mul", {single(numbers("factor")(0), real64)});
    } else if (map.name == "polynomial") {
      const double degree = numbers("degree")(0);
      spread();
      apply("Pow", {row(arma::regspace(1, degree), real64)});
      gather(columns_ *= arma::uword(degree));
    } else if (map.name == "gaussian_basis") {
      const auto& centres = numbers("centres");
      const double width = numbers("width")(0);
      spread();
      apply("Sub", {row(centres, real64)});
      apply("Mul", {value_});
      apply("Div", {single(-2 * width * width, real64)});
      apply("Exp");
      gather(columns_ *= centres.n_elem);
    } else if (map.name == "log1p") {
      apply("Add", {single(1, real64)});
      apply("Log");
    } else if (map.name == "interactions") {
      interactions();
    } else if (map.name == "quantile") {
      ranks(numbers("quantiles"));
    } else if (map.name == "pca") {
      apply("Sub", {row(numbers("mean"), real64)});
      multiply(numbers("components"));
    } else if (map.name == "random_relu") {
      multiply(numbers("weights"));
      apply("Relu");
    } else {
      throw Error(fmt::format("ONNX export has no operators for the feature map '{}'; export JSON",
                              map.name));
    }
  }

  void multiply(const arma::mat& by) {
    const arma::mat weights = by.t();
    apply("MatMul", {constant({std::int64_t(weights.n_rows), std::int64_t(weights.n_cols)}, weights,
                              real64)});
    columns_ = weights.n_cols;
  }

  void interactions() {
    std::vector<double> left, right;
    for (arma::uword i = 0; i < columns_; ++i)
      for (arma::uword j = i + 1; j < columns_; ++j)
        left.push_back(double(i)), right.push_back(double(j));
    if (left.empty()) return;
    const auto x = value_;
    apply("Gather", {row(arma::mat(left), int64)}, {whole("axis", 1)});
    const auto first = std::exchange(value_, x);
    apply("Gather", {row(arma::mat(right), int64)}, {whole("axis", 1)});
    apply("Mul", {first});
    const auto products = std::exchange(value_, x);
    apply("Concat", {products}, {whole("axis", 1)});
    columns_ += left.size();
  }

  // The numbers in place of the value, of its shape and by this operation.
  std::string computed(const std::string& x, const char* operation,
                       const std::vector<std::string>& others = {},
                       const std::vector<Message>& attributes = {}) {
    const auto before = std::exchange(value_, x);
    apply(operation, others, attributes);
    return std::exchange(value_, before);
  }
  std::string in_quantiles(const std::string& which) {  // how many of the mask, n x d
    const auto counted = computed(which, "Cast", {}, {whole("to", real64)});
    return computed(counted, "ReduceSum", {row(arma::mat{2}, int64)}, {whole("keepdims", 0)});
  }

  // As data::ranks(): `below` quantiles are less than x, `up_to` at most x; where both are the
  // same, x lies between two, the nearest on either side.
  void ranks(const arma::mat& quantiles) {
    const auto count = quantiles.n_cols;
    const auto x = value_;
    const auto q =
        constant({std::int64_t(quantiles.n_rows), std::int64_t(count)}, quantiles, real64);
    spread();
    const auto less = computed(q, "Less", {value_}), at_most = computed(q, "LessOrEqual", {value_});
    const auto below = in_quantiles(less), up_to = in_quantiles(at_most);
    const auto nearest = [&](const std::string& from, const char* reduction) {
      return computed(from, reduction, {}, {list("axes", {2}), whole("keepdims", 0)});
    };
    const double infinite = arma::datum::inf;
    const auto lower =
        nearest(computed(less, "Where", {q, single(-infinite, real64)}), "ReduceMax");
    const auto upper = nearest(computed(less, "Where", {single(infinite, real64), q}), "ReduceMin");
    const auto share =
        computed(computed(upper, "Sub", {x}), "Div", {computed(upper, "Sub", {lower})});
    const auto between = computed(below, "Sub", {share});
    const auto both = computed(computed(below, "Add", {up_to}), "Sub", {single(1, real64)});
    const auto among = computed(both, "Div", {single(2, real64)});
    const auto place = computed(computed(below, "Less", {up_to}), "Where", {among, between});
    const auto rank = computed(place, "Div", {single(double(count - 1), real64)});
    const auto is_last = computed(row(quantiles.col(count - 1), real64), "LessOrEqual", {x});
    const auto is_first = computed(x, "LessOrEqual", {row(quantiles.col(0), real64)});
    const auto capped = computed(is_last, "Where", {single(1, real64), rank});
    value_ = computed(is_first, "Where", {single(0, real64), capped});
    columns_ = quantiles.n_rows;
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
      if (layer.kind != Kind::linear) {
        activate(layer);
        continue;
      }
      const auto name = fmt::format("linear{}", index++);
      const arma::mat weights = block(name + ".weight").t();
      apply("MatMul", {constant({std::int64_t(weights.n_rows), std::int64_t(weights.n_cols)},
                                weights, type_)});
      if (layer.bias) apply("Add", {row(block(name + ".bias"), type_)});
      outputs_ = weights.n_cols;
    }
  }

  void activate(const nn::LayerSpec& layer) {
    switch (layer.kind) {
      case Kind::relu:
        return apply("Relu");
      case Kind::leaky_relu:
        return leaky_relu(layer.slope);
      case Kind::elu:
        return elu(layer.slope);
      case Kind::tanh:
        return apply("Tanh");
      case Kind::sigmoid:
        return apply("Sigmoid");
      case Kind::softplus:
        return apply("Softplus");
      case Kind::softmax:
        return apply("Softmax", {}, {whole("axis", 1)});
      case Kind::log_softmax:
        return apply("LogSoftmax", {}, {whole("axis", 1)});
      default:
        return gelu();
    }
  }

  // ONNX's own LeakyRelu and Elu keep their parameter in single precision.
  // max(x, 0) - slope max(-x, 0).
  void leaky_relu(double slope) {
    const auto x = value_;
    apply("Neg");
    apply("Relu");
    apply("Mul", {single(-slope, type_)});
    add_positive(x);
  }

  // max(x, 0) + alpha (exp(min(x, 0)) - 1).
  void elu(double alpha) {
    const auto x = value_;
    for (const char* step : {"Neg", "Relu", "Neg", "Exp"}) apply(step);
    apply("Sub", {single(1, type_)});
    apply("Mul", {single(alpha, type_)});
    add_positive(x);
  }

  void add_positive(const std::string& x) {
    const auto negative = value_;
    value_ = x;
    apply("Relu");
    apply("Add", {negative});
  }

  // x (1 + erf(x / sqrt 2)) / 2.
  void gelu() {
    const auto x = value_;
    apply("Div", {single(std::sqrt(2.0), type_)});
    apply("Erf");
    apply("Add", {single(1, type_)});
    apply("Mul", {x});
    apply("Div", {single(2, type_)});
  }

  void meaning() {
    switch (model_.prediction) {
      case DESCENT_LOGITS:
        return apply("Softmax", {}, {whole("axis", 1)});
      case DESCENT_LOG_PROBABILITIES:
        return apply("Exp");
      case DESCENT_BINARY_LOGITS:
        return apply("Sigmoid");
      case DESCENT_MEANS_AND_VARIANCES:
        outputs_ /= 2;
        return apply("Slice", {row(arma::mat{0}, int64), row(arma::mat{double(outputs_)}, int64),
                               row(arma::mat{1}, int64)});
      default:
        if (model_.logarithms) apply("Exp");
    }
  }

  void units() {
    if (model_.preparation.scale.is_empty()) return;
    apply("Mul", {row(model_.preparation.scale, type_)});
    apply("Add", {row(model_.preparation.shift, type_)});
  }

  const TrainedModel& model_;
  Message graph_;
  std::string value_ = "input";
  Type type_ = real64;
  arma::uword columns_ = model_.inputs.size(), outputs_ = 0;
  int count_ = 0;
};

}  // namespace

std::string onnx(const TrainedModel& model) { return OnnxWriter(model).write(); }

}  // namespace descent::deploy
