#include "discord-sim/interaction_desk.hpp"

#include "discord-sim/activity.hpp"
#include "discord-sim/interaction_data.hpp"

#include <algorithm>

namespace sim {

namespace {

/// Interactions are remembered long enough to tell EXPIRED from unknown tokens (15.6).
constexpr unix_ms remembered_ms = 60LL * 60 * 1000;

/// What the person reads when the 3 seconds are over.
interaction_outcome no_answer() {
  interaction_outcome outcome;
  outcome.state = "failed";
  outcome.reason = "The application did not respond";
  return outcome;
}

} // namespace

bool interaction_outcome::final() const {
  return state != "pending" && state != "deferred" && state != "deferred_update";
}

interaction& interaction_desk::open(new_interaction wish) {
  auto& core = a_.core;
  forget_old();
  interaction it;
  it.id = core.new_id();
  it.application = wish.application;
  it.user = wish.user;
  it.channel = wish.channel;
  const auto* where = core.world.find_channel(wish.channel);
  it.guild = where ? where->guild : 0;
  it.type = wish.type;
  it.token = "aW50ZXJhY3Rpb24" + core.random_hex(60);
  it.created = core.clock.now();
  it.source_message = wish.source_message;
  it.source_interaction = wish.source_interaction;
  it.data = interaction_json(core, it, std::move(wish.data));
  tokens_[it.token] = it.id;
  outcomes_[it.id] = {};
  a_.log.add(it.created, "interaction",
             {{"id", id_text(it.id)},
              {"state", "created"},
              {"type", it.type},
              {"user", id_text(it.user)},
              {"application", id_text(it.application)},
              {"data", it.data["data"]}});
  auto& stored = core.world.interactions[it.id] = std::move(it);
  const auto id = stored.id;
  const auto* app = core.world.find_application(stored.application);
  // Either by HTTP or over the gateway, never both (discord-api 3.2).
  if (app != nullptr && !app->interactions_url.empty())
    a_.endpoints.deliver(id);
  else
    send_event(stored);
  watch(id, std::chrono::milliseconds{answer_within_ms});
  return core.world.interactions[id];
}

void interaction_desk::send_event(const interaction& it) {
  event happened;
  happened.type = "INTERACTION_CREATE";
  happened.data = it.data;
  happened.guild = it.guild;
  happened.channel = it.guild == 0 ? it.channel : 0;
  happened.only_app = it.application;
  happened.to_people = false;
  a_.core.events().send(std::move(happened));
}

interaction* interaction_desk::find(snowflake id, std::string_view token) {
  const auto found = a_.core.world.interactions.find(id);
  return found == a_.core.world.interactions.end() || found->second.token != token ? nullptr
                                                                                   : &found->second;
}

interaction* interaction_desk::find_token(std::string_view token) {
  const auto known = tokens_.find(token);
  return known == tokens_.end() ? nullptr : find(known->second, token);
}

bool interaction_desk::dead(const interaction& it) const {
  return it.state == interaction_state::fresh &&
         a_.core.clock.now() - it.created >= answer_within_ms;
}

bool interaction_desk::expired(const interaction& it) const {
  return a_.core.clock.now() - it.created >= token_lives_ms;
}

json interaction_desk::outcome_json(snowflake id) {
  const auto& now = outcomes_[id];
  json answer{{"ok", now.state != "failed"},
              {"interaction_id", id_text(id)},
              {"outcome", now.state},
              {"final", now.final()}};
  if (!now.message.is_null())
    answer["message"] = now.message;
  if (!now.modal.is_null())
    answer["modal"] = now.modal;
  if (!now.choices.is_null())
    answer["choices"] = now.choices;
  if (!now.reason.empty())
    answer["reason"] = answer["error"] = now.reason;
  return answer;
}

bool interaction_desk::answered_knowingly(snowflake id) const {
  const auto found = outcomes_.find(id);
  return found != outcomes_.end() && !found->second.excused && found->second.connects == connects_;
}

void interaction_desk::settle(snowflake id, interaction_outcome outcome) {
  const auto found = a_.core.world.interactions.find(id);
  if (found == a_.core.world.interactions.end())
    return;
  const auto& before = outcomes_[id];
  outcome.excused = before.excused;
  outcome.connects = before.state == "pending" ? connects_ : before.connects;
  outcomes_[id] = outcome;
  json line{{"id", id_text(id)}, {"state", outcome.state}};
  if (outcome.message.is_object())
    line["message"] = outcome.message["id"];
  if (!outcome.reason.empty())
    line["reason"] = outcome.reason;
  a_.log.add(a_.core.clock.now(), "interaction", line);
  const auto user = found->second.user;
  a_.pages.tell(user, "INTERACTION_STATE",
                {{"interaction_id", id_text(id)},
                 {"state", outcome.state},
                 {"reason", outcome.reason.empty() ? json{} : json(outcome.reason)}});
  if (outcome.state == "modal")
    a_.pages.tell(user, "MODAL_OPEN", outcome.modal);
  // Waiters may start new work: take them out before calling them.
  std::vector<waiter> ready;
  for (auto it = waiters_.begin(); it != waiters_.end();)
    if (it->id == id && (!it->final || outcome.final())) {
      ready.push_back(std::move(*it));
      it = waiters_.erase(it);
    } else {
      ++it;
    }
  const auto answer = outcome_json(id);
  for (auto& one : ready)
    one.then(answer);
}

void interaction_desk::wait(snowflake id, bool final, std::chrono::milliseconds limit,
                            std::function<void(json)> then) {
  const auto& now = outcomes_[id];
  const bool reached = final ? now.final() : now.state != "pending";
  if (reached || limit.count() <= 0) {
    then(outcome_json(id));
    return;
  }
  const auto number = next_waiter_++;
  waiters_.push_back({number, id, final, std::move(then)});
  a_.core.after(limit, [this, number] {
    const auto found = std::find_if(waiters_.begin(), waiters_.end(),
                                    [=](const waiter& w) { return w.number == number; });
    if (found == waiters_.end())
      return;
    const auto late = std::move(*found);
    waiters_.erase(found);
    late.then(outcome_json(late.id));
  });
}

void interaction_desk::watch(snowflake id, std::chrono::milliseconds delay) {
  a_.core.after(delay, [this, id] {
    const auto found = a_.core.world.interactions.find(id);
    if (found == a_.core.world.interactions.end() ||
        found->second.state != interaction_state::fresh || outcomes_[id].final())
      return;
    if (dead(found->second)) {
      settle(id, no_answer());
      return;
    }
    // Domain time stands still or runs behind: look again when it may be over.
    const auto left = answer_within_ms - (a_.core.clock.now() - found->second.created);
    watch(id, std::chrono::milliseconds{std::clamp<unix_ms>(left, 20, answer_within_ms)});
  });
}

void interaction_desk::time_moved() {
  std::vector<snowflake> late;
  for (const auto& [id, it] : a_.core.world.interactions)
    if (dead(it) && !outcomes_[id].final())
      late.push_back(id);
  for (const auto id : late)
    settle(id, no_answer());
}

void interaction_desk::forget_old() {
  auto& all = a_.core.world.interactions;
  const auto now = a_.core.clock.now();
  while (!all.empty() && now - all.begin()->second.created > remembered_ms) {
    tokens_.erase(all.begin()->second.token);
    outcomes_.erase(all.begin()->first);
    all.erase(all.begin());
  }
}

} // namespace sim
