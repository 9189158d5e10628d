#pragma once
// Small files that only their owner may read, written whole or not at all.
#include "infra/gateway/padded_text.hpp"
#include <string>
#include <string_view>

namespace hearth {

/// Writes beside `path` and renames (mode 0600). Empty when it worked, else why not.
/// @param durable Wait until it is on the disk; without, a power cut may lose the new text, never
/// the file's wholeness for a process that was merely killed.
std::string write_private_file(const std::string& path, std::string_view text, bool durable);

/// Reads a whole file of at most `bytes_max`. False when there is none, it is bigger, or it is not
/// a plain file that belongs to us.
bool read_private_file(const std::string& path, size_t bytes_max, padded_buffer& into);

/// Removes it; no complaint when it is not there.
void remove_private_file(const std::string& path) noexcept;

} // namespace hearth
