// SPDX-License-Identifier: MIT
// descent plot: one picture, in the terminal or as SVG, PDF or PNG.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "base/error.h"
#include "base/suggestion.h"
#include "cli/command.h"
#include "cli/output_file.h"
#include "cli/report_sources.h"
#include "cli/rsvg.h"
#include "cli/text_picture.h"
#include "report/all_figures.h"
#include "report/draw.h"
#include "report/experiment.h"
#include "report/query_picture.h"
#include "store/query.h"
#include "store/stored_points.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;
using report::Picture;

struct Width {
  const char* name;
  double pixels;            // of 1/96 inch
  const char* latex_width;  // as wide in a paper
};
// 89 and 182 mm: what journals with two columns print.
constexpr Width widths[]{{"column", 336, "\\columnwidth"}, {"page", 688, "\\textwidth"}};

const Width& width_named(const std::string& name) {
  for (const auto& width : widths)
    if (name == width.name) return width;
  throw Error(fmt::format("--width '{}' is not known; valid: column (89 mm), page (182 mm)", name));
}

// The ending of the file: svg, pdf or png; empty for no file.
std::string format_of(const std::string& file) {
  if (file.empty()) return "";
  const auto ending = std::filesystem::path(file).extension().string();
  for (std::string format : {"svg", "pdf", "png"})
    if (ending == "." + format) return format;
  throw Error({file, 0, 0},
              fmt::format("'{}' is no ending of a picture; valid: .svg, .pdf, .png", ending));
}

bool is_query(std::string word) {
  word.erase(0, word.find_first_not_of(" \t\n\r("));
  for (const std::string begin : {"select", "with"}) {
    const auto first = word.substr(0, begin.size());
    if (std::ranges::equal(first, begin, {}, [](unsigned char c) { return std::tolower(c); }) &&
        word.size() > begin.size() &&
        !std::isalnum(static_cast<unsigned char>(word[begin.size()])) &&
        word[begin.size()] != '-' && word[begin.size()] != '_')
      return true;
  }
  return false;
}

// "x,y": those axes are logarithmic and no other; "none": no axis.
void set_scales(Picture& picture, const std::string& axes) {
  picture.x.log = picture.y.log = false;
  std::string axis;
  const auto set = [&] {
    if (axis == "x")
      picture.x.log = true;
    else if (axis == "y")
      picture.y.log = true;
    else if (axis != "none")
      throw Error(fmt::format("--log '{}' is no axis; valid: x, y, x,y, none", axis));
    axis.clear();
  };
  for (const char c : axes)
    if (c == ',')
      set();
    else
      axis += c;
  set();
}

// A logarithmic axis shows 0 at its edge, and nothing below.
void check_logarithms(const Picture& picture, const std::string& axis,
                      const std::vector<std::string>& columns) {
  for (const auto& row : picture.rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (std::ranges::count(columns, picture.columns[i]) == 0) continue;
      const auto* number = std::get_if<double>(&row[i]);
      const auto* whole = std::get_if<std::int64_t>(&row[i]);
      if ((number && *number < 0) || (whole && *whole < 0))
        throw Error(
            fmt::format("--log {}: column '{}' holds {}, and numbers below 0 have no logarithm; "
                        "leave {} out of "
                        "--log",
                        axis, picture.columns[i], store::text_of(row[i]), axis));
    }
}

void check_scales(const Picture& picture, report::Renderer& renderer) {
  auto values = picture.values;
  if (values.empty()) values = renderer.values(picture.mark, picture.columns);
  const bool across = picture.mark == "rows";  // values from left to right
  if (picture.x.log && *picture.x.log)
    check_logarithms(picture, "x", across ? values : std::vector<std::string>{"x"});
  if (picture.y.log && *picture.y.log && !across) check_logarithms(picture, "y", values);
}

Picture queried(store::Reader& reader, const std::string& sql, const po::variables_map& values,
                report::Renderer& renderer) {
  report::QueryPicture query{"", sql, "", ""};
  if (values.count("mark")) query.mark = values["mark"].as<std::string>();
  return picture_of(reader, query, renderer);
}

std::vector<report::NamedPicture> pictures_of(store::Reader& reader, const std::string& experiment,
                                              report::Renderer& renderer) {
  const auto known = report::experiment_names(reader);
  if (std::ranges::count(known, experiment) == 0)
    throw Error(fmt::format("'{}' is neither a query nor an experiment of this store{}", experiment,
                            did_you_mean(experiment, known)));
  return report::named_pictures(report::all_figures(
      reader, report::read_experiment(reader, experiment), report_sources(), renderer));
}

// Without a name, the first.
Picture built_in(store::Reader& reader, const std::string& experiment, const std::string& name,
                 report::Renderer& renderer) {
  const auto all = pictures_of(reader, experiment, renderer);
  if (all.empty()) throw Error(fmt::format("experiment '{}' has no picture yet", experiment));
  if (name.empty()) return all.front().second;
  std::vector<std::string> names;
  for (const auto& [known, picture] : all) {
    if (known == name) return picture;
    names.push_back(known);
  }
  throw Error(fmt::format("picture '{}' of experiment '{}' is not known{}", name, experiment,
                          did_you_mean(name, names)));
}

