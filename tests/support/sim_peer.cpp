#include "tests/support/sim_peer.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

namespace sim_test {

namespace beast = boost::beast;
namespace http = beast::http;
namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

tcp::endpoint at(std::uint16_t port) { return {asio::ip::make_address("127.0.0.1"), port}; }

std::string host(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

constexpr auto open_limit = std::chrono::seconds{10};

} // namespace

reply request(std::uint16_t port, const std::string& method, const std::string& target,
              const std::string& body, const headers& extra) {
  asio::io_context io;
  beast::tcp_stream stream{io};
  http::request<http::string_body> ask;
  ask.method_string(method);
  ask.target(target);
  ask.version(11);
  ask.set(http::field::host, host(port));
  for (const auto& [name, value] : extra)
    ask.set(name, value);
  ask.body() = body;
  ask.prepare_payload();
  try {
    stream.connect(at(port));
    http::write(stream, ask);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(64u * 1024 * 1024);
    http::read(stream, buffer, parser);
    const auto& got = parser.get();
    reply answer;
    answer.status = got.result_int();
    answer.text = got.body();
    auto parsed = json::parse(answer.text, nullptr, false);
    answer.body = parsed.is_discarded() ? json{} : parsed;
    for (const auto& field : got) {
      std::string name{field.name_string()};
      for (auto& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.headers[name] = std::string{field.value()};
    }
    return answer;
  } catch (const boost::system::system_error& why) {
    throw connection_lost{method + " " + target + ": " + why.what()};
  }
}

struct web_socket::impl {
  asio::io_context io;
  beast::websocket::stream<beast::tcp_stream> stream{io};
  beast::flat_buffer buffer;
  bool open = true;
};

web_socket::web_socket(std::uint16_t port, const std::string& target, const headers& extra)
    : impl_(std::make_unique<impl>()) {
  impl_->stream.read_message_max(64u * 1024 * 1024);
  impl_->stream.set_option(
      beast::websocket::stream_base::decorator([&](beast::websocket::request_type& ask) {
        for (const auto& [name, value] : extra)
          ask.set(name, value);
      }));
  try {
    beast::get_lowest_layer(impl_->stream).expires_after(open_limit);
    beast::get_lowest_layer(impl_->stream).connect(at(port));
    impl_->stream.handshake(host(port), target);
  } catch (const boost::system::system_error& why) {
    throw connection_lost{target + ": " + why.what()};
  }
}

web_socket::~web_socket() = default;
web_socket::web_socket(web_socket&&) noexcept = default;

void web_socket::send(const json& message) {
  impl_->stream.text(true);
  impl_->stream.write(asio::buffer(message.dump()));
}

std::optional<json> web_socket::next(std::chrono::milliseconds limit) {
  if (!impl_->open)
    return std::nullopt;
  beast::error_code failed = asio::error::would_block;
  beast::get_lowest_layer(impl_->stream).expires_after(limit);
  impl_->stream.async_read(impl_->buffer,
                           [&](beast::error_code error, std::size_t) { failed = error; });
  impl_->io.restart();
  impl_->io.run();
  if (failed) {
    // A time-out ends the stream too: every later call says "nothing".
    impl_->open = false;
    return std::nullopt;
  }
  auto message = json::parse(beast::buffers_to_string(impl_->buffer.data()), nullptr, false);
  impl_->buffer.consume(impl_->buffer.size());
  return message;
}

std::uint16_t web_socket::close_code() const { return impl_->stream.reason().code; }

reply bot::call(const std::string& method, const std::string& path, const json& body) const {
  headers extra{{"Authorization", "Bot " + token_},
                {"User-Agent", "DiscordBot (https://example.invalid, 1) test"}};
  if (!body.is_null())
    extra.emplace_back("Content-Type", "application/json");
  return request(port_, method, "/api/v10" + path, body.is_null() ? "" : body.dump(), extra);
}

reply bot::upload(const std::string& method, const std::string& path, const json& payload,
                  const std::vector<file>& files) const {
  const std::string mark = "----test-boundary";
  std::string body = "--" + mark +
                     "\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n"
                     "Content-Type: application/json\r\n\r\n" +
                     payload.dump() + "\r\n";
  for (const auto& part : files)
    body += "--" + mark + "\r\nContent-Disposition: form-data; name=\"files[" +
            std::to_string(part.n) + "]\"; filename=\"" + part.name +
            "\"\r\nContent-Type: " + part.type + "\r\n\r\n" + part.data + "\r\n";
  body += "--" + mark + "--\r\n";
  return request(port_, method, "/api/v10" + path, body,
                 {{"Authorization", "Bot " + token_},
                  {"User-Agent", "DiscordBot (https://example.invalid, 1) test"},
                  {"Content-Type", "multipart/form-data; boundary=" + mark}});
}

gateway::gateway(std::uint16_t port, std::uint64_t intents, const std::string& token)
    : socket_(port, "/gateway/?v=10&encoding=json") {
  const auto hello = socket_.next();
  if (!hello || hello->value("op", 0) != 10)
    throw connection_lost{"no hello"};
  socket_.send({{"op", 2},
                {"d",
                 {{"token", token},
                  {"intents", intents},
                  {"properties", {{"os", "linux"}, {"browser", "test"}, {"device", "test"}}}}}});
  ready_ = wait("READY");
}

json gateway::wait(const std::string& type, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    const auto message = left.count() > 0 ? socket_.next(left) : std::nullopt;
    if (!message)
      throw connection_lost{"no " + type + " came"};
    if (message->value("op", -1) == 0 && message->value("t", json{}) == type)
      return message->at("d");
  }
}

reply people::get(const std::string& path) const { return request(port_, "GET", path, "", {}); }

reply people::post(const std::string& path, const json& body) const {
  return request(port_, "POST", path, body.dump(), {{"Content-Type", "application/json"}});
}

reply people::erase(const std::string& path) const {
  return request(port_, "DELETE", path, "", {});
}

reply people::act(const std::string& user, const std::string& type, json fields) const {
  fields["as"] = user;
  fields["type"] = type;
  return post("/sim/act", fields);
}

} // namespace sim_test
