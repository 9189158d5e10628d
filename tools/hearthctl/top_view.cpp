#include "hearthctl/top_view.hpp"
#include "hearthctl/text_table.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace hearth::ctl {
namespace {

constexpr size_t head_lines = 5, foot_lines = 1;

struct top_column {
  const char* title;
  size_t width;
  std::string (*text)(const actor_rates&);
};

std::string guild_cell(const actor_rates& one) {
  return one.now.guild == 0 ? "-" : std::to_string(one.now.guild);
}
std::string stuck_cell(const actor_rates& one) {
  return one.now.stuck_ms < 100 ? "-" : span_text(static_cast<int64_t>(one.now.stuck_ms));
}

/// The first two to the left; together 80 columns with the blanks between them.
const std::vector<top_column>& columns_of_top() {
  static const auto all = std::vector<top_column>{
      {"ACTOR", 18, [](const actor_rates& one) { return harmless(one.now.name); }},
      {"GUILD", 19, guild_cell},
      {"WAIT", 4, [](const actor_rates& one) { return std::to_string(one.now.waiting); }},
      {"MOST", 4, [](const actor_rates& one) { return std::to_string(one.now.waiting_most); }},
      {"MSG/S", 6, [](const actor_rates& one) { return rate_text(one.messages); }},
      {"BUSY%", 5, [](const actor_rates& one) { return fmt::format("{:.1f}", 100 * one.busy); }},
      {"LONGEST", 8, [](const actor_rates& one) { return micros_text(one.now.longest_us); }},
      {"RST", 3, [](const actor_rates& one) { return std::to_string(one.now.restarts); }},
      {"STUCK", 5, stuck_cell}};
  return all;
}

constexpr const char* order_names[] = {"busy",    "messages", "waiting",
                                       "longest", "restarts", "name"};

void sort(std::vector<actor_rates>& actors, const top_state& state) {
  const auto key = [&](const actor_rates& one) {
    switch (state.order) {
    case top_order::busy:
      return one.busy;
    case top_order::messages:
      return one.messages;
    case top_order::waiting:
      return static_cast<double>(one.now.waiting);
    case top_order::longest:
      return static_cast<double>(one.now.longest_us);
    case top_order::restarts:
      return static_cast<double>(one.now.restarts);
    case top_order::name:
      break;
    }
    return 0.0;
  };
  std::stable_sort(actors.begin(), actors.end(), [&](const auto& a, const auto& b) {
    return std::tuple{-key(a), a.now.name, a.now.guild} <
           std::tuple{-key(b), b.now.name, b.now.guild};
  });
  if (state.reversed)
    std::reverse(actors.begin(), actors.end());
}

std::vector<std::string> head(const top_facts& facts) {
  const auto& s = facts.status;
  const auto shard = s.shards.empty() ? shard_line{} : s.shards.front();
  const auto cpu = cpu_between(facts.before, facts.now);
  auto limits = fmt::format("REST {} sent, {} waiting, {} limited", count_text(s.rest_sent),
                            s.queues.empty() ? 0 : s.queues.front().waiting, s.rest_limited_429);
  auto health = s.host.temperature_mc >= 0
                    ? fmt::format(", {:.1f} °C", static_cast<double>(s.host.temperature_mc) / 1'000)
                    : std::string{};
  const auto latency =
      shard.latency_ms >= 0 ? fmt::format("{} ms", shard.latency_ms) : std::string{"no beat yet"};
  return {
      fmt::format("hearthd {}  {}  {}{}  up {}", s.program, s.profile,
                  s.online ? "online" : "NOT ONLINE", s.draining ? " DRAINING" : "",
                  span_text(s.uptime_ms)),
      fmt::format("gateway {}, {}, {} events, {} told   guilds {}   actors {}",
                  harmless(shard.state), latency, count_text(shard.events),
                  count_text(shard.forwarded), s.guilds, facts.now.actors.size()),
      fmt::format("CPU {:.1f} %   memory {} (most {})   {}{}", 100 * cpu.value_or(0),
                  bytes_text(facts.now.memory_bytes), bytes_text(s.memory_most_bytes),
                  fmt::format("load {:.2f}", static_cast<double>(s.host.load_milli) / 1'000),
                  health),
      limits + fmt::format("   store {}, {} commits", s.store_health, count_text(s.store_commits)),
  };
}

std::string row_of(const actor_rates& one) {
  auto text = std::string{};
  for (auto i = size_t{0}; i < columns_of_top().size(); ++i) {
    const auto& column = columns_of_top()[i];
    text += (i > 0 ? " " : "") +
            (i < 2 ? left(column.text(one), column.width) : right(column.text(one), column.width));
  }
  return text;
}

std::string titles() {
  auto text = std::string{};
  for (auto i = size_t{0}; i < columns_of_top().size(); ++i) {
    const auto& column = columns_of_top()[i];
    text += (i > 0 ? " " : "") +
            (i < 2 ? left(column.title, column.width) : right(column.title, column.width));
  }
  return text;
}

} // namespace

bool press(top_state& state, const std::string& key) {
  const auto by = [&](top_order order) {
    state.reversed = state.order == order && !state.reversed;
    state.order = order;
    state.first = 0;
  };
  if (key == "q" || key == "Q")
    return false;
  if (key == "b")
    by(top_order::busy);
  else if (key == "m")
    by(top_order::messages);
  else if (key == "w")
    by(top_order::waiting);
  else if (key == "l")
    by(top_order::longest);
  else if (key == "r")
    by(top_order::restarts);
  else if (key == "n")
    by(top_order::name);
  else if (key == "p")
    state.paused = !state.paused;
  else if (key == "up" || key == "k")
    state.first -= state.first > 0 ? 1 : 0;
  else if (key == "down" || key == "j")
    ++state.first; // the frame holds it back at the end
  else if (key == "page up")
    state.first -= std::min<size_t>(state.first, 10);
  else if (key == "page down")
    state.first += 10;
  return true;
}

std::string top_frame(const top_facts& facts, top_state& state, size_t columns, size_t lines,
                      bool colours) {
  auto actors = rates_between(facts.before, facts.now);
  sort(actors, state);
  const auto room = lines > head_lines + foot_lines ? lines - head_lines - foot_lines : 0;
  state.first = std::min(state.first, actors.size() > room ? actors.size() - room : 0);

  auto out = std::string{};
  auto used = size_t{0};
  const auto put = [&](const std::string& text, const char* style) {
    if (used == lines)
      return;
    const auto last = ++used == lines;
    const auto cell = left(text, columns);
    out += colours && *style ? style + cell + "\x1b[0m" : cell;
    out += last ? "" : "\n";
  };
  const auto bold = "\x1b[1m", reverse = "\x1b[7m";
  auto first = true;
  for (const auto& line : head(facts)) {
    put(line, first ? bold : "");
    first = false;
  }
  put(titles(), reverse);
  for (auto i = size_t{0}; i < room; ++i) {
    const auto at = state.first + i;
    if (at < actors.size())
      put(row_of(actors[at]), actors[at].now.stuck_ms >= 1'000 ? bold : "");
    else
      put("", "");
  }
  const auto more = actors.size() > state.first + room ? actors.size() - state.first - room : 0;
  put(!facts.trouble.empty()
          ? facts.trouble
          : fmt::format("q quit  sort: b m w l r n ({}{})  p {}  arrows scroll{}",
                        order_names[static_cast<size_t>(state.order)],
                        state.reversed ? ", reversed" : "", state.paused ? "go on" : "pause",
                        more > 0 ? fmt::format("  {} more below", more) : ""),
      facts.trouble.empty() ? "" : reverse);
  return out;
}

} // namespace hearth::ctl
