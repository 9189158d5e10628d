// The daily message: one per evening whatever crashes, in the channel a moderator chose.
#include "actors/schedule/schedule_actor.hpp"
#include "infra/clock/zone_time.hpp"
#include "infra/schedule/evening_view.hpp"
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

constexpr int64_t blocked_ms = 3'600'000; // a refused channel is tried once an hour
constexpr size_t orders_max = 16;
constexpr auto note_hour = -2; // the mark of the note that posting failed

/// A refusal that asking again does not change. Source: discord-api 2.2, 2.4.
bool is_final(const rest_response& answer) {
  return answer.status >= 400 && answer.status < 500 && answer.status != 429;
}

std::optional<message_id> posted_id(const rest_response& answer) {
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!body.is_object() || !body.contains("id") || !body["id"].is_string())
    return std::nullopt;
  return parse_id<message_id>(body["id"].get_ref<const std::string&>());
}

std::string with_nonce(const std::string& message, const std::string& nonce) {
  auto body = nlohmann::json::parse(message);
  body["nonce"] = nonce;
  body["enforce_nonce"] = true; // discord-api 2.4: a repeated POST gives the first message
  return body.dump();
}

} // namespace

caf::result<job_done> schedule::on_job(const job_due& due) {
  if (stopping_ || !settings_)
    return make_error(errc::stopping);
  const auto period = parse_evening_day(due.period);
  if (!period)
    return make_error(errc::invalid, "period " + due.period);
  if (!set_.channel)
    return job_done{}; // the guild does not use it (yet); choosing a channel posts by itself
  const auto evening = evening_to_post(set_.rules, *period, posting_time(*period));
  if (now() >= end_of(set_.rules, evening))
    return job_done{}; // caught up too late to be of use
  if (now() < blocked_until_ && !due.forced)
    return make_error(errc::not_found, "the schedule's channel refuses messages");
  auto promise = make_response_promise<job_done>();
  post({evening, set_.channel, false, {}, [this, promise, evening](post_outcome outcome) mutable {
          if (outcome == post_outcome::posted) {
            promise.deliver(job_done{});
          } else if (outcome == post_outcome::failed) {
            promise.deliver(make_error(errc::unreachable, "the schedule's message"));
          } else {
            blocked_until_ = {now().ms + blocked_ms};
            say_it_failed(evening);
            promise.deliver(make_error(errc::not_found, "the schedule's channel"));
          }
        }});
  return promise;
}

void schedule::post(post_order order) {
  if (orders_.size() >= orders_max) { // Discord or the store is silent: each takes a minute
    spdlog::warn("schedule of guild {}: {} orders to post wait already; one is refused", id_.value,
                 orders_.size());
    if (order.done)
      order.done(post_outcome::failed);
    return;
  }
  orders_.push_back(std::move(order));
  if (orders_.size() == 1)
    begin_order();
}

void schedule::begin_order() {
  const auto& order = orders_.front();
  auto asked = begin_post{};
  asked.guild = id_;
  asked.evening = order.evening;
  asked.channel = order.channel;
  asked.nonce = order.by.interaction
                    ? "i" + base36(order.by.interaction.value)
                    : base36(id_.value) + "-" + base36(static_cast<uint64_t>(now().ms));
  asked.first_hour = set_.rules.hours.first;
  asked.last_hour = set_.rules.hours.last;
  asked.now = now();
  asked.again = order.again;
  asked.by = order.by;
  ask<post_plan>(
      parts_->store, store_patience, std::move(asked),
      [this](const post_plan& plan) {
        note_messages(*plan.evening);
        if (plan.nonce.empty())
          end_order(post_outcome::posted);
        else if (plan.resumed)
          look_first(plan);
        else
          send_post(plan);
      },
      [this](const caf::error& why) {
        spdlog::error("schedule of guild {}: cannot begin to post: {}", id_.value, describe(why));
        end_order(post_outcome::failed);
      });
}

/// An intent is left from before: the message may be there.
void schedule::look_first(const post_plan& plan) {
  auto asked = rest_request{};
  asked.path = "/channels/" + to_string(plan.channel) + "/messages?limit=50";
  asked.priority = rest_priority::member;
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked),
      [this, plan](const rest_response& answer) {
        if (!answer.ok() && !is_final(answer))
          return end_order(post_outcome::failed);
        if (const auto found = find_evening_message(
                answer.body, snapshot_->self.user, orders_.front().evening, plan.evening->messages))
          return posted(plan, *found, true);
        if (plan.channel == orders_.front().channel)
          return send_post(plan);
        // It was to go elsewhere and did not get there.
        ask<noted>(
            parts_->store, store_patience, abandon_post{id_, orders_.front().evening, plan.nonce},
            [this](noted) { begin_order(); },
            [this](const caf::error&) { end_order(post_outcome::failed); });
      },
      [this](const caf::error&) { end_order(post_outcome::failed); });
}

