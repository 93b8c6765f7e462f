# One file, one plugin: plugins/<kind>/<name>.cc becomes <build>/plugins/<kind>/<name>.so. Nothing is
# registered anywhere else. The target named fourth, if any, has the precompiled <armadillo>.
function(add_plugin target source output)
  get_filename_component(name ${source} NAME_WE)
  add_library(${target} MODULE ${source})
  target_link_libraries(${target} PRIVATE descent_sdk)
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name} UNITY_BUILD OFF
    LIBRARY_OUTPUT_DIRECTORY ${output} DEFINE_SYMBOL "" CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  if(source MATCHES "\\.cc$")
    precompile_armadillo(${target} ${ARGN})
  endif()
  target_link_options(${target} PRIVATE -Wl,--version-script=${PROJECT_SOURCE_DIR}/plugins/plugin.map)
  if(NOT DESCENT_SANITIZE)  # a sanitizer's symbols come from the program
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  # The program refuses plugins that others can write, so a permissive umask must not make them so.
  add_custom_command(TARGET ${target} POST_BUILD WORKING_DIRECTORY ${output}
                     COMMAND chmod go-w . .. $<TARGET_FILE_NAME:${target}> || true)
endfunction()

# Those that tests of the program, of steps and of files name, and shipped experiments; the others are
# made of the same templates.
set(DESCENT_NAMED_PLUGINS bce bce_with_logits cross_entropy focal gaussian_nll hinge huber kl_div l1
    log_cosh mse multi_margin multilabel_soft_margin nll poisson_nll quantile soft_margin adagrad adam adamw
    asgd lbfgs lion lookahead natural_gradient newton_cg rmsprop rprop sam sgd sophia svrg elastic_net
    huber_penalty jacobian l2 max_norm nuclear orthogonal)

function(add_plugins kind)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${kind}/*.cc)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    if(DESCENT_FEW_PLUGINS AND NOT name IN_LIST DESCENT_NAMED_PLUGINS)
      continue()
    endif()
    add_plugin(${kind}_${name} ${source} ${PROJECT_BINARY_DIR}/plugins/${kind})
    add_dependencies(plugins ${kind}_${name})
    install(TARGETS ${kind}_${name} LIBRARY DESTINATION lib/descent/plugins/${kind})
  endforeach()
endfunction()
