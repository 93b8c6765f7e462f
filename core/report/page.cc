// SPDX-License-Identifier: MIT
#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/suggestion.h"
#include "report/experiment.h"
#include "report/scripts.h"
#include "report/section.h"
#include "report/table.h"
#include "report/text.h"

namespace descent::report {
namespace {

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// Of hexadecimal digits, as a Content-Security-Policy writes a hash.
std::string base64(const std::string& hexadecimal) {
  static const char* const letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0, count = 0;
  for (const char c : hexadecimal) {
    bits = bits << 4 | unsigned(digit(c));
    for (count += 4; count >= 6; count -= 6) text += letters[bits >> (count - 6) & 63];
  }
  if (count > 0) text += letters[bits << (6 - count) & 63];
  while (text.size() % 4 > 0) text += '=';
  return text;
}

std::string allowed(const Inline& inlined) {
  return fmt::format("'sha256-{}'", base64(inlined.sha256));
}

std::string policy() {
  return fmt::format(
      "default-src 'none'; script-src {} {}; style-src {}; img-src data:; base-uri 'none'; "
      "form-action 'none'",
      allowed(renderer_script), allowed(page_script), allowed(page_style));
}

// While it lives, all queries see the store as it is now, whatever a run writes: SQLite keeps the
// snapshot of a statement that is not at its end.
class Snapshot {
 public:
  explicit Snapshot(store::Reader& reader)
      : rows_(reader.query("SELECT name FROM sqlite_schema UNION ALL SELECT ''")) {
    std::vector<store::Value> row;
    rows_.next(row);
  }

