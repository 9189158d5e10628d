#include "infra/rest/http_client.hpp"
#include "infra/rest/route.hpp"
#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <curl/curl.h>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace hearth {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

struct free_lines {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct free_form {
  void operator()(curl_mime* form) const noexcept { curl_mime_free(form); }
};

/// One exchange under way; libcurl holds pointers into it.
struct transfer {
  http_exchange exchange;
  http_outcome outcome;
  http_client::on_done done;
  std::unique_ptr<curl_slist, free_lines> lines;
  std::unique_ptr<curl_mime, free_form> form;
  size_t answer_bytes_max = 0;
  bool too_long = false;
  std::array<char, CURL_ERROR_SIZE> error{};
};

size_t on_header(char* data, size_t size, size_t count, void* user) {
  auto& headers = static_cast<transfer*>(user)->outcome.headers;
  const auto line = std::string_view{data, size * count};
  if (line.substr(0, 5) == "HTTP/") // a new answer, for instance after 100 Continue
    headers = {};
  else
    note_header(headers, line);
  return size * count;
}

size_t on_body(char* data, size_t size, size_t count, void* user) {
  auto& self = *static_cast<transfer*>(user);
  const auto bytes = size * count;
  if (self.outcome.body.size() + bytes > self.answer_bytes_max) {
    self.too_long = true;
    return 0;
  }
  self.outcome.body.append(data, bytes);
  return bytes;
}

/// Called whenever the request is about to be written: once, and again when libcurl finds a kept
/// connection broken and tries a fresh one. A request that must not double stops there.
int on_send(void* user, char*, char*, int, int) {
  auto& self = *static_cast<transfer*>(user);
  if (self.outcome.sendings > 0 && !self.exchange.may_repeat)
    return CURL_PREREQFUNC_ABORT;
  self.outcome.maybe_sent = true;
  ++self.outcome.sendings;
  return CURL_PREREQFUNC_OK;
}

void set_form(CURL* easy, transfer& self) {
  self.form.reset(curl_mime_init(easy));
  if (!self.exchange.body.empty()) {
    auto* part = curl_mime_addpart(self.form.get());
    curl_mime_name(part, "payload_json");
    curl_mime_type(part, "application/json");
    curl_mime_data(part, self.exchange.body.data(), self.exchange.body.size());
  }
  for (size_t i = 0; i < self.exchange.files.size(); ++i) {
    const auto& file = self.exchange.files[i];
    auto* part = curl_mime_addpart(self.form.get());
    curl_mime_name(part, ("files[" + std::to_string(i) + "]").c_str());
    curl_mime_filename(part, file.name.c_str());
    if (!file.type.empty())
      curl_mime_type(part, file.type.c_str());
    curl_mime_data(part, file.bytes.data(), file.bytes.size());
  }
  curl_easy_setopt(easy, CURLOPT_MIMEPOST, self.form.get());
}

void set_body(CURL* easy, transfer& self) {
  const auto method = self.exchange.method;
  if (method == http_method::get) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (!self.exchange.files.empty())
    set_form(easy, self);
  else if (!self.exchange.body.empty() || method != http_method::del) {
    // Also without a body: Discord wants Content-Length: 0 (discord-api 2.1).
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(self.exchange.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, self.exchange.body.c_str());
  }
  if (method != http_method::post)
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, to_string(method));
}

void set_lines(CURL* easy, transfer& self) {
  auto* list = static_cast<curl_slist*>(nullptr);
  const auto add = [&](const char* line) {
    auto* longer = curl_slist_append(list, line);
    list = longer != nullptr ? longer : list;
  };
  for (const auto& line : self.exchange.headers)
    add(line.c_str());
  if (self.exchange.files.empty())
    add(self.exchange.body.empty() ? "Content-Type:" : "Content-Type: application/json");
  add("Expect:"); // no waiting for 100 Continue before a large upload
  add("Accept:"); // it would say that anything is taken
  self.lines.reset(list);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

/// Why there was no answer. libcurl's own text names hosts and ports, never headers or paths.
std::string trouble_of(CURLcode code, const transfer& self) {
  if (self.too_long)
    return "answer is longer than " + std::to_string(self.answer_bytes_max) + " bytes";
  if (code == CURLE_ABORTED_BY_CALLBACK) // on_send, the second time
    return "the connection broke after the request was sent";
  const auto about_host = code == CURLE_COULDNT_RESOLVE_PROXY ||
                          code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
                          code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION;
  return about_host && self.error.front() != '\0' ? self.error.data() : curl_easy_strerror(code);
}

} // namespace

