# Build rules shared by every folder: warnings, precompiled headers, ccache, library helpers.

option(MODELC_SANITIZE "build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(MODELC_FUZZ "build `modelc-fuzz` and `modelc-fuzz-readers`, libFuzzer's ways in; wants MODELC_SANITIZE" OFF)
option(MODELC_PRECOMPILE "precompile the headers of LLVM and MLIR, two thirds of the build time" ON)

# `Checked`: optimised and with assertions; -O1 halves the build time of -O2 and the
# compiler spends its time in LLVM's shared library anyway.
set(CMAKE_CXX_FLAGS_CHECKED "-O1")
set(CMAKE_C_FLAGS_CHECKED "-O2")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Without these two ccache stands aside where headers are precompiled.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

add_library(modelc-flags INTERFACE)
target_compile_options(modelc-flags INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter
  $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>)
target_include_directories(modelc-flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_include_directories(modelc-flags SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_link_options(modelc-flags INTERFACE -fuse-ld=lld)
if(MODELC_SANITIZE)
  target_compile_options(modelc-flags INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
    $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize=vptr,function>)
  target_link_options(modelc-flags INTERFACE -fsanitize=address,undefined)
  set(sanitizer-options ${CMAKE_SOURCE_DIR}/cmake/SanitizerOptions.cpp)
endif()
if(MODELC_FUZZ)
  # What libFuzzer is told about the ways taken; sanitizers have what other programs need to link.
  if(NOT MODELC_SANITIZE)
    message(FATAL_ERROR "MODELC_FUZZ wants MODELC_SANITIZE")
  endif()
  target_compile_options(modelc-flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()

# What is compiled without exceptions shares one precompiled header.
function(modelc_reuse_headers name)
  target_compile_options(${name} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti -fno-exceptions -Xclang -fno-pch-timestamp>)
  if(MODELC_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM modelc-headers)
  endif()
endfunction()
if(MODELC_PRECOMPILE)
  file(WRITE ${CMAKE_BINARY_DIR}/Precompiled.cpp "// Its object only carries the precompiled header.\n")
  add_library(modelc-headers OBJECT ${CMAKE_BINARY_DIR}/Precompiled.cpp)
  target_link_libraries(modelc-headers PRIVATE modelc-flags)
  target_compile_options(modelc-headers PRIVATE -fno-rtti -fno-exceptions -Xclang -fno-pch-timestamp)
  target_precompile_headers(modelc-headers PRIVATE ${CMAKE_SOURCE_DIR}/cmake/Precompiled.h)
endif()

# modelc_library(NAME file... [DEPENDS lib...] [GENERATED target...] [EXCEPTIONS])
# A static library of the compiler. No RTTI and no exceptions, but at the ANTLR boundary.
function(modelc_library name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "DEPENDS;GENERATED" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC modelc-flags ${ARG_DEPENDS})
  if(NOT ARG_EXCEPTIONS)
    modelc_reuse_headers(${name})
  endif()
  if(ARG_GENERATED)
    add_dependencies(${name} ${ARG_GENERATED})
  endif()
endfunction()

# modelc_tool(NAME file... [DEPENDS lib...]): a program of the compiler.
function(modelc_tool name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS} ${sanitizer-options})
  modelc_reuse_headers(${name})
  target_link_libraries(${name} PRIVATE modelc-flags ${ARG_DEPENDS} MLIR LLVM)
endfunction()

# modelc_tablegen(FILE.td (OUTPUT "generator options")...): run mlir-tblgen on a file of this
# folder; outputs land in the mirrored build folder. The target is TARGET.
function(modelc_tablegen target td)
  set(outputs)
  set(rest ${ARGN})
  while(rest)
    list(POP_FRONT rest output options)
    separate_arguments(options UNIX_COMMAND "${options}")
    set(path ${CMAKE_CURRENT_BINARY_DIR}/${output})
    add_custom_command(OUTPUT ${path}
      COMMAND ${LLVM_TOOLS_BINARY_DIR}/mlir-tblgen ${options} ${CMAKE_CURRENT_SOURCE_DIR}/${td}
        -I${CMAKE_SOURCE_DIR} -I${LLVM_INCLUDE_DIRS} -o ${path} -d ${path}.d
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${td} DEPFILE ${path}.d
      COMMENT "mlir-tblgen ${output}")
    list(APPEND outputs ${path})
  endwhile()
  add_custom_target(${target} DEPENDS ${outputs})
endfunction()
