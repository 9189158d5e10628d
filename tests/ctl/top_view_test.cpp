// The picture of top: exactly as big as the terminal, sorted by keys, scrolled within bounds.
#include "hearthctl/text_table.hpp"
#include "hearthctl/top_view.hpp"
#include "tests/support/catch.hpp"
#include <sstream>

using namespace hearth;
using namespace hearth::ctl;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  auto all = std::vector<std::string>{};
  auto stream = std::istringstream{text};
  for (auto line = std::string{}; std::getline(stream, line);)
    all.push_back(line);
  return all;
}

top_facts facts_with(size_t actors) {
  auto facts = top_facts{};
  facts.status.program = "0.1.0";
  facts.status.profile = "sandbox";
  facts.before.at_us = 0;
  facts.now.at_us = 1'000'000;
  for (auto i = size_t{0}; i < actors; ++i) {
    auto actor = actor_line{};
    actor.id = i + 1;
    actor.name = "actor-" + std::to_string(i);
    actor.guild = i == 1 ? 1'234'567'890'123'456'789U : 0;
    actor.handled = i * 10;
    actor.busy_us = (actors - i) * 1'000;
    actor.longest_us = 5'000'000;
    facts.now.actors.push_back(actor);
  }
  return facts;
}

std::string first_row(const top_facts& facts, top_state& state) {
  const auto row = lines_of(top_frame(facts, state, 80, 24, false)).at(5);
  return row.substr(0, row.find(' '));
}

} // namespace

TEST_CASE("top: a frame is exactly as big as the terminal", "[ctl]") {
  auto state = top_state{};
  for (const auto actors : {0, 3, 100})
    for (const auto& [columns, rows] :
         {std::pair<size_t, size_t>{80, 24}, {120, 50}, {40, 8}, {20, 3}}) {
      const auto lines =
          lines_of(top_frame(facts_with(static_cast<size_t>(actors)), state, columns, rows, false));
      REQUIRE(lines.size() == rows);
      for (const auto& line : lines)
        CHECK(width_of(line) == columns);
    }
}

TEST_CASE("top: at 80 columns the longest guild id and every column fit", "[ctl]") {
  auto state = top_state{};
  press(state, "n");
  const auto lines = lines_of(top_frame(facts_with(3), state, 80, 24, false));
  CHECK(lines[4].find("STUCK") != std::string::npos);
  CHECK(lines[6].find("1234567890123456789 ") != std::string::npos); // Discord's have 19 digits
  CHECK(lines[6].find("5.0 s") != std::string::npos);
}

TEST_CASE("top: keys sort, the same key again reverses", "[ctl]") {
  const auto facts = facts_with(3);
  auto state = top_state{};
  CHECK(first_row(facts, state) == "actor-0"); // busiest
  CHECK(press(state, "m"));
  CHECK(first_row(facts, state) == "actor-2"); // most messages
  CHECK(press(state, "m"));
  CHECK(first_row(facts, state) == "actor-0");
  CHECK(press(state, "n"));
  CHECK(first_row(facts, state) == "actor-0");
  CHECK(press(state, "n"));
  CHECK(first_row(facts, state) == "actor-2");
  CHECK(press(state, "p"));
  CHECK(state.paused);
  CHECK(press(state, "?"));
  CHECK_FALSE(press(state, "q"));
}

TEST_CASE("top: scrolling ends at the last row", "[ctl]") {
  const auto facts = facts_with(100);
  auto state = top_state{};
  press(state, "n");
  press(state, "up");
  CHECK(state.first == 0);
  for (auto i = 0; i < 50; ++i)
    press(state, "page down");
  top_frame(facts, state, 80, 24, false);
  CHECK(state.first == 100 - 18);
  press(state, "down");
  top_frame(facts, state, 80, 24, false);
  CHECK(state.first == 100 - 18);
  press(state, "page up");
  CHECK(state.first == 100 - 28);
}

TEST_CASE("top: trouble is shown instead of the keys", "[ctl]") {
  auto facts = facts_with(1);
  facts.trouble = "the daemon did not answer in time";
  auto state = top_state{};
  CHECK(lines_of(top_frame(facts, state, 80, 24, false)).back().find("did not answer") !=
        std::string::npos);
}
