#include "discord-sim/http_post.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <charconv>

namespace sim {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t answer_bytes_max = 1u << 20;

class exchange : public std::enable_shared_from_this<exchange> {
public:
  exchange(asio::io_context& io, std::function<void(std::optional<http_response>)> then)
      : stream_(io), then_(std::move(then)) {
    parser_.body_limit(answer_bytes_max);
  }

  void run(const post_target& target, const header_list& headers, std::string body,
           std::chrono::milliseconds limit) {
    request_.method(http::verb::post);
    request_.target(target.path);
    request_.version(11);
    request_.set(http::field::host, target.host);
    request_.set(http::field::user_agent, "Discord-Interactions/1.0 (+https://discord.com)");
    for (const auto& [name, value] : headers)
      request_.insert(name, value); // faults send some twice
    request_.body() = std::move(body);
    request_.prepare_payload();
    stream_.expires_after(limit);
    stream_.async_connect(tcp::endpoint{asio::ip::address_v4::loopback(), target.port},
                          [self = shared_from_this()](beast::error_code error) {
                            if (error)
                              self->done(std::nullopt);
                            else
                              self->write();
                          });
  }

private:
  void write() {
    http::async_write(stream_, request_,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (error)
                          self->done(std::nullopt);
                        else
                          self->read();
                      });
  }

  void read() {
    http::async_read(stream_, buffer_, parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (error)
                         self->done(std::nullopt);
                       else
                         self->done(self->answer());
                     });
  }

  http_response answer() {
    http_response out;
    const auto& in = parser_.get();
    out.status = static_cast<int>(in.result_int());
    for (const auto& field : in)
      out.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    out.body = in.body();
    return out;
  }

  void done(std::optional<http_response> answer) {
    beast::error_code ignored;
    stream_.socket().close(ignored);
    std::exchange(then_, nullptr)(std::move(answer));
  }

  beast::tcp_stream stream_;
  http::request<http::string_body> request_;
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
  std::function<void(std::optional<http_response>)> then_;
};

} // namespace

std::optional<post_target> parse_post_url(std::string_view url) {
  post_target target;
  if (url.substr(0, 7) != "http://")
    return std::nullopt;
  url.remove_prefix(7);
  const auto end = std::min(url.find('/'), url.size());
  target.host = std::string(url.substr(0, end));
  if (end < url.size())
    target.path = std::string(url.substr(end));
  const auto bad = [](char c) { return c <= ' ' || c > '~'; };
  if (std::any_of(target.path.begin(), target.path.end(), bad))
    return std::nullopt;
  const std::string_view host = target.host;
  const auto colon = std::min(host.find(':'), host.size());
  if (host.substr(0, colon) != "127.0.0.1" && host.substr(0, colon) != "localhost")
    return std::nullopt;
  if (colon == host.size())
    return target;
  const auto digits = host.substr(colon + 1);
  const auto [last, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), target.port);
  if (error != std::errc{} || last != digits.data() + digits.size() || target.port == 0)
    return std::nullopt;
  return target;
}

void http_post(event_loop& loop, const post_target& target, const header_list& headers,
               std::string body, std::chrono::milliseconds limit,
               std::function<void(std::optional<http_response>)> then) {
  std::make_shared<exchange>(loop.io(), std::move(then))
      ->run(target, headers, std::move(body), limit);
}

} // namespace sim