void print_list(store::Reader& reader, const Arguments& words, report::Renderer& renderer) {
  store::Table table{{"experiment", "picture", "mark", "shows"}, {}};
  const auto experiments =
      words.size() == 2 ? Arguments{words[1]} : report::experiment_names(reader);
  for (const auto& experiment : experiments)
    for (const auto& [name, picture] : pictures_of(reader, experiment, renderer))
      table.rows.push_back(
          {experiment, name, picture.mark,
           picture.view.empty() ? picture.title : picture.title + ": " + picture.view});
  store::print(table, store::Format::table, std::cout);
}

void change(Picture& picture, const po::variables_map& values) {
  const auto text = [&](const char* option, std::string& of) {
    if (values.count(option)) of = values[option].as<std::string>();
  };
  text("title", picture.title);
  text("x-label", picture.x.label);
  text("y-label", picture.y.label);
  if (values.count("log")) set_scales(picture, values["log"].as<std::string>());
}

void write_picture(const Picture& picture, const std::string& file, const po::variables_map& values,
                   report::Renderer& renderer) {
  const auto format = format_of(file);
  const auto& width = width_named(values["width"].as<std::string>());
  auto bytes = renderer.draw(picture, {width.pixels, values["font"].as<std::string>()});
  if (format != "svg") bytes = converted(bytes, format, file);
  write_output(file, values.count("force") > 0, [&](std::ostream& out) { out << bytes; });
  if (format == "pdf")
    std::cout << fmt::format("\\includegraphics[width={}]{{{}}}\n", width.latex_width, file);
}

void show_picture(const Picture& picture, report::Renderer& renderer) {
  auto drawn = picture.values;
  if (drawn.empty()) drawn = renderer.values(picture.mark, picture.columns);
  print(picture, drawn, std::cout);
}

Picture asked_for(store::Reader& reader, const Arguments& words, const po::variables_map& values,
                  report::Renderer& renderer) {
  const auto sql =
      words[1] == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : words[1];
  if (words[1] == "-" || is_query(sql)) {
    if (words.size() > 2)
      throw Error(fmt::format("'{}' follows the query; quote the query as one word", words[2]));
    return queried(reader, sql, values, renderer);
  }
  if (values.count("mark"))
    throw Error("--mark is for queries; a picture of an experiment has its own");
  return built_in(reader, sql, words.size() > 2 ? words[2] : "", renderer);
}

void add_options(po::options_description& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add_options()("mark", text()->value_name("MARK"),
                        "for a query: line, rows, heat, scatter, steps or stack (default: by its "
                        "columns)")(
      "log", text()->value_name("AXES"),
      "logarithmic axes: x, y, x,y or none (default: where values span a factor of 20)")(
      "title", text()->value_name("TEXT"), "title; '' for none")(
      "x-label", text()->value_name("TEXT"), "label of the x axis")(
      "y-label", text()->value_name("TEXT"), "label of the y axis")(
      "width", text()->default_value("page")->value_name("WIDTH"),
      "column (89 mm) or page (182 mm), for papers")(
      "font", text()->default_value("")->value_name("FAMILY"),
      "font family of the file (default: Liberation Sans or Helvetica)")(
      "output,o", text()->default_value("")->value_name("FILE"),
      "write FILE.svg, FILE.pdf or FILE.png instead of drawing in the terminal")(
      "force", "let --output replace an existing file")(
      "list", "list the pictures of the experiments in the store");
}

int plot_picture(const Arguments& arguments) {
  po::options_description options("options");
  add_options(options);
  po::variables_map values;
  Arguments words;
  const Help help{
      "plot DB QUERY|- [--mark MARK] [--log x,y] [-o FILE] | plot DB EXPERIMENT [PICTURE]\n"
      "               [-o FILE] | plot DB [EXPERIMENT] --list",
      "Draws the rows of a query, or a picture of an experiment's report; - reads the query from\n"
      "standard input. The names of its columns determine their roles: x, series, facet, label\n"
      "(of rows and stack), x, y, z (of heat maps). Any other column is a value to draw, and\n"
      "NAME_lo, NAME_hi are its interval. PDF and PNG need the package librsvg2-bin; for a PDF,\n"
      "the line that includes it in LaTeX is printed.",
      "descent plot results.db \\\n"
      "      'SELECT lambda AS x, total, bias2, variance FROM ridge' --log x -o ridge.pdf\n"
      "  descent plot results.db ridge learning-curves"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  const bool lists = values.count("list") > 0;
  const std::size_t least = lists ? 1 : 2;
  if (words.size() < least || words.size() > least + 1)
    throw Error("plot takes a store, and a query or an experiment; see descent plot --help");
  const auto file = values["output"].as<std::string>();
  format_of(file);  // before the query, which may take long
  width_named(values["width"].as<std::string>());
  auto reader = store::Reader::open(words[0]);
  report::Renderer renderer;
  if (lists) return print_list(reader, words, renderer), all_done;
  auto picture = asked_for(reader, words, values, renderer);
  change(picture, values);
  if (values.count("log")) check_scales(picture, renderer);
  if (file.empty())
    show_picture(picture, renderer);
  else
    write_picture(picture, file, values, renderer);
  return all_done;
}

}  // namespace

const Command plot_command{"plot", "draw a picture: in the terminal, SVG, PDF or PNG",
                           plot_picture};

}  // namespace descent::cli
