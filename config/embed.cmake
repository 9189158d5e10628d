# Writes OUT, a source file that holds the migrations and locales below CONFIG as string literals.
#   cmake -DCONFIG=config -DOUT=embedded.cpp -P config/embed.cmake
set(source "#include \"config/embedded.hpp\"\n\nnamespace hearth {\n")
foreach(folder migrations locales)
  file(GLOB files ${CONFIG}/${folder}/*.sql ${CONFIG}/${folder}/*.toml)
  list(SORT files)
  string(APPEND source "\nconst std::vector<embedded_file>& embedded_${folder}() {\n"
    "  static const std::vector<embedded_file> files = {\n")
  foreach(path IN LISTS files)
    get_filename_component(name ${path} NAME)
    file(READ ${path} text)
    string(APPEND source "    {\"${name}\", R\"hearth_file(${text})hearth_file\"},\n")
  endforeach()
  string(APPEND source "  };\n  return files;\n}\n")
endforeach()
file(WRITE ${OUT} "${source}\n} // namespace hearth\n")
