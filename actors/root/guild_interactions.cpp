// Each interaction from its arrival to its one first answer: who handles it, who may, and what
// happens when nobody answers.
#include "actors/root/core_call.hpp"
#include "actors/root/guild.hpp"
#include "infra/inspect/process_counters.hpp"
#include "infra/interactions/callback.hpp"
#include <algorithm>
#include <chrono>
#include <exception>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

using milliseconds = std::chrono::milliseconds;

/// Interactions remembered so that a second delivery is ignored; the stores remember longer.
constexpr size_t seen_max = 256;

lost_request why_lost(const caf::error& error) {
  if (error == caf::sec::request_timeout || error == make_error(errc::deadline))
    return lost_request::deadline;
  return error == make_error(errc::stopping) ? lost_request::stopping : lost_request::unreachable;
}

bool is_command(const interaction& asked) {
  return asked.kind == interaction_kind::command || asked.kind == interaction_kind::autocomplete;
}

const command_spec* command_of(const interaction& asked) {
  return is_command(asked)
             ? find_command(asked.command, static_cast<command_kind>(asked.command_type))
             : nullptr;
}

/// Command, component or modal, for the log. No values: they are the member's.
std::string what_of(const interaction& asked) {
  return is_command(asked) ? "/" + asked.command : asked.custom_id;
}

} // namespace

void guild::on_interaction(const interaction_ptr& asked) {
  if (std::find(seen_.begin(), seen_.end(), asked->id) != seen_.end() || open_.count(asked->id))
    return;
  const auto limits = env_->limits();
  if (open_.size() >= 2 * limits.interactions_max) // refusals are not sent fast enough here:
    return;                                        // whoever brought it answers, unclaimed as it is
  if (seen_.size() < seen_max)
    seen_.push_back(asked->id);
  else
    seen_[seen_oldest_++ % seen_max] = asked->id;
  if (!claim(*asked))
    return; // it took too long to get here, and was answered
  auto& figures = counts().interactions;
  figures.received[std::min(static_cast<size_t>(asked->kind), figures.kinds - 1)].add();
  const auto* command = command_of(*asked);
  const auto busy = open_.size() >= limits.interactions_max;
  open_.emplace(asked->id,
                flight{open_interaction{asked, !command || command->ephemeral,
                                        !command || !command->opens_modal,
                                        text_for(*asked, "core.apology"), limits.times}});
  if (busy)
    return refuse(asked, text_for(*asked, "core.refused.busy"));
  if (stopping_ || draining_)
    return refuse(asked, text_for(*asked, "core.refused.stopping"));
  keep_name(asked->member);
  if (settings_)
    dispatch(asked);
  else
    undispatched_.push_back(asked);
  if (const auto still = open_.find(asked->id); still != open_.end())
    arm(still->second.open); // only what was not answered at once
}

void guild::dispatch(const interaction_ptr& asked) {
  try {
    if (!is_command(*asked))
      return run_custom_id(asked);
    if (const auto* command = command_of(*asked))
      return run_command(asked, *command);
    refuse(asked, text_for(*asked, "core.refused.unknown_command"));
  } catch (const std::exception& error) { // one bad handler must not take the guild along
    spdlog::error("guild {}: {} failed: {}", id_.value, what_of(*asked), error.what());
    fail(asked->id);
  }
}

void guild::run_command(const interaction_ptr& asked, const command_spec& command) {
  const auto* core = command.feature == "core" ? find_core_handler(command.name) : nullptr;
  if (!id_ && !(core && core->in_dm))
    return refuse(asked, text_for(*asked, "core.refused.only_in_guild"));
  if (const auto key = may_use(command, *asked, caller_of(*asked)); !key.empty())
    return refuse(asked, text_for(*asked, key));
  if (auto* child = find_feature(command.feature))
    return to_feature(asked, *child, &command);
  if (!core)
    return refuse(asked, text_for(*asked, "core.refused.unknown_command"));
  const auto call = core_call{*this, asked};
  if (asked->kind == interaction_kind::command)
    core->run(call);
  else if (core->complete)
    core->complete(call);
  else
    call.complete({});
}

void guild::run_custom_id(const interaction_ptr& asked) {
  if (const auto state = parse_custom_id(asked->custom_id)) {
    if (auto* child = find_feature(state->area))
      return to_feature(asked, *child, nullptr);
    if (run_component(core_call{*this, asked}, *state))
      return;
  }
  refuse(asked, text_for(*asked, "core.refused.old_component"));
}

void guild::to_feature(const interaction_ptr& asked, feature_child& child,
                       const command_spec* command) {
  if (!feature_on(*child.entry)) {
    const auto title = text_for(*asked, "feature." + child.entry->name);
    return refuse(
        asked, env_->texts->text(asked->locale, "core.refused.feature_off", {{"feature", title}}));
  }
  if (!child.actor || child.stopping)
    return refuse(asked, text_for(*asked, "core.refused.restarting"));
  const auto limits = env_->limits();
  if (child.asked->room() == 0) // those it did not answer in time are in its mailbox still
    return refuse(asked, text_for(*asked, "core.refused.busy"));
  // Counted until the feature lets go of it.
  struct counted {
    interaction_ptr asked;
    flow_window::credit credit;
  };
  const auto held = std::make_shared<const counted>(counted{asked, child.asked->take(1)});
  const auto given = interaction_ptr{held, held->asked.get()};
  const auto in_time = can_defer(*asked) && !(command && command->opens_modal);
  const auto moderates = command && command->who >= allowed::moderator;
  open_.at(asked->id).at = child.entry;
  request(child.actor, milliseconds(in_time ? limits.feature_ms : limits.modal_ms), given)
      .then(
          [this, id = asked->id, moderates](interaction_response& response) {
            if (const auto found = open_.find(id); found != open_.end())
              found->second.at = nullptr;
            answer(id, std::move(response));
            if (moderates)
              refresh_settings();
          },
          [this, asked, name = child.entry->name](const caf::error& error) {
            spdlog::error("guild {}: {} did not answer {}: {}", id_.value, name, what_of(*asked),
                          describe(error));
            fail(asked->id);
          });
}

