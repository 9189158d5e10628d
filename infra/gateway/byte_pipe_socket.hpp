#pragma once
// The stream that the websocket library reads and writes: memory, filled and emptied by its owner.
// So a whole socket read can be taken message by message without a trip through the event loop for
// each. For websocket_client.cpp only.
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// Satisfies Beast's SyncStream and AsyncStream. Reading from an empty pipe waits (async) or fails
/// with would_block (sync); writing never waits.
class byte_pipe {
public:
  using executor_type = boost::asio::io_context::executor_type;
  using error_code = boost::beast::error_code;

  explicit byte_pipe(boost::asio::io_context& io) : io_(io) {}
  executor_type get_executor() noexcept { return io_.get_executor(); }

  std::function<void()> starved; ///< A reader waits: more bytes are wanted.
  std::function<void()> written; ///< There are bytes to send.

  /// Room for the next bytes of the peer; only while the pipe is starved.
  boost::asio::mutable_buffer room() {
    if (in_.size() < chunk_bytes)
      in_.resize(chunk_bytes);
    return boost::asio::buffer(in_);
  }
  /// `size` bytes were put into the room. No read crosses the border behind the first `border` of
  /// them (0 = there is none): so frames never come in one read with the HTTP head.
  void filled(size_t size, size_t border) {
    begin_ = 0;
    end_ = size;
    border_ = border;
    wake();
  }
  /// Nothing comes any more: readers get `error`.
  void fail(error_code error) {
    error_ = error;
    wake();
  }
  /// The same, but not inside the caller. Who waits leaves the pipe at once: its handler may own
  /// the pipe, and an event loop that ends before it comes to this must be able to free both.
  void fail_later(error_code error) {
    error_ = error;
    if (waiting_)
      boost::asio::post(get_executor(),
                        [this, reader = std::move(waiting_)] { reader->finish(*this); });
  }
  bool empty() const noexcept { return begin_ == end_; }
  /// What was written since the last call.
  void take_output(std::string& into) {
    into.clear();
    into.swap(out_);
  }
  size_t unsent() const noexcept { return out_.size(); }

  // -- as Beast wants it ------------------------------------------------------------------------
  template <class Buffers> size_t read_some(const Buffers& buffers, error_code& error) {
    error = {};
    if (boost::asio::buffer_size(buffers) == 0)
      return 0;
    if (empty()) {
      error = error_ ? error_ : error_code{boost::asio::error::would_block};
      return 0;
    }
    return give(buffers);
  }
  template <class Buffers> size_t read_some(const Buffers& buffers) {
    auto error = error_code{};
    const auto size = read_some(buffers, error);
    if (error)
      throw boost::system::system_error{error};
    return size;
  }
  template <class Buffers> size_t write_some(const Buffers& buffers, error_code& error) {
    error = error_;
    return error ? 0 : put(buffers);
  }
  template <class Buffers> size_t write_some(const Buffers& buffers) {
    auto error = error_code{};
    const auto size = write_some(buffers, error);
    if (error)
      throw boost::system::system_error{error};
    return size;
  }
  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return boost::asio::async_initiate<Handler, void(error_code, size_t)>(
        [this](auto&& chosen, const Buffers& into) {
          using chosen_type = std::decay_t<decltype(chosen)>;
          if (empty() && !error_ && boost::asio::buffer_size(into) > 0) {
            waiting_ = std::make_unique<waiting_read<Buffers, chosen_type>>(
                into, std::forward<decltype(chosen)>(chosen));
            if (starved)
              starved();
            return;
          }
          auto error = error_code{};
          const auto size = read_some(into, error);
          boost::asio::post(get_executor(),
                            boost::beast::bind_front_handler(std::forward<decltype(chosen)>(chosen),
                                                             error, size));
        },
        handler, buffers);
  }
  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return boost::asio::async_initiate<Handler, void(error_code, size_t)>(
        [this](auto&& chosen, const Buffers& from) {
          auto error = error_code{};
          const auto size = write_some(from, error);
          boost::asio::post(get_executor(),
                            boost::beast::bind_front_handler(std::forward<decltype(chosen)>(chosen),
                                                             error, size));
        },
        handler, buffers);
  }

private:
  static constexpr size_t chunk_bytes = 64 * 1024;

  struct waiting_base {
    virtual ~waiting_base() = default;
    virtual void finish(byte_pipe& pipe) = 0;
  };
  template <class Buffers, class Handler> struct waiting_read final : waiting_base {
    template <class Chosen>
    waiting_read(const Buffers& into, Chosen&& chosen)
        : buffers(into), handler(std::forward<Chosen>(chosen)) {}
    void finish(byte_pipe& pipe) override {
      auto error = error_code{};
      const auto size = pipe.read_some(buffers, error);
      handler(error, size); // runs inside a completion of the owner: not inside an initiation
    }
    Buffers buffers;
    Handler handler;
  };

  void wake() {
    if (!waiting_)
      return;
    const auto reader = std::move(waiting_);
    reader->finish(*this);
  }
  template <class Buffers> size_t give(const Buffers& buffers) {
    const auto end = begin_ < border_ && border_ < end_ ? border_ : end_;
    const auto size =
        boost::asio::buffer_copy(buffers, boost::asio::buffer(in_.data() + begin_, end - begin_));
    begin_ += size;
    return size;
  }
  template <class Buffers> size_t put(const Buffers& buffers) {
    const auto size = boost::asio::buffer_size(buffers);
    const auto old = out_.size();
    out_.resize(old + size);
    boost::asio::buffer_copy(boost::asio::buffer(out_.data() + old, size), buffers);
    if (written)
      written();
    return size;
  }

  boost::asio::io_context& io_;
  std::vector<char> in_;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t border_ = 0;
  std::string out_;
  error_code error_;
  std::unique_ptr<waiting_base> waiting_;
};

// The owner closes the transport: the library has nothing to tear down.
inline void teardown(boost::beast::role_type, byte_pipe&, boost::beast::error_code& error) {
  error = {};
}
template <class Handler>
void async_teardown(boost::beast::role_type, byte_pipe& pipe, Handler&& handler) {
  boost::asio::post(
      pipe.get_executor(),
      boost::beast::bind_front_handler(std::forward<Handler>(handler), boost::beast::error_code{}));
}
inline void beast_close_socket(byte_pipe&) noexcept {}

} // namespace hearth
