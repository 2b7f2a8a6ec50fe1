# cmake -DOUTPUT=file.inc -DFILES=a;b -P EmbedText.cmake
# Writes one line of C++ for each file: {"name", R"modelc(text)modelc"},
set(content "")
foreach(path IN LISTS FILES)
  get_filename_component(name "${path}" NAME)
  file(READ "${path}" text)
  string(APPEND content "{\"${name}\", R\"modelc(${text})modelc\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "${content}")
