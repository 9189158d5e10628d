// What tests do to the voice server, and what they may read of it.
#include "discord-sim/voice.hpp"
#include "discord-sim/voice_hub.hpp"
#include <algorithm>

namespace sim {

json voice_hub::modes() const {
  auto names = json::array();
  for (const auto mode : modes_)
    names.push_back(name_of(mode));
  return names;
}

bool voice_hub::offers(voice_mode mode) const {
  return std::find(modes_.begin(), modes_.end(), mode) != modes_.end();
}

void voice_hub::offer(std::vector<std::string> modes) {
  modes_.clear();
  for (const auto& name : modes)
    if (const auto mode = voice_mode_named(name))
      modes_.push_back(*mode);
  if (modes_.empty())
    modes_ = {voice_mode::aes256_gcm, voice_mode::xchacha20_poly1305};
  if (options_.legacy)
    modes_.push_back(voice_mode::xsalsa20_lite);
}

void voice_hub::close(snowflake user, std::uint16_t code) {
  const auto all = sessions_;
  for (const auto& [token, session] : all) {
    if ((user != 0 && session->user != user) || !session->link)
      continue;
    // Codes that end the session end it here too; 0 and the rest may be resumed (dave 1.5).
    if (code == 0)
      session->link->drop();
    else if (code >= 4000 && code != 4015)
      end(session, code);
    else
      session->link->close(code, "Closed by a fault.");
  }
}

void voice_hub::move_server(snowflake guild, bool gone) {
  if (gone)
    gone_.insert(guild);
  else
    gone_.erase(guild);
  other_host_ = !other_host_;
  const auto* g = core_.world.find_guild(guild);
  if (!g)
    return;
  const auto states = g->voice;
  for (const auto& [user, state] : states)
    if (core_.world.application_of_bot(user))
      dispatch_voice_server(core_, state);
}

void voice_hub::set_dave(snowflake channel, int version) {
  if (auto* room = find_room(channel))
    room->set_version(version);
}

void voice_hub::clear_faults() {
  delays_.clear();
  mischief_ = {};
  refuse_resumes_ = spoil_commits_ = spoil_welcomes_ = first_seq_ = 0;
  drop_acks_ = extend_ = false;
  offer({});
  const auto gone = std::exchange(gone_, {});
  for (const auto guild : gone)
    move_server(guild, false);
}

json voice_hub::state() const {
  auto sessions = json::array();
  for (const auto& [token, s] : sessions_) {
    const auto& n = s->media.numbers();
    static const char* const stages[] = {"expected", "identified", "live"};
    sessions.push_back({{"user_id", id_text(s->user)},
                        {"guild_id", id_text(s->guild)},
                        {"channel_id", id_text(s->channel)},
                        {"stage", stages[static_cast<int>(s->at)]},
                        {"connected", s->link != nullptr},
                        {"mode", name_of(s->mode)},
                        {"dave", s->dave},
                        {"ssrc", s->ssrc},
                        {"speaking", s->speaking},
                        {"resumes", s->resumes},
                        {"packets", n.packets},
                        {"bytes", n.bytes},
                        {"silence", n.silence},
                        {"encrypted", n.encrypted},
                        {"dropped", n.dropped},
                        {"spurts", n.spurts},
                        {"longest_gap_ms", static_cast<double>(n.longest_gap_us) / 1000},
                        {"late", n.late}});
  }
  auto rooms = json::array();
  for (const auto& [channel, room] : rooms_)
    rooms.push_back(room->state());
  return {{"endpoint", endpoint()},
          {"udp_port", udp_port()},
          {"modes", modes()},
          {"packets_out", packets_out_},
          {"listening_pages", ears_.pages()},
          {"sessions", std::move(sessions)},
          {"rooms", std::move(rooms)}};
}

} // namespace sim
