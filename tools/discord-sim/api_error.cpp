#include "discord-sim/api_error.hpp"
#include <algorithm>
#include <iterator>

namespace sim {

namespace {

struct known_error {
  int code;
  int status;
  const char* message;
};

// Statuses and wire texts of discord-api 15.1 and 15.3; texts not given there are assumed.
constexpr known_error known[] = {
    {10003, 404, "Unknown Channel"},
    {10004, 404, "Unknown Guild"},
    {10007, 404, "Unknown Member"},
    {10008, 404, "Unknown Message"},
    {10009, 404, "Unknown Overwrite"},
    {10011, 404, "Unknown Role"},
    {10013, 404, "Unknown User"},
    {10014, 400, "Unknown Emoji"},
    {10015, 404, "Unknown Webhook"},
    {10026, 404, "Unknown Ban"},
    {10062, 404, "Unknown interaction"},
    {10063, 404, "Unknown application command"},
    {10065, 404, "Unknown Voice State"},
    {10066, 404, "Unknown application command permissions"},
    {10070, 404, "Unknown Guild Scheduled Event"},
    {10097, 404, "Unknown sound"},
    {20001, 403, "Bots cannot use this endpoint"},
    {30003, 400, "Maximum number of pins reached for the channel (250)"},
    {30005, 400, "Maximum number of guild roles reached (250)"},
    {30007, 400, "Maximum number of webhooks reached (15)"},
    {30010, 403, "Maximum number of reactions reached (20)"},
    {30013, 400, "Maximum number of guild channels reached (500)"},
    {30015, 400, "Maximum number of attachments in a message reached (10)"},
    {30032, 400, "Maximum number of application commands reached (100)"},
    {30034, 400, "Max number of daily application command creates has been reached (200)"},
    {30058, 400, "Maximum number of webhooks per guild reached (1000)"},
    {40005, 413, "Request entity too large"},
    {40009, 400, "Only one channel's parent may be changed per request"},
    {40032, 400, "Target user is not connected to voice."},
    {40060, 400, "Interaction has already been acknowledged."},
    {40094, 400, "Maximum number of follow-up messages reached"},
    {50001, 403, "Missing Access"},
    {50005, 403, "Cannot edit a message authored by another user"},
    {50006, 400, "Cannot send an empty message"},
    {50007, 403, "Cannot send messages to this user"},
    {50008, 400, "Cannot send messages in a non-text channel"},
    {50013, 403, "Missing Permissions"},
    {50016, 400, "Provided too few or too many messages to delete."},
    {50021, 403, "Cannot execute action on a system message"},
    {50024, 400, "Cannot execute action on this channel type"},
    {50025, 401, "Invalid OAuth2 access token"},
    {50027, 401, "Invalid Webhook Token"},
    {50028, 400, "Invalid Role"},
    {50034, 400, "You can only bulk delete messages that are under 14 days old."},
    {50041, 400, "Invalid API version provided"},
    {50045, 400, "File uploaded exceeds the maximum size"},
    {50074, 400, "Cannot delete a channel required for Community guilds"},
    {50083, 400, "Thread is archived"},
    {50109, 400, "The request body contains invalid JSON."},
    {50278, 403, "Cannot send messages to this user due to having no mutual guilds"},
};

form_path path_of(std::string_view dotted) {
  form_path path;
  while (!dotted.empty()) {
    const auto dot = std::min(dotted.find('.'), dotted.size());
    path = path / dotted.substr(0, dot);
    dotted.remove_prefix(std::min(dot + 1, dotted.size()));
  }
  return path;
}

api_error of_form(const form_errors& errors) {
  return {400, 50035, "Invalid Form Body", errors.body().at("errors")};
}

} // namespace

http_response api_error::to_response() const {
  json body{{"message", message}, {"code", code}};
  if (!errors.is_null())
    body["errors"] = errors;
  return http_response::of(status, body);
}

api_error fail(int code) {
  const auto* found = std::find_if(std::begin(known), std::end(known),
                                   [code](const known_error& e) { return e.code == code; });
  if (found == std::end(known))
    return {500, 0, "500: Internal Server Error"};
  return {found->status, found->code, found->message};
}

api_error form_error(std::string_view path, std::string code, std::string text) {
  form_errors errors;
  errors.add(path_of(path), code, text);
  return of_form(errors);
}

void check(const form_errors& errors) {
  if (!errors.empty())
    throw of_form(errors);
}

} // namespace sim
