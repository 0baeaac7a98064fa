# The toolchain of script/explorer: zig's clang, and headers, of the folder $WASM_ROOT. Its C++ library is compiled without
# exceptions, and web/core adds what they need.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER $ENV{WASM_ROOT}/bin/cc)
set(CMAKE_CXX_COMPILER $ENV{WASM_ROOT}/bin/c++)
set(CMAKE_AR $ENV{WASM_ROOT}/bin/ar)
set(CMAKE_RANLIB $ENV{WASM_ROOT}/bin/ranlib)
set(CMAKE_CXX_FLAGS_INIT -fwasm-exceptions)
set(CMAKE_EXE_LINKER_FLAGS_INIT -mexec-model=reactor)
set(CMAKE_EXECUTABLE_SUFFIX_CXX .wasm)
