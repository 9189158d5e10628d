#pragma once
// An HTTP/1.1 server on loopback that answers what the test's function says, or misbehaves.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace test {

struct http_asked {
  std::string method, target;
  std::map<std::string, std::string> headers; ///< Names in lower case.
  std::string body;
  int connection = 0; ///< Number of the connection, from 1.
};
struct http_said {
  enum class way { answer, reset, close, silence };
  int status = 200;
  std::vector<std::string> headers = {};
  std::string body = "{}";
  way how = way::answer; ///< Other than answer: instead of it.
};

/// `respond` runs on threads of the server, one per connection, one at a time.
class http_script {
public:
  using respond_function = std::function<http_said(const http_asked&)>;
  explicit http_script(respond_function respond) : respond_(std::move(respond)) {
    acceptor_thread_ = std::thread([this] { accept(); });
  }
  ~http_script() {
    stopped_ = true;
    boost::system::error_code ignored;
    { // wakes the accept
      auto knock = tcp::socket{ioc_};
      knock.connect(acceptor_.local_endpoint(), ignored);
    }
    acceptor_thread_.join();
    for (auto& each : connections_) {
      ::shutdown(each.socket.native_handle(), SHUT_RDWR);
      each.thread.join();
    }
  }

  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string base() const { return "http://127.0.0.1:" + std::to_string(port()); }
  /// All requests so far.
  std::vector<http_asked> asked() const {
    const auto lock = std::lock_guard{mutex_};
    return asked_;
  }
  /// Waits until `count` requests have arrived; false after ten seconds.
  bool await(size_t count) const {
    auto lock = std::unique_lock{mutex_};
    return arrived_.wait_for(lock, std::chrono::seconds(10),
                             [&] { return asked_.size() >= count; });
  }

private:
  using tcp = boost::asio::ip::tcp;
  struct connection {
    tcp::socket socket;
    int number;
    std::thread thread = {};
  };

  void accept() {
    for (auto number = 1;; ++number) {
      auto socket = tcp::socket{ioc_};
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (error || stopped_)
        return;
      socket.set_option(tcp::no_delay{true});
      auto& made = connections_.emplace_back(connection{std::move(socket), number});
      made.thread = std::thread([this, &made] { serve(made); });
    }
  }

  void serve(connection& with) {
    auto data = std::string{};
    for (;;) {
      boost::system::error_code error;
      const auto size = boost::asio::read_until(with.socket, boost::asio::dynamic_buffer(data),
                                                "\r\n\r\n", error);
      if (error)
        break;
      auto asked = parse(data.substr(0, size));
      asked.connection = with.number;
      data.erase(0, size);
      if (!read_body(with.socket, data, asked))
        break;
      const auto said = [&] {
        const auto lock = std::lock_guard{mutex_};
        asked_.push_back(asked);
        arrived_.notify_all();
        return respond_(asked);
      }();
      if (!say(with.socket, said))
        break;
    }
    boost::system::error_code ignored;
    with.socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  static http_asked parse(const std::string& head) {
    auto asked = http_asked{};
    const auto line = head.substr(0, head.find("\r\n"));
    asked.method = line.substr(0, line.find(' '));
    asked.target = line.substr(asked.method.size() + 1, line.rfind(' ') - asked.method.size() - 1);
    for (auto at = head.find("\r\n") + 2; at < head.size();) {
      const auto end = head.find("\r\n", at);
      const auto colon = head.find(':', at);
      if (colon == std::string::npos || colon > end)
        break;
      auto name = head.substr(at, colon - at);
      for (auto& letter : name)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
      const auto from = head.find_first_not_of(' ', colon + 1);
      asked.headers[name] = head.substr(from, end - from);
      at = end + 2;
    }
    return asked;
  }

  static bool read_body(tcp::socket& socket, std::string& data, http_asked& asked) {
    const auto length = asked.headers.find("content-length");
    const auto wanted = length == asked.headers.end() ? 0 : std::stoul(length->second);
    boost::system::error_code error;
    if (data.size() < wanted)
      boost::asio::read(socket, boost::asio::dynamic_buffer(data),
                        boost::asio::transfer_exactly(wanted - data.size()), error);
    asked.body = data.substr(0, wanted);
    data.erase(0, wanted);
    return !error;
  }

  static bool say(tcp::socket& socket, const http_said& said) {
    boost::system::error_code error;
    switch (said.how) {
    case http_said::way::reset:
      socket.set_option(boost::asio::socket_base::linger{true, 0});
      socket.close(error);
      return false;
    case http_said::way::close:
      return false;
    case http_said::way::silence: {
      char byte = 0;
      boost::asio::read(socket, boost::asio::buffer(&byte, 1), error); // until the client goes
      return false;
    }
    case http_said::way::answer:
      break;
    }
    auto text = "HTTP/1.1 " + std::to_string(said.status) + " X\r\n";
    for (const auto& header : said.headers)
      text += header + "\r\n";
    if (said.status != 204)
      text += "Content-Length: " + std::to_string(said.body.size()) + "\r\n";
    text += "\r\n";
    if (said.status != 204)
      text += said.body;
    boost::asio::write(socket, boost::asio::buffer(text), error);
    return !error;
  }

  respond_function respond_;
  boost::asio::io_context ioc_;
  tcp::acceptor acceptor_{ioc_, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
  std::thread acceptor_thread_;
  std::list<connection> connections_;
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  mutable std::condition_variable arrived_;
  std::vector<http_asked> asked_;
};

} // namespace test
