# hearthd starts without heavy libraries: they are loaded at first use (design: "Libraries"). Fails when the loader
# would bring one. PROGRAM is looked at with ldd; LINES, if given, stands for what ldd says.
if(NOT LINES)
  execute_process(COMMAND ldd ${PROGRAM} OUTPUT_VARIABLE LINES RESULT_VARIABLE failed)
  if(failed OR NOT LINES MATCHES "libc[.]so")
    message(FATAL_ERROR "ldd cannot read ${PROGRAM}")
  endif()
endif()
string(REGEX MATCHALL "lib(av[a-z]+|swresample|swscale|postproc|espeak[a-z-]*|igraph|cairo[a-z-]*|pango[a-z0-9-]*)[.]so[.0-9]*"
  heavy "${LINES}")
if(heavy)
  message(FATAL_ERROR "hearthd brings ${heavy} at its start")
endif()
