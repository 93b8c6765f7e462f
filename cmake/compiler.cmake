# Warnings are errors everywhere; speed comes from named flags, never from -ffast-math.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 sees overflows in fmt's and the standard library's inlined copies that are not there.
  add_compile_options(-Wno-stringop-overflow -Wno-array-bounds -Wno-restrict)
endif()

# `#pragma omp simd` states which loops may be vectorised and which sums may be reordered, loop by
# loop. It needs no OpenMP run time. No contraction: a * b + c must not depend on inlining.
add_link_options(-Wl,--build-id)  # base/build.h names a build by it
set(DESCENT_ARITHMETIC -fopenmp-simd -ffp-contract=off -fno-math-errno -fno-trapping-math)
add_compile_options(${DESCENT_ARITHMETIC})

# Debug still optimises: the truth tests train thousands of runs.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")
set(CMAKE_CXX_FLAGS_RELEASE "-O3")

if(DESCENT_NATIVE)
  add_compile_options(-march=native)
endif()
if(DESCENT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
                      -g1)  # lines for the reports; all of -g takes twice the time to compile
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    add_compile_options(-Wno-pass-failed -Wno-shadow)  # g++ looks for shadows
    add_compile_definitions(__SANITIZE_ADDRESS__)  # g++ says by itself that it sanitizes
  endif()
endif()
if(DESCENT_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_compile_definitions(DESCENT_COVERAGE)
  add_link_options(--coverage)
endif()
# Messages name files from the project's root, and objects do not depend on the location of the tree.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)  # a fifth of the time of the default linker
endif()

find_program(CCACHE ccache)
if(CCACHE)  # which fails where it may not write: for users without a home, unless CCACHE_DIR is set
  set(trial ${PROJECT_BINARY_DIR}/CMakeFiles/trial)
  file(WRITE ${trial}.cc "")
  execute_process(COMMAND ${CCACHE} ${CMAKE_CXX_COMPILER} -c ${trial}.cc -o ${trial}.o
                  RESULT_VARIABLE CCACHE_FAILS OUTPUT_QUIET ERROR_QUIET)
endif()
if(CCACHE AND CCACHE_FAILS EQUAL 0 AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # A precompiled header is only cacheable when its time stamp and its macros are left out of the key.
  # Clones share compiled objects: paths below the source folder count as relative. The inode cache
  # keeps ccache from reading the 180 MB of a precompiled header again for every object.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_INODECACHE=1)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    list(APPEND CMAKE_CXX_COMPILER_LAUNCHER CCACHE_PCH_EXTSUM=1
         ${CMAKE_CURRENT_LIST_DIR}/ccache_clang.sh)
    # CMake puts -Xclang before the path of the header; ccache then leaves it absolute.
    set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include <PCH_HEADER>)
  endif()
  list(APPEND CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