void guild::refuse(const interaction_ptr& asked, std::string_view text) {
  if (asked->kind != interaction_kind::autocomplete)
    return answer(asked->id, text_response(text));
  auto none = interaction_response{}; // there is no place for words
  none.type = interaction_response::kind::choices;
  answer(asked->id, std::move(none));
}

void guild::answer(interaction_id id, interaction_response response) {
  if (const auto found = open_.find(id); found != open_.end())
    send_out(id, found->second.open.answer(std::move(response), env_->steady_ms()));
}

void guild::fail(interaction_id id) {
  if (const auto found = open_.find(id); found != open_.end())
    send_out(id, found->second.open.fail(env_->steady_ms()));
}

void guild::fail_all_at(const feature_entry& entry) {
  auto left_alone = std::vector<interaction_id>{};
  for (const auto& [id, flight] : open_)
    if (flight.at == &entry)
      left_alone.push_back(id);
  for (const auto id : left_alone)
    fail(id);
}

/// One timer serves all that are open: each delayed message wakes CAF's clock twice and a worker
/// once, which costs more than most answers.
void guild::arm(const open_interaction& open) {
  const auto due = open.next_tick();
  if (!due || (tick_at_ms_ && *tick_at_ms_ <= *due))
    return;
  tick_at_ms_ = due;
  const auto wait = std::max<int64_t>(1, *due - env_->steady_ms());
  delayed_send(this, milliseconds(wait), interaction_tick{*due});
}

void guild::on_tick(int64_t due_ms) {
  if (tick_at_ms_ != due_ms)
    return;
  tick_at_ms_.reset();
  const auto now_ms = env_->steady_ms();
  auto due = std::vector<interaction_id>{};
  for (const auto& [id, flight] : open_)
    if (const auto at = flight.open.next_tick(); at && *at <= now_ms)
      due.push_back(id);
  for (const auto id : due)
    if (const auto found = open_.find(id); found != open_.end()) {
      auto request = found->second.open.tick(now_ms);
      if (request)
        counts().interactions.deferred.add();
      send_out(id, std::move(request));
    }
  for (const auto& [id, flight] : open_)
    arm(flight.open);
}

void guild::send_out(interaction_id id, std::optional<rest_request> out) {
  const auto found = open_.find(id);
  if (found == open_.end())
    return;
  auto& open = found->second.open;
  if (!out) {
    if (!open.done())
      return; // its time comes: an answer, a tick, or what is under way
    if (open.outcome() != interaction_outcome::answered)
      spdlog::warn("guild {}: {} ended {} {}", id_.value, what_of(open.asked()),
                   to_string(open.outcome()), open.trouble());
    counts().interactions.ended[static_cast<size_t>(open.outcome())].add();
    open_.erase(found);
    return finish_when_done();
  }
  // No timeout of our own: it would wake CAF's clock twice. The deadline is rest's to keep, which
  // answers everything, its own end included; and its death ends the daemon.
  request(env_->rest, caf::infinite, std::move(*out))
      .then(
          [this, id](const rest_response& response) {
            const auto sent = open_.find(id);
            if (sent == open_.end())
              return;
            auto& [open, at, told] = sent->second;
            const auto now = env_->steady_ms();
            if (response.ok() && !std::exchange(told, true))
              counts().interactions.to_callback.observe(
                  static_cast<uint64_t>(std::max<int64_t>(now - open.asked().received_ms, 0)) *
                  1'000);
            send_out(id, open.delivered(response, now));
          },
          [this, id](const caf::error& error) {
            if (const auto sent = open_.find(id); sent != open_.end())
              send_out(id, sent->second.open.undelivered(why_lost(error), env_->steady_ms()));
          });
}

// -- what answers need to know --------------------------------------------------------------------

std::string guild::text_for(const interaction& asked, std::string_view key) const {
  return env_->texts->text(asked.locale, key);
}

channel_id guild::voice_of(user_id user) const {
  for (const auto& known : voice_)
    if (known.member.user == user)
      return known.channel;
  return {};
}

role_id guild::mod_role() const {
  if (!snapshot_)
    return {};
  const auto* set = option("mod_role");
  const auto id = set ? parse_id<role_id>(*set) : std::nullopt;
  const auto wanted = set ? *set : env_->limits().mod_role;
  for (const auto& role : snapshot_->roles)
    if (id ? role.id == *id : role.name == wanted)
      return role.id;
  return {};
}

caller_facts guild::caller_of(const interaction& asked) const {
  auto facts = caller_facts{};
  facts.owner = snapshot_ ? snapshot_->owner : user_id{};
  facts.mod_role = mod_role();
  facts.voice = voice_of(asked.member.user);
  facts.bot_owners = env_->limits().bot_owners;
  return facts;
}

} // namespace hearth
