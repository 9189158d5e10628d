#include "actors/root/online_check.hpp"
#include "actors/rest/rest_client.hpp"
#include "actors/root/features.hpp"
#include "actors/root/system_config.hpp"
#include "config/version.hpp"
#include "infra/gateway/intents.hpp"
#include "infra/root/asio_context.hpp"
#include <caf/scoped_actor.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr auto ex_unavailable = 69; // sysexits.h
constexpr auto ex_config = 78;

/// One GET with the token; nothing and a printed sentence when there is no good answer.
std::optional<nlohmann::json> ask(const startup& start, const std::string& path, int& exit_code) {
  spdlog::set_level(spdlog::level::off); // what is wrong is said here, once
  auto config = system_config{};
  auto system = caf::actor_system{config};
  auto io = asio_context{system, "rest-io"};
  auto options = rest_options{};
  options.api = start.settings.value.discord.api;
  options.token = start.token;
  options.user_agent =
      "DiscordBot (https://github.com/hearth-bot/hearth, " HEARTH_VERSION ") hearthd";
  auto rest = rest_actor{system.spawn<rest_client>(std::ref(io), options, [](const fatal&) {})};
  auto answer = rest_response{};
  {
    auto self = caf::scoped_actor{system};
    auto request = rest_request{};
    request.path = path;
    request.priority = rest_priority::member;
    request.deadline_ms = 15'000;
    self->request(rest, std::chrono::seconds(20), request)
        .receive([&](const rest_response& given) { answer = given; },
                 [&](const caf::error& error) {
                   answer.status = 0;
                   answer.body = describe(error);
                   if (error == make_error(errc::unauthorized))
                     answer.status = 401;
                 });
    self->send_exit(rest, caf::exit_reason::user_shutdown);
    rest = nullptr;
  }
  system.await_all_actors_done();
  if (answer.status == 401) {
    std::cout << "Discord refuses the token (" << start.token_source
              << "). Make a new one: developer portal > your application > Bot > Reset Token.\n";
    exit_code = ex_config;
    return std::nullopt;
  }
  auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!answer.ok() || !body.is_object()) {
    std::cout << "Discord cannot be reached at " << options.api << ": "
              << (answer.status == 0 ? answer.body : "HTTP " + std::to_string(answer.status))
              << "\n";
    exit_code = ex_unavailable;
    return std::nullopt;
  }
  return body;
}

std::vector<feature_entry> features_of(const startup& start) {
  return all_features({std::make_shared<schedule_parts>(), nullptr}, start.settings.value);
}

/// Names of the options that make us ask Discord for what members write.
std::vector<std::string> options_needing_content(const startup& start) {
  auto named = std::vector<std::string>{};
  if (!start.settings.value.guild.legacy_prefix.empty())
    named.emplace_back("guild.legacy_prefix");
  if (wants_of(features_of(start), {}).message_text)
    named.emplace_back("ambience.keyword_reactions");
  return named;
}

application_id id_of(const nlohmann::json& application) {
  const auto found = application.find("id");
  if (found == application.end() || !found->is_string())
    return {};
  return parse_id<application_id>(found->get<std::string>()).value_or(application_id{});
}

/// Whether interactions reach us: Discord posts them or sends them over the gateway, never both.
/// Says what is wrong; false when nobody would answer. Source: discord-api 3.2.
bool interactions_arrive(const startup& start, const nlohmann::json& application) {
  const auto url = application.find("interactions_endpoint_url");
  const auto posted = url != application.end() && url->is_string() && *url != "";
  const auto listens = start.settings.value.interactions.http_port != 0;
  if (posted && !listens)
    std::cout << "Discord posts this application's interactions to an address and sends none over "
                 "the gateway, but interactions.http_port is 0: nobody would answer. Set the port, "
                 "or empty the field Interactions Endpoint URL in the developer portal.\n";
  if (!posted && listens)
    std::cout << "interactions.http_port is set, but the application has no Interactions Endpoint "
                 "URL yet: until it has, interactions come over the gateway.\n";
  return listens || !posted;
}

} // namespace

int check_online(const startup& start) {
  if (start.token.empty())
    return ex_config;
  auto exit_code = 0;
  const auto application = ask(start, "/applications/@me", exit_code);
  if (!application)
    return exit_code;
  std::cout << "The token works: this is " << application->value("name", "a bot without a name")
            << ".\n";
  const auto flags = application->value("flags", uint64_t{0});
  // Either the full flag or the one of bots in few servers. Source: discord-api 15.7.
  const auto has_content = (flags & (1U << 18 | 1U << 19)) != 0;
  const auto needing = options_needing_content(start);
  if (!needing.empty() && !has_content) {
    for (const auto& option : needing)
      std::cout << "The option " << option
                << " needs the Message Content intent: developer portal > your application > Bot "
                   "> Privileged Gateway Intents > Message Content Intent.\n";
    return ex_config;
  }
  std::cout << "All intents that the features need are there.\n";
  return interactions_arrive(start, *application) ? 0 : ex_config;
}

int print_invite(const startup& start) {
  auto exit_code = 0;
  const auto application = ask(start, "/applications/@me", exit_code);
  if (!application)
    return exit_code;
  std::cout << invite_url(id_of(*application), invited_permissions(features_of(start))) << "\n";
  return 0;
}

} // namespace hearth
