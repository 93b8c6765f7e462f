// SPDX-License-Identifier: MIT
#include "report/section.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/all_figures.h"
#include "report/answer.h"
#include "report/key.h"
#include "report/table.h"
#include "report/text.h"

namespace descent::report {
namespace {

std::string facts(const Experiment& e) {
  const auto item = [](std::int64_t count, const std::string& what) {
    return fmt::format("<li><b>{}</b> {}</li>", count_text(count), html_text(what));
  };
  std::string text = item(std::int64_t(e.grid.size()), e.grid.size() == 1 ? "point" : "points");
  text += item(e.runs, fmt::format("of {}", counted(e.planned, "run")));
  for (const auto& [status, count] : e.statuses) text += item(count, status);
  std::vector<std::string> swept;
  for (const auto p : e.axes.all())
    if (swept.size() < 8) swept.push_back(e.path_name(p));
  if (!swept.empty()) text += fmt::format("<li>swept: {}</li>", html_text(list_text(swept, ", ")));
  return "<ul class=\"facts\">" + text + "</ul>\n";
}

// Without JavaScript, a reader sees the first picture with its caption and its query.
std::string figure_html(const Experiment& e, const Figure& figure, Renderer& renderer,
                        std::size_t number) {
  const auto& first = figure.front();
  return fmt::format(
      "<figure data-picture=\"{}\" data-experiment=\"{}\">\n<noscript><b>{}</b>"
      "<p class=\"note\">{}</p>{}{}</noscript></figure>\n",
      number, html_text(e.name), html_text(first.title), html_text(first.note),
      renderer.draw_in_page(first), sql_details(first.sql));
}

// Two sections may have tables of the same title.
std::string titled(const Experiment& e, const Table& table) {
  return fmt::format(
      "<h3>{}</h3>\n{}{}<div class=\"under\">{}</div>\n", html_text(table.title),
      table.note.empty() ? "" : fmt::format("<p class=\"note\">{}</p>\n", html_text(table.note)),
      scrolling(table.title + ", " + e.name, html_table(table)), sql_details(table.sql));
}

std::string leaderboard(store::Reader& reader, const Experiment& e) {
  if (e.grid.size() < 2) return "";
  Table table;
  table.title = "Points, the best first";
  table.sql = fmt::format(
      "SELECT rank, point_id, point, metric, mean, lo, hi, mean_done, done, runs\n"
      "FROM leaderboard WHERE experiment = {}\n"
      "ORDER BY metric, task, rank, point_id LIMIT {}",
      sql_text(e.name), most_listed);
  table.note =
      sentences({"The mean is over all runs of a point, with its 95 % interval; mean_done "
                 "is over the runs that are done.",
                 first_of(most_listed, e.grid.size())});
  table = with_rows(reader, table);
  drop_empty_columns(table);
  return titled(e, table);
}

std::string reasons(store::Reader& reader, const Experiment& e) {
  if (e.runs == e.done) return "";
  Table table;
  table.title = "Why runs are not done";
  table.sql = fmt::format(
      "SELECT status, cause, count(*) AS runs, count(DISTINCT point_id) AS points,\n"
      "       min(steps) AS first_step, max(steps) AS last_step\n"
      "FROM failures WHERE experiment = {}\nGROUP BY 1, 2 ORDER BY runs DESC, 1, 2 LIMIT 20",
      sql_text(e.name));
  table = with_rows(reader, table);
  if (table.rows.size() == 20) table.note = "The 20 most frequent causes.";
  return titled(e, table);
}

std::string joined(store::Reader& reader, const std::string& sql, const Experiment& e) {
  return html_text(list_text(texts(reader, sql, {e.id}), ", "));
}

std::string origin(store::Reader& reader, const Experiment& e) {
  const std::string of = "JOIN points USING (point_id) WHERE experiment_id = ? ORDER BY 1";
  const auto plugins = joined(
      reader,
      "SELECT DISTINCT kind || ' ' || name || ' (' || substr(hash, 1, 8) || ')' FROM plugins JOIN "
      "point_plugins USING (hash) " +
          of,
      e);
  const auto inputs = joined(
      reader,
      "SELECT DISTINCT name || ' (' || substr(hash, 1, 8) || ')' FROM inputs JOIN point_inputs "
      "USING (input_id) " +
          of,
      e);
  return fmt::format(
      "<div class=\"under\"><details><summary>experiment file</summary><pre "
      "tabindex=\"0\">{}</pre></details>\n<details><summary>provenance</summary><p "
      "class=\"note\">Registered {} from {}. Plugins: {}. Inputs: {}.</p></details></div>\n",
      html_text(e.source), html_text(e.registered), html_text(e.file), plugins, inputs);
}

}  // namespace

std::string unfinished_text(const Experiment& e) {
  if (e.finished >= e.grid.size()) return "";
  return fmt::format("Not finished: {} of {} are.", count_text(std::int64_t(e.finished)),
                     counted(std::int64_t(e.grid.size()), "point"));
}

Section section(store::Reader& reader, const Experiment& e, const Sources& sources,
                Renderer& renderer, const std::string& store_name, std::size_t first_figure) {
  Section all;
  const auto id = html_text(e.view);
  const auto reply = answer(reader, e, sources);
  const auto unfinished = unfinished_text(e);
  all.html = fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"h-{0}\">\n<h2 id=\"h-{0}\">{1}</h2>\n"
      "<p class=\"about\">{2}</p>\n{3}<p class=\"answer{4}\">{5}</p>\n{6}",
      id, html_text(e.name), html_text(e.description),
      unfinished.empty() ? "" : fmt::format("<p class=\"warning\">{}</p>\n", unfinished),
      reply.is_warning ? " warning" : "", html_text(reply.text), facts(e));
  const auto add = [&](Figure figure) {
    all.html += figure_html(e, figure, renderer, first_figure + all.figures.size());
    all.figures.push_back(std::move(figure));
  };
  for (auto& figure : all_figures(reader, e, sources, renderer)) add(std::move(figure));
  all.html += reasons(reader, e) + leaderboard(reader, e);
  if (e.grid.size() > most_listed)
    all.html += fmt::format(
        "<p class=\"note\">All points: <code>descent sql {} \"SELECT * FROM leaderboard WHERE "
        "experiment = {}\"</code></p>\n",
        html_text(store_name), html_text(sql_text(e.name)));
  all.html += origin(reader, e) + "</section>\n";
  return all;
}

}  // namespace descent::report