class http_client::impl : public std::enable_shared_from_this<http_client::impl> {
public:
  impl(asio::io_context& ioc, bool plain_http, http_limits limits)
      : ioc_(ioc), plain_http_(plain_http), limits_(limits) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi_ = curl_multi_init();
    timer_.emplace(ioc);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &impl::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &impl::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(limits.connections_max));
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(limits.connections_max));
  }

  void close() {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
    for (auto& [fd, watched] : sockets_) {
      watched->want = 0;
      watched->descriptor.release(); // libcurl closes it
    }
    sockets_.clear();
    timer_.reset();
    for (auto& [easy, each] : transfers_) {
      curl_multi_remove_handle(multi_, easy);
      curl_easy_cleanup(easy);
    }
    transfers_.clear();
    ended_.clear();
    for (auto* easy : spare_)
      curl_easy_cleanup(easy);
    spare_.clear();
    curl_multi_cleanup(multi_);
    multi_ = nullptr;
  }

  void start(http_exchange exchange, on_done done) {
    auto* easy = spare_.empty() ? curl_easy_init() : spare_.back();
    if (!spare_.empty())
      spare_.pop_back();
    auto made = std::make_unique<transfer>();
    made->exchange = std::move(exchange);
    made->done = std::move(done);
    made->answer_bytes_max = limits_.answer_bytes_max;
    set_options(easy, *made);
    transfers_.emplace(easy, std::move(made));
    starting_ = true;
    curl_multi_add_handle(multi_, easy);
    starting_ = false;
    // It begins here and now, without another round of the loop; its end is told later in any case.
    auto running = 0;
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    collect_ended();
    if (!ended_.empty())
      asio::post(ioc_, [held = shared_from_this()] { held->tell_ended(); });
  }

  size_t active() const noexcept { return transfers_.size(); }

