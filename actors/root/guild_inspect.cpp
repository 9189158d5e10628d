// What an operator sees of a guild, and may change in it.
#include "actors/root/guild.hpp"
#include "messages/inspect.hpp"
#include <chrono>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace hearth {

guild_view_ptr guild::view() const {
  auto seen = std::make_shared<guild_view>();
  seen->guild = id_.value;
  seen->available = snapshot_ != nullptr;
  seen->removed = removed_;
  seen->language = language();
  seen->zone = zone();
  seen->in_voice = static_cast<uint32_t>(voice_.size());
  seen->interactions = static_cast<uint32_t>(open_.size());
  if (snapshot_) {
    seen->name = snapshot_->name;
    seen->owner = snapshot_->owner.value;
    seen->channels = static_cast<uint32_t>(snapshot_->channels.size());
    seen->roles = static_cast<uint32_t>(snapshot_->roles.size());
  }
  if (settings_) {
    for (const auto& [key, value] : settings_->options)
      seen->options.push_back({key, value});
    for (const auto& [kind, channel] : settings_->channels)
      seen->set_channels.push_back({kind, to_string(channel)});
    for (const auto channel : settings_->voice_channels)
      seen->voice_channels.push_back(channel.value);
  }
  for (const auto& child : features_) {
    auto line = feature_line{child.entry->name, feature_on(*child.entry),
                             option("feature." + child.entry->name) != nullptr};
    line.state = child.actor    ? child.stopping ? "stopping" : "running"
                 : child.wanted ? "waits for its restart"
                                : "stopped";
    line.deaths = static_cast<uint32_t>(child.history.at_ms.size());
    seen->features.push_back(std::move(line));
  }
  return seen;
}

caf::result<stopped> guild::on_switch(const switch_feature& asked) {
  const auto* child = find_feature(asked.feature);
  if (!child || !id_)
    return make_error(errc::not_found, "feature " + asked.feature);
  if (stopping_)
    return make_error(errc::stopping);
  auto change = set_guild_option{};
  change.guild = id_;
  change.key = "feature." + asked.feature;
  change.value = asked.on ? "on" : "off";
  change.by.what =
      fmt::format("hearthctl feature {} {} ({})", change.value, asked.feature, asked.by);
  auto promise = make_response_promise<stopped>();
  request(env_->settings, std::chrono::milliseconds(env_->limits().store_ms), std::move(change))
      .then(
          [this, promise](const guild_settings_ptr& fresh) mutable {
            apply(fresh);
            promise.deliver(stopped{});
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

caf::result<stopped> guild::on_restart_asked(const restart_feature& asked) {
  auto* child = find_feature(asked.feature);
  if (!child)
    return make_error(errc::not_found, "feature " + asked.feature);
  if (!child->wanted || !snapshot_)
    return make_error(errc::invalid, asked.feature + " is not on in this guild");
  child->history = {}; // somebody looks after it: it gets all its chances
  if (child->actor)
    stop_one(*child); // its DOWN starts it again
  else
    start_feature(*child);
  return stopped{};
}

} // namespace hearth
