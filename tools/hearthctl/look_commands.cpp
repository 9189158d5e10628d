// The commands that only look.
#include "hearthctl/commands.hpp"
#include "hearthctl/json_text.hpp"
#include "hearthctl/link.hpp"
#include "hearthctl/render.hpp"
#include "hearthctl/terminal.hpp"
#include "hearthctl/top_view.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "messages/ids.hpp"
#include <chrono>
#include <fmt/format.h>
#include <iostream>

namespace hearth::ctl {
namespace {

constexpr int sample_ms = 500;  ///< Between the two lists that rates are made of.
constexpr int follow_ms = 200;  ///< Between two questions of log -f and trace.
constexpr int frame_ms = 1'000; ///< Of top.

template <class Answer> void print(const session& at, const Answer& answer) {
  if (at.json)
    std::cout << to_json(answer).dump(2) << '\n';
  else
    std::cout << render(answer);
}

template <class Answer, class Question> void ask_and_print(const session& at, Question question) {
  inspect_link to{at.place};
  print(at, to.ask<Answer>(question));
}

uint64_t guild_of(const given_command& given) {
  const auto id = parse_id<guild_id>(given.at("GUILD"));
  if (!id)
    throw trouble{exit_usage, fmt::format("\"{}\" is no guild's id", given.at("GUILD"))};
  return id->value;
}

uint32_t number_of(const std::string& text, const char* what) {
  auto value = uint32_t{0};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size())
    throw trouble{exit_usage, fmt::format("\"{}\" is no number of {}", text, what)};
  return value;
}

void show_actors(const session& at, const given_command&) {
  inspect_link to{at.place};
  const auto before = to.ask<actor_list>(ask_actors{});
  nap(sample_ms);
  const auto now = to.ask<actor_list>(ask_actors{});
  const auto rates = rates_between(before, now);
  if (!at.json) {
    std::cout << render(rates);
    return;
  }
  auto json = to_json(now);
  for (auto i = size_t{0}; i < rates.size(); ++i) {
    json["actors"][i]["messages_per_second"] = rates[i].messages;
    json["actors"][i]["busy_share"] = rates[i].busy;
  }
  std::cout << json.dump(2) << '\n';
}

/// One frame of facts; trouble is shown instead of ending.
void refresh(inspect_link& to, top_facts& facts) {
  try {
    auto now = to.ask<actor_list>(ask_actors{}, std::chrono::seconds{5});
    facts.status = to.ask<daemon_status>(ask_status{}, std::chrono::seconds{5});
    facts.before = std::exchange(facts.now, std::move(now));
    facts.trouble.clear();
  } catch (const trouble& error) {
    if (error.exit_code() == exit_unreachable)
      throw;
    facts.trouble = error.what();
  }
}

void show_top(const session& at, const given_command& given) {
  inspect_link to{at.place};
  auto facts = top_facts{};
  auto state = top_state{};
  facts.now = to.ask<actor_list>(ask_actors{});
  if (given.has("--once") || at.json) {
    nap(sample_ms);
    refresh(to, facts);
    if (at.json)
      std::cout << to_json(facts.now).dump(2) << '\n';
    else
      std::cout << top_frame(facts, state, 80, 24, false) << '\n';
    return;
  }
  raw_terminal terminal;
  refresh(to, facts);
  auto next = steady_ms() + frame_ms;
  for (;;) {
    const auto [columns, lines] = terminal.size();
    terminal.show(top_frame(facts, state, columns, lines, true));
    const auto key = terminal.read_key(static_cast<int>(std::max<int64_t>(next - steady_ms(), 1)));
    if (!key.empty() && !press(state, key))
      return;
    if (steady_ms() < next)
      continue;
    next = steady_ms() + frame_ms;
    if (!state.paused)
      refresh(to, facts);
  }
}

void show_guild(const session& at, const given_command& given) {
  ask_and_print<guild_view>(at, ask_guild{inspect_version, guild_of(given)});
}

void show_log(const session& at, const given_command& given) {
  auto asked = ask_log{};
  if (given.has("--lines"))
    asked.lines_max = number_of(given.at("--lines"), "lines");
  const auto follow = given.has("--follow");
  if (follow)
    watch_interrupts();
  inspect_link to{at.place};
  do {
    const auto page = to.ask<log_page>(asked);
    if (page.lost > 0 && asked.after > 0 && !at.json)
      std::cout << fmt::format("({} lines were too fast to be shown)\n", page.lost);
    for (const auto& line : page.lines) {
      if (at.json)
        std::cout << to_json(line).dump() << '\n';
      else
        std::cout << render(line);
      asked.after = line.number;
    }
    std::cout << std::flush;
    asked.lines_max = 1'000;
    if (follow)
      nap(follow_ms);
  } while (follow && !interrupted() && std::cout);
}

void show_trace(const session& at, const given_command& given) {
  inspect_link to{at.place};
  auto why = std::string{};
  const auto actor = find_actor(to.ask<actor_list>(ask_actors{}), given.at("ACTOR"), why);
  if (!actor)
    throw trouble{exit_refused, why};
  const auto seconds = given.has("--seconds") ? number_of(given.at("--seconds"), "seconds") : 0U;
  const auto count = given.has("--count") ? number_of(given.at("--count"), "messages") : 0U;
  const auto end = steady_ms() + int64_t{seconds} * 1'000;
  watch_interrupts();
  auto asked = ask_trace{inspect_version, actor->id};
  auto first_us = int64_t{0};
  auto shown = 0U;
  if (!at.json)
    std::cout << fmt::format("tracing {} (actor {}, guild {}); Ctrl-C ends it\n", actor->name,
                             actor->id, actor->guild)
              << std::flush;
  while (!interrupted() && std::cout && (seconds == 0 || steady_ms() < end)) {
    const auto page = to.ask<trace_page>(asked);
    if (page.lost > 0 && asked.after > 0 && !at.json)
      std::cout << fmt::format("({} messages were too fast to be shown)\n", page.lost);
    for (const auto& line : page.lines) {
      first_us = first_us == 0 ? line.at_us : first_us;
      if (at.json)
        std::cout << to_json(line).dump() << '\n';
      else
        std::cout << render(line, first_us);
      if (++shown == count && count > 0)
        return;
    }
    std::cout << std::flush;
    asked.after = page.next;
    nap(follow_ms);
  }
}

} // namespace