private:
  /// A socket that libcurl wants to know about.
  struct watched_socket {
    watched_socket(asio::io_context& ioc, curl_socket_t fd) : descriptor(ioc, fd) {}
    asio::posix::stream_descriptor descriptor;
    int want = 0;
    bool reading = false, writing = false; ///< A wait is under way.
  };

  void set_options(CURL* easy, transfer& self) const {
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
    set(CURLOPT_URL, self.exchange.url.c_str());
    if (!self.exchange.target.empty()) // libcurl takes an URL apart and together letter by letter
      set(CURLOPT_REQUEST_TARGET, self.exchange.target.c_str());
    set(CURLOPT_PROTOCOLS_STR, plain_http_ ? "http,https" : "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (self.exchange.method == http_method::get) // answers to the others are short
      set(CURLOPT_ACCEPT_ENCODING, "gzip");
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.connect_ms_max));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<int64_t>(1, self.exchange.timeout_ms)));
    if (self.exchange.fresh)
      set(CURLOPT_FRESH_CONNECT, 1L);
    if (plain_http_)
      set(CURLOPT_PROXY, ""); // http_proxy would see the token
    set(CURLOPT_ERRORBUFFER, self.error.data());
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&self));
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&self));
    set(CURLOPT_PREREQFUNCTION, &on_send);
    set(CURLOPT_PREREQDATA, static_cast<void*>(&self));
    set_body(easy, self);
    set_lines(easy, self);
  }

  void act(curl_socket_t fd, int events) {
    if (multi_ == nullptr)
      return;
    auto running = 0;
    curl_multi_socket_action(multi_, fd, events, &running);
    collect_ended();
    tell_ended();
  }

  void collect_ended() {
    auto left = 0;
    while (auto* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE)
        continue;
      auto* easy = message->easy_handle;
      const auto code = message->data.result;
      const auto found = transfers_.find(easy);
      auto self = std::move(found->second);
      transfers_.erase(found);
      auto status = 0L;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      curl_multi_remove_handle(multi_, easy);
      curl_easy_reset(easy); // forgets headers and body; connections are the multi handle's
      spare_.push_back(easy);
      if (code == CURLE_OK && status >= 200 && status < 600) {
        self->outcome.status = static_cast<uint16_t>(status);
      } else {
        self->outcome.trouble =
            code == CURLE_OK ? "HTTP status " + std::to_string(status) : trouble_of(code, *self);
        self->outcome.timed_out = code == CURLE_OPERATION_TIMEDOUT;
      }
      ended_.push_back(std::move(self));
    }
  }

  void tell_ended() {
    for (auto& each : std::exchange(ended_, {})) // they may start others
      each->done(std::move(each->outcome));
  }

  static int on_timer(CURLM*, long wait_ms, void* user) {
    auto& self = *static_cast<impl*>(user);
    ++self.timer_generation_;
    if (wait_ms < 0) {
      self.timer_->cancel();
      return 0;
    }
    auto again = [held = self.shared_from_this(),
                  generation = self.timer_generation_](error_code = {}) {
      if (generation == held->timer_generation_)
        held->act(CURL_SOCKET_TIMEOUT, 0);
    };
    if (wait_ms == 0 && self.starting_)
      return 0;
    if (wait_ms == 0) { // libcurl must not be entered from its own callback
      asio::post(self.ioc_, std::move(again));
      return 0;
    }
    self.timer_->expires_after(std::chrono::milliseconds(wait_ms));
    self.timer_->async_wait(std::move(again));
    return 0;
  }

  static int on_socket(CURL*, curl_socket_t fd, int what, void* user, void*) {
    auto& self = *static_cast<impl*>(user);
    if (what == CURL_POLL_REMOVE) {
      if (const auto found = self.sockets_.find(fd); found != self.sockets_.end()) {
        found->second->want = 0;
        found->second->descriptor.release();
        self.sockets_.erase(found);
      }
      return 0;
    }
    auto& watched = self.sockets_[fd];
    if (!watched)
      watched = std::make_shared<watched_socket>(self.ioc_, fd);
    watched->want = what;
    self.watch(fd, watched);
    return 0;
  }

  void watch(curl_socket_t fd, const std::shared_ptr<watched_socket>& watched) {
    using descriptor = asio::posix::stream_descriptor;
    if ((watched->want & CURL_POLL_IN) != 0 && !std::exchange(watched->reading, true))
      watched->descriptor.async_wait(descriptor::wait_read,
                                     [held = shared_from_this(), fd, watched](error_code error) {
                                       watched->reading = false;
                                       held->on_ready(fd, watched, CURL_CSELECT_IN, error);
                                     });
    if ((watched->want & CURL_POLL_OUT) != 0 && !std::exchange(watched->writing, true))
      watched->descriptor.async_wait(descriptor::wait_write,
                                     [held = shared_from_this(), fd, watched](error_code error) {
                                       watched->writing = false;
                                       held->on_ready(fd, watched, CURL_CSELECT_OUT, error);
                                     });
  }

  void on_ready(curl_socket_t fd, const std::shared_ptr<watched_socket>& watched, int event,
                error_code error) {
    // want 0: libcurl has let go of it, and the number may belong to another socket by now.
    if (watched->want == 0 || error == asio::error::operation_aborted)
      return;
    const auto wanted = event == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT;
    if ((watched->want & wanted) != 0)
      act(fd, error ? CURL_CSELECT_ERR : event);
    if (watched->want != 0)
      watch(fd, watched);
  }

  asio::io_context& ioc_;
  bool plain_http_;
  http_limits limits_;
  CURLM* multi_ = nullptr; ///< Null once closed.
  std::optional<asio::steady_timer> timer_;
  uint64_t timer_generation_ = 0; ///< A wait of an older one is stale.
  std::unordered_map<CURL*, std::unique_ptr<transfer>> transfers_;
  std::map<curl_socket_t, std::shared_ptr<watched_socket>> sockets_;
  std::vector<std::unique_ptr<transfer>> ended_; ///< Whose end is to be told.
  bool starting_ = false;                        ///< libcurl is being given a handle.
  std::vector<CURL*> spare_;                     ///< Handles for the next exchanges.
};

http_client::http_client(asio::io_context& ioc, bool plain_http, http_limits limits)
    : impl_(std::make_shared<impl>(ioc, plain_http, limits)) {}

http_client::~http_client() { impl_->close(); }

void http_client::start(http_exchange exchange, on_done done) {
  impl_->start(std::move(exchange), std::move(done));
}

size_t http_client::active() const noexcept { return impl_->active(); }

} // namespace hearth