void schedule::send_post(const post_plan& plan) {
  auto asked = rest_request{};
  asked.method = http_method::post;
  asked.path = "/channels/" + to_string(plan.channel) + "/messages";
  asked.body = with_nonce(render_evening(say(), *plan.evening, *snapshot_, set_.rules), plan.nonce);
  asked.priority = rest_priority::member;
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked),
      [this, plan](const rest_response& answer) {
        if (const auto id = answer.ok() ? posted_id(answer) : std::nullopt)
          posted(plan, *id, false);
        else if (is_final(answer))
          refused(plan, answer);
        else
          end_order(post_outcome::failed);
      },
      [this](const caf::error& why) {
        spdlog::warn("schedule of guild {}: posting: {}", id_.value, describe(why));
        end_order(post_outcome::failed); // the intent stays: it is looked for first
      });
}

void schedule::posted(const post_plan& plan, message_id message, bool drawn_before) {
  const auto evening = orders_.front().evening;
  ask<evening_record_ptr>(
      parts_->store, store_patience, finish_post{id_, evening, plan.nonce, {plan.channel, message}},
      [this, plan, message, drawn_before](const evening_record_ptr& record) {
        note_messages(*record);
        if (orders_.front().again)
          take_down_all_but(message, *record);
        // Votes that came while it was on its way, or while it lay unseen after a crash.
        if (drawn_before || record->votes != plan.evening->votes)
          refresh(record->evening);
        end_order(post_outcome::posted);
      },
      [this](const caf::error& why) {
        spdlog::error("schedule of guild {}: cannot note the message: {}", id_.value,
                      describe(why));
        end_order(post_outcome::failed);
      });
}

/// A moderator asked for a fresh message: it takes the place of the older ones. One that Discord
/// keeps follows the votes as before.
void schedule::take_down_all_but(message_id newest, const evening_record& record) {
  for (const auto& shown : record.messages) {
    if (shown.message == newest)
      continue;
    auto asked = rest_request{};
    asked.method = http_method::del;
    asked.path = "/channels/" + to_string(shown.channel) + "/messages/" + to_string(shown.message);
    ask<rest_response>(
        parts_->rest, rest_patience, std::move(asked),
        [this, message = shown.message](const rest_response& answer) {
          if (answer.ok() || answer.status == 404)
            forget(message);
        },
        [](const caf::error&) {});
  }
}

void schedule::refused(const post_plan& plan, const rest_response& why) {
  spdlog::warn("schedule of guild {}: Discord refuses the daily message in channel {}: {} {}",
               id_.value, plan.channel.value, why.status, why.code);
  ask<noted>(
      parts_->store, store_patience, abandon_post{id_, orders_.front().evening, plan.nonce},
      [this](noted) { end_order(post_outcome::forbidden); },
      [this](const caf::error&) { end_order(post_outcome::forbidden); });
}

void schedule::end_order(post_outcome outcome) {
  const auto order = std::move(orders_.front());
  orders_.pop_front();
  if (order.done)
    order.done(outcome);
  if (!orders_.empty())
    begin_order();
}

/// Tells the guild's main channel, once an evening.
void schedule::say_it_failed(evening_day evening) {
  auto where = snapshot_->system_channel;
  if (const auto main = settings_->channels.find("main"); main != settings_->channels.end())
    where = main->second;
  if (!where || where == set_.channel)
    return;
  ask<claimed>(
      parts_->store, store_patience, claim_ready{id_, evening, note_hour, now()},
      [this, where, evening](const claimed& claim) {
        if (!claim.first)
          return;
        auto asked = rest_request{};
        asked.method = http_method::post;
        asked.path = "/channels/" + to_string(where) + "/messages";
        asked.body = plain_body(
            say()("schedule.failed_note", {{"channel", "<#" + to_string(set_.channel) + ">"}}),
            base36(id_.value) + "-n" + base36(static_cast<uint64_t>(evening.number)));
        ask<rest_response>(
            parts_->rest, rest_patience, std::move(asked), [](const rest_response&) {},
            [](const caf::error&) {});
      },
      [](const caf::error&) {});
}

instant schedule::posting_time(evening_day period) const {
  return from_local(set_.rules.zone, *parse_date(to_text(period)), set_.post_minute);
}

void schedule::post_if_due() {
  const auto evening = tonight();
  for (const auto back : {1, 0}) { // an evening may be announced the day before
    const auto period = evening_day{evening.number - back};
    const auto due = posting_time(period);
    if (evening_to_post(set_.rules, period, due) == evening && due <= now()) {
      post({evening, set_.channel, false, {}, {}});
      return;
    }
  }
}

} // namespace hearth
