#pragma once
// Libraries that are loaded at first use: each behind a module of ours that is opened then, since
// hearthd itself must not link them (they cost 50 ms of start and 35 MB).
#include <string>

namespace hearth::sound {

/// Opens lib/hearth/hearth-NAME.so beside the program's folder and gives its function hearth_NAME;
/// null and why not otherwise. A module stays open to the end.
void* open_module(const char* name, std::string& why);

} // namespace hearth::sound
