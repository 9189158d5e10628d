# What is installed where, and `cpack`, which makes hearth_*.deb and hearth-sim_*.deb of it: tools/package.sh.
include(GNUInstallDirs)
set(package_dir ${CMAKE_CURRENT_LIST_DIR})
set(config_dir ${CMAKE_SOURCE_DIR}/config)
set(staged ${CMAKE_BINARY_DIR}/package)
set(HEARTH_MAINTAINER "The Hearth authors <hearth-bot@users.noreply.github.com>" CACHE STRING "Who makes the packages")
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)

# Packages begin at /, whatever the prefix; `cmake --install` of a component works all the same.
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

# install_compressed(FILE NAME FOLDER COMPONENT): as Debian wants documents: without name and time inside.
function(install_compressed file name folder component)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(MAKE_DIRECTORY ${staged}/${component})
  execute_process(COMMAND gzip -9n INPUT_FILE ${file} OUTPUT_FILE ${staged}/${component}/${name}.gz
    COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${staged}/${component}/${name}.gz DESTINATION ${folder} COMPONENT ${component})
endfunction()

# install_documents(PACKAGE MANUAL...): copyright, both changelogs and the manual pages of a package.
string(TIMESTAMP release_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH wins
function(install_documents package)
  set(doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/${package})
  install(FILES ${package_dir}/copyright DESTINATION ${doc} COMPONENT ${package})
  configure_file(${package_dir}/changelog.in ${staged}/${package}/changelog.Debian.txt @ONLY)
  install_compressed(${staged}/${package}/changelog.Debian.txt changelog.Debian ${doc} ${package})
  install_compressed(${CMAKE_SOURCE_DIR}/CHANGELOG.md changelog ${doc} ${package})
  foreach(page ${ARGN})
    set(source ${config_dir}/man/${page})
    if(EXISTS ${source}.in)
      configure_file(${source}.in ${staged}/${page} @ONLY)
      set(source ${staged}/${page})
    endif()
    string(REGEX REPLACE ".*[.]" "" section ${page})
    install_compressed(${source} ${page} ${CMAKE_INSTALL_DATAROOTDIR}/man/man${section} ${package})
  endforeach()
endfunction()

# install_programs(PACKAGE TARGET...): programs with their completions, if there are any.
function(install_programs package)
  install(TARGETS ${ARGN} RUNTIME DESTINATION bin COMPONENT ${package})
  foreach(program ${ARGN})
    # All symbols are found at the start and then read-only: measured, it costs 2 % of a start that does nothing else.
    target_link_options(${program} PRIVATE -Wl,-z,relro -Wl,-z,now)
    foreach(script ${program} ${program}.bash)
      if(EXISTS ${config_dir}/completion/${script})
        install(FILES ${config_dir}/completion/${script} RENAME ${program}
          DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions COMPONENT ${package})
      endif()
    endforeach()
  endforeach()
endfunction()

# hearth.toml(5) quotes the example file: backslashes, dashes and leading dots mean something to troff.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${config_dir}/hearth.example.toml)
file(READ ${config_dir}/hearth.example.toml example)
string(REPLACE "\\" "\\e" example "${example}")
string(REPLACE "-" "\\-" example "${example}")
string(REGEX REPLACE "\n([.'])" "\n\\\\&\\1" example "${example}")

# -- hearth: the daemon and what steers it -------------------------------------------------------------
install_programs(hearth hearthd hearthctl)
# Opened at first use, from ../lib/hearth as seen from the program.
install(TARGETS ${hearth_modules} LIBRARY DESTINATION lib/hearth COMPONENT hearth)
install_documents(hearth hearthd.8 hearth.toml.5 hearthctl.1)
# Where the service has its data is said, so that a call by hand (hearthctl, hearthd --check) finds it as well.
file(READ ${config_dir}/hearth.example.toml settings)
string(REPLACE "# folder = \"\"" "folder = \"/var/lib/hearth\"" packaged "${settings}")
if(packaged STREQUAL settings)
  message(FATAL_ERROR "config/hearth.example.toml has no data.folder any more")
endif()
file(WRITE ${staged}/hearth.toml "${packaged}")
install(FILES ${staged}/hearth.toml DESTINATION /etc/hearth COMPONENT hearth)
install(FILES ${config_dir}/systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME hearth.conf COMPONENT hearth)
# One unit for the usual single bot, and one for several profiles on one machine: hearth@preprod.
foreach(unit hearth hearth@)
  set(UNIT_NAME ${unit}.service)
  set(UNIT_OF "")
  set(UNIT_ENVIRONMENT "")
  set(UNIT_SUFFIX "")
  if(unit STREQUAL "hearth@")
    set(UNIT_OF " (%i)")
    set(UNIT_ENVIRONMENT "Environment=HEARTH_PROFILE=%i\n")
    set(UNIT_SUFFIX _%i)
  endif()
  configure_file(${config_dir}/systemd/hearth.service.in ${staged}/${unit}.service @ONLY)
  install(FILES ${staged}/${unit}.service DESTINATION lib/systemd/system COMPONENT hearth)
endforeach()

# -- hearth-sim: the local Discord ---------------------------------------------------------------------
install_programs(hearth-sim discord-sim)
install_documents(hearth-sim discord-sim.1)
install(FILES ${config_dir}/sim/demo.toml DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/hearth-sim COMPONENT hearth-sim)

# -- cpack ---------------------------------------------------------------------------------------------
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL hearth hearth-sim)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGE_CONTACT "${HEARTH_MAINTAINER}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu)
endif()
set(CPACK_DEBIAN_HEARTH_PACKAGE_NAME hearth)
set(CPACK_DEBIAN_HEARTH_PACKAGE_SECTION net)
# tzdata: guilds live in zones of their own.
set(CPACK_DEBIAN_HEARTH_PACKAGE_DEPENDS
    "ca-certificates, tzdata, systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_HEARTH_PACKAGE_SUGGESTS "hearth-sim")
set(CPACK_COMPONENT_HEARTH_DESCRIPTION "daemon of a Discord community
One daemon does what a community otherwise runs several bots for: it asks
every day who plays tonight, keeps recurrent plans, follows voice channels
and sends reminders, in each server's own time zone and language.
.
It is made for a Raspberry Pi: a few tens of megabytes, bounded queues, and
state that survives crashes and power cuts.")
file(GLOB hearth_control ${package_dir}/hearth/*)
set(CPACK_DEBIAN_HEARTH_PACKAGE_CONTROL_EXTRA ${hearth_control})
set(CPACK_DEBIAN_HEARTH-SIM_PACKAGE_NAME hearth-sim)
set(CPACK_DEBIAN_HEARTH-SIM_PACKAGE_SECTION net)
set(CPACK_DEBIAN_HEARTH-SIM_PACKAGE_SUGGESTS "hearth")
set(CPACK_COMPONENT_HEARTH-SIM_DESCRIPTION "local Discord for trying and testing bots
A program that bots take for Discord: gateway, REST interface and interactions
on a loopback port, with a page on which one chats, clicks buttons and runs
slash commands as any member.
.
Nothing of it needs an account or leaves the machine.")
include(CPack)
