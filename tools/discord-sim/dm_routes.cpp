// Opening direct messages, and the CDN that serves uploads (discord-api 2.5, 15.3).
#include "discord-sim/objects.hpp"
#include "discord-sim/post.hpp"

namespace sim {

void add_dm_routes(activity& a) {
  a.core.api.add("POST", "/users/@me/channels", [&a](rest_call& call) {
    form_errors errors;
    const form_fields fields{call.object(), {}, errors};
    const auto id = fields.snowflake("recipient_id", true);
    check(errors);
    const auto* other = a.core.world.find_user(*id);
    if (other == nullptr)
      throw fail(10013);
    // Opening always works; whether it may be written to shows when sending (15.3).
    if (other->id == call.self())
      throw fail(50007);
    const auto& dm = open_dm(a, call.self(), other->id);
    return http_response::of(200, channel_json(a.core.world, dm, call.self()));
  });
}

void add_cdn_routes(activity& a) {
  route_options open;
  open.who = auth::none;
  open.limit.count = 0;
  open.text = {"kind", "name"};
  a.core.plain.add(
      "GET", "/cdn/{kind}/{channel}/{file}/{name}",
      [&a](rest_call& call) {
        const auto path = std::string{call.text("kind")} + "/" + id_text(call.id("channel")) + "/" +
                          id_text(call.id("file")) + "/" + std::string{call.text("name")};
        const auto* file = a.files.find(path);
        if (file == nullptr)
          return http_response::text(404, "This content is no longer available.", "text/plain");
        auto type = file->content_type.empty() ? "application/octet-stream" : file->content_type;
        auto answer = http_response::text(200, *file->data, std::move(type));
        // Uploads are strangers' bytes on the page's own origin: never run them.
        answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
        answer.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
        return answer;
      },
      open);
}

} // namespace sim
