// What the guild writes by itself: one word of welcome, and where old `!commands` have gone.
#include "actors/root/guild.hpp"
#include "infra/interactions/message_builder.hpp"
#include <chrono>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

using nlohmann::json;

/// Guild option: "posting:<channel>" while the welcome is on its way, then "done".
constexpr auto welcome_key = "core.welcome";
constexpr auto posting = std::string_view{"posting:"};

constexpr int64_t notice_ms = 10'000; ///< Life of the answer to a `!command`.
constexpr size_t notices_max = 16;    ///< At a time in one guild.
constexpr size_t names_max = 256;     ///< Remembered so that the store is not told twice.

std::string print(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

rest_request post(channel_id channel, const json& body) {
  auto made = rest_request{};
  made.method = http_method::post;
  made.path = "/channels/" + to_string(channel) + "/messages";
  made.body = print(body);
  return made;
}

std::chrono::milliseconds patience(const rest_request& request) {
  return std::chrono::milliseconds(request.deadline_ms + 2'000);
}

} // namespace

// -- welcome --------------------------------------------------------------------------------------

void guild::welcome() {
  if (!id_ || !settings_ || !snapshot_ || removed_ || stopping_ || welcoming_)
    return;
  if (const auto* state = option(welcome_key)) {
    if (state->compare(0, posting.size(), posting) != 0)
      return;
    welcoming_ = true; // we ended between the mark and the post, or between the post and its mark
    const auto channel = parse_id<channel_id>(std::string_view{*state}.substr(posting.size()));
    return channel ? look_for_welcome(*channel) : note_welcome("done", [] {});
  }
  if (!settings_->channels.empty() || !settings_->voice_channels.empty())
    return; // somebody knows already
  const auto channel = first_writable(*snapshot_);
  if (!channel)
    return; // perhaps when permissions change
  welcoming_ = true;
  note_welcome(std::string{posting} + to_string(channel),
               [this, channel] { post_welcome(channel); });
}

void guild::note_welcome(const std::string& state, std::function<void()> then) {
  auto set = set_guild_option{};
  set.guild = id_;
  set.key = welcome_key;
  set.value = state;
  set.by.what = "welcome message";
  request(env_->settings, std::chrono::milliseconds(env_->limits().store_ms), std::move(set))
      .then(
          [this, then = std::move(then)](const guild_settings_ptr& fresh) {
            apply(fresh);
            then();
          },
          [id = id_](const caf::error& error) {
            spdlog::error("guild {}: no welcome without its mark: {}", id.value, describe(error));
          });
}

void guild::look_for_welcome(channel_id channel) {
  auto asked = rest_request{};
  asked.path = "/channels/" + to_string(channel) + "/messages?limit=50";
  const auto wait = patience(asked);
  request(env_->rest, wait, std::move(asked))
      .then(
          [this, channel](const rest_response& response) {
            if (!response.ok() || !snapshot_)
              return note_welcome("done", [] {}); // cannot be known: rather none than two
            const auto messages = json::parse(response.body, nullptr, false);
            const auto ours = to_string(snapshot_->self.user);
            if (messages.is_array())
              for (const auto& message : messages)
                if (message.is_object() && message.contains("author") &&
                    message["author"].is_object() && message["author"].contains("id") &&
                    message["author"]["id"] == ours)
                  return note_welcome("done", [] {});
            post_welcome(channel);
          },
          [id = id_](const caf::error& error) {
            spdlog::warn("guild {}: the welcome waits for the next start: {}", id.value,
                         describe(error));
          });
}

void guild::post_welcome(channel_id channel) {
  const auto say = [&](std::string_view key) { return env_->texts->text(language(), key); };
  auto embed = embed_spec{};
  embed.title = say("core.welcome.title");
  embed.description = say("core.welcome.text");
  auto body = json{{"embeds", {make_embed(embed)}},
                   {"allowed_mentions", {{"parse", json::array()}}},
                   {"nonce", "w" + to_string(id_)}, // Discord itself drops a second one of these
                   {"enforce_nonce", true}};
  auto out = post(channel, body);
  const auto wait = patience(out);
  request(env_->rest, wait, std::move(out))
      .then(
          [this](const rest_response& response) {
            if (!response.ok())
              spdlog::warn("guild {}: Discord refused the welcome message ({} {})", id_.value,
                           response.status, response.code);
            // Refused is final as well; a server error (5xx) is not.
            if (response.status < 500)
              note_welcome("done", [] {});
          },
          [id = id_](const caf::error& error) {
            spdlog::warn("guild {}: the welcome waits for the next start: {}", id.value,
                         describe(error));
          });
}

// -- old commands ---------------------------------------------------------------------------------

void guild::on_legacy(const legacy_command& command) {
  auto slash = std::string{legacy_equivalent(command.name)};
  if (slash.empty())
    slash = "/" + command.name;
  const auto name = slash.substr(1, slash.find(' ') - 1);
  const auto* declared = find_command(name);
  if (!declared)
    return; // somebody else's bot, or nothing that we do yet
  const auto* feature = find_feature(declared->feature);
  if (feature && !feature_on(*feature->entry))
    return;
  const auto now = env_->steady_ms();
  const auto last = noticed_ms_.find(command.channel);
  if (notices_.size() >= notices_max ||
      (last != noticed_ms_.end() && now < last->second + notice_ms))
    return; // one note at a time is enough for everybody in the channel
  if (noticed_ms_.size() >= notices_max)
    noticed_ms_.clear();
  noticed_ms_[command.channel] = now;
  const auto id = env_->command_id_of ? env_->command_id_of(id_, name) : command_id{};
  const auto shown = id ? "<" + slash + ":" + to_string(id) + ">" : "`" + slash + "`";
  const auto old = "`!" + clean_name(command.name) + "`";
  auto body =
      message_text(env_->texts->text(language(), "core.legacy", {{"old", old}, {"slash", shown}}));
  body["allowed_mentions"] = {{"parse", json::array()}};
  body["message_reference"] = {{"message_id", to_string(command.message)},
                               {"fail_if_not_exists", false}};
  auto out = post(command.channel, body);
  const auto wait = patience(out);
  request(env_->rest, wait, std::move(out))
      .then(
          [this, channel = command.channel](const rest_response& response) {
            const auto sent = json::parse(response.body, nullptr, false);
            if (!response.ok() || !sent.is_object() || !sent.contains("id") ||
                !sent["id"].is_string())
              return;
            const auto message = sent["id"].get<std::string>();
            if (!parse_id<message_id>(message))
              return;
            const auto tag = "notice:" + message;
            notices_[tag] = "/channels/" + to_string(channel) + "/messages/" + message;
            send(env_->clock, wakeable_actor{this},
                 wake_at{tag, {env_->time->now().ms + notice_ms}});
          },
          [](const caf::error&) {}); // a courtesy: nobody waits for it
}

void guild::on_woken(const woken& wake) {
  const auto found = notices_.find(wake.tag);
  if (found == notices_.end())
    return;
  auto out = rest_request{};
  out.method = http_method::del;
  out.path = std::move(found->second);
  notices_.erase(found);
  const auto wait = patience(out);
  request(env_->rest, wait, std::move(out))
      .then([](const rest_response&) {}, [](const caf::error&) {}); // gone already, or soon
}

// -- names ----------------------------------------------------------------------------------------

void guild::keep_name(const member_facts& member) {
  if (!member.user || member.name.empty() || member.bot)
    return;
  auto& told = names_[member.user];
  if (told == member.name)
    return;
  told = member.name;
  if (names_.size() > names_max)
    names_.clear();
  auto seen = people_seen{};
  seen.people.push_back({member.user, member.name, {}});
  seen.now = env_->time->now();
  send(env_->people, std::move(seen));
}

} // namespace hearth
