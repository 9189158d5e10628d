// Control payloads, READY and what is about the bot itself.
#include "infra/gateway/json_read.hpp"

namespace hearth {
using namespace json_read;

event_decoder::event_decoder() : parser_(std::make_unique<parser>()) {}
event_decoder::~event_decoder() = default;
event_decoder::event_decoder(event_decoder&&) noexcept = default;
event_decoder& event_decoder::operator=(event_decoder&&) noexcept = default;

namespace json_read {

bool read_user(value& v, user_fields& out) {
  auto global = std::string{};
  const auto sound = each_field(v, [&](std::string_view key, value& field) {
    if (key == "id")
      out.id = id_of<user_id>(field);
    else if (key == "username")
      out.name = text_of(field);
    else if (key == "global_name")
      global = text_of(field);
    else if (key == "bot")
      out.bot = flag_of(field, false);
  });
  if (!global.empty())
    out.name = std::move(global);
  return sound;
}

namespace {

template <class Source> bool member_from(Source& v, member_facts& out) {
  auto user = user_fields{out.user, std::move(out.name), out.bot};
  auto nick = std::string{};
  auto sound = true;
  sound &= each_field(v, [&](std::string_view key, value& field) {
    if (key == "user") {
      sound &= read_user(field, user);
    } else if (key == "nick") {
      nick = text_of(field);
    } else if (key == "roles") {
      out.roles.clear();
      sound &= each_item(field, [&](value& item) {
        if (const auto role = id_of<role_id>(item))
          out.roles.push_back(role);
      });
    } else if (key == "permissions") {
      out.permissions = number_of(field);
    }
  });
  out.user = user.id;
  out.bot = user.bot;
  out.name = nick.empty() ? std::move(user.name) : std::move(nick);
  return sound;
}

} // namespace

bool read_member(value& v, member_facts& out) { return member_from(v, out); }
bool read_member(object& fields, member_facts& out) { return member_from(fields, out); }

} // namespace json_read

bool event_decoder::read_info(padded_text body, gateway_info& out) {
  auto document = simdjson::ondemand::document{};
  const auto view = simdjson::padded_string_view(body.data, body.size, body.size + text_padding);
  auto fields = object{};
  if (parser_->json.iterate(view).get(document) != simdjson::SUCCESS ||
      document.get_object().get(fields) != simdjson::SUCCESS)
    return false;
  auto nested = true;
  const auto whole = each_field(fields, [&](std::string_view key, value& field) {
    if (key == "url")
      out.url = text_of(field);
    else if (key == "shards")
      out.shards = small_of(field, out.shards);
    else if (key == "session_start_limit")
      nested &= each_field(field, [&](std::string_view inner, value& item) {
        if (inner == "total")
          out.starts_total = small_of(item, out.starts_total);
        else if (inner == "remaining")
          out.starts_left = small_of(item, out.starts_left);
        else if (inner == "reset_after")
          out.reset_after_ms = integer_of(item, 0);
        else if (inner == "max_concurrency")
          out.max_concurrency = small_of(item, out.max_concurrency);
      });
  });
  return whole && nested && !out.url.empty();
}

bool event_decoder::read(padded_text payload, hello_data& out) {
  return with_object(*parser_, payload, [&](object& fields) {
    return each_field(fields, [&](std::string_view key, value& field) {
      if (key == "heartbeat_interval")
        out.heartbeat_interval_ms = integer_of(field, out.heartbeat_interval_ms);
    });
  });
}

bool event_decoder::read(padded_text payload, invalid_session_data& out) {
  return with_data(*parser_, payload, [&](value& data) {
    out.resumable = flag_of(data, false);
    return true;
  });
}

bool event_decoder::read(padded_text payload, sim_time_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    return each_field(fields, [&](std::string_view key, value& field) {
      if (key == "now_ms")
        out.now_ms = integer_of(field, 0);
    });
  });
  return sound && out.now_ms > 0;
}

bool event_decoder::read(padded_text payload, ready_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "session_id") {
        out.session_id = text_of(field);
      } else if (key == "resume_gateway_url") {
        out.resume_url = text_of(field);
      } else if (key == "user") {
        auto user = user_fields{};
        nested &= read_user(field, user);
        out.user = user.id;
        out.user_name = std::move(user.name);
      } else if (key == "application") {
        nested &= each_field(field, [&](std::string_view inner, value& item) {
          if (inner == "id")
            out.application = id_of<application_id>(item);
        });
      } else if (key == "guilds") {
        nested &= each_item(field, [&](value& item) {
          nested &= each_field(item, [&](std::string_view inner, value& id) {
            if (inner == "id" && type_of(id) != json_type::null)
              out.guilds.push_back(id_of<guild_id>(id));
          });
        });
      }
    });
    return whole && nested;
  });
  return sound && !out.session_id.empty() && out.user;
}

bool event_decoder::read(padded_text payload, user_data& out) {
  const auto sound = with_data(*parser_, payload, [&](value& data) {
    auto user = user_fields{};
    const auto whole = read_user(data, user);
    out.user = user.id;
    out.name = std::move(user.name);
    return whole;
  });
  return sound && out.user;
}

} // namespace hearth
