# A floor is a folder of core/, or a room in one, and one static library: experiment/grid is
# descent_experiment_grid. It links the floors it names, of which tests/floors checks the
# includes; libraries named PRIVATE stay in its source files.
function(add_floor folder)
  cmake_parse_arguments(FLOOR "" "" "FLOORS;LIBRARIES;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/${folder}/*.cc)
  string(REPLACE / _ name ${folder})
  list(TRANSFORM FLOOR_FLOORS REPLACE / _)
  list(TRANSFORM FLOOR_FLOORS PREPEND descent_)
  if(NOT sources)
    add_library(descent_${name} INTERFACE)
    target_include_directories(descent_${name} INTERFACE ${PROJECT_SOURCE_DIR}/core)
    target_link_libraries(descent_${name} INTERFACE ${FLOOR_FLOORS} ${FLOOR_LIBRARIES})
    return()
  endif()
  add_library(descent_${name} STATIC ${sources})
  target_include_directories(descent_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core)
  target_link_libraries(descent_${name} PUBLIC ${FLOOR_FLOORS} ${FLOOR_LIBRARIES}
                        PRIVATE ${FLOOR_PRIVATE})
endfunction()

# Counts branches on floors with readers, by which the fuzz targets steer.
function(guide_fuzzing target)
  if(DESCENT_SANITIZE AND CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    set_target_properties(${target} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)  # which do not count
  endif()
endfunction()

# Floors and plugins that work on matrices share one precompiled <armadillo>, for which they have to
# agree on the visibility of symbols. The target named second, if any, is the one that compiles it.
function(precompile_armadillo target)
  set(owner descent_autograd ${ARGN})
  list(GET owner -1 owner)
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(target STREQUAL owner)
    target_precompile_headers(${target} PRIVATE <armadillo>)
  else()
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

# Floors of text are a small part of a run's time. With less optimization, and with what they all
# include precompiled, they take a third less time to compile.
function(compile_as_text target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  if(DESCENT_SANITIZE)  # some have options of their own; and here a missing #include is seen
    return()
  endif()
  set(owner descent_experiment_document)
  if(target STREQUAL owner)
    target_precompile_headers(${target} PRIVATE <filesystem> <fmt/format.h> <fstream> <functional> <map>
                              <nlohmann/json.hpp> <set> <sstream>)
  else()
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()