const std::vector<command>& look_commands() {
  static const auto all = std::vector<command>{
      {"status",
       command_group::look,
       "How the daemon and its machine are",
       {},
       {},
       [](const session& at, const given_command&) {
         ask_and_print<daemon_status>(at, ask_status{});
       }},
      {"actors",
       command_group::look,
       "Every actor: mailbox, rate, busy share, restarts",
       {},
       {},
       show_actors},
      {"top",
       command_group::look,
       "The same, live; sort by keys",
       {},
       {{"--once", "One picture of 80x24, then end"}},
       show_top},
      {"gates",
       command_group::look,
       "Discord's limits: left, waiting, next",
       {},
       {},
       [](const session& at, const given_command&) { ask_and_print<gate_list>(at, ask_gates{}); }},
      {"jobs",
       command_group::look,
       "Next and last runs per guild",
       {},
       {},
       [](const session& at, const given_command&) { ask_and_print<job_list>(at, ask_jobs{}); }},
      {"guild",
       command_group::look,
       "Settings and features as the daemon sees them",
       {{"GUILD", "Its id"}},
       {},
       show_guild},
      {"events",
       command_group::look,
       "What Discord sent, by type: wanted and dropped",
       {},
       {},
       [](const session& at, const given_command&) {
         ask_and_print<event_list>(at, ask_events{});
       }},
      {"log",
       command_group::look,
       "The newest lines of the log",
       {},
       {{"--follow,-f", "Go on with new lines as they come"},
        {"--lines,-n", "How many at first (50)", false}},
       show_log},
      {"trace",
       command_group::look,
       "The messages of one actor by type, live",
       {{"ACTOR", "Its id, its name, or NAME/GUILD; see actors"}},
       {{"--seconds", "End after so long", false}, {"--count", "End after so many", false}},
       show_trace}};
  return all;
}

} // namespace hearth::ctl
