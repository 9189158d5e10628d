#include "infra/settings/options.hpp"
#include "infra/settings/option_checks.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {
namespace {

/// As a TOML basic string.
std::string toml_text(std::string_view text) {
  auto out = std::string{"\""};
  for (const auto c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

template <class T> std::string id_list(const std::vector<T>& ids) {
  auto text = std::string{"["};
  for (const auto id : ids)
    text += fmt::format("{}\"{}\"", text.size() > 1 ? ", " : "", to_string(id));
  return text + "]";
}

std::vector<option> declare() {
  using s = settings;
  constexpr auto mega = int64_t{1024} * 1024;
  return {
      {.key = "profile",
       .place = +[](s& x) { return &x.profile; },
       .choices = {"prod", "preprod", "sandbox"},
       .help = "Which of the sections [prod], [preprod] and [sandbox] counts. Each profile has a "
               "folder of its own below the data folder, and a token of its own. HEARTH_PROFILE "
               "wins."},

      {.key = "alerts.channel",
       .place = +[](s& x) { return &x.alerts.channel; },
       .max = 20,
       .check = check_channel,
       .reloadable = true,
       .help =
           "Id of a Discord channel where the operator is told what is wrong, once, and when it "
           "is well again; the bot must be able to write there. Empty: none. The log always "
           "has it; a webhook is given by HEARTH_ALERT_WEBHOOK."},
      {.key = "alerts.gateway_minutes",
       .unit = "minutes",
       .place = +[](s& x) { return &x.alerts.gateway_minutes; },
       .min = 1,
       .max = 1'440,
       .reloadable = true,
       .help = "Alert when there has been no session with Discord for so long."},
      {.key = "alerts.stuck_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.alerts.stuck_seconds; },
       .min = 1,
       .max = 3'600,
       .reloadable = true,
       .help = "Alert, and /healthz fails, when one part has been busy with one message for so "
               "long."},
      {.key = "alerts.disk_free_megabytes",
       .unit = "megabytes",
       .place = +[](s& x) { return &x.alerts.disk_free_megabytes; },
       .min = 1,
       .max = 1'000'000,
       .reloadable = true,
       .help = "Alert when less is free where the data folder is."},
      {.key = "alerts.temperature_celsius",
       .unit = "degrees",
       .place = +[](s& x) { return &x.alerts.temperature_celsius; },
       .min = 30,
       .max = 120,
       .reloadable = true,
       .help = "Alert when the machine is so hot for two minutes; a Raspberry Pi slows down at "
               "80."},

      {.key = "ambience.idle_minutes",
       .unit = "minutes",
       .place = +[](s& x) { return &x.ambience.idle_minutes; },
       .min = 1,
       .max = 1'440,
       .reloadable = true,
       .help = "The bot leaves a voice channel in which nobody has been for so long, in guilds "
               "whose moderators have not said (/modambience idle)."},
      {.key = "ambience.keyword_reactions",
       .place = +[](s& x) { return &x.ambience.keyword_reactions; },
       .help = "A rain cloud for messages with certain words (/modambience keywords). Needs the "
               "message content intent: switch it on in the developer portal first."},
      {.key = "ambience.presence_minutes",
       .unit = "minutes",
       .place = +[](s& x) { return &x.ambience.presence_minutes; },
       .max = 1'440,
       .reloadable = true,
       .help = "Status texts of the bot take turns after so long, unless gateway.presence says "
               "one. 0: no text."},

      {.key = "clock.follow_sim",
       .place = +[](s& x) { return &x.clock.follow_sim; },
       .choices = {"auto", "on", "off"},
       .help =
           "Whether discord-sim may move our time. auto: in the profile sandbox, while the API is "
           "on this machine."},
      {.key = "clock.sync_wait_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.clock.sync_wait_seconds; },
       .min = 0,
       .max = 86'400,
       .help = "How long jobs wait after the start for the system's clock to be synchronised (a "
               "Raspberry Pi has none at boot) before it is believed as it is."},

      {.key = "data.folder",
       .place = +[](s& x) { return &x.data.folder; },
       .max = 1'000,
       .help = "Where the database, its backups and the gateway session are, in a folder per "
               "profile. Empty: $STATE_DIRECTORY under systemd, else ~/.local/share/hearth. "
               "HEARTH_DATA_DIR wins."},

      {.key = "discord.api",
       .place = +[](s& x) { return &x.discord.api; },
       .max = 500,
       .check = check_api,
       .help = "Address of the API, without version. Plain http only on this machine, for "
               "discord-sim. HEARTH_DISCORD_API wins."},

      {.key = "features.schedule",
       .place = +[](s& x) { return &x.features.schedule; },
       .reloadable = true,
       .help = "Who plays tonight: on in guilds whose moderators have not said (/modfeature)."},
      {.key = "features.voice",
       .place = +[](s& x) { return &x.features.voice; },
       .reloadable = true,
       .help = "Cosy sounds and the spoken welcome: on in guilds whose moderators have not said "
               "(/modfeature)."},

      {.key = "gateway.compression",
       .place = +[](s& x) { return &x.gateway.compression; },
       .choices = {"zstd", "zlib", "none"},
       .help = "Compression of the connection to Discord. zstd costs least."},
      {.key = "gateway.hello_timeout_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.gateway.hello_timeout_seconds; },
       .min = 1,
       .max = 600,
       .help = "Longest wait for the first word of a new connection."},
      {.key = "gateway.ready_timeout_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.gateway.ready_timeout_seconds; },
       .min = 1,
       .max = 600,
       .help = "Longest wait for the answer to a login; Discord takes long in an outage."},
      {.key = "gateway.resumed_timeout_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.gateway.resumed_timeout_seconds; },
       .min = 1,
       .max = 600,
       .help = "Longest silence while a session is being resumed."},
      {.key = "gateway.close_timeout_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.gateway.close_timeout_seconds; },
       .min = 1,
       .max = 60,
       .help = "Longest wait for the other side when we close the connection."},
      {.key = "gateway.backoff_max_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.gateway.backoff_max_seconds; },
       .min = 1,
       .max = 3'600,
       .help = "Longest pause between two tries to connect."},
      {.key = "gateway.message_bytes_max",
       .unit = "bytes",
       .place = +[](s& x) { return &x.gateway.message_bytes_max; },
       .min = mega,
       .max = 1'024 * mega,
       .help = "A longer message from Discord, decompressed, closes the connection."},
      {.key = "gateway.guild_events_max",
       .unit = "events",
       .place = +[](s& x) { return &x.gateway.guild_events_max; },
       .min = 16,
       .max = 100'000,
       .help = "Events sent to one guild that it has not digested yet; further ones wait."},
      {.key = "gateway.guild_waiting_max",
       .unit = "events",
       .place = +[](s& x) { return &x.gateway.guild_waiting_max; },
       .min = 16,
       .max = 100'000,
       .help =
           "Events that wait for one guild that is behind. Beyond it notes about old commands go, "
           "then deletions; changes are merged; interactions are answered."},
      {.key = "gateway.events_max",
       .unit = "events",
       .place = +[](s& x) { return &x.gateway.events_max; },
       .min = 1'000,
       .max = 10'000'000,
       .help =
           "Events sent to or waiting for all guilds together: the memory that a flood may cost "
           "is about 0.5 kB for each. Beyond it every guild keeps the least."},
      {.key = "gateway.presence",
       .place = +[](s& x) { return &x.gateway.presence; },
       .max = 128,
       .reloadable = true,
       .help = "Status text of the bot. Empty: none."},

      {.key = "guild.language",
       .place = +[](s& x) { return &x.guild.language; },
       .choices = {"en", "fr"},
       .reloadable = true,
       .help = "Language of guilds that have not chosen one (/modlanguage) and whose own Hearth "
               "does not speak."},
      {.key = "guild.zone",
       .place = +[](s& x) { return &x.guild.zone; },
       .max = 64,
       .check = check_zone,
       .reloadable = true,
       .help = "Time zone of guilds that have not set one, an IANA name; and of the daemon's own "
               "jobs."},
      {.key = "guild.mod_role",
       .place = +[](s& x) { return &x.guild.mod_role; },
       .max = 100,
       .reloadable = true,
       .help = "Members with a role of this name are moderators, as are those who may manage the "
               "server."},
      {.key = "guild.bot_owners",
       .place = +[](s& x) { return &x.guild.bot_owners; },
       .reloadable = true,
       .help = "User ids, as texts, that may do everything in every guild."},
      {.key = "guild.legacy_prefix",
       .place = +[](s& x) { return &x.guild.legacy_prefix; },
       .max = 5,
       .check = check_prefix,
       .help =
           "Messages that begin with this and an old command's name are answered with the "
           "slash command to use, such as \"!\". Needs the message content intent. Empty: off."},
      {.key = "guild.purge_delay_days",
       .unit = "days",
       .place = +[](s& x) { return &x.guild.purge_delay_days; },
       .min = 0,
       .max = 3'650,
       .reloadable = true,
       .help = "How long all that a guild stored is kept after it removed the bot."},
      {.key = "guild.interactions_max",
       .place = +[](s& x) { return &x.guild.interactions_max; },
       .min = 1,
       .max = 10'000,
       .reloadable = true,
       .help = "Commands and clicks of one guild under way at once; more are asked to try again."},
      {.key = "guild.events_waiting_max",
       .place = +[](s& x) { return &x.guild.events_waiting_max; },
       .min = 16,
       .max = 100'000,
       .reloadable = true,
       .help = "Events kept for a guild while its settings are being read."},
      {.key = "guild.feature_events_max",
       .unit = "messages",
       .place = +[](s& x) { return &x.guild.feature_events_max; },
       .min = 16,
       .max = 100'000,
       .reloadable = true,
       .help = "Messages to one feature of one guild that it has not handled yet. Beyond it the "
               "feature is told how things are once it has caught up."},

      {.key = "inspect.port",
       .place = +[](s& x) { return &x.inspect.port; },
       .min = 0,
       .max = 65'535,
       .help = "Where hearthctl looks into the daemon, with the certificates in the folder inspect "
               "of the data folder. When it is taken (by another profile), a free one is used; "
               "hearthctl finds it. 0: nobody can look."},
      {.key = "inspect.address",
       .place = +[](s& x) { return &x.inspect.address; },
       .max = 64,
       .check = check_address,
       .help = "The address to listen on for that. Others than this machine's own are warned of: "
               "whoever reaches the port can cost the daemon memory, though nothing else."},
      {.key = "interactions.http_port",
       .place = +[](s& x) { return &x.interactions.http_port; },
       .min = 0,
       .max = 65'535,
       .help = "Port for interactions that Discord posts, signed, to an address of yours; 0: they "
               "come over the gateway, which needs no address. Behind a proxy that does TLS."},
      {.key = "interactions.http_address",
       .place = +[](s& x) { return &x.interactions.http_address; },
       .max = 45,
       .check = check_address,
       .help = "Numeric address to listen on; another one than this machine's own only when the "
               "proxy is elsewhere."},
      {.key = "interactions.public_key",
       .place = +[](s& x) { return &x.interactions.public_key; },
       .max = 64,
       .check = check_key,
       .help = "The application's public key from the portal, 64 hex digits. Empty: Discord is "
               "asked at the start."},
      {.key = "interactions.skew_seconds_max",
       .unit = "seconds",
       .place = +[](s& x) { return &x.interactions.skew_seconds_max; },
       .min = 5,
       .max = 86'400,
       .help = "Requests signed further from our time than this are refused (401)."},
      {.key = "interactions.body_bytes_max",
       .unit = "bytes",
       .place = +[](s& x) { return &x.interactions.body_bytes_max; },
       .min = 64 * 1024,
       .max = 64 * mega,
       .help = "A longer request is refused."},
      {.key = "interactions.connections_max",
       .place = +[](s& x) { return &x.interactions.connections_max; },
       .min = 1,
       .max = 10'000,
       .help = "Connections at once; more are closed."},
      {.key = "interactions.timeout_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.interactions.timeout_seconds; },
       .min = 1,
       .max = 60,
       .help = "Longest wait for a whole request."},

      {.key = "log.level",
       .place = +[](s& x) { return &x.log.level; },
       .choices = {"trace", "debug", "info", "warn", "error", "critical"},
       .reloadable = true,
       .help = "What is logged: this and worse."},

      {.key = "metrics.port",
       .place = +[](s& x) { return &x.metrics.port; },
       .min = 0,
       .max = 65'535,
       .help = "Port of /metrics (Prometheus), /healthz and /readyz, such as 9464; one for each "
               "profile that runs. 0: none."},
      {.key = "metrics.address",
       .place = +[](s& x) { return &x.metrics.address; },
       .max = 45,
       .check = check_address,
       .help = "IP address of that port. There is no password: anything but this machine's own "
               "addresses is warned of."},

      {.key = "rest.global_per_second",
       .unit = "requests",
       .place = +[](s& x) { return &x.rest.global_per_second; },
       .min = 1,
       .max = 10'000,
       .help = "Discord's global limit; large bots are given a higher one."},
      {.key = "rest.waiting_max",
       .unit = "requests",
       .place = +[](s& x) { return &x.rest.waiting_max; },
       .min = 10,
       .max = 1'000'000,
       .help = "Requests waiting for Discord's limits; more are refused."},
      {.key = "rest.route_waiting_max",
       .unit = "requests",
       .place = +[](s& x) { return &x.rest.route_waiting_max; },
       .min = 10,
       .max = 1'000'000,
       .help = "The same for one route and channel or guild."},
      {.key = "rest.connections_max",
       .place = +[](s& x) { return &x.rest.connections_max; },
       .min = 1,
       .max = 1'000,
       .help = "Connections to the API at once."},
      {.key = "rest.try_timeout_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.rest.try_timeout_seconds; },
       .min = 1,
       .max = 600,
       .help = "Longest wait for one answer, before it is tried again where that is safe."},
      {.key = "rest.answer_bytes_max",
       .unit = "bytes",
       .place = +[](s& x) { return &x.rest.answer_bytes_max; },
       .min = mega,
       .max = 1'024 * mega,
       .help = "A longer answer, decompressed, is given up."},

      {.key = "sound.folder",
       .place = +[](s& x) { return &x.sound.folder; },
       .max = 1'000,
       .help = "Own recordings to be played besides the synthesised soundscapes: a folder for each "
               "family (rain, sea, music ...) with mp3, ogg, opus, flac, wav or m4a files. Empty: "
               "the folder sounds in the profile's own."},
      {.key = "sound.voice_en",
       .place = +[](s& x) { return &x.sound.voice_en; },
       .max = 100,
       .help =
           "Voice that speaks English, as espeak-ng --voices (or the speech command) names it."},
      {.key = "sound.voice_fr",
       .place = +[](s& x) { return &x.sound.voice_fr; },
       .max = 100,
       .help = "Voice that speaks French."},
      {.key = "sound.speech_words_per_minute",
       .unit = "words",
       .place = +[](s& x) { return &x.sound.speech_words_per_minute; },
       .min = 80,
       .max = 450,
       .help = "How fast texts are spoken."},
      {.key = "sound.speech_command",
       .place = +[](s& x) { return &x.sound.speech_command; },
       .max = 1'000,
       .help =
           "A program that speaks instead of espeak-ng, with its arguments, apart by spaces (no "
           "shell): it reads the text and writes a WAV of at most 48 kHz. {voice}, {language} "
           "and {speed} are replaced, as in \"piper --model {voice} --output_file -\"."},
      {.key = "sound.speech_timeout_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.sound.speech_timeout_seconds; },
       .min = 1,
       .max = 120,
       .help = "The speech command is ended after so long."},

      {.key = "steer.port",
       .place = +[](s& x) { return &x.steer.port; },
       .min = 0,
       .max = 65'535,
       .help = "Where hearthctl gives orders (reload, stop, backup ...), with certificates of its "
               "own in the same folder. Taken or 0: as inspect.port."},
      {.key = "steer.address",
       .place = +[](s& x) { return &x.steer.address; },
       .max = 64,
       .check = check_address,
       .help = "The address to listen on for that; others than this machine's own are warned of."},

      {.key = "store.backup_time",
       .place = +[](s& x) { return &x.store.backup_time; },
       .max = 5,
       .check = check_minute,
       .reloadable = true,
       .help = "When the database is copied and old rows are removed each day, in guild.zone."},
      {.key = "store.backup_count",
       .unit = "files",
       .place = +[](s& x) { return &x.store.backup_count; },
       .min = 1,
       .max = 1'000,
       .reloadable = true,
       .help = "Daily copies kept, in the folder backups beside the database."},
      {.key = "store.batch_writes_max",
       .place = +[](s& x) { return &x.store.batch_writes_max; },
       .min = 1,
       .max = 100'000,
       .help = "Writes that may share one commit."},
      {.key = "store.batch_wait_ms_max",
       .unit = "milliseconds",
       .place = +[](s& x) { return &x.store.batch_wait_ms_max; },
       .min = 1,
       .max = 1'000,
       .help = "Longest that a write waits for others while more of them keep coming."},
      {.key = "store.lazy_wait_ms_max",
       .unit = "milliseconds",
       .place = +[](s& x) { return &x.store.lazy_wait_ms_max; },
       .min = 1,
       .max = 60'000,
       .help = "Writes that nobody waits for are collected for so long: an SD card wears."},
      {.key = "store.audit_keep_days",
       .unit = "days",
       .place = +[](s& x) { return &x.store.audit_keep_days; },
       .min = 1,
       .max = 3'650,
       .reloadable = true,
       .help = "How long it is kept who changed which setting."},

      {.key = "uptime.period_seconds",
       .unit = "seconds",
       .place = +[](s& x) { return &x.uptime.period_seconds; },
       .min = 20,
       .max = 86'400,
       .reloadable = true,
       .help = "How often Uptime Kuma is told that all is well, at the push URL given by "
               "HEARTH_UPTIME_PUSH."},

      {.key = "voice.ca_file",
       .place = +[](s& x) { return &x.voice.ca_file; },
       .max = 4'096,
       .help = "PEM file with certificates that voice servers are trusted by besides the system's "
               "own: that of discord-sim. Empty: none."},
  };
}

} // namespace

const std::vector<option>& options() {
  static const auto all = declare();
  return all;
}

const option* find_option(std::string_view key) {
  const auto found = std::find_if(options().begin(), options().end(),
                                  [&](const option& one) { return one.key == key; });
  return found == options().end() ? nullptr : &*found;
}

std::string value_text(const option& which, const settings& of) {
  auto copy = of; // places are for reading and writing
  return std::visit(
      [&](auto place) -> std::string {
        const auto& value = *place(copy);
        using type = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<type, std::string>)
          return toml_text(value);
        else if constexpr (std::is_same_v<type, bool>)
          return value ? "true" : "false";
        else if constexpr (std::is_same_v<type, int64_t>)
          return std::to_string(value);
        else
          return id_list(value);
      },
      which.place);
}

std::string type_text(const option& which) {
  if (!which.choices.empty())
    return fmt::format("one of {}", fmt::join(which.choices, ", "));
  switch (which.place.index()) {
  case 0:
    return fmt::format("text, at most {} bytes", which.max);
  case 1:
    return fmt::format("number{}{}, {} to {}", which.unit.empty() ? "" : ", ", which.unit,
                       which.min, which.max);
  case 2:
    return "true or false";
  default:
    return "list of ids";
  }
}

} // namespace hearth
