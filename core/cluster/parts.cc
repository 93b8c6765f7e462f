// SPDX-License-Identifier: MIT
#include "cluster/parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "store/merge.h"
#include "store/part.h"
#include "store/reader.h"

namespace descent::cluster {
namespace {

namespace fs = std::filesystem;

struct Part {
  std::uint64_t round = 0, share = 0;
  fs::path path;
  std::string arithmetic, node, cpu;
};

// "17" of "17.db"; nothing of other names.
bool number_of(const std::string& text, std::uint64_t& number) {
  const auto* const end = text.data() + text.size();
  return std::from_chars(text.data(), end, number).ptr == end && !text.empty();
}

// Of all rounds: a share that was slow may have saved after its round was collected. Each is moved
// away first, as its share may save another one meanwhile; where one was moved before a crash, the
// next collector takes the later one.
std::vector<Part> parts_in(const Job& job) {
  std::vector<Part> parts;
  const std::string prefix = "round-";
  for (const auto& folder : fs::directory_iterator(job.folder())) {
    Part part;
    const auto name = folder.path().filename().string();
    if (!name.starts_with(prefix) || !number_of(name.substr(prefix.size()), part.round)) continue;
    const std::vector<fs::directory_entry> files(fs::directory_iterator(folder.path()), {});
    for (const auto& file : files) {
      part.path = file.path();
      if (!number_of(part.path.stem().string(), part.share)) continue;
      const auto taken = fs::path(part.path).replace_extension(".taken");
      if (part.path.extension() == ".db" && !fs::exists(taken))
        fs::rename(part.path, taken);
      else if (part.path.extension() != ".taken")
        continue;
      part.path = taken;
      parts.push_back(part);
    }
  }
  std::ranges::sort(parts, {}, [](const Part& part) { return std::pair(part.round, part.share); });
  return parts;
}

std::string text_of(store::Reader& reader, const std::string& query) {
  auto rows = reader.query(query);
  std::vector<store::Value> row;
  if (!rows.next(row)) return "";
  const auto* text = std::get_if<std::string>(&row[0]);
  return text ? *text : "";
}

std::string fact(store::Reader& reader, const std::string& key) {
  return text_of(reader, fmt::format("SELECT value FROM provenance WHERE key = '{}' ORDER BY "
                                     "invocation DESC LIMIT 1",
                                     key));
}

// Why it cannot be merged; empty: it can.
std::string objection(const Job& job, Part& part) {
  if (!store::is_whole_part(part.path.string())) return "is damaged";
  try {
    auto reader = store::Reader::open(part.path.string());
    if (fact(reader, "job") != job.state.id) return "is of another job";
    part.arithmetic = fact(reader, "arithmetic");
    part.node = fact(reader, "node");
    part.cpu = fact(reader, "cpu");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void reject(const Job& job, const Part& part, Collected& collected) {
  fs::create_directories(job.path("rejected"));
  fs::rename(part.path, job.path(fmt::format("rejected/round-{}-{}.db", part.round, part.share)));
  ++collected.rejected;
}

void tell(const Job& job, Collected& collected, std::string note) {
  job.log(note);
  collected.notes.push_back(std::move(note));
}

// That of the store's runs, or of most of these parts.
std::string common_arithmetic(const Job& job, const std::vector<Part>& parts) {
  if (fs::exists(job.state.settings.out)) {
    auto reader = store::Reader::open(job.state.settings.out);
    auto stored = text_of(
        reader,
        "SELECT value FROM provenance JOIN point_invocations USING (invocation) WHERE key = "
        "'arithmetic' GROUP BY value ORDER BY count(*) DESC, value LIMIT 1");
    if (!stored.empty()) return stored;
  }
  std::map<std::string, std::size_t> counts;
  for (const auto& part : parts) ++counts[part.arithmetic];
  const auto most =
      std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return most == counts.end() ? "" : most->first;
}

void reject_other_arithmetic(Job& job, std::vector<Part>& parts, Collected& collected) {
  std::set<std::string> nodes;
  std::size_t count = 0;
  std::erase_if(parts, [&](const Part& part) {
    if (part.arithmetic == job.state.arithmetic) return false;
    ++count;
    nodes.insert(fmt::format("{}: {}", part.node, part.cpu));
    if (std::ranges::count(job.state.excluded, part.node) == 0)
      job.state.excluded.push_back(part.node);
    reject(job, part, collected);
    return true;
  });
  if (count > 0)
    tell(job, collected,
         fmt::format("{} part{} {} computed with other floating-point results ({}): not merged; "
                     "trained again elsewhere. Ask "
                     "for one kind of node (--slurm '--constraint=...'), set "
                     "OPENBLAS_CORETYPE=Haswell for all, or accept with --any-cpu",
                     count, count == 1 ? "" : "s", count == 1 ? "was" : "were",
                     fmt::join(nodes, "; ")));
}

}  // namespace

void merge_parts(Job& job, Collected& collected) {
  auto parts = parts_in(job);
  std::erase_if(parts, [&](Part& part) {
    const auto why = objection(job, part);
    if (why.empty()) return false;
    tell(job, collected,
         fmt::format("round {}, share {}: its part {}; moved to rejected/, trained again",
                     part.round, part.share, why));
    reject(job, part, collected);
    return true;
  });
  if (parts.empty()) return;
  const bool any_cpu = job.state.settings.any_cpu;
  if (job.state.arithmetic.empty() && !any_cpu) {
    job.state.arithmetic = common_arithmetic(job, parts);
    job.save();
  }
  if (!any_cpu) reject_other_arithmetic(job, parts, collected);
  store::StoreOptions options;
  options.durable = true;  // a part is removed at once
  options.any_cpu = any_cpu;
  store::PartMerger merger(job.state.settings.out, options);
  for (const auto& part : parts) {
    try {
      collected.new_runs += merger.merge(part.path.string()).runs;
      ++collected.parts;
    } catch (const StoreError& error) {
      if (!error.problems().empty() && error.problems()[0].place.file != part.path) throw;
      tell(job, collected, fmt::format("{}; moved to rejected/, trained again", error.what()));
      reject(job, part, collected);
      continue;
    }
    if (job.state.settings.keep_parts)
      fs::rename(part.path, fs::path(part.path).replace_extension(".merged"));
    else
      fs::remove(part.path);
  }
  job.log(fmt::format("merged {} part{}, {} runs", collected.parts, collected.parts == 1 ? "" : "s",
                      collected.new_runs));
}

}  // namespace descent::cluster
