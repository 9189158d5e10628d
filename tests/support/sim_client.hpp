#pragma once
// A plain HTTP and gateway client for tests of the simulator: no logic that a bot would have.
#include "tests/support/catch.hpp"
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <zlib.h>
#include <zstd.h>

namespace sim_test {

using json = nlohmann::json;
using tcp = boost::asio::ip::tcp;
namespace beast = boost::beast;

/// Blocking reads give up after this long, so that a missing answer fails the test.
inline void limit_waiting(tcp::socket& socket, int seconds = 10) {
  timeval limit{seconds, 0};
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

inline tcp::endpoint loopback(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

struct answer {
  int status = 0;
  std::map<std::string, std::string> headers; ///< as written by the server
  std::string text;
  json body() const { return json::parse(text, nullptr, false); }
  int code() const { return body().value("code", -1); }
};

/// One keep-alive connection.
class rest_client {
public:
  explicit rest_client(std::uint16_t port, std::string token = "sandbox")
      : socket_(io_), token_(std::move(token)) {
    socket_.connect(loopback(port));
    limit_waiting(socket_);
  }

  answer call(const std::string& method, const std::string& path, const json& body = nullptr) {
    return raw(method, "/api/v10" + path, body.is_null() ? "" : body.dump(),
               {{"Authorization", "Bot " + token_},
                {"User-Agent", "DiscordBot (https://example.org, 1)"},
                {"Content-Type", "application/json"}});
  }

  answer raw(const std::string& method, const std::string& target, const std::string& body,
             const std::map<std::string, std::string>& headers) {
    beast::http::request<beast::http::string_body> request;
    request.method_string(method);
    request.target(target);
    request.version(11);
    request.set("Host", "127.0.0.1");
    for (const auto& [name, value] : headers)
      request.set(name, value);
    request.body() = body;
    request.prepare_payload();
    beast::http::write(socket_, request);
    beast::http::response<beast::http::string_body> response;
    beast::http::read(socket_, buffer_, response);
    answer out;
    out.status = static_cast<int>(response.result_int());
    for (const auto& field : response)
      out.headers[std::string(field.name_string())] = std::string(field.value());
    out.text = response.body();
    return out;
  }

private:
  boost::asio::io_context io_;
  tcp::socket socket_;
  beast::flat_buffer buffer_;
  std::string token_;
};

/// One gateway connection. Every read waits for the next payload.
class gateway_client {
public:
  explicit gateway_client(std::uint16_t port, std::string query = "v=10&encoding=json",
                          std::string path = "/gateway/")
      : stream_(io_) {
    stream_.next_layer().connect(loopback(port));
    limit_waiting(stream_.next_layer());
    stream_.handshake("127.0.0.1", path + "?" + query);
    if (query.find("zlib-stream") != std::string::npos) {
      zlib_ = std::make_unique<z_stream>();
      if (inflateInit(zlib_.get()) != Z_OK)
        throw std::runtime_error("inflateInit");
    }
    if (query.find("zstd-stream") != std::string::npos)
      zstd_ = ZSTD_createDCtx();
  }
  ~gateway_client() {
    if (zlib_)
      inflateEnd(zlib_.get());
    if (zstd_)
      ZSTD_freeDCtx(zstd_);
  }
  gateway_client(const gateway_client&) = delete;
  gateway_client& operator=(const gateway_client&) = delete;

  void send(const json& payload) { send_text(payload.dump()); }
  void send_text(const std::string& text) { stream_.write(boost::asio::buffer(text)); }

  /// The next payload. Throws when the connection ended; close_code() says how.
  json read() {
    beast::flat_buffer buffer;
    stream_.read(buffer);
    const std::string bytes(static_cast<const char*>(buffer.cdata().data()), buffer.size());
    binary_ = stream_.got_binary();
    const auto payload = json::parse(zlib_ ? inflate_all(bytes) : zstd_ ? unzstd(bytes) : bytes);
    if (payload.contains("s") && payload["s"].is_number())
      seq_ = payload["s"].get<std::int64_t>();
    return payload;
  }

  /// One zlib-stream payload that comes as two websocket messages.
  json read_split() {
    std::string bytes;
    for (int piece = 0; piece < 2; ++piece) {
      beast::flat_buffer buffer;
      stream_.read(buffer);
      bytes.append(static_cast<const char*>(buffer.cdata().data()), buffer.size());
      if (piece == 0)
        CHECK(bytes.substr(bytes.size() - 4) != std::string("\x00\x00\xff\xff", 4));
    }
    return json::parse(inflate_all(bytes));
  }

  /// Reads until a dispatch of that type comes, and returns its d.
  json until(const std::string& type) {
    for (;;) {
      auto payload = read();
      if (payload["t"] == type)
        return payload["d"];
    }
  }
  /// Reads until that opcode comes.
  json until_op(int op) {
    for (;;) {
      auto payload = read();
      if (payload["op"] == op)
        return payload;
    }
  }

  /// Hello, IDENTIFY, READY. Returns READY's d.
  json identify(std::int64_t intents = 53608447, const json& more = json::object(),
                const std::string& token = "sandbox") {
    until_op(10);
    json d{{"token", token},
           {"intents", intents},
           {"properties", {{"os", "linux"}, {"browser", "test"}, {"device", "test"}}}};
    d.update(more);
    send({{"op", 2}, {"d", d}});
    const auto ready = until("READY");
    session_ = ready["session_id"];
    return ready;
  }

  void resume(const std::string& session, std::int64_t seq, const std::string& token = "sandbox") {
    until_op(10);
    send({{"op", 6}, {"d", {{"token", token}, {"session_id", session}, {"seq", seq}}}});
  }

  /// Reads to the end; the close code, 0 when there was no close frame.
  int close_code() {
    try {
      for (;;)
        read();
    } catch (const boost::system::system_error& e) {
      return e.code() == beast::websocket::error::closed ? stream_.reason().code : 0;
    }
  }

  /// Ends TCP without a word.
  void drop() {
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
  }
  void close(int code) { stream_.close(static_cast<beast::websocket::close_code>(code)); }

  std::int64_t seq() const { return seq_; }
  const std::string& session() const { return session_; }
  bool binary() const { return binary_; }

private:
  std::string inflate_all(const std::string& bytes) {
    if (bytes.size() < 4 || bytes.substr(bytes.size() - 4) != std::string("\x00\x00\xff\xff", 4))
      throw std::runtime_error("inflate: no flush suffix");
    std::string out;
    zlib_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    zlib_->avail_in = static_cast<uInt>(bytes.size());
    char chunk[4096];
    do {
      zlib_->next_out = reinterpret_cast<Bytef*>(chunk);
      zlib_->avail_out = sizeof chunk;
      const int result = inflate(zlib_.get(), Z_SYNC_FLUSH);
      if (result != Z_OK && result != Z_BUF_ERROR)
        throw std::runtime_error("inflate: data error");
      out.append(chunk, sizeof chunk - zlib_->avail_out);
    } while (zlib_->avail_out == 0);
    return out;
  }

  std::string unzstd(const std::string& bytes) {
    std::string out;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    char chunk[4096];
    for (;;) {
      ZSTD_outBuffer to{chunk, sizeof chunk, 0};
      const auto left = ZSTD_decompressStream(zstd_, &to, &in);
      if (ZSTD_isError(left))
        throw std::runtime_error(ZSTD_getErrorName(left));
      out.append(chunk, to.pos);
      if (in.pos == in.size && to.pos < sizeof chunk)
        return out;
    }
  }

  boost::asio::io_context io_;
  beast::websocket::stream<tcp::socket> stream_;
  std::unique_ptr<z_stream> zlib_;
  ZSTD_DCtx* zstd_ = nullptr;
  std::int64_t seq_ = 0;
  std::string session_;
  bool binary_ = false;
};

} // namespace sim_test
