#pragma once
// A language to speak in: the catalog bound to one locale. Pure.
#include "infra/settings/catalog.hpp"
#include <string>
#include <string_view>
#include <utility>

namespace hearth {

/// The catalog in one language. Copies are cheap; the catalog must outlive them.
class words {
public:
  words(const catalog& texts, std::string locale) : texts_(&texts), locale_(std::move(locale)) {}
  std::string operator()(std::string_view key,
                         std::initializer_list<text_value> values = {}) const {
    return texts_->text(locale_, key, values);
  }

private:
  const catalog* texts_;
  std::string locale_;
};

} // namespace hearth
