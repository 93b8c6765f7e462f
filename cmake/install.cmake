# An installed tree runs from any folder: bin/descent finds ../lib/descent/plugins beside it.
install(TARGETS descent RUNTIME DESTINATION bin)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/experiments DESTINATION share/descent)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/descent)
