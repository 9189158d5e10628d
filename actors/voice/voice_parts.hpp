#pragma once
// What the actors of voice say among themselves, and what they are given.
#include "infra/dave/codes.hpp"
#include "infra/voice/channel_sound.hpp"
#include "infra/voice/join_rules.hpp"
#include "infra/voice/pacer_thread.hpp"
#include "messages/actors.hpp"
#include "messages/voice.hpp"
#include <functional>
#include <memory>
#include <optional>

namespace hearth {

/// Begin or end to be heard. Frames come from what the line plays.
struct voice_talk {
  bool on = true;
  bool drain = true; ///< Ending: what is rendered already is still sent.
};
/// End the session; `link_news::ended` follows.
struct hang_up {};
struct get_link_status {};
/// One voice session as its link sees it.
struct link_status {
  uint16_t dave_version = 0;
  uint64_t epoch = 0;
  std::string privacy_code;
  std::vector<user_id> members;
  std::string mode;
  int64_t latency_ms = -1;
  uint32_t resumes = 0;
};
/// Both parties of a fingerprint; for get_fingerprint, which has them computed elsewhere.
struct get_parties {
  user_id member;
};
using parties_ptr =
    std::shared_ptr<const std::pair<dave::fingerprint_party, dave::fingerprint_party>>;

/// What a link tells the voice actor of its guild.
namespace link_news {
struct stands {}; ///< The session is established, for the first time or anew.
struct may_send { ///< Whether frames can go: with a key, or where none is needed.
  bool now = false;
};
struct interrupted { ///< The session is being resumed or begun anew; `stands` or `lost` follows.
  std::string why;
};
struct lost { ///< It is over. @param what As of voice_session: join_again, wait, leave or fatal.
  voice::voice_close what = voice::voice_close::leave;
  std::string why;
};
struct ended {}; ///< As asked.
} // namespace link_news
struct voice_link_news {
  uint64_t number = 0; ///< Of the link, as given to it: news of an earlier one are stale.
  std::variant<link_news::stands, link_news::may_send, link_news::interrupted, link_news::lost,
               link_news::ended>
      what;
};

/// The last frame of silence is out. From the pacer to the voice actor, and on to its link.
struct line_quiet {};
/// From the hub to a guild's voice actor.
struct set_voice_owner {
  voice_owner_actor owner;
};
/// From the hub: who we are, and that voice sessions of before are gone.
struct main_session_renewed {
  user_id self;
};

/// From the hub: what sound may cost from now on.
struct new_quality {
  voice::sound_quality quality = voice::sound_quality::full;
  std::string why; ///< English.
};

/// To the speech engine.
struct render_speech {
  std::string text;
  std::string language;
};
struct rendered_speech {
  sound::clip_ptr sound; ///< Null: it failed.
};

/// INTERNAL to the voice actor: rules or rendering are due.
struct voice_tick {
  uint64_t number = 0; ///< Other than the newest one's: stale.
};
/// INTERNAL to the voice actor: its owner has been gone for a minute.
struct owner_missing {
  uint64_t number = 0;
};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::voice_talk)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::hang_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::get_link_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::link_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::get_parties)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::parties_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::voice_link_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::line_quiet)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::set_voice_owner)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::main_session_renewed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::new_quality)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::render_speech)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::rendered_speech)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::voice_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::owner_missing)

namespace hearth {

/// One voice session. Runs on voice's I/O thread.
/// @errors get_parties: not_found (no such member, or nothing is encrypted)
using voice_link_actor =
    caf::typed_actor<caf::reacts_to<voice_talk>, caf::reacts_to<hang_up>,
                     caf::replies_to<get_link_status>::with<link_status>,
                     caf::replies_to<get_parties>::with<parties_ptr>, caf::reacts_to<line_quiet>>;
using voice_link_owner_actor = caf::typed_actor<caf::reacts_to<voice_link_news>>;

/// Turns text into sound, on a thread of its own.
using speech_actor = caf::typed_actor<caf::replies_to<render_speech>::with<rendered_speech>>;

/// A guild's voice with what only the hub, the link and itself say to it.
using voice_channel_self_actor =
    voice_channel_actor::extend<caf::reacts_to<set_voice_owner>,      // told by: hub
                                caf::reacts_to<main_session_renewed>, // told by: hub
                                caf::reacts_to<guild_voice_news>,     // told by: hub
                                caf::reacts_to<new_quality>,          // told by: hub
                                caf::reacts_to<voice_link_news>,      // told by: its link
                                caf::reacts_to<line_quiet>,           // told by: pacer
                                caf::reacts_to<voice_tick>,           // INTERNAL
                                caf::reacts_to<owner_missing>>;       // INTERNAL

/// What a link is made for.
struct link_order {
  guild_id guild;
  user_id self;
  voice::voice_place place;
  uint64_t number = 0;  ///< Comes back in its news.
  voice::line_ptr line; ///< Where its sound goes out; the owner tells it when that is quiet.
  voice_link_owner_actor owner;
};

} // namespace hearth
