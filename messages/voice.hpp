#pragma once
// One guild's voice: being in a channel and being heard there. The hub gives out the guild's voice
// actor; whoever runs it hears from it by reports. Structs are plain data; the interfaces are
// below.
#include "messages/errc.hpp"
#include "messages/gateway.hpp"
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hearth {

// -- being in a channel ---------------------------------------------------------------------------

/// Why a channel cannot be joined or is of no use. The text for members: locale key
/// "voice.refused.<name>" with {channel}, where <name> is `to_string` of this.
enum class voice_refusal : uint8_t {
  none,
  unknown_channel, ///< There is none with that id, or it was deleted.
  not_voice,       ///< Neither a voice nor a stage channel.
  no_view,         ///< The bot lacks View Channel there.
  no_connect,      ///< The bot lacks Connect there.
  no_speak,        ///< The bot lacks Speak there.
  no_stage,        ///< A stage where the bot may neither speak nor ask to.
  full,            ///< The channel's user limit is reached, and the bot may not move members.
  afk,             ///< The guild's AFK channel: nobody is heard there.
  unanswered,      ///< Discord did not answer, several times.
  session,         ///< The voice server refused us or went on failing.
  stopping,        ///< The daemon is going down.
};
std::string_view to_string(voice_refusal why) noexcept;

/// Join, or move to, a channel. Answered once it is known how it ended: that takes up to a minute
/// when Discord is slow, usually a second. Asking for the channel we are in answers at once.
struct join_voice {
  channel_id channel;
  guild_snapshot_ptr guild; ///< As known now: permissions are checked against it first.
};
struct join_answer {
  channel_id channel;
  voice_refusal why = voice_refusal::none; ///< none: we are in and can be heard.
  std::string details;                     ///< English, for the log; empty for what `why` says.
};
/// Leaves the channel after a short fade; what played is forgotten. Answered when we are out.
struct leave_voice {};
struct voice_left_answer {};

// -- what is heard there --------------------------------------------------------------------------

constexpr size_t voice_layers_max = 6;
constexpr size_t speech_waiting_max = 8; ///< Texts of one guild; more are refused (queue_full).
constexpr size_t speech_characters_max = 500; ///< UTF-8 bytes of one text.
constexpr int32_t voice_volume_max = 200;

/// One sound of the mix.
struct voice_layer {
  std::string sound;    ///< "rain:2" (family:variant, 1..5) or "file:rain/lake.ogg" (an own file).
  int32_t volume = 100; ///< Percent of its usual loudness, 0..voice_volume_max.
  bool operator==(const voice_layer&) const = default;
};
/// What shall be heard from now on, whole. Layers that go on are not interrupted; others fade in
/// and out. May be said before the channel is joined: it begins then. Empty: silence.
struct play_layers {
  std::vector<voice_layer> layers; ///< At most voice_layers_max, each sound once.
  int32_t fade_ms = 1'500;         ///< In, out and across, 0..60'000.
};
/// Of everything; kept over joins. @note 0..voice_volume_max percent.
struct set_voice_volume {
  int32_t percent = 100;
};
/// Silence without forgetting the layers, and on again.
struct pause_voice {
  bool paused = true;
};
/// A short sound over everything else, once: "bell".
struct play_once {
  std::string sound;
  int32_t volume = 100; ///< Percent, 0..voice_volume_max.
};

enum class speech_priority : uint8_t {
  ordinary, ///< After what waits already.
  urgent,   ///< Before what waits; what is being said is finished.
};
/// Says a text over the layers, which are ducked meanwhile. Answered with what became of it.
struct say_text {
  std::string text;     ///< UTF-8, at most speech_characters_max bytes.
  std::string language; ///< "en", "fr"; empty: English.
  speech_priority priority = speech_priority::ordinary;
  int64_t useful_ms = 30'000; ///< Not begun by then (a join may take long): it is dropped.
};
enum class speech_end : uint8_t {
  said,   ///< To its end.
  late,   ///< Could not begin in time.
  cut,    ///< We left the channel.
  failed, ///< The speech engine failed; text is the fallback.
};
struct text_said {
  speech_end how = speech_end::said;
};

// -- looking at it --------------------------------------------------------------------------------

struct get_voice_status {};
struct voice_status {
  channel_id channel;              ///< Where we are or are about to be; 0 = nowhere.
  std::string phase = "out";       ///< "out", "joining", "live", "away" (session interrupted).
  bool suppressed = false;         ///< A stage whose moderators have not let us speak yet.
  std::vector<voice_layer> layers; ///< As asked for.
  int32_t volume = 100;            ///< Percent.
  bool paused = false;
  bool shared = false;          ///< Plays from a stream that is encoded once for all channels.
  std::string quality;          ///< "full", "reduced" (encoder), "shared" (own mixes are off).
  uint16_t dave_version = 0;    ///< 0: not end-to-end encrypted (stages).
  uint64_t epoch = 0;           ///< Of the encrypted group; 0 while alone in it.
  std::string privacy_code;     ///< 30 digits; empty while there is no group.
  std::vector<user_id> members; ///< Of the encrypted group, us included.
  std::string endpoint;         ///< Of the voice server: host[:port].
  std::string mode;             ///< Of the transport, as Discord names it.
  int64_t latency_ms = -1;  ///< Last heartbeat of the voice gateway to its answer; -1: none yet.
  uint32_t resumes = 0;     ///< Of the present session.
  uint64_t frames_sent = 0; ///< Of the present session, 20 ms each.
  uint64_t underruns = 0;   ///< Frames that were not rendered in time: gaps.
  uint64_t drops = 0;       ///< Frames that could not be sent.
};
/// What two members compare to be sure that nobody is between them. Takes about 100 ms.
/// @errors not_found: the member is not in the encrypted group
struct get_fingerprint {
  user_id member;
};
struct fingerprint_answer {
  user_id member;
  std::string code; ///< 45 digits.
};

// -- reports --------------------------------------------------------------------------------------

/// We can be heard in the channel: after joining, and again after each interruption.
struct voice_ready {
  channel_id channel;
};
/// Somebody moved us; `voice_ready` follows when we can be heard there.
struct voice_moved {
  channel_id from, to;
};
enum class voice_end : uint8_t {
  asked,        ///< By leave_voice.
  disconnected, ///< Somebody disconnected us, or the channel is gone.
  call_ended,   ///< Discord ended the call for all, or forbids to reconnect.
  failed,       ///< The session could not be kept, for a reason that a new try does not mend.
};
/// We are out and stay out until the next join_voice.
struct voice_left {
  channel_id channel;
  voice_end how = voice_end::asked;
  std::string details; ///< English, for the log.
};
/// A join (also of our own, after an interruption) led to nothing and was given up.
struct voice_refused {
  channel_id channel;
  voice_refusal why = voice_refusal::none;
  std::string details; ///< English, for the log.
};
/// Sound is interrupted and we are at it: `voice_ready`, `voice_left` or `voice_refused` follows.
struct voice_interrupted {
  channel_id channel;
  std::string details; ///< English, for the log.
};
/// On a stage we may not be heard (yet); `voice_ready` follows when a moderator lets us.
struct voice_suppressed {
  channel_id channel;
  bool asked = false; ///< Whether we could ask the moderators to speak.
};
/// A layer cannot be played and is left out: file gone or broken.
struct sound_failed {
  std::string sound;
  std::string details; ///< English: what and why.
};
/// The machine is short or hot: sound was reduced, or is whole again.
struct quality_changed {
  std::string quality; ///< As in voice_status.
  std::string details; ///< English: "82 C", "4 % of the frames came late".
};
struct voice_report {
  guild_id guild;
  std::variant<voice_ready, voice_moved, voice_left, voice_refused, voice_interrupted,
               voice_suppressed, sound_failed, quality_changed>
      what;
};

/// What the gateway says of the bot's own voice in a guild; from the guild to the hub.
struct guild_voice_news {
  guild_id guild;
  std::variant<own_voice, voice_server> what;
};

/// Asks the hub for a guild's voice; made when it is not there. A later owner replaces the earlier.
struct open_voice {
  guild_id guild;
};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::join_voice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::join_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::leave_voice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::voice_left_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::play_layers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::set_voice_volume)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::pause_voice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::play_once)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::say_text)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::text_said)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::get_voice_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::voice_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::get_fingerprint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::fingerprint_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::voice_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::open_voice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::guild_voice_news)

