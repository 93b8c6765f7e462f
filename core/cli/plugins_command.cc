// SPDX-License-Identifier: MIT
// descent plugins: what is there to be named in experiment files, and what authors of plugins need.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>

#include "base/error.h"
#include "base/foreign_names.h"
#include "base/quotes.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/installation.h"
#include "cli/json_output.h"
#include "cli/plugin_check.h"
#include "cli/plugin_new.h"
#include "cli/plugin_packages.h"
#include "cli/plugin_page.h"
#include "conformance/check.h"
#include "host/catalog.h"
#include "host/trust.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;
using nlohmann::json;

// One invocation: the words after the verb, and the options.
struct Request {
  const host::Catalog& catalog;
  Arguments words;
  po::variables_map options;

  bool json() const { return options.count("json") > 0; }
  std::string kind() const { return options["kind"].as<std::string>(); }
  bool wants(descent_kind one) const { return kind().empty() || kind() == host::kind_name(one); }
};

const Arguments kind_names = {"loss", "optimizer", "regularizer"};

void check_kind(const std::string& kind) {
  if (std::ranges::count(kind_names, kind) == 0)
    throw Error(fmt::format("kind '{}' is not known{}", kind, did_you_mean(kind, kind_names)));
}

void complain(const std::string& line, int& code) {
  std::cerr << printable_lines(line) << '\n';
  code = usage_error;
}

// Reports a name that two files have: the first one found is used.
void report_hidden(const host::Catalog& catalog, descent_kind kind, const std::string& name,
                   int& code) {
  for (const auto& path : catalog.shadowed(kind, name))
    complain(Error({path, 0, 0},
                   fmt::format("{} '{}' is also in {}, which is found first; rename one",
                               host::kind_name(kind), name, catalog.get(kind, name).path()))
                 .what(),
             code);
}

bool is_built_in(descent_kind kind, const std::string& name) {
  return kind == DESCENT_OPTIMIZER && name == train::exact_optimizer.name;
}

Error never_used(const host::Plugin& plugin) {
  return {{plugin.path(), 0, 0},
          fmt::format("{} '{}' is built into the program, so no experiment can use this plugin; "
                      "rename the plugin",
                      host::kind_name(plugin->kind), plugin->name)};
}

// A line of the list: within 100 columns, unless the path follows.
void print_line(const Request& request, descent_kind kind, const std::string& name,
                const std::string& doc, const std::string& path) {
  constexpr std::size_t widest = 64;  // next to kind and name
  const bool paths = request.options.count("paths") > 0;
  const auto fits = paths || doc.size() <= widest;
  auto end = fits ? doc.size() : doc.rfind(' ', widest - 3);
  if (end == doc.npos || end == 0) end = widest - 3;
  std::cout << fmt::format("{:<12}{:<23} {}{}{}\n", host::kind_name(kind), printable(name),
                           printable(doc.substr(0, end)), fits ? "" : "...",
                           paths ? "  " + printable(path) : "");
}

void list(const Request& request, const train::BuiltInOptimizer& optimizer, json& all) {
  if (request.json())
    all.push_back(describe(optimizer));
  else
    print_line(request, DESCENT_OPTIMIZER, optimizer.name,
               std::string(optimizer.doc) + " (built in)", "");
}

// A plugin that cannot be loaded is reported on one line, once; the others are listed.
int list(const Request& request) {
  int code = all_done;
  auto all = json::array();
  Arguments reported;
  for (const auto kind : host::kinds) {
    if (!request.wants(kind)) continue;
    if (kind == DESCENT_OPTIMIZER) list(request, train::exact_optimizer, all);
    for (const auto& name : request.catalog.names(kind)) {
      if (const auto line = request.catalog.objection(kind, name); !line.empty()) {
        if (std::ranges::count(reported, line) == 0) complain(line, code);
        reported.push_back(line);
        continue;
      }
      const auto& plugin = request.catalog.get(kind, name);
      report_hidden(request.catalog, kind, name, code);
      if (is_built_in(kind, name)) {
        complain(never_used(plugin).what(), code);
        continue;
      }
      if (request.json())
        all.push_back(describe(plugin));
      else
        print_line(request, kind, name, plugin->doc, plugin.path());
    }
  }
  if (request.json()) std::cout << json_output(all);
  return code;
}

// What the name means as one kind or another, else the nearest of all.
std::string nearest(const Request& request, const std::string& name, const Arguments& known) {
  for (const auto kind : {DESCENT_OPTIMIZER, DESCENT_LOSS, DESCENT_REGULARIZER})
    if (request.wants(kind))
      if (const auto found = foreign_name(name, known, host::kind_name(kind)))
        return did_you_mean(name, known, host::kind_name(kind));
  return did_you_mean(name, known);
}