 private:
  store::Reader::Rows rows_;
};

std::vector<Experiment> experiments_of(store::Reader& reader, const PageOptions& options) {
  const auto names = experiment_names(reader);
  for (const auto& name : options.experiments)
    if (std::ranges::count(names, name) == 0)
      throw Error(
          fmt::format("experiment '{}' is not in this store{}", name, did_you_mean(name, names)));
  std::vector<Experiment> all;
  for (const auto& name : names)
    if (options.experiments.empty() || std::ranges::count(options.experiments, name) > 0)
      all.push_back(read_experiment(reader, name));
  std::erase_if(all, [](const Experiment& e) { return e.grid.size() == 0; });
  return all;
}

std::string not_done(const Experiment& e) {
  return e.runs == e.done ? "" : count_text(e.runs - e.done) + " not done";
}

// A style attribute would be refused by the policy, so the bar is a picture.
std::string bar(const Experiment& e) {
  constexpr double width = 70;
  const double share = e.runs == 0 ? 0 : double(e.runs - e.done) / double(e.runs);
  return fmt::format(
      "<svg class=\"bar\" width=\"{0}\" height=\"9\" viewBox=\"0 0 {0} 9\" role=\"img\" "
      "aria-label=\"{1} of {2} runs not done\"><rect class=\"s-done\" width=\"{0}\" "
      "height=\"9\"/><rect class=\"s-diverged\" width=\"{3:.1f}\" height=\"9\"/></svg>",
      width, count_text(e.runs - e.done), count_text(e.runs), width * share);
}

std::string overview(const std::vector<Experiment>& all) {
  if (all.size() < 2) return "";
  std::string rows;
  for (const auto& e : all)
    rows += fmt::format(
        "<tr><td class=\"t\"><a href=\"#{}\">{}</a></td><td class=\"t soft\">{}</td><td>{}</td>"
        "<td>{}</td><td class=\"t\">{} {}</td></tr>\n",
        html_text(e.view), html_text(e.name), html_text(e.description),
        count_text(std::int64_t(e.grid.size())), count_text(e.runs), bar(e), not_done(e));
  const auto head = [](const char* name, const char* kind) {
    return fmt::format("<th scope=\"col\"{}><button type=\"button\">{}</button></th>", kind, name);
  };
  const char* const words = " class=\"t\"";
  return "<section id=\"all-experiments\" aria-labelledby=\"h-all\">\n<h2 id=\"h-all\">Experiments "
         "in this store</h2>\n" +
         scrolling(
             "experiments",
             fmt::format("<table class=\"data overview\"><thead><tr>{}{}{}{}{}</tr></thead>"
                         "<tbody>\n{}</tbody></table>",
                         head("experiment", words), head("description", words), head("points", ""),
                         head("runs", ""), head("not done", words), rows)) +
         "</section>\n";
}

std::string navigation(const std::vector<Experiment>& all, const std::string& name,
                       const std::string& facts, bool is_live) {
  std::string items, options;
  for (const auto& e : all) {
    const auto lost = not_done(e);
    items +=
        fmt::format("<li><a href=\"#{}\">{}{}</a></li>\n", html_text(e.view), html_text(e.name),
                    lost.empty() ? "" : fmt::format("<span class=\"bad\">{}</span>", lost));
    options +=
        fmt::format("<option value=\"{}\">{}</option>", html_text(e.view), html_text(e.name));
  }
  return fmt::format(
      "<nav aria-label=\"experiments\">\n<h1>{}</h1>\n<p class=\"soft\">{}</p>\n{}"
      "<select id=\"jump\" aria-label=\"go to an experiment\">{}</select>\n<ol>\n{}</ol>\n"
      "<button id=\"theme\" type=\"button\">light or dark</button>\n</nav>\n",
      html_text(name), html_text(facts),
      is_live ? "<p class=\"live\"><button id=\"pause\" type=\"button\" "
                "aria-pressed=\"false\">pause</button> <span id=\"live\">live: reloads while the "
                "run goes on</span></p>\n"
              : "",
      options, items);
}

// What is known of the last command that wrote to the store.
std::map<std::string, std::string> last_invocation(store::Reader& reader) {
  std::map<std::string, std::string> facts;
  store::for_each_row(
      reader,
      "SELECT key, value FROM provenance WHERE invocation = (SELECT max(invocation) FROM "
      "provenance)",
      [&](const auto& row) {
        facts[std::get<std::string>(row.at(0))] = std::get<std::string>(row.at(1));
      });
  return facts;
}

std::string store_facts(const std::vector<Experiment>& all,
                        std::map<std::string, std::string> last) {
  std::int64_t runs = 0, done = 0;
  for (const auto& e : all) {
    runs += e.runs;
    done += e.done;
  }
  auto text = fmt::format("{}, {} done.", counted(runs, "run"), count_text(done));
  const auto when = last.contains("finished_at") ? last["finished_at"] : last["started_at"];
  if (!when.empty())
    text +=
        fmt::format(" Last written {} by descent {} on {}.", when, last["version"], last["host"]);
  return text;
}

std::string pictures_json(const std::vector<Figure>& figures) {
  std::string all;
  for (const auto& figure : figures) {
    std::string views;
    for (const auto& picture : figure) views += (views.empty() ? "" : ",\n") + to_json(picture);
    all += (all.empty() ? "" : ",\n") + ("[" + views + "]");
  }
  return "[" + all + "]";
}

}  // namespace

bool is_finished(store::Reader& reader, const std::vector<std::string>& experiments) {
  bool all = true;
  store::for_each_row(
      reader,
      "SELECT name, min(finished) FROM experiments JOIN points USING (experiment_id) WHERE "
      "superseded_by IS NULL GROUP BY name",
      [&](const auto& row) {
        const auto& name = std::get<std::string>(row.at(0));
        if (experiments.empty() || std::ranges::count(experiments, name) > 0)
          all = all && row.at(1) == store::Value(std::int64_t(1));
      });
  return all;
}

std::string page(store::Reader& reader, const PageOptions& options, const Sources& sources) {
  const Snapshot snapshot(reader);
  const auto all = experiments_of(reader, options);
  auto last = last_invocation(reader);
  std::string sections;
  std::vector<Figure> figures;
  Renderer renderer;
  for (const auto& experiment : all) {
    auto one = section(reader, experiment, sources, renderer, options.store_name, figures.size());
    sections += one.html;
    std::ranges::move(one.figures, std::back_inserter(figures));
  }
  if (all.empty())
    sections = "<section><p class=\"answer warning\">The store is empty.</p></section>";
  const auto name = html_text(options.store_name);
  return fmt::format(
             "<!doctype html>\n<html lang=\"en\"{}><head><meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
             "<title>{} · descent report</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>",
             options.is_live ? " data-live" : "", policy(), name) +
         page_style.text +
         fmt::format(
             "</style></head>\n<body>\n<a class=\"skip\" href=\"#content\">skip to the "
             "results</a>\n"
             "<div class=\"layout\">\n{}<main id=\"content\" tabindex=\"-1\">\n{}{}"
             "<footer>descent {}; {}</footer>\n</main></div>\n"
             "<script type=\"application/json\" id=\"pictures\">{}</script>\n<script>",
             navigation(all, options.store_name, store_facts(all, last), options.is_live),
             overview(all), sections, html_text(last["version"]), html_text(last["command"]),
             pictures_json(figures)) +
         renderer_script.text + "</script>\n<script>" + page_script.text +
         "</script>\n</body></html>\n";
}

}  // namespace descent::report