namespace hearth {

/// Hears what happens to a guild's voice: the feature that plays there.
using voice_owner_actor = caf::typed_actor<caf::reacts_to<voice_report>>;

/// A guild's voice. Lives as long as the hub; when its owner has died and no other came within a
/// minute it leaves its channel.
/// @errors play_layers: not_found (a sound there is not; the context names it), invalid (too many,
/// or one twice); say_text: queue_full, invalid (too long, empty); all: stopping
using voice_channel_actor =
    caf::typed_actor<caf::replies_to<join_voice>::with<join_answer>,
                     caf::replies_to<leave_voice>::with<voice_left_answer>,
                     caf::replies_to<play_layers>::with<voice_status>,
                     caf::replies_to<set_voice_volume>::with<voice_status>,
                     caf::replies_to<pause_voice>::with<voice_status>, caf::reacts_to<play_once>,
                     caf::replies_to<say_text>::with<text_said>,
                     caf::replies_to<get_voice_status>::with<voice_status>,
                     caf::replies_to<get_fingerprint>::with<fingerprint_answer>>;

/// Finds or makes a guild's voice. One, given to features by their parts.
/// @errors stopping
using voice_hub_actor =
    caf::typed_actor<caf::replies_to<open_voice, voice_owner_actor>::with<voice_channel_actor>>;
/// Hears what becomes of the bot's voice states: the hub, as guilds see it.
using voice_news_actor = caf::typed_actor<caf::reacts_to<guild_voice_news>>;

} // namespace hearth