// The plugins of a name: one a kind.
std::vector<host::Plugin> named(const Request& request, const std::string& name) {
  std::vector<host::Plugin> found;
  Arguments known;
  for (const auto kind : host::kinds) {
    if (!request.wants(kind)) continue;
    if (kind == DESCENT_OPTIMIZER) known.push_back(train::exact_optimizer.name);
    for (const auto& candidate : request.catalog.names(kind)) known.push_back(candidate);
    if (request.catalog.contains(kind, name)) found.push_back(request.catalog.get(kind, name));
  }
  if (found.empty())
    throw Error(fmt::format("plugin '{}' is not known{}", name, nearest(request, name, known)));
  return found;
}

// A step's cost on this machine, now: {ns a weight, a text}.
std::pair<double, std::string> cost(const host::Plugin& plugin) {
  if (plugin->kind != DESCENT_OPTIMIZER) return {0, ""};
  const auto finding = run(conformance::cost_of(plugin));
  if (!finding.holds()) return {0, "cost: not measured: " + finding.text + "\n"};
  return {finding.figure,
          fmt::format("cost: {:.3g} {}; measured here\n", finding.figure, finding.text)};
}

// The one that is part of the program, and a plugin of its name, if there is one.
int show_built_in(const Request& request) {
  int code = all_done;
  if (request.json())
    std::cout << json_output(json::array({describe(train::exact_optimizer)}));
  else
    std::cout << cli::text_of(train::exact_optimizer);
  if (request.catalog.contains(DESCENT_OPTIMIZER, train::exact_optimizer.name))
    complain(never_used(request.catalog.get(DESCENT_OPTIMIZER, train::exact_optimizer.name)).what(),
             code);
  return code;
}

int show(const Request& request) {
  if (request.wants(DESCENT_OPTIMIZER) && request.words[0] == train::exact_optimizer.name)
    return show_built_in(request);
  int code = all_done;
  auto all = json::array();
  std::string text;
  for (const auto& plugin : named(request, request.words[0])) {
    const auto [nanoseconds, words] = cost(plugin);
    text += (text.empty() ? "" : "\n") + cli::text_of(plugin) + words;
    all.push_back(describe(plugin));
    if (nanoseconds > 0) all.back()["cost_ns_per_weight"] = nanoseconds;
    report_hidden(request.catalog, plugin->kind, plugin->name, code);
  }
  std::cout << (request.json() ? json_output(all) : printable_lines(text));
  return code;
}

bool is_path(const std::string& word) {
  return word.find('/') != word.npos || word.ends_with(".so");
}

host::Plugin at_path(const Request& request, const std::string& path) {
  const host::LibraryFile file(path);
  const std::string why =
      request.options.count("allow-writable") ? "" : host::why_not_trusted(file);
  if (!why.empty()) throw Error({path, 0, 0}, "is not loaded: " + why);
  host::Plugin plugin(file);
  request.catalog.find_base(plugin);
  return plugin;
}

int check(const Request& request) {
  const auto& word = request.words[0];
  if (request.wants(DESCENT_OPTIMIZER) && word == train::exact_optimizer.name)
    throw Error("optimizer 'exact' is built into the program; there is no plugin to check");
  const auto print = [&](const std::string& text) {
    if (!request.json()) std::cout << text << std::flush;
  };
  auto all = json::array();
  bool holds = true;
  for (const auto& plugin :
       is_path(word) ? std::vector<host::Plugin>{at_path(request, word)} : named(request, word)) {
    const Comparisons comparisons{
        words_of(request.options, "vectors"),
        comparisons_with(request.catalog, plugin, words_of(request.options, "against"))};
    const auto report = check_plugin(plugin, comparisons, print);
    holds &= report.holds;
    all.push_back(report.json);
  }
  if (request.json()) std::cout << json_output(all);
  return holds ? all_done : some_not_done;
}

int make(const Request& request) {
  const auto &kind = request.words[0], &name = request.words[1];
  check_kind(kind);
  if (kind == host::kind_name(DESCENT_OPTIMIZER) && name == train::exact_optimizer.name)
    throw Error("optimizer 'exact' is built into the program; take another name");
  const auto folder = request.options["dir"].as<std::string>(),
             like = request.options["like"].as<std::string>();
  for (const auto& path : write_new_plugin(kind, like, name, folder)) std::cout << path << '\n';
  for (const auto known : host::kinds)
    if (kind == host::kind_name(known) && request.catalog.contains(known, name))
      std::cout << fmt::format(
          "note: there is {} '{}' already (descent plugins show {}); yours takes its place "
          "wherever "
          "its folder is named by --plugins or DESCENT_PLUGIN_PATH\n",
          kind, name, name);
  const auto home = folder == "." ? name : folder + "/" + name;
  std::cout << "next:\n";
  if (const auto line = missing_install_line(); !line.empty())
    std::cout << "  # as root, what is missing here\n  " << line << '\n';
  std::cout << fmt::format(
      "  cmake -S {0} -B {0}/build && cmake --build {0}/build\n"
      "  descent plugins check {0}/build/{1}.so\n",
      shell_word(home), name);
  return all_done;
}

