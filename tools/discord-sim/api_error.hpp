#pragma once
// Discord's error answers (discord-api 15.1-15.3). Handlers throw, the router catches and answers.
#include "discord-sim/http.hpp"

namespace sim {

/// Thrown by REST handlers; becomes the answer.
struct api_error {
  int status = 400;
  int code = 0;
  std::string message;
  json errors = nullptr; ///< the tree of 50035, null = key absent

  http_response to_response() const;
};

/// The error of a documented code with its status and wire text (15.3), e.g. `fail(10003)`.
/// Codes without an entry there are a mistake of the caller and answer 500.
[[nodiscard]] api_error fail(int code);

/// 50035 with one leaf. `path` is dotted: "embeds.0.title"; "" = the whole body.
[[nodiscard]] api_error form_error(std::string_view path, std::string code, std::string text);

/// Collects leaves of a 50035 tree, then throws them together.
class form_errors {
public:
  void add(std::string_view path, std::string code, std::string text);
  bool empty() const { return tree_.is_null(); }
  /// Throws when anything was added.
  void check() const;
  const json& tree() const { return tree_; }

private:
  json tree_ = nullptr;
};

} // namespace sim
