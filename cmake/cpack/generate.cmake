# Run by cpack before it makes a package: finds out which Debian packages the build depends on and
# writes the files that do not come from the source tree.
cmake_minimum_required(VERSION 3.25)
set(source ${CPACK_DESCENT_SOURCE})
set(build ${CPACK_DESCENT_BUILD})
if(NOT CPACK_DESCENT_PORTABLE)
  message(FATAL_ERROR "${build} is no release build for every processor; configure it with "
          "CMAKE_BUILD_TYPE=Release and with DESCENT_NATIVE and DESCENT_SANITIZE off")
endif()
if(NOT EXISTS ${build}/descent)
  message(FATAL_ERROR "${build}/descent is missing; run `cmake --build ${build} --target descent plugins`")
endif()

function(require variable program package)
  find_program(${variable} ${program})
  if(NOT ${variable})
    message(FATAL_ERROR "${program} is missing; run `apt-get install ${package}` as root")
  endif()
endfunction()
require(SHLIBDEPS dpkg-shlibdeps dpkg-dev)
require(HELP2MAN help2man help2man)

# The serial OpenBLAS by name: Debian's own table gives libopenblas0, which may be a threaded one.
set(work ${build}/cpack/shlibdeps)
file(WRITE ${work}/debian/control "")
file(WRITE ${work}/debian/shlibs.local "libopenblas 0 libopenblas0-serial\n")
file(GLOB plugins ${build}/plugins/*/*.so)
execute_process(COMMAND ${SHLIBDEPS} -O ${build}/descent ${plugins} WORKING_DIRECTORY ${work}
                OUTPUT_VARIABLE depends ERROR_VARIABLE problems RESULT_VARIABLE code
                OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "dpkg-shlibdeps failed:\n${problems}")
endif()
string(REGEX REPLACE "^shlibs:Depends=" "" CPACK_DEBIAN_PACKAGE_DEPENDS "${depends}")
string(REGEX REPLACE " \\([^)]*\\)" "" runtime_packages "${CPACK_DEBIAN_PACKAGE_DEPENDS}")
string(REPLACE ", " " " runtime_packages "${runtime_packages}")

# Debian's tools read these two variables, too. The project has no address of its own.
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The descent authors <descent@localhost>")
if(DEFINED ENV{DEBFULLNAME} AND DEFINED ENV{DEBEMAIL})
  set(CPACK_DEBIAN_PACKAGE_MAINTAINER "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()

set(version ${CPACK_PACKAGE_VERSION})
set(processor ${CPACK_DESCENT_PROCESSOR})
set(debian_version ${version}-${CPACK_DEBIAN_PACKAGE_RELEASE})
set(maintainer ${CPACK_DEBIAN_PACKAGE_MAINTAINER})
cmake_host_system_information(RESULT release QUERY DISTRIB_PRETTY_NAME)
list(JOIN CPACK_DESCENT_PLUGIN_PACKAGES " " plugin_packages)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # or that of SOURCE_DATE_EPOCH
file(READ ${source}/LICENSE license)

set(man ${build}/cpack/descent.1)
execute_process(COMMAND ${HELP2MAN} --no-info --version-string=${version}
                        --name=${CPACK_PACKAGE_DESCRIPTION_SUMMARY} --output=${man} ${build}/descent
                COMMAND_ERROR_IS_FATAL ANY)

# FILE.gz as Debian wants it: without a name and a time in it.
function(compress file)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(deb ${build}/cpack/deb/share)
set(archive ${build}/cpack/archive)
file(REMOVE_RECURSE ${deb} ${archive})
configure_file(${source}/cmake/cpack/copyright.in ${deb}/doc/descent/copyright @ONLY)
configure_file(${source}/cmake/cpack/changelog.in ${deb}/doc/descent/changelog.Debian @ONLY)
configure_file(${source}/CHANGELOG.md ${deb}/doc/descent/changelog COPYONLY)
configure_file(${source}/cmake/cpack/lintian-overrides ${deb}/lintian/overrides/descent COPYONLY)
configure_file(${man} ${deb}/man/man1/descent.1 COPYONLY)
compress(${deb}/doc/descent/changelog.Debian)
compress(${deb}/doc/descent/changelog)
compress(${deb}/man/man1/descent.1)
configure_file(${source}/cmake/cpack/README.in ${archive}/README @ONLY)
configure_file(${man} ${archive}/share/man/man1/descent.1 COPYONLY)

if(CPACK_GENERATOR STREQUAL DEB)
  set(components Unspecified deb)
else()
  set(components ALL archive)
endif()
set(CPACK_INSTALL_CMAKE_PROJECTS)
foreach(component IN LISTS components)
  list(APPEND CPACK_INSTALL_CMAKE_PROJECTS ${build} descent ${component} /)
endforeach()
