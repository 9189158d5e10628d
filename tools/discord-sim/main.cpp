// discord-sim: a local Discord for tests, demonstrations and measurements.
#include "discord-sim/server.hpp"
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  sim::server_options options;
  long long heartbeat_ms = options.gateway.heartbeat.count();
  long long identify_ms = options.gateway.identify_interval.count();
  long long resume_ms = options.gateway.resume_window.count();
  long long voice_heartbeat_ms = options.voice.heartbeat.count();
  long long voice_resume_ms = options.voice.resume_window.count();
  bool unlimited = false;

  CLI::App app{"A local Discord: gateway, REST and a page to chat on, at one loopback port.\n"
               "Bots log in with the tokens of the world file (the built-in world: \"sandbox\")."};
  app.name("discord-sim");
  options.port = 8787;
  app.add_option("--port", options.port, "Port on 127.0.0.1; 0 takes a free one")
      ->capture_default_str();
  app.add_option("--control-port", options.control_port,
                 "A second port for the control interface, which network faults spare");
  app.add_option("--world", options.world_file,
                 "World file (TOML: users, applications, guilds); default: the built-in demo world")
      ->check(CLI::ExistingFile);
  app.add_option("--seed", options.seed, "Makes ids, tokens and hashes repeatable")
      ->capture_default_str();
  app.add_option("--start-time", options.start_time,
                 "Time of this Discord at start, Unix milliseconds; default: the system's");
  app.add_option("--page", options.page_dir, "Serve the page from this folder, for working on it")
      ->check(CLI::ExistingDirectory);
  app.add_option("--heartbeat-ms", heartbeat_ms, "Heartbeat interval told to clients")
      ->check(CLI::Range(100, 3600000))
      ->capture_default_str();
  app.add_option("--session-start-limit", options.gateway.session_starts,
                 "IDENTIFYs per day and application")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  app.add_option("--identify-interval-ms", identify_ms, "Time between two IDENTIFYs of a bot")
      ->check(CLI::Range(0, 60000))
      ->capture_default_str();
  app.add_option("--max-concurrency", options.gateway.max_concurrency,
                 "IDENTIFYs per interval of a bot with shards")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--resume-window-ms", resume_ms, "How long a lost session can be resumed")
      ->check(CLI::Range(0, 3600000))
      ->capture_default_str();
  app.add_option("--shards", options.gateway.shards, "Shards that GET /gateway/bot recommends")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_flag("--exact-shards", options.gateway.exact_shards,
               "Refuse shard counts that are no multiple of --shards (4010)");
  app.add_option("--guilds-per-shard", options.gateway.guilds_per_shard_max,
                 "More guilds in a shard are refused (4011)")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--voice-port", options.voice.port,
                 "TLS port of the voice gateway on 127.0.0.1; 0 takes a free one")
      ->capture_default_str();
  app.add_option("--voice-ca", options.voice.ca_file,
                 "Writes the certificate authority that voice clients have to trust (PEM) here");
  app.add_flag("--voice-legacy", options.voice.legacy,
               "Voice as before March 2026, for measuring old clients: no DAVE, older modes");
  app.add_option("--voice-heartbeat-ms", voice_heartbeat_ms,
                 "Heartbeat interval told to voice clients")
      ->check(CLI::Range(100, 3600000))
      ->capture_default_str();
  app.add_option("--voice-resume-window-ms", voice_resume_ms,
                 "How long a lost voice session can be resumed")
      ->check(CLI::Range(0, 3600000))
      ->capture_default_str();
  app.add_flag("--no-rate-limits", unlimited, "Never answer 429 (for measurements)");
  app.add_flag("--verbose", options.verbose, "One line per request on standard error");
  CLI11_PARSE(app, argc, argv);
  options.gateway.heartbeat = std::chrono::milliseconds(heartbeat_ms);
  options.gateway.identify_interval = std::chrono::milliseconds(identify_ms);
  options.gateway.resume_window = std::chrono::milliseconds(resume_ms);
  options.voice.heartbeat = std::chrono::milliseconds(voice_heartbeat_ms);
  options.voice.resume_window = std::chrono::milliseconds(voice_resume_ms);
  options.rate_limits = !unlimited;

  try {
    sim::server server(options);
    server.stop_on_signals();
    std::printf("discord-sim listens on http://127.0.0.1:%u\n", server.port());
    if (options.control_port)
      std::printf("the control interface is also at http://127.0.0.1:%u\n", server.control_port());
    std::fflush(stdout);
    server.run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "discord-sim: %s\n", e.what());
    return 1;
  }
  return 0;
}
