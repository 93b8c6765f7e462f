# Every third-party library, found once and given one name.
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(muparser REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(ZLIB REQUIRED)

# Serial OpenBLAS by preference: workers are processes, and a BLAS that starts threads of its own
# before main() would be forked with them. Any other OpenBLAS is set to one thread at start-up.
find_library(OPENBLAS openblas PATH_SUFFIXES openblas-serial REQUIRED
             HINTS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-serial)
find_path(ARMADILLO_INCLUDE armadillo REQUIRED)
find_library(SLEEF_GNUABI sleefgnuabi REQUIRED)  # vector forms of exp, log, tanh ...
find_path(XXHASH_INCLUDE xxhash.h REQUIRED)
find_library(DUKTAPE duktape REQUIRED)
find_path(DUKTAPE_INCLUDE duktape.h REQUIRED)

add_library(descent_duktape INTERFACE)
target_include_directories(descent_duktape SYSTEM INTERFACE ${DUKTAPE_INCLUDE})
target_link_libraries(descent_duktape INTERFACE ${DUKTAPE})

add_library(descent_armadillo INTERFACE)
target_include_directories(descent_armadillo SYSTEM INTERFACE ${ARMADILLO_INCLUDE})
target_link_libraries(descent_armadillo INTERFACE ${OPENBLAS})
set(DESCENT_ARMADILLO ARMA_DONT_USE_WRAPPER ARMA_USE_BLAS ARMA_USE_LAPACK ARMA_DONT_USE_OPENMP
  ARMA_DONT_USE_ARPACK ARMA_DONT_USE_SUPERLU ARMA_DONT_USE_HDF5 ARMA_WARN_LEVEL=0)
# Must be equal in all targets that share the precompiled <armadillo>: autograd/instances.h.
target_compile_definitions(descent_armadillo INTERFACE ${DESCENT_ARMADILLO} DESCENT_COMPILED_OPERATIONS
                           $<$<CONFIG:Release>:ARMA_NO_DEBUG>)
