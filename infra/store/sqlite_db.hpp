#pragma once
// A thin owner of one SQLite connection: bound parameters, typed columns, cached statements.
// Not thread safe: one thread per connection.
#include "messages/ids.hpp"
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace hearth {

/// What SQLite answered. Stays inside infra/store and the functions that are given a sqlite_db.
class sqlite_error : public std::runtime_error {
public:
  sqlite_error(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
  /// Extended result code, such as SQLITE_FULL (13).
  int code() const noexcept { return code_; }
  /// Primary result code: the low byte.
  int primary() const noexcept { return code_ & 0xff; }

private:
  int code_;
};

/// How a C++ type travels to and from a column. Specialise for other value types: `bind` gives the
/// value to store, `column` makes one of a stored value; `stored` is int64_t, double or
/// std::string.
template <class T> struct sqlite_type;

template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, char>) struct sqlite_type<T> {
  using stored = int64_t;
  static int64_t bind(T value) noexcept { return static_cast<int64_t>(value); }
  static T column(int64_t value) noexcept {
    if constexpr (std::is_same_v<T, bool>)
      return value != 0;
    else
      return static_cast<T>(value);
  }
};
template <> struct sqlite_type<double> {
  using stored = double;
  static double bind(double value) noexcept { return value; }
  static double column(double value) noexcept { return value; }
};
template <> struct sqlite_type<std::string> {
  using stored = std::string;
  static std::string_view bind(const std::string& value) noexcept { return value; }
  static std::string column(std::string value) noexcept { return value; }
};
/// Parameters only: a column of this type would point into freed memory.
template <> struct sqlite_type<std::string_view> {
  using stored = std::string;
  static std::string_view bind(std::string_view value) noexcept { return value; }
};
template <> struct sqlite_type<const char*> {
  using stored = std::string;
  static std::string_view bind(const char* value) noexcept { return value; }
};
/// Ids are stored as INTEGER; Discord's stay below 2^63.
template <class Tag> struct sqlite_type<snowflake<Tag>> {
  using stored = int64_t;
  static int64_t bind(snowflake<Tag> id) noexcept { return static_cast<int64_t>(id.value); }
  static snowflake<Tag> column(int64_t value) noexcept { return {static_cast<uint64_t>(value)}; }
};
template <class T>
requires std::is_enum_v<T>
struct sqlite_type<T> {
  using stored = int64_t;
  static int64_t bind(T value) noexcept { return static_cast<int64_t>(value); }
  static T column(int64_t value) noexcept { return static_cast<T>(value); }
};

namespace detail {
template <class T> struct is_optional : std::false_type {};
template <class T> struct is_optional<std::optional<T>> : std::true_type {};
} // namespace detail

/// One connection, in WAL mode with foreign keys and synchronous=FULL when it may write.
class sqlite_db {
public:
  enum class access : uint8_t { write, read_only };

  /// Opens `path`; with access::write makes it when absent. Waits `busy_ms_max` for locks of other
  /// processes. Throws sqlite_error, naming the file.
  explicit sqlite_db(const std::string& path, access how = access::write, int busy_ms_max = 5'000);
  ~sqlite_db();
  sqlite_db(const sqlite_db&) = delete;
  sqlite_db& operator=(const sqlite_db&) = delete;

  /// Runs one statement to its end, ignoring rows. Statement texts are cached: bind values, do not
  /// paste them. Throws sqlite_error, also when a row breaks a constraint.
  template <class... Args> void exec(std::string_view sql, const Args&... args) {
    auto run = statement_run{*this, sql};
    bind_all(run.get(), any_columns, args...);
    while (step(run.get())) {
    }
  }
  /// Runs several statements that take no parameters (migrations). Not cached.
  void exec_script(const std::string& sql);

  /// Calls `fn(Columns...)` for each row.
  template <class... Columns, class Fn, class... Args>
  void each(std::string_view sql, Fn&& fn, const Args&... args) {
    auto run = statement_run{*this, sql};
    bind_all(run.get(), sizeof...(Columns), args...);
    while (step(run.get()))
      std::apply(fn, columns<Columns...>(run.get(), std::index_sequence_for<Columns...>{}));
  }
  /// The first row, if any.
  template <class... Columns, class... Args>
  std::optional<std::tuple<Columns...>> row(std::string_view sql, const Args&... args) {
    auto run = statement_run{*this, sql};
    bind_all(run.get(), sizeof...(Columns), args...);
    if (!step(run.get()))
      return std::nullopt;
    return columns<Columns...>(run.get(), std::index_sequence_for<Columns...>{});
  }
  /// The first column of the first row, if any. Of a NULL: 0, empty, or std::nullopt when T is an
  /// optional.
  template <class T, class... Args>
  std::optional<T> value(std::string_view sql, const Args&... args) {
    auto first = row<T>(sql, args...);
    if (!first)
      return std::nullopt;
    return std::move(std::get<0>(*first));
  }

  /// Rows that the last INSERT, UPDATE or DELETE changed.
  int64_t changes() const noexcept;
  int64_t last_insert_rowid() const noexcept;
  /// Whether a transaction is open. SQLite ends one by itself when the disk is full.
  bool in_transaction() const noexcept;
  /// While on, a statement that would write throws: reads that share the writing connection.
  void forbid_writes(bool on) noexcept { writes_forbidden_ = on; }
  /// For the backup API and the like, inside infra/store only.
  sqlite3* handle() const noexcept { return db_; }
  const std::string& path() const noexcept { return path_; }

private:
  /// Takes a cached statement (or prepares one, also when the cached one is in use by an outer
  /// loop) and gives it back reset.
  class statement_run {
  public:
    statement_run(sqlite_db& db, std::string_view sql);
    ~statement_run();
    statement_run(const statement_run&) = delete;
    statement_run& operator=(const statement_run&) = delete;
    sqlite3_stmt* get() const noexcept { return statement_; }

  private:
    sqlite3_stmt* statement_;
    bool cached_ = true;
  };
  struct text_hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  sqlite3_stmt* prepare(std::string_view sql, bool keep);
  bool step(sqlite3_stmt* statement);
  [[noreturn]] void fail(std::string_view doing) const;

  static constexpr size_t any_columns = static_cast<size_t>(-1);
  void check_counts(sqlite3_stmt* statement, size_t parameters, size_t columns) const;
  static void bind_int(sqlite3_stmt* statement, int at, int64_t value);
  static void bind_real(sqlite3_stmt* statement, int at, double value);
  static void bind_text(sqlite3_stmt* statement, int at, std::string_view value);
  static bool is_null(sqlite3_stmt* statement, int at);
  static void read(sqlite3_stmt* statement, int at, int64_t& into);
  static void read(sqlite3_stmt* statement, int at, double& into);
  static void read(sqlite3_stmt* statement, int at, std::string& into);

  template <class... Args>
  void bind_all(sqlite3_stmt* statement, size_t column_count, const Args&... args) {
    check_counts(statement, sizeof...(args), column_count);
    auto at = 0;
    (bind(statement, ++at, args), ...);
  }
  template <class T> static void bind(sqlite3_stmt* statement, int at, const T& value) {
    if constexpr (detail::is_optional<T>::value) {
      if (value) // a fresh or reset statement has NULL everywhere
        bind(statement, at, *value);
    } else if constexpr (std::is_array_v<T>) {
      bind_text(statement, at, std::string_view{value});
    } else {
      using type = sqlite_type<T>;
      if constexpr (std::is_same_v<typename type::stored, int64_t>)
        bind_int(statement, at, type::bind(value));
      else if constexpr (std::is_same_v<typename type::stored, double>)
        bind_real(statement, at, type::bind(value));
      else
        bind_text(statement, at, type::bind(value));
    }
  }
  template <class T> static T column(sqlite3_stmt* statement, size_t at) {
    if constexpr (detail::is_optional<T>::value) {
      if (is_null(statement, static_cast<int>(at)))
        return std::nullopt;
      return column<typename T::value_type>(statement, at);
    } else {
      auto stored = typename sqlite_type<T>::stored{};
      read(statement, static_cast<int>(at), stored);
      return sqlite_type<T>::column(std::move(stored));
    }
  }
  template <class... Columns, size_t... At>
  std::tuple<Columns...> columns(sqlite3_stmt* statement, std::index_sequence<At...>) {
    return std::tuple<Columns...>{column<Columns>(statement, At)...};
  }

  sqlite3* db_ = nullptr;
  std::string path_;
  bool writes_forbidden_ = false;
  std::unordered_map<std::string, sqlite3_stmt*, text_hash, std::equal_to<>> cache_;
};

} // namespace hearth
