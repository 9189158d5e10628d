#include "infra/store/sqlite_db.hpp"
#include <sqlite3.h>

namespace hearth {
namespace {

/// Statement texts are literals in the code, so there are few; a bound all the same.
constexpr size_t cached_statements_max = 512;

/// SQLite's count of its memory takes a global lock at each allocation: a seventh of a small write.
/// Must come before its first use in the process; later it is refused, which does no harm.
void configure_once() {
  static const auto result = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(result);
}

} // namespace

sqlite_db::sqlite_db(const std::string& path, access how, int busy_ms_max) : path_(path) {
  configure_once();
  const auto flags =
      how == access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const auto code = sqlite3_open_v2(path.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  try {
    if (code != SQLITE_OK)
      fail("cannot open");
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, busy_ms_max);
    exec("PRAGMA foreign_keys=ON");
    if (how == access::write) {
      exec("PRAGMA journal_mode=WAL");
      exec("PRAGMA synchronous=FULL");            // an acknowledged write survives a power cut
      exec("PRAGMA journal_size_limit=16777216"); // a long copy lets the -wal grow: back to 16 MB
    } else {
      exec("PRAGMA query_only=ON");
    }
    exec("PRAGMA temp_store=MEMORY"); // no hidden files beside the database
  } catch (...) {
    for (auto& [text, statement] : cache_)
      sqlite3_finalize(statement);
    sqlite3_close_v2(db_);
    throw;
  }
}

sqlite_db::~sqlite_db() {
  for (auto& [text, statement] : cache_)
    sqlite3_finalize(statement);
  sqlite3_close_v2(db_);
}

void sqlite_db::fail(std::string_view doing) const {
  const auto code = db_ ? sqlite3_extended_errcode(db_) : SQLITE_NOMEM;
  const auto* why = db_ ? sqlite3_errmsg(db_) : "out of memory";
  throw sqlite_error{code, path_ + ": " + std::string{doing} + ": " + why};
}

sqlite3_stmt* sqlite_db::prepare(std::string_view sql, bool keep) {
  sqlite3_stmt* statement = nullptr;
  const auto code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                       keep ? SQLITE_PREPARE_PERSISTENT : 0U, &statement, nullptr);
  if (code != SQLITE_OK)
    fail(sql);
  if (!statement)
    throw sqlite_error{SQLITE_MISUSE, path_ + ": empty statement"};
  return statement;
}

sqlite_db::statement_run::statement_run(sqlite_db& db, std::string_view sql) {
  if (const auto found = db.cache_.find(sql); found != db.cache_.end()) {
    statement_ = found->second;
    if (!sqlite3_stmt_busy(statement_))
      return;
    cached_ = false; // the outer loop goes on with the cached one
    statement_ = db.prepare(sql, false);
    return;
  }
  cached_ = db.cache_.size() < cached_statements_max;
  statement_ = db.prepare(sql, cached_);
  if (cached_)
    db.cache_.emplace(std::string{sql}, statement_);
}

sqlite_db::statement_run::~statement_run() {
  if (cached_) {
    sqlite3_reset(statement_);
    if (sqlite3_bind_parameter_count(statement_) > 0)
      sqlite3_clear_bindings(statement_);
  } else {
    sqlite3_finalize(statement_);
  }
}

bool sqlite_db::step(sqlite3_stmt* statement) {
  const auto code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    fail(sqlite3_sql(statement));
  return false;
}

void sqlite_db::exec_script(const std::string& sql) {
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail("script");
}

void sqlite_db::check_counts(sqlite3_stmt* statement, size_t parameters, size_t columns) const {
  const auto* sql = sqlite3_sql(statement);
  if (static_cast<size_t>(sqlite3_bind_parameter_count(statement)) != parameters)
    throw sqlite_error{SQLITE_RANGE, path_ + ": wrong number of parameters for: " + sql};
  if (columns != any_columns && static_cast<size_t>(sqlite3_column_count(statement)) < columns)
    throw sqlite_error{SQLITE_RANGE, path_ + ": too few columns from: " + sql};
  if (writes_forbidden_ && !sqlite3_stmt_readonly(statement))
    throw sqlite_error{SQLITE_READONLY, path_ + ": a read must not write: " + sql};
}

// Binding to a valid index of a reset statement fails for want of memory only, which the step
// tells.
void sqlite_db::bind_int(sqlite3_stmt* statement, int at, int64_t value) {
  sqlite3_bind_int64(statement, at, value);
}
void sqlite_db::bind_real(sqlite3_stmt* statement, int at, double value) {
  sqlite3_bind_double(statement, at, value);
}
void sqlite_db::bind_text(sqlite3_stmt* statement, int at, std::string_view value) {
  // SQLITE_STATIC: parameters outlive the run. A null pointer would bind NULL.
  sqlite3_bind_text64(statement, at, value.data() ? value.data() : "", value.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

bool sqlite_db::is_null(sqlite3_stmt* statement, int at) {
  return sqlite3_column_type(statement, at) == SQLITE_NULL;
}
void sqlite_db::read(sqlite3_stmt* statement, int at, int64_t& into) {
  into = sqlite3_column_int64(statement, at);
}
void sqlite_db::read(sqlite3_stmt* statement, int at, double& into) {
  into = sqlite3_column_double(statement, at);
}
void sqlite_db::read(sqlite3_stmt* statement, int at, std::string& into) {
  const auto* text = sqlite3_column_text(statement, at); // before the size: it may convert
  if (text)
    into.assign(reinterpret_cast<const char*>(text),
                static_cast<size_t>(sqlite3_column_bytes(statement, at)));
}

int64_t sqlite_db::changes() const noexcept { return sqlite3_changes64(db_); }
int64_t sqlite_db::last_insert_rowid() const noexcept { return sqlite3_last_insert_rowid(db_); }
bool sqlite_db::in_transaction() const noexcept { return sqlite3_get_autocommit(db_) == 0; }

} // namespace hearth
