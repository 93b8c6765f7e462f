# An installed tree runs from any folder: bin/descent finds ../lib/descent/plugins relative to itself.
install(TARGETS descent RUNTIME DESTINATION bin)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/experiments DESTINATION share/descent)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION share/doc/descent)
# Apart, because a .deb has these two under other names (cmake/cpack).
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CHANGELOG.md
        DESTINATION share/doc/descent COMPONENT licence)

# For plugin authors: the headers that plugins include, the CMake package, the flags of one line.
foreach(floor autograd sdk)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/core/${floor} DESTINATION include/descent
          FILES_MATCHING PATTERN *.h)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/installed/descentConfig.cmake
              ${PROJECT_BINARY_DIR}/descentConfigVersion.cmake DESTINATION lib/cmake/descent)
install(FILES ${PROJECT_BINARY_DIR}/installed/plugin.flags ${PROJECT_SOURCE_DIR}/plugins/plugin.map
        DESTINATION lib/descent)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION share/doc/descent)
