# need(DEBIAN FEDORA ARCH HOMEBREW NAME VERSION [...]): find_package(NAME VERSION ...), which these distributions have in
# the packages of these names; "-" is none. What is not found is gathered, so that one message tells all of it.
set(missing "")
macro(need debian fedora arch homebrew name version)
  find_package(${name} ${version} ${ARGN} QUIET)
  if(NOT ${name}_FOUND)
    string(APPEND missing
      "\n  ${name} ${version} in ${debian} (Debian), ${fedora} (Fedora), ${arch} (Arch), ${homebrew} (Homebrew)")
  endif()
endmacro()

find_package(Threads REQUIRED)
need(libboost-dev         boost-devel            boost         boost            Boost 1.74)
need(libeigen3-dev        eigen3-devel           eigen         eigen            Eigen3 3.4)
need(libcereal-dev        cereal-devel           cereal        cereal           cereal 1.3)
need(zlib1g-dev           zlib-devel             zlib          zlib             ZLIB 1.2)
need(libfmt-dev           fmt-devel              fmt           fmt              fmt 9)
need(nlohmann-json3-dev   json-devel             nlohmann-json nlohmann-json    nlohmann_json 3.11)
need(libtomlplusplus-dev  tomlplusplus-devel     tomlplusplus  tomlplusplus     tomlplusplus 3.3)
need(libhwy-dev           highway-devel          highway       highway          hwy 1.0.3)
if(INITLAW_COMMAND)
  need(libcli11-dev       cli11-devel            cli11         cli11            CLI11 2.1)
  need(libsqlitecpp-dev   sqlitecpp-devel        -             sqlitecpp        SQLiteCpp 3.2)
endif()
if(INITLAW_TESTS)
  need(libgmock-dev       gmock-devel            gtest         googletest       GTest 1.12)
  need(librapidcheck-dev  -                      rapidcheck    -                rapidcheck "")
endif()
if(INITLAW_BENCHMARKS)
  need(libbenchmark-dev   google-benchmark-devel benchmark     google-benchmark benchmark 1.7)
endif()
if(INITLAW_PYTHON)
  need(python3-dev        python3-devel          python        python           Python 3.10
    COMPONENTS Interpreter Development.Module ${SKBUILD_SABI_COMPONENT})
endif()

if(missing)
  message(FATAL_ERROR "Not found, or older than here:${missing}\n"
    "The command needs CLI11 and SQLiteCpp, tests GTest and rapidcheck, benchmarks benchmark: -DINITLAW_COMMAND=OFF, "
    "-DINITLAW_TESTS=OFF and -DINITLAW_BENCHMARKS=OFF do without. What lies elsewhere is found by CMAKE_PREFIX_PATH.")
endif()
