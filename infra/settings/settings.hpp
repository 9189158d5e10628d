#pragma once
// The operator's settings: what the configuration file may say, with its defaults. Names, bounds
// and help of each are in options.cpp; a guild's own settings are in messages/settings.hpp.
#include "messages/ids.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

struct alerts_settings {
  std::string channel;
  int64_t gateway_minutes = 5;
  int64_t stuck_seconds = 30;
  int64_t disk_free_megabytes = 200;
  int64_t temperature_celsius = 80;
};
struct ambience_defaults {
  int64_t idle_minutes = 30;
  bool keyword_reactions = false;
  int64_t presence_minutes = 10;
};
struct clock_settings {
  std::string follow_sim = "auto";
  int64_t sync_wait_seconds = 180;
};
struct data_settings {
  std::string folder;
};
struct discord_settings {
  std::string api = "https://discord.com/api";
};
struct features_settings {
  bool schedule = true;
  bool voice = true;
};
struct gateway_settings {
  std::string compression = "zstd";
  int64_t hello_timeout_seconds = 60;
  int64_t ready_timeout_seconds = 60;
  int64_t resumed_timeout_seconds = 20;
  int64_t close_timeout_seconds = 5;
  int64_t backoff_max_seconds = 60;
  int64_t message_bytes_max = 64 * 1024 * 1024;
  int64_t guild_events_max = 512;
  int64_t guild_waiting_max = 1'000;
  int64_t events_max = 20'000;
  std::string presence;
};
struct guild_defaults {
  std::string language = "en";
  std::string zone = "UTC";
  std::string mod_role = "Mod";
  std::vector<user_id> bot_owners;
  std::string legacy_prefix;
  int64_t purge_delay_days = 30;
  int64_t interactions_max = 64;
  int64_t events_waiting_max = 256;
  int64_t feature_events_max = 256;
};
/// Where one right is to be had.
struct remote_settings {
  int64_t port = 0;
  std::string address = "127.0.0.1";
};
struct interactions_settings {
  int64_t http_port = 0;
  std::string http_address = "127.0.0.1";
  std::string public_key;
  int64_t skew_seconds_max = 300;
  int64_t body_bytes_max = 1024 * 1024;
  int64_t connections_max = 64;
  int64_t timeout_seconds = 5;
};
struct log_settings {
  std::string level = "info";
};
struct metrics_settings {
  int64_t port = 0;
  std::string address = "127.0.0.1";
};
struct rest_settings {
  int64_t global_per_second = 50;
  int64_t waiting_max = 5'000;
  int64_t route_waiting_max = 500;
  int64_t connections_max = 64;
  int64_t try_timeout_seconds = 20;
  int64_t answer_bytes_max = 16 * 1024 * 1024;
};
struct sound_settings {
  std::string folder;
  std::string voice_en = "en-gb";
  std::string voice_fr = "fr";
  int64_t speech_words_per_minute = 160;
  std::string speech_command;
  int64_t speech_timeout_seconds = 15;
};
struct store_settings {
  std::string backup_time = "04:10";
  int64_t backup_count = 7;
  int64_t batch_writes_max = 512;
  int64_t batch_wait_ms_max = 20;
  int64_t lazy_wait_ms_max = 1'000;
  int64_t audit_keep_days = 365;
};
struct uptime_settings {
  int64_t period_seconds = 60;
};
struct voice_settings {
  std::string ca_file;
};

/// All of it. A default-constructed one holds the defaults.
struct settings {
  std::string profile = "prod";
  alerts_settings alerts;
  ambience_defaults ambience;
  clock_settings clock;
  data_settings data;
  discord_settings discord;
  features_settings features;
  gateway_settings gateway;
  guild_defaults guild;
  remote_settings inspect{7480};
  interactions_settings interactions;
  log_settings log;
  metrics_settings metrics;
  rest_settings rest;
  sound_settings sound;
  remote_settings steer{7481};
  store_settings store;
  uptime_settings uptime;
  voice_settings voice;
};

} // namespace hearth
