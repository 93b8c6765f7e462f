// SPDX-License-Identifier: MIT
// descent model export: a stored model for other programs.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/suggestion.h"
#include "cli/command.h"
#include "cli/output_file.h"
#include "cli/stored_models.h"
#include "deploy/c_header.h"
#include "deploy/onnx.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

std::string as_json(const deploy::TrainedModel& model) { return deploy::text(model) + "\n"; }

struct ModelFormat {
  const char* ending;
  std::string (*write)(const deploy::TrainedModel&);
};
constexpr ModelFormat formats[] = {
    {".json", as_json}, {".onnx", deploy::onnx}, {".h", deploy::c_header}};

const ModelFormat& model_format_of(const std::string& path) {
  for (const auto& format : formats)
    if (path.ends_with(format.ending)) return format;
  throw Error(fmt::format(
      "-o: the name of the file says the format: .json, .onnx or .h; found '{}'", path));
}

int export_model(const Arguments& arguments) {
  po::options_description options("options");
  add_model_options(options,
                    "best: that with the least validation_loss, or train_loss; or a number");
  options.add_options()("output,o", po::value<std::string>()->default_value("")->value_name("FILE"),
                        "a name that ends in .json, .onnx or .h")(
      "force", "let --output replace an existing file");
  po::variables_map values;
  Arguments words;
  const Help help{
      "model export DB -o FILE.json|FILE.onnx|FILE.h [--experiment NAME] [--point POINT]\n"
      "               [--replicate best|N]",
      "Writes a stored model for other programs: as JSON, as docs/predict.md describes it; for\n"
      "ONNX; or as a self-contained C header.",
      "descent model export results.db -o model.onnx"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.size() != 2 || words[0] != "export")
    throw Error(words.empty() || words[0] == "export"
                    ? "model export takes a store; see descent model --help"
                    : fmt::format("model: '{}' is not known; use export, as in `descent model "
                                  "export results.db -o model.onnx`",
                                  words[0]));
  const auto path = values["output"].as<std::string>();
  const auto& format = model_format_of(path);
  if (values["replicate"].as<std::string>() == "all")
    throw Error("--replicate: a file holds one model; use best or a number");
  auto reader = store::Reader::open(words[1]);
  const auto models = stored_models(reader, values);
  const auto bytes = format.write(models.front().model);
  write_output(path, values.count("force") > 0, [&](std::ostream& out) { out << bytes; });
  return all_done;
}

}  // namespace

const Command model_command{"model", "export a stored model: JSON, ONNX, C", export_model};

}  // namespace descent::cli