int flags(const Request&) {
  const auto line = installation().flags;
  std::cout << line << '\n';
  if (line.find('\'') != line.npos)  // which $(...) alone does not heed
    std::cerr << "note: the path of descent needs quotes; a shell reads them in eval \"c++ -shared "
                 "-fPIC $(descent plugins flags) x.cc -o x.so\"\n";
  return all_done;
}

int reference(const Request& request) {
  std::cout << reference_page(request.catalog);
  return all_done;
}

struct Verb {
  std::string name, arguments, about;
  Arguments options;
  int (*run)(const Request&);

  std::size_t count() const { return std::size_t(std::ranges::count(arguments, ' ')); }
};

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = {
      {"list",
       "",
       "kind, name and description, one plugin per line",
       {"kind", "json", "paths"},
       list},
      {"show", " NAME", "formula, source, memory, hyperparameters", {"kind", "json"}, show},
      {"new",
       " KIND NAME",
       "write a working plugin to NAME/, with build files",
       {"dir", "like"},
       make},
      {"check",
       " NAME-or-PATH",
       "check gradients and the plugin contract",
       {"kind", "json", "vectors", "against"},
       check},
      {"flags", "", "for c++ -shared -fPIC $(descent plugins flags) x.cc -o x.so", {}, flags},
      {"reference", "", "a Markdown page of all plugins", {}, reference},
  };
  return all;
}

const Verb& verb_of(const Arguments& words) {
  Arguments names;
  for (const auto& verb : verbs()) {
    names.push_back(verb.name);
    if (words.empty() || words[0] != verb.name) continue;
    if (words.size() == verb.count() + 1) return verb;
    throw Error(fmt::format("usage: descent plugins {}{}; see descent plugins --help", verb.name,
                            verb.arguments));
  }
  if (words.empty())
    throw Error(fmt::format("plugins needs one of: {}; see descent plugins --help",
                            fmt::join(names, ", ")));
  throw Error(fmt::format("plugins has no '{}'{}", words[0], did_you_mean(words[0], names)));
}

void refuse_strange_options(const Verb& verb, const po::variables_map& values) {
  static const Arguments general = {"plugins", "allow-writable", "positional"};
  for (const auto& [name, value] : values)
    if (!value.defaulted() && !std::ranges::count(general, name) &&
        std::ranges::count(verb.options, name) == 0)
      throw Error(fmt::format("plugins {} takes no --{}", verb.name, name));
}

std::string about() {
  std::string text = "Lists and describes plugins, and helps to write them.\n";
  for (const auto& verb : verbs())
    text += fmt::format("\n  {:<22}{}", verb.name + verb.arguments, verb.about);
  return text;
}

int plugins(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("kind", po::value<std::string>()->default_value("")->value_name("KIND"),
                        "only one kind: loss, optimizer, regularizer")("json", "print JSON")(
      "paths", "list: print the path of each")(
      "dir", po::value<std::string>()->default_value(".")->value_name("DIR"),
      "new: the folder in which NAME/ is created")(
      "like", po::value<std::string>()->default_value("")->value_name("WHAT"),
      "new optimizer: one that shows how to be a wrapper of another one, or how to use the hessian "
      "or the gradients of samples")("vectors",
                                     po::value<Arguments>()->multitoken()->value_name("FILE..."),
                                     "check: compare with these files of reference cases, too")(
      "against", po::value<Arguments>()->multitoken()->value_name("WHAT..."),
      "check: compare with another plugin, such as adam or adam:lr=0.1,eps=0, or with a table of "
      "weights, "
      "table.csv");
  add_plugins_option(options);
  po::variables_map values;
  Arguments words;
  const Help help{"plugins VERB ...", about(),
                  "descent plugins show adam\n  descent plugins new optimizer my_lion\n  descent "
                  "plugins check my_lion/build/my_lion.so"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  const auto& verb = verb_of(words);
  refuse_strange_options(verb, values);
  if (const auto kind = values["kind"].as<std::string>(); !kind.empty()) check_kind(kind);
  const auto catalog = open_catalog(values);
  return verb.run({catalog, {words.begin() + 1, words.end()}, values});
}

}  // namespace

const Command plugins_command{"plugins", "list, show, write and check plugins", plugins};

}  // namespace descent::cli
