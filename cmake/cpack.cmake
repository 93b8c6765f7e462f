# Packages for users, made by `cpack --preset release` or scripts/package.sh: a .deb and a .tar.gz for
# the Debian release that builds them. (The CMake package for plugin authors is cmake/package.cmake.)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME descent)
set(CPACK_PACKAGE_FILE_NAME descent-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "experiments on losses, optimizers and regularizers")
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/cpack/permissions.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"descent trains small models many times and measures what a loss, an
optimizer or a regularizer does to learning. An experiment is a YAML file
with a grid of configurations. Each configuration is trained on many draws
of the data, of the initial weights and of the batch order. The results are
one SQLite file with loss curves, final losses, and the test error split
into bias and variance with confidence intervals.
.
Losses, optimizers and regularizers are plugins: shared libraries compiled
from one C++ file each. The package contains those that ship with descent,
example experiments, and the headers for writing more. The suggested
packages are needed only for that.")
# Suggested, not recommended: experiments run without a compiler, and these packages take 450 MB.
# `descent plugins new` names those that are missing.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "librsvg2-bin, fonts-liberation")  # PDF and PNG of `descent plot`
list(JOIN PLUGIN_PACKAGES ", " CPACK_DEBIAN_PACKAGE_SUGGESTS)

# Values known only when cpack runs: cmake/cpack/generate.cmake, which sees variables named CPACK_*.
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/cpack/generate.cmake)
set(CPACK_DESCENT_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_DESCENT_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_DESCENT_PROCESSOR ${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_DESCENT_PLUGIN_PACKAGES ${PLUGIN_PACKAGES})
set(CPACK_DESCENT_PORTABLE OFF)
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT DESCENT_NATIVE AND NOT DESCENT_SANITIZE)
  set(CPACK_DESCENT_PORTABLE ON)
endif()

# Files that only one kind of package has, or that only packages have; generate.cmake writes them.
foreach(kind deb archive)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/cpack/${kind}/ DESTINATION . COMPONENT ${kind} EXCLUDE_FROM_ALL)
endforeach()
include(CPack)
