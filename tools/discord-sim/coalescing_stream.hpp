#pragma once
// A TCP socket that gathers small writes into few system calls. A flood of gateway events is many
// websocket messages; one system call each would make the simulator slower than the client that it
// measures. Only websocket_beast.cpp includes this.
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <string>
#include <vector>

namespace sim {

/// An asynchronous stream for Beast. Writes complete when they are in memory, up to a bound; then
/// when the socket took them. Errors of the socket are told to the next write.
class coalescing_stream {
public:
  using socket_type = boost::asio::ip::tcp::socket;
  using executor_type = socket_type::executor_type;
  using error_code = boost::system::error_code;

  explicit coalescing_stream(socket_type socket)
      : state_(std::make_shared<state>(std::move(socket))) {}

  executor_type get_executor() { return state_->socket.get_executor(); }
  socket_type& socket() { return state_->socket; }

  /// While on, bytes wait until there are many; switching it off sends them.
  void cork(bool on) {
    state_->corked = on;
    if (!on)
      flush(state_);
  }
  /// Bytes not yet taken by the socket.
  std::size_t waiting() const { return state_->pending.size() + state_->sending.size(); }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return state_->socket.async_read_some(buffers, std::forward<Handler>(handler));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [s = state_](auto&& handler, const Buffers& data) {
          using handler_type = std::decay_t<decltype(handler)>;
          write(s, data,
                std::make_unique<waiter_of<handler_type>>(std::forward<decltype(handler)>(handler),
                                                          s->socket.get_executor()));
        },
        token, buffers);
  }

private:
  // Above this a flush starts although corked; above that writers wait.
  static constexpr std::size_t flush_bytes = 64u << 10;
  static constexpr std::size_t pending_bytes_max = 256u << 10;

  // A completion handler of any type; handlers may be movable only.
  struct waiter {
    virtual ~waiter() = default;
    virtual void complete(error_code error, std::size_t bytes) = 0;
    std::size_t bytes = 0;
  };
  template <class Handler> struct waiter_of : waiter {
    waiter_of(Handler h, executor_type e) : handler(std::move(h)), executor(std::move(e)) {}
    void complete(error_code error, std::size_t bytes) override {
      // Read before the handler is moved away.
      const auto where = boost::asio::get_associated_executor(handler, executor);
      boost::asio::post(where,
                        [h = std::move(handler), error, bytes]() mutable { h(error, bytes); });
    }
    Handler handler;
    executor_type executor;
  };

  struct state {
    explicit state(socket_type s) : socket(std::move(s)) {}
    socket_type socket;
    std::string pending; // next to be sent
    std::string sending; // the socket has it
    std::vector<std::unique_ptr<waiter>> waiters;
    error_code error;
    bool corked = false;
    bool busy = false;
  };

  template <class Buffers>
  static void write(const std::shared_ptr<state>& s, const Buffers& data,
                    std::unique_ptr<waiter> done) {
    if (s->error) {
      done->complete(s->error, 0);
      return;
    }
    for (auto it = boost::asio::buffer_sequence_begin(data);
         it != boost::asio::buffer_sequence_end(data); ++it) {
      const boost::asio::const_buffer piece(*it);
      s->pending.append(static_cast<const char*>(piece.data()), piece.size());
      done->bytes += piece.size();
    }
    if (s->pending.size() < pending_bytes_max) {
      const auto bytes = done->bytes;
      done->complete({}, bytes);
    } else {
      s->waiters.push_back(std::move(done));
    }
    if (!s->corked || s->pending.size() >= flush_bytes)
      flush(s);
  }

  static void flush(const std::shared_ptr<state>& s) {
    if (s->busy || s->pending.empty() || s->error)
      return;
    s->busy = true;
    s->sending.swap(s->pending);
    boost::asio::async_write(s->socket, boost::asio::buffer(s->sending),
                             [s](error_code error, std::size_t) { flushed(s, error); });
  }

  static void flushed(const std::shared_ptr<state>& s, error_code error) {
    s->busy = false;
    s->error = error;
    s->sending.clear();
    const auto waiters = std::move(s->waiters);
    s->waiters.clear();
    for (const auto& w : waiters)
      w->complete(error, error ? 0 : w->bytes);
    if (!s->corked || s->pending.size() >= flush_bytes)
      flush(s);
  }

  std::shared_ptr<state> state_;
};

/// Beast ends a connection with these.
inline void teardown(boost::beast::role_type role, coalescing_stream& stream,
                     boost::system::error_code& error) {
  boost::beast::websocket::teardown(role, stream.socket(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, coalescing_stream& stream, Handler&& handler) {
  boost::beast::websocket::async_teardown(role, stream.socket(), std::forward<Handler>(handler));
}
inline void beast_close_socket(coalescing_stream& stream) {
  boost::system::error_code ignored;
  stream.socket().close(ignored);
}

} // namespace sim
