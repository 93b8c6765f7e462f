# For plugin authors outside this tree: headers, the CMake package `descent`, and the flags that
# `descent plugins flags` prints. Both are made twice: for this build folder, to be used as it is,
# and for an installed tree, which may be moved.
set(PLUGIN_OPTIONS ${DESCENT_ARITHMETIC} -fvisibility=hidden -fvisibility-inlines-hidden
    -Wno-pass-failed)  # clang's remark on every loop it leaves scalar
set(PLUGIN_DEFINITIONS ${DESCENT_ARMADILLO} ARMA_NO_DEBUG)
set(PLUGIN_LIBRARIES ${OPENBLAS} ${SLEEF_GNUABI})

# The Debian packages of all this, and a command or a file of each.
set(PLUGIN_PACKAGES g++ make cmake libarmadillo-dev libopenblas-serial-dev libsleef-dev)
set(PLUGIN_PACKAGES_PROVIDE c++ make cmake ${ARMADILLO_INCLUDE}/armadillo ${PLUGIN_LIBRARIES})

# `headers` and `map` may name a folder that is known only later.
function(write_package folder headers map)
  list(JOIN PLUGIN_PACKAGES " " packages)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/descentConfig.cmake.in ${folder}/descentConfig.cmake @ONLY)
endfunction()

# A flag a line. The libraries come before the file that needs them when a person writes
# `c++ $(flags) lion.cc`.
function(write_flags file headers map)
  list(TRANSFORM PLUGIN_DEFINITIONS PREPEND -D OUTPUT_VARIABLE definitions)
  set(flags -std=c++20 -O3 ${PLUGIN_OPTIONS} ${definitions} -I${headers}
      -Wl,--push-state,--no-as-needed ${PLUGIN_LIBRARIES} -Wl,--pop-state
      -Wl,--version-script=${map} -Wl,-z,defs)
  list(JOIN flags "\n" lines)
  file(CONFIGURE OUTPUT ${file} CONTENT "@lines@\n" @ONLY)
endfunction()

set(installed ${PROJECT_BINARY_DIR}/installed)  # made here, to be copied there
set(map ${PROJECT_SOURCE_DIR}/plugins/plugin.map)
write_package(${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR}/core ${map})
write_package(${installed} "\${CMAKE_CURRENT_LIST_DIR}/../../../include/descent"
              "\${CMAKE_CURRENT_LIST_DIR}/../../descent/plugin.map")
write_flags(${PROJECT_BINARY_DIR}/plugin.flags ${PROJECT_SOURCE_DIR}/core ${map})
write_flags(${installed}/plugin.flags "{prefix}/include/descent" "{prefix}/lib/descent/plugin.map")

include(CMakePackageConfigHelpers)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/descentConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
